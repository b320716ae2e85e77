"""Signals of tiny corpora, where each share can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index import Article, Snapshot, load_analyser, open_snapshot
from qa.evidence import score_sentences
from qa.queries import Query, read_query
from qa.retrieval import retrieve
from qa.signals import Signals, article_holds, read_signals, unknown_names
from qa.timing import newest_day
from tests.fakes import WordEmbedder
from tests.qa.homes import Home

HomeOf = Callable[..., Home]

PADDING = " ".join(["of the and"] * 12)
# The language knows none of these words, and each is in one passage: all are names, equally rare.
# The first passage has three sentences, the last sentence is a passage of its own.
MADE_UP = Article(
    "made-up",
    "Zorbel quampts frindles. Blonter drumples. "
    f"So it was {PADDING}. Then it was vastribel {PADDING}.",
    title="Gralton",
    lang="en",
)


@pytest.fixture(scope="module")
def made_up(home_of: HomeOf) -> Home:
    return home_of(MADE_UP, Article("other", "Wumbish trelliped.", lang="en"))


def read(home: Home, question: str) -> tuple[Snapshot, Query]:
    snapshot = open_snapshot(home.store, home.store.current(), home.library)
    query = read_query(question, load_analyser(), WordEmbedder(), today=newest_day(snapshot))
    return snapshot, query


def signals(home: Home, question: str) -> Signals:
    snapshot, query = read(home, question)
    found = retrieve(snapshot, query, None, candidates=50, judged=50)
    return read_signals(snapshot, query, found, score_sentences(snapshot, query, found))


def unknown(home: Home, question: str) -> tuple[str, ...]:
    snapshot, query = read(home, question)
    return unknown_names(snapshot, query.terms)


def test_words_are_looked_for_in_the_best_sentence_in_a_passage_and_in_its_article(
    made_up: Home,
) -> None:
    met = signals(made_up, "zorbel quampts frindles blonter vastribel")
    assert met.sentence == pytest.approx(3 / 5)
    assert met.passage == pytest.approx(4 / 5)
    assert met.article == 1


def test_the_passage_with_the_most_words_counts_wherever_the_best_sentence_is(
    made_up: Home,
) -> None:
    met = signals(made_up, "zorbel blonter trelliped")
    assert met.sentence == pytest.approx(1 / 3)
    assert met.passage == pytest.approx(2 / 3)


def test_a_rare_word_is_a_larger_share_than_a_common_one(built: Home) -> None:
    rare, common = (
        signals(built, question).sentence for question in ("ferry yellow", "winter yellow")
    )
    assert 0 < common < 1 / 2 < rare < 1


def test_an_article_holds_the_words_of_its_title_too(made_up: Home) -> None:
    snapshot, query = read(made_up, "zorbel vastribel gralton wumbish")
    assert article_holds(snapshot, query.terms, 0).tolist() == [True, True, True, False]
    assert article_holds(snapshot, query.terms, 1).tolist() == [False, False, False, True]


def test_names_are_counted_apart_in_the_article_of_the_best_sentence(made_up: Home) -> None:
    assert signals(made_up, "zorbel wumbish").names == pytest.approx(1 / 2)
    assert signals(made_up, "zorbel vastribel").names == 1


def test_a_question_without_names_misses_none(built: Home) -> None:
    met = signals(built, "Who won the football?")
    assert (met.sentence, met.passage, met.article) == (0, 0, 0)
    assert (met.names, met.known) == (1, 1)


def test_one_name_that_no_article_holds_is_not_known(made_up: Home) -> None:
    assert signals(made_up, "zorbel wumbish").known == 1
    assert signals(made_up, "zorbel quampts hokkaido").known == 0


def test_a_name_that_stands_in_a_title_alone_is_known(made_up: Home) -> None:
    assert unknown(made_up, "zorbel gralton") == ()
    assert signals(made_up, "zorbel gralton").known == 1


def test_unknown_names_are_told_as_they_were_typed_and_in_that_order(built: Home) -> None:
    asked = "Did Xavier Holm sail the Gdansk ferry 4711 to Hokkaido on Monday?"
    assert unknown(built, asked) == ("Xavier", "Holm", "4711", "Hokkaido")


@pytest.mark.parametrize(
    "question",
    [
        "Who is Pham Minh Chinh?",  # typed without marks
        "Which FERRY is it?",
        "What will the football cost?",  # unknown, and no name
        "What happened in 2019?",  # a time, not a number
    ],
)
def test_what_is_known_or_no_name_is_no_unknown_name(built: Home, question: str) -> None:
    assert unknown(built, question) == ()


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("Who painted the cabin?", 1),
        ("When does the ferry resume?", 1),
        ("How many cabins did the captain paint?", 0),
        ("Is the cabin painted?", 1),  # wants no name, time or number
    ],
)
def test_the_best_sentences_hold_what_the_question_wants(
    built: Home, question: str, typed: float
) -> None:
    assert signals(built, question).typed == typed


def test_the_same_words_are_meant_the_same(made_up: Home) -> None:
    same, none = signals(made_up, "zorbel quampts frindles"), signals(made_up, "hokkaido")
    assert same.cosine == pytest.approx(1, abs=1e-3)
    assert same.late == pytest.approx(0.15)  # the most that four bits hold
    assert (none.cosine, none.late) == (0, 0)


@pytest.mark.parametrize(("words", "length"), [(1, 1 / 24), (6, 1 / 4), (24, 1), (30, 1)])
def test_a_long_question_is_told_from_a_short_one(made_up: Home, words: int, length: float) -> None:
    question = " ".join(f"zorb{chr(97 + n // 26)}{chr(97 + n % 26)}x" for n in range(words))
    assert signals(made_up, question).length == pytest.approx(length)
