"""Signals of tiny corpora, where each share can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import sqrt

import pytest

from index import Article, Snapshot, load_analyser, open_snapshot
from qa.evidence import score_sentences
from qa.queries import Query, read_query
from qa.retrieval import retrieve
from qa.signals import Signals, article_holds, read_signals, unknown_names
from qa.timing import newest_day
from tests.fakes import WordEmbedder
from tests.qa.homes import FERRY, HARVEST, Home

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


def test_words_are_looked_for_in_the_best_sentence_and_in_its_whole_article(made_up: Home) -> None:
    met = signals(made_up, "zorbel quampts frindles blonter vastribel")
    assert met.sentence == pytest.approx(3 / 5)
    assert met.article == 1


def test_words_of_another_article_than_that_of_the_best_sentence_are_not_met(made_up: Home) -> None:
    met = signals(made_up, "zorbel blonter trelliped")
    assert met.sentence == pytest.approx(1 / 3)
    assert met.article == pytest.approx(2 / 3)


def test_a_rare_word_is_a_larger_share_than_a_common_one(built: Home) -> None:
    rare, common = (
        signals(built, question).sentence for question in ("ferry yellow", "winter yellow")
    )
    assert 0 < common < 1 / 2 < rare < 1


def test_an_article_holds_the_words_of_its_title_too(made_up: Home) -> None:
    snapshot, query = read(made_up, "zorbel vastribel gralton wumbish")
    assert article_holds(snapshot, query.terms, 0).tolist() == [True, True, True, False]
    assert article_holds(snapshot, query.terms, 1).tolist() == [False, False, False, True]


def test_a_question_without_names_misses_none(built: Home) -> None:
    met = signals(built, "Who won the football?")
    assert (met.sentence, met.article, met.known) == (0, 0, 1)


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
        "Did Captain Anna Nowak zigzagged home?",  # rare, and in lower case beside capitals
    ],
)
def test_what_is_known_or_no_name_is_no_unknown_name(built: Home, question: str) -> None:
    assert unknown(built, question) == ()


def test_a_name_in_lower_case_is_one_where_the_question_has_no_capital_inside(built: Home) -> None:
    assert unknown(built, "Did the ferry reach hokkaido?") == ("hokkaido",)
    assert unknown(built, "Did Nowak reach hokkaido?") == ()


def test_nearness_is_the_mean_of_a_passage_and_its_best_sentence_where_it_is_highest(
    home_of: HomeOf,
) -> None:
    home = home_of(
        Article("a", "Quokka quokka. Wombat wombat.", lang="en"),
        Article("b", "Quokka wombat. Numbat numbat numbat.", lang="en"),
    )
    # The passage of a means the same, each of its sentences is at 45 degrees; the first sentence
    # of b means the same, its passage is far off.
    met = signals(home, "quokka wombat")
    assert met.dense == pytest.approx((1 + sqrt(1 / 2)) / 2, abs=1e-3)
    assert signals(home, "numbat").dense == pytest.approx((sqrt(9 / 11) + 1) / 2, abs=1e-3)


def test_the_same_words_are_meant_the_same(made_up: Home) -> None:
    same, none = signals(made_up, "wumbish trelliped"), signals(made_up, "hokkaido")
    assert same.dense == pytest.approx(1, abs=1e-3)
    assert same.late == pytest.approx(0.15)  # the most that four bits hold
    assert (none.dense, none.late) == (0, 0)


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("Who painted the cabin?", 1),
        ("Who painted the cabin in April 2025?", 1),
        ("Who painted the cabin in May 2025?", 1),  # the month before tells of what is to come
        ("Who painted the cabin in 2019?", 0),
    ],
)
def test_the_article_of_the_best_sentence_is_of_the_time_asked_about_or_not(
    built: Home, question: str, period: float
) -> None:
    assert signals(built, question).period == period


def test_an_article_without_a_date_is_half_of_any_time(home_of: HomeOf) -> None:
    home = home_of(replace(FERRY, date=None), HARVEST)
    assert signals(home, "Who painted the cabin in 2019?").period == 0.5


@pytest.mark.parametrize(
    ("question", "foreign"),
    [
        ("Who painted the cabin?", 0),
        ("Qui est le capitaine Anna Nowak ?", 1),
        ("Thuyền trưởng Anna Nowak là ai?", 1),
        ("Wer ist Kapitän Anna Nowak?", 0),  # of no language that is looked after
        ("Qui est la ministre Claire Dubois ?", 0),
    ],
)
def test_what_is_written_in_another_language_than_the_question_is_foreign(
    built: Home, question: str, foreign: float
) -> None:
    assert signals(built, question).foreign == foreign


def test_where_a_language_does_not_show_nothing_is_foreign(home_of: HomeOf) -> None:
    assert signals(home_of(FERRY), "1989").foreign == 0
    home = home_of(replace(FERRY, lang=None), HARVEST)
    assert signals(home, "Qui est le capitaine Anna Nowak ?").foreign == 0


@pytest.mark.parametrize(("words", "length"), [(1, 1 / 24), (6, 1 / 4), (24, 1), (30, 1)])
def test_a_long_question_is_told_from_a_short_one(made_up: Home, words: int, length: float) -> None:
    question = " ".join(f"zorb{chr(97 + n // 26)}{chr(97 + n % 26)}x" for n in range(words))
    assert signals(made_up, question).length == pytest.approx(length)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("When does the ferry resume?", 1),  # on Monday
        ("How many cabins does the ferry have?", 0),
        ("Who painted the cabin?", 1),  # wants none
    ],
)
def test_a_figure_that_is_asked_for_is_looked_for_in_the_best_sentence(
    home_of: HomeOf, question: str, figure: float
) -> None:
    home = home_of(Article("ferry", "The ferry with its cabins resumes on Monday.", lang="en"))
    assert signals(home, question).figure == figure


def test_a_number_that_the_question_says_itself_is_no_figure(home_of: HomeOf) -> None:
    home = home_of(Article("ferry", "The 3 ferries resume soon.", lang="en"))
    assert signals(home, "How many captains do the 3 ferries have?").figure == 0
    assert signals(home, "How many ferries resume?").figure == 1
