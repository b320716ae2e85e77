from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Passage, Span
from index.chunking import chunk


def sentences(count: int) -> list[Span]:
    """Spans of nine characters, one character apart."""
    return [Span(10 * i, 10 * i + 9) for i in range(count)]


def ranges(pieces: list[int], *, limit: int, overlap: int) -> list[tuple[int, int]]:
    passages = chunk("a", sentences(len(pieces)), pieces, limit=limit, overlap=overlap)
    return [(passage.first, passage.last) for passage in passages]


def test_an_article_without_sentences_has_no_passages() -> None:
    assert chunk("a", [], [], limit=32, overlap=16) == []


def test_a_short_article_is_one_passage_from_its_first_character_to_its_last() -> None:
    assert chunk("a", sentences(3), [5, 5, 5], limit=32, overlap=16) == [
        Passage("a", Span(0, 29), 0, 3)
    ]


def test_sentences_that_fill_the_limit_exactly_stay_together() -> None:
    assert ranges([16, 16, 1], limit=32, overlap=0) == [(0, 2), (2, 3)]


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        (0, [(0, 3), (3, 6)]),
        (9, [(0, 3), (3, 6)]),
        (10, [(0, 3), (2, 5), (4, 6)]),
        (20, [(0, 3), (1, 4), (2, 5), (3, 6)]),
        (30, [(0, 3), (1, 4), (2, 5), (3, 6)]),
    ],
)
def test_neighbours_share_at_most_two_sentences_and_at_most_the_overlap(
    overlap: int, expected: list[tuple[int, int]]
) -> None:
    assert ranges([10] * 6, limit=30, overlap=overlap) == expected


def test_more_than_two_short_sentences_are_never_shared() -> None:
    assert ranges([1] * 12, limit=10, overlap=10) == [(0, 10), (8, 12)]


def test_the_overlap_leaves_room_for_a_new_sentence() -> None:
    assert ranges([10, 10, 25], limit=32, overlap=16) == [(0, 2), (2, 3)]


def test_a_sentence_longer_than_the_limit_is_a_passage_alone() -> None:
    assert ranges([5, 100, 5], limit=32, overlap=16) == [(0, 1), (1, 2), (2, 3)]


@given(
    pieces=st.lists(st.integers(0, 60), min_size=1, max_size=40),
    limit=st.integers(1, 50),
    overlap=st.integers(0, 50),
)
def test_passages_cover_every_sentence_within_the_limit_and_each_brings_a_new_one(
    pieces: list[int], limit: int, overlap: int
) -> None:
    spans = sentences(len(pieces))
    passages = chunk("a", spans, pieces, limit=limit, overlap=overlap)
    covered = {i for passage in passages for i in range(passage.first, passage.last)}
    assert covered == set(range(len(pieces)))
    for passage in passages:
        held = range(passage.first, passage.last)
        assert passage.span == Span(spans[held[0]].start, spans[held[-1]].end)
        assert len(held) == 1 or sum(pieces[i] for i in held) <= limit
    for one, two in pairwise(passages):
        assert one.first < two.first <= one.last < two.last
        shared = range(two.first, one.last)
        assert len(shared) <= 2
        assert sum(pieces[i] for i in shared) <= overlap
