"""Which passages hold given sentences."""

from __future__ import annotations

import numpy as np
import pytest

from index.articles import Source
from index.tables import ARTICLE, PASSAGE, SENTENCE, Tables, rows

# Two articles: passages of the first share the sentence [10, 20).
PASSAGES = [(0, 0, 20, 0, 2), (0, 10, 30, 1, 3), (1, 0, 10, 3, 4), (1, 10, 20, 4, 5)]


@pytest.fixture
def tables() -> Tables:
    sources = tuple(Source(name, "0" * 64) for name in "ab")
    return Tables(sources, rows([], ARTICLE), rows(PASSAGES, PASSAGE), rows([], SENTENCE))


@pytest.mark.parametrize(
    ("sentences", "held"),
    [
        ([], [0, 0, 0, 0]),
        ([(0, 0, 10)], [1, 0, 0, 0]),
        ([(0, 10, 20)], [1, 1, 0, 0]),
        ([(0, 20, 30)], [0, 1, 0, 0]),
        ([(1, 0, 10)], [0, 0, 1, 0]),
        ([(1, 10, 20), (0, 0, 10), (0, 0, 10)], [1, 0, 0, 1]),
        ([(0, 5, 25)], [0, 0, 0, 0]),
        ([(1, 30, 40)], [0, 0, 0, 0]),
    ],
)
def test_a_passage_is_found_by_each_sentence_that_lies_in_it(
    tables: Tables, sentences: list[tuple[int, int, int]], held: list[int]
) -> None:
    found = tables.passages_holding(np.array(sentences, dtype=np.int64).reshape(-1, 3))
    assert found.astype(int).tolist() == held
    assert found.dtype == np.bool_


def test_of_many_passages_those_are_found_that_a_look_at_each_finds() -> None:
    made = np.random.default_rng(7)
    passages = [(a, s, s + 30, 0, 1) for a in range(20) for s in range(0, 300, 10)]
    tables = Tables((), rows([], ARTICLE), rows(passages, PASSAGE), rows([], SENTENCE))
    starts = made.integers(0, 340, 50)
    sentences = np.stack([made.integers(0, 21, 50), starts, starts + made.integers(1, 40, 50)], 1)
    slowly = [
        any(a == b and s <= t and u <= e for b, t, u in sentences.tolist())
        for a, s, e, *_ in passages
    ]
    assert tables.passages_holding(sentences).tolist() == slowly
    assert 0 < sum(slowly) < len(slowly)
