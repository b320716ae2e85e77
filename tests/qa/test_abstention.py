"""Silence: the reason, the words that were not found, and the sentence that tells it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest

from index import Article, Facets
from qa import Answer, Answerer
from qa.abstention import Judgement, Reason, explain_silence
from tests.qa.homes import BY_WORDS, FERRY, HARVEST, Home

DOUBTFUL = "Did the captain sell the ferry cheaply?"


def told(reply: Answer) -> tuple[str | None, tuple[str, ...], str]:
    """Why a reply is an abstention."""
    assert not reply.answered
    assert (reply.answer, reply.citations) == ("", ())
    return reply.reason, reply.missing, reply.message


def test_an_answer_misses_nothing_and_has_no_message(answerer: Answerer) -> None:
    reply = answerer.ask("Who painted the cabin?")
    assert (reply.answered, reply.reason, reply.confidence) == (True, None, 0.982)
    assert (reply.missing, reply.message) == ((), "")


def test_a_name_that_no_article_mentions_is_told(answerer: Answerer) -> None:
    reply = answerer.ask("Who painted the ferry in Hokkaido?")
    assert told(reply) == ("unknown_name", ("Hokkaido",), "No article mentions “Hokkaido”.")
    assert reply.nearest[0].source.article_id == "ferry"


def test_every_unknown_name_and_number_is_told(answerer: Answerer) -> None:
    reply = answerer.ask("Did Xavier Holm see 4711 cabins?")
    assert told(reply) == (
        "unknown_name",
        ("Xavier", "Holm", "4711"),
        "No article mentions “Xavier”, “Holm”, “4711”.",
    )


def test_a_name_that_another_article_mentions_is_not_unknown(answerer: Answerer) -> None:
    reply = answerer.ask("Did Claire Dubois order six yellow submarines for the harbour?")
    assert reply.reason == "not_in_documents"
    assert "Dubois" not in reply.missing


def test_an_unknown_name_is_weighed_and_forbids_nothing(built: Home) -> None:
    weights = {**BY_WORDS.weights, "known": 0.0}
    answerer = built.answerer(calibration=replace(BY_WORDS, weights=weights, bias=-5.0))
    reply = answerer.ask("Who painted the ferry in Hokkaido?")
    assert (reply.answered, reply.missing, reply.message) == (True, (), "")


def test_a_time_that_no_passage_is_of_is_told_as_it_was_typed(answerer: Answerer) -> None:
    assert told(answerer.ask("Which captain smuggled amber in 2019?")) == (
        "outside_period",
        ("in 2019",),
        "No article is from the time asked about (“in 2019”).",
    )


def test_within_the_time_asked_about_the_words_are_what_is_missing(answerer: Answerer) -> None:
    reason, missing, _ = told(answerer.ask("Which captain smuggled amber in April 2025?"))
    assert (reason, missing) == ("not_in_documents", ("smuggled", "amber"))


def test_an_article_without_a_date_may_be_of_any_time(home_of: Callable[..., Home]) -> None:
    timeless = replace(FERRY, id="timeless", date=None)
    answerer = home_of(timeless, HARVEST).answerer()
    assert answerer.ask("Which captain smuggled amber in 2019?").reason == "not_in_documents"


def test_an_unknown_name_comes_before_a_time_that_does_not_fit(answerer: Answerer) -> None:
    reply = answerer.ask("Which captain smuggled amber to Hokkaido in 2019?")
    assert (reply.reason, reply.missing) == ("unknown_name", ("Hokkaido",))


def test_between_the_thresholds_the_closest_passages_are_shown_with_what_they_lack(
    answerer: Answerer,
) -> None:
    reply = answerer.ask(DOUBTFUL)
    assert BY_WORDS.doubt <= reply.confidence < BY_WORDS.answer
    assert told(reply) == (
        "weak_evidence",
        ("sell", "cheaply"),
        "The closest passages do not clearly say; not found beside the rest: “sell”, “cheaply”.",
    )


def test_below_both_thresholds_the_documents_are_silent(answerer: Answerer) -> None:
    reply = answerer.ask("Who won the football?")
    assert told(reply) == (
        "not_in_documents",
        ("won", "football"),
        "The documents do not say; not found: “won”, “football”.",
    )
    assert reply.confidence == 0.0003
    assert len(reply.nearest) == 3


def test_a_threshold_belongs_to_what_lies_above_it(built: Home) -> None:
    confidence = built.answerer().ask(DOUBTFUL).confidence

    def asked(answer: float, doubt: float) -> str | None:
        calibration = replace(BY_WORDS, answer=answer, doubt=doubt)
        return built.answerer(calibration=calibration).ask(DOUBTFUL).reason

    assert asked(confidence, 0) is None
    assert asked(confidence + 1e-4, confidence) == "weak_evidence"
    assert asked(1, confidence + 1e-4) == "not_in_documents"


@pytest.mark.parametrize(
    "where",
    [Facets(lang="de"), Facets(date_from=datetime.date(2030, 1, 1)), Facets(speaker="Holm")],
)
def test_limits_that_leave_nothing_are_told_apart_from_documents_that_are_silent(
    answerer: Answerer, where: Facets
) -> None:
    reply = answerer.ask("Who painted the cabin?", where=where)
    assert told(reply) == (
        "no_passage",
        (),
        "No article passes the limits of this question. The index holds 3 articles; lang en 1, "
        "fr 1, vi 1; dated 2025-04-28 to 2025-05-06; outlet Agence France 1, Baltic Wire 1, "
        "Việt Nam News 1.",
    )
    assert (reply.confidence, reply.nearest) == (0.0, ())


def test_an_article_outside_the_limits_adds_no_word(home_of: Callable[..., Home]) -> None:
    home = home_of(FERRY, Article("sport", "The captain won the football.", lang="fr"))
    reply = home.answerer().ask("Who won the football?", where=Facets(lang="en"))
    assert (reply.reason, reply.missing) == ("not_in_documents", ("won", "football"))


def test_what_the_index_holds_is_told_only_where_the_limits_leave_nothing(
    answerer: Answerer,
) -> None:
    for question in ("Who painted the ferry in Hokkaido?", DOUBTFUL, "Who won the football?", "of"):
        assert "index holds" not in answerer.ask(question, where=Facets(lang="en")).message


def test_an_empty_index_says_that_it_is_empty(home_of: Callable[..., Home]) -> None:
    home = home_of()
    home.build()
    assert told(home.answerer().ask("Who painted the cabin?")) == (
        "no_passage",
        (),
        "No article passes the limits of this question. The index holds no articles.",
    )


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        (None, ""),
        ("no_passage", "No article passes the limits of this question."),
        ("weak_evidence", "The closest passages do not clearly say."),
        ("not_in_documents", "The documents do not say."),
    ],
)
def test_where_every_word_was_found_none_is_told(reason: Reason | None, message: str) -> None:
    assert explain_silence(Judgement(0.3, reason)) == message
