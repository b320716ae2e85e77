"""One planted loss for every stage of the road, each named with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from index import Article, Facets
from qa import Answerer, BadQuestionError, Stage
from tests.qa.homes import FERRY, Home, numbered

HomeOf = Callable[..., Home]
QUESTION = "When is the ferry?"
# Holds the word once among many, and shares none of the question's stop words.
FAINT = Article(
    "faint",
    "Behind rusty cranes one ferry awaited pilots, sailors, cooks, stewards, mechanics, "
    "painters, welders, divers, porters, clerks, guards, children, dogs, gulls.",
    lang="en",
)
SILENT = Article("silent", "Bilbies dug burrows.", lang="en")


@pytest.fixture(scope="module")
def crowd(home_of: HomeOf) -> Home:
    """Thirty passages full of ferries, twenty full of the question's stop words, and two others."""

    def hollow() -> Iterator[Article]:
        return (Article(f"hollow{n}", f"When is the number {n}?", lang="en") for n in range(20))

    return home_of(*numbered(30, "Ferry, ferry, ferry."), *hollow(), FAINT, SILENT)


def test_an_article_that_nobody_added_is_absent(answerer: Answerer) -> None:
    verdict = answerer.why_not(QUESTION, "nobody")
    assert (verdict.stage, verdict.article_id) == (Stage.ABSENT, "nobody")
    assert (verdict.generation, verdict.resolved_question) == (1, QUESTION)
    assert (verdict.numbers, verdict.beside) == ({}, {})


def test_an_article_added_after_the_build_is_not_indexed(home: Home) -> None:
    home.library.put(Article("new", "The ferry is new.", lang="en"))
    verdict = home.answerer().why_not(QUESTION, "new")
    assert verdict.stage is Stage.NOT_INDEXED
    assert verdict.detail == "generation 1 was built without it: `onrecord build`"
    home.build()
    assert home.answerer().why_not("Is the ferry new?", "new").stage is Stage.ANSWERED


def test_an_article_without_a_sentence_is_not_indexed_either(home: Home) -> None:
    home.build(Article("dots", "…", lang="en"))
    verdict = home.answerer().why_not(QUESTION, "dots")
    assert verdict.stage is Stage.NOT_INDEXED
    assert verdict.detail == "its text has no sentence that could be quoted"


def test_an_article_that_was_removed_is_found_as_long_as_its_generation_serves(home: Home) -> None:
    home.library.remove("ferry")
    assert home.answerer().why_not("Gdańsk ferry", "ferry").stage is Stage.ANSWERED
    home.build()
    assert home.answerer().why_not("Gdańsk ferry", "ferry").stage is Stage.ABSENT


@pytest.mark.parametrize(
    ("where", "detail"),
    [
        (Facets(lang="vi"), "shut out by lang vi"),
        (Facets(lang="en", outlet="Reuters"), "shut out by outlet Reuters"),
        (Facets(date_from=FERRY.date, speaker="Dubois"), "shut out by speaker Dubois"),
        (Facets(lang="fr", sector="rice"), "shut out by lang fr, sector rice"),
    ],
)
def test_an_article_outside_the_filters_is_told_which(
    answerer: Answerer, where: Facets, detail: str
) -> None:
    verdict = answerer.why_not(QUESTION, "ferry", where)
    assert (verdict.stage, verdict.detail) == (Stage.FILTERED, detail)


def test_filters_that_shut_an_article_out_only_together_are_all_told(home_of: HomeOf) -> None:
    padding = "Around the island every other animal slept and slept and slept again until morning. "
    text = f"Anna Nowak spoke. {padding * 2}Then steel prices rose. {padding}".strip()
    answerer = home_of(Article("long", text, lang="en"), FERRY).answerer()
    for alone in (Facets(speaker="Anna Nowak"), Facets(sector="steel")):
        assert answerer.why_not("steel", "long", alone).stage is not Stage.FILTERED
    verdict = answerer.why_not("steel", "long", Facets(speaker="Anna Nowak", sector="steel"))
    assert verdict.stage is Stage.FILTERED
    assert verdict.detail == "shut out by speaker Anna Nowak, sector steel"


def test_an_article_that_both_searches_rank_too_low_has_its_ranks(crowd: Home) -> None:
    verdict = crowd.answerer(candidates=10).why_not(QUESTION, "faint")
    assert verdict.stage is Stage.LEXICAL_RANK
    assert verdict.numbers["lexical_rank"] == 31
    assert verdict.numbers["dense_rank"] > 50
    assert verdict.beside == {"lexical_rank": 10, "dense_rank": 10}


def test_an_article_without_a_word_of_the_question_has_only_a_dense_rank(crowd: Home) -> None:
    verdict = crowd.answerer(candidates=10).why_not(QUESTION, "silent")
    assert verdict.stage is Stage.DENSE_RANK
    assert verdict.numbers == {"dense_rank": pytest.approx(51, abs=1)}
    assert verdict.beside == {"lexical_rank": 10, "dense_rank": 10}


def test_an_article_that_was_found_and_not_judged_is_cut(crowd: Home) -> None:
    answerer = crowd.answerer(candidates=10, judged=10)
    assert not answerer.search(QUESTION, k=50).hits[0].source.article_id.startswith("hollow")
    lost = answerer.why_not(QUESTION, "hollow0")
    assert lost.stage is Stage.CUT
    assert lost.detail == "of 20 passages found, 10 were judged; ranks are as if all were"
    assert lost.numbers["rank"] > lost.beside["rank"] == 10
    assert lost.numbers["lexical"] == 0 < lost.beside["lexical"]


def test_an_article_below_those_that_are_read_is_outranked(crowd: Home) -> None:
    verdict = crowd.answerer().why_not("ferry", "faint")
    assert verdict.stage is Stage.OUTRANKED
    assert verdict.numbers["rank"] > 10
    assert verdict.beside["rank"] == 1
    assert 0 < verdict.numbers["score"] < verdict.beside["score"]
    assert verdict.numbers["lexical"] < verdict.beside["lexical"]
    assert list(verdict.numbers) == list(verdict.beside)


def test_an_article_that_was_read_in_vain_is_under_the_threshold(answerer: Answerer) -> None:
    question = "Who repairs the football?"
    reply = answerer.ask(question)
    verdict = answerer.why_not(question, reply.nearest[0].source.article_id)
    assert not reply.answered
    assert verdict.stage is Stage.THRESHOLD
    assert verdict.numbers["confidence"] == reply.confidence < verdict.beside["confidence"]


def test_a_copy_of_a_better_article_is_told_of_which(home: Home) -> None:
    home.build(replace(FERRY, id="ferry-copy", outlet="Reuters"))
    verdict = home.answerer().why_not("When does the Gdańsk ferry resume?", "ferry-copy")
    assert (verdict.stage, verdict.detail) == (Stage.COPY, "the same story as ferry")


def test_an_article_whose_sentences_are_not_the_best_is_not_chosen(answerer: Answerer) -> None:
    verdict = answerer.why_not("When does the Gdańsk ferry resume?", "rice")
    assert verdict.stage is Stage.NOT_CHOSEN
    assert verdict.detail.startswith("its best sentence is “")
    assert verdict.numbers["rank"] > 1 == verdict.beside["rank"]
    assert verdict.numbers["score"] < verdict.beside["score"]


def test_an_article_that_is_quoted_was_not_lost(answerer: Answerer) -> None:
    verdict = answerer.why_not("When does the Gdańsk ferry resume?", "ferry")
    assert (verdict.stage, verdict.detail) == (Stage.ANSWERED, "see [1] of the answer")


def test_every_stage_says_what_happened_in_one_sentence() -> None:
    meanings = [stage.meaning for stage in Stage]
    assert all(meaning[0].isupper() and meaning.endswith(".") for meaning in meanings)
    assert len(set(meanings)) == len(Stage)
    assert str(Stage.CUT) == "cut"


def test_a_question_that_cannot_be_asked_is_refused(answerer: Answerer) -> None:
    with pytest.raises(BadQuestionError):
        answerer.why_not("?", "ferry")
