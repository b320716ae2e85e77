from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from index import Article, Snapshot, open_snapshot
from qa import Answerer
from qa.timeframe import parse_timeframe
from qa.timing import in_period, newest_day, time_passages

APRIL = Article(
    "april",
    "The prime minister Shigeru Ishiba visited the harbour and spoke.",
    date=date(2025, 4, 28),
    lang="en",
)
EARLIER = Article(
    "earlier",
    "The prime minister Fumio Kishida visited the harbour and spoke.",
    date=date(2023, 12, 15),
    lang="en",
)
TOLD_LATER = Article(
    "told-later",
    "The budget was signed in April 2024 and doubled.",
    date=date(2025, 4, 30),
    lang="en",
)
UNDATED = Article("undated", "Rice is exported from the delta.", lang="en")


@pytest.fixture(scope="module")
def snapshot(home_of: Callable[..., Any]) -> Snapshot:
    """april, earlier, told-later, undated: a passage each, in this order."""
    home = home_of(APRIL, EARLIER, TOLD_LATER, UNDATED)
    return open_snapshot(home.store, 1, home.library)


@pytest.fixture(scope="module")
def dated(home_of: Callable[..., Any]) -> Answerer:
    answerer: Answerer = home_of(APRIL, EARLIER).answerer()
    return answerer


def weights(snapshot: Snapshot, question: str) -> list[float]:
    when = parse_timeframe(question, "en", today=date(2025, 4, 30))
    timing = time_passages(snapshot, np.arange(4), when)
    return [round(float(weight), 3) for weight in timing.weights]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who spoke?", [1.0, 1.0, 1.0, 1.0]),
        ("Who spoke in April 2025?", [1.0, 0.85, 1.0, 1.0]),
        ("Who spoke in 2023?", [0.85, 1.0, 0.85, 1.0]),
        ("Who spoke in 2024?", [0.85, 0.9, 1.0, 1.0]),
        ("What was signed in April 2024?", [0.85, 0.85, 1.0, 1.0]),
        ("What was signed in June 2024?", [0.85, 0.85, 0.85, 1.0]),
        ("What was signed in early 2024?", [0.85, 0.9, 1.0, 1.0]),
        ("What was signed since January 2024?", [1.0, 0.9, 1.0, 1.0]),
        ("What was signed before 2024?", [0.85, 1.0, 0.85, 1.0]),
        ("Who spoke in April?", [1.0, 0.85, 1.0, 1.0]),
        ("Who spoke on 28 April?", [1.0, 0.85, 0.9, 1.0]),
        ("Who spoke on 5 December?", [0.85, 0.9, 0.85, 1.0]),
        ("Who spoke on 5 January?", [0.85, 0.9, 0.85, 1.0]),
        ("Who spoke in March 2025?", [0.9, 0.85, 0.9, 1.0]),
        ("Who spoke on 29 March 2025?", [0.9, 0.85, 0.85, 1.0]),
        ("Who spoke in the first quarter?", [0.9, 0.9, 0.9, 1.0]),
        ("What happened this month?", [1.0, 0.85, 1.0, 1.0]),
    ],
)
def test_a_passage_keeps_its_score_in_the_period_and_less_of_it_the_farther_away(
    snapshot: Snapshot, question: str, expected: list[float]
) -> None:
    assert weights(snapshot, question) == expected


def test_latest_takes_a_little_from_what_is_older_than_the_newest_article(
    snapshot: Snapshot,
) -> None:
    assert weights(snapshot, "Who is the current minister?") == [0.999, 0.872, 1.0, 0.925]


def test_a_period_in_which_nothing_lies_is_told(snapshot: Snapshot) -> None:
    dated = np.arange(3)
    for question, outside in (("Who spoke in 2019?", True), ("Who spoke in 2024?", False)):
        when = parse_timeframe(question, today=date(2025, 4, 30))
        assert time_passages(snapshot, dated, when).outside is outside
        assert time_passages(snapshot, np.arange(4), when).outside is False
        assert time_passages(snapshot, dated[:0], when).outside is False


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who spoke?", [1, 1, 1, 1]),
        ("Who is the current minister?", [1, 1, 1, 1]),
        ("Who spoke in April 2025?", [1, 0, 1, 0.5]),
        ("Who spoke in 2023?", [0, 1, 0, 0.5]),
        ("Who spoke in 2024?", [0, 1, 1, 0.5]),  # a month after `earlier`, named by `told-later`
        ("What was signed in April 2024?", [0, 0, 1, 0.5]),
        ("What was signed in June 2024?", [0, 0, 0, 0.5]),
        ("Who spoke on 5 December?", [0, 1, 0, 0.5]),
        ("Who spoke in March 2025?", [1, 0, 1, 0.5]),
        ("Who spoke in 2019?", [0, 0, 0, 0.5]),
    ],
)
def test_an_article_is_of_a_period_when_it_was_published_about_then_or_names_it(
    snapshot: Snapshot, question: str, expected: list[float]
) -> None:
    when = parse_timeframe(question, "en", today=date(2025, 4, 30))
    assert [in_period(snapshot, article, when) for article in range(4)] == expected


def test_a_title_names_the_period_of_its_article(home_of: Callable[..., Any]) -> None:
    titled = Article(
        "titled", "The budget doubled.", title="Accounts of 2019", date=date(2025, 4, 30)
    )
    home = home_of(titled, Article("undated", "Rice was sold in 2019.", lang="en"))
    snapshot = open_snapshot(home.store, 1, home.library)
    periods = []
    for year in (2019, 2018):
        when = parse_timeframe(f"What doubled in {year}?", "en", today=date(2025, 4, 30))
        periods.append([in_period(snapshot, article, when) for article in (0, 1)])
    assert periods == [[1, 1], [0, 0.5]]


def test_today_is_the_day_of_the_newest_article(
    snapshot: Snapshot, home_of: Callable[..., Any]
) -> None:
    undated = home_of(UNDATED)
    assert newest_day(snapshot) == date(2025, 4, 30)
    assert newest_day(open_snapshot(undated.store, 1, undated.library)) is None


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Who was the prime minister in April 2025?", "Shigeru Ishiba"),
        ("Who was the prime minister in December 2023?", "Fumio Kishida"),
        ("Who was the prime minister this month?", "Shigeru Ishiba"),
        ("Who is the current prime minister?", "Shigeru Ishiba"),
        ("Qui était prime minister en décembre 2023 ?", "Fumio Kishida"),
    ],
)
def test_an_office_is_answered_from_what_was_written_then(
    dated: Answerer, question: str, quoted: str
) -> None:
    answer, hits = dated.ask_with_hits(question)
    assert quoted in hits[0].text
    assert not answer.answered or quoted in answer.citations[0].quote
