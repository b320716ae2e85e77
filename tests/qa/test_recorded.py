"""Answers from the record: who held an office, and what somebody undertook."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import Article, Facets, fold, read_paths
from qa import Answer, Answerer
from tests.qa.homes import Home

OFFICES = Path(__file__).parent.parent / "data" / "record" / "questions_office.jsonl"
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in OFFICES.read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def answerer(on_record: Home) -> Answerer:
    return on_record.answerer()


def quoted(answer: Answer) -> list[tuple[str, str]]:
    """The article and the first words of each quote."""
    return [(each.source.article_id, " ".join(each.quote.split()[:5])) for each in answer.citations]


ISHIBA = ("april", "Japanese Prime Minister Ishiba Shigeru")
TAKAICHI = ("november", "Japanese Prime Minister Takaichi Sanae")


@pytest.mark.parametrize(
    ("question", "holder"),
    [
        ("Who was Japan's Prime Minister in April 2025?", ISHIBA),
        ("Qui était le Premier ministre du Japon en avril 2025 ?", ISHIBA),
        ("Thủ tướng Nhật Bản vào tháng 4 năm 2025 là ai?", ISHIBA),
        ("Who was the Prime Minister of Japan in November 2025?", TAKAICHI),
        ("Who is the Japanese Prime Minister?", TAKAICHI),
    ],
)
def test_an_office_is_held_by_whom_the_articles_of_that_time_name(
    answerer: Answerer, question: str, holder: tuple[str, str]
) -> None:
    reply = answerer.ask(question)
    assert (reply.answered, quoted(reply)) == (True, [holder])
    assert reply.confidence >= 0.9


def test_of_a_time_that_no_article_tells_nobody_is_named(answerer: Answerer) -> None:
    reply = answerer.ask("Who was Japan's Prime Minister in April 2015?")
    assert (reply.answered, reply.reason, reply.missing) == (
        False,
        "outside_period",
        ("in April 2015",),
    )


def test_of_an_office_that_no_article_gives_anybody_nobody_is_named(answerer: Answerer) -> None:
    reply = answerer.ask("Who is the Prime Minister of Poland?")
    assert (reply.answered, reply.citations) == (False, ())


def test_an_index_of_an_earlier_version_has_no_record_to_be_silent_by(on_record: Home) -> None:
    older = on_record.answerer()
    older._snapshot.record.is_built = False
    reply = older.ask("Who is the Prime Minister of Japan?")
    assert (reply.answered, len(reply.citations) > 1) == (True, True)


def test_what_somebody_asked_is_listed_newest_first_over_articles_and_languages(
    answerer: Answerer,
) -> None:
    reply = answerer.ask("What has Pham Minh Chinh asked of Japan?")
    assert quoted(reply)[:2] == [
        ("april", "Prime Minister Phạm Minh Chính"),
        ("mars", "Le Premier ministre vietnamien Pham"),
    ]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What has Phạm Minh Chính asked of Japan on tourism?", "mars"),
        ("Qu'a demandé Pham Minh Chinh au Japon sur les semi-conducteurs ?", "april"),
        ("What did Japan promise on tourism?", "november"),
    ],
)
def test_a_sector_that_is_named_limits_the_list(
    answerer: Answerer, question: str, first: str
) -> None:
    reply = answerer.ask(question)
    assert reply.answered
    assert quoted(reply)[0][0] == first


def test_the_limits_of_a_question_hold_for_the_record_too(answerer: Answerer) -> None:
    question = "What has Pham Minh Chinh asked of Japan?"
    early = answerer.ask(question, where=Facets(date_to=datetime.date(2024, 12, 31)))
    assert {citation.source.article_id for citation in early.citations} == {"mars"}
    french = answerer.ask(question, where=Facets(lang="fr"))
    assert {citation.source.article_id for citation in french.citations} == {"mars"}


def test_one_word_more_and_passages_answer(answerer: Answerer) -> None:
    reply = answerer.ask("How many factories has Chính visited?")
    assert quoted(reply)[0] == ("april", "Chính visited three factories.")
    assert reply.confidence != 0.9


@pytest.fixture(scope="module")
def of_seeds(home_of: Callable[..., Home]) -> Answerer:
    """Over the articles that come with the program, two with the dates that they do not state."""
    dates: dict[str, str] = {}
    for question in QUESTIONS:
        dates |= question["given_dates"]
    seeds = Path(__file__).parent.parent.parent / "seeds"
    articles = [read for read in read_paths([seeds]) if isinstance(read, Article)]
    assert len(articles) == 5
    given = (
        replace(one, date=datetime.date.fromisoformat(dates[one.id])) if one.id in dates else one
        for one in articles
    )
    return home_of(*given).answerer()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_who_held_an_office_is_told_by_date_in_three_languages(
    of_seeds: Answerer, question: dict[str, Any]
) -> None:
    reply = of_seeds.ask(question["question"])
    if question["person"] is None:
        assert (reply.answered, reply.citations) == (False, ())
    else:
        assert fold(question["person"]) in fold(reply.citations[0].quote)
