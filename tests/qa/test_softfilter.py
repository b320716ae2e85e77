"""Passages of the time and of the outlets that a question names come first."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from index import Article, Snapshot, load_analyser, open_snapshot
from qa.queries import read_query
from qa.signals import unknown_names
from qa.softfilter import soft_filter
from qa.timing import newest_day
from tests.fakes import WordEmbedder

SAID = "The harbour was opened by the minister."
ARTICLES = (
    Article("age", SAID, outlet="The Age", date=datetime.date(2025, 4, 28), lang="en"),
    Article("none", SAID, date=datetime.date(2025, 4, 28), lang="en"),
    Article("old", SAID, outlet="The Age", date=datetime.date(2020, 1, 1), lang="en"),
)


@pytest.fixture(scope="module")
def snapshot(home_of: Callable[..., Any]) -> Snapshot:
    home = home_of(*ARTICLES)
    return open_snapshot(home.store, 1, home.library)


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Who opened the harbour?", [1, 1, 1]),
        ("Who opened the harbour, according to The Age?", [1, 0.85, 1]),
        ("Who opened the harbour in April 2025?", [1, 1, 0.85]),
        ("Who opened the harbour in April 2025, says The Age?", [1, 0.85, 0.85]),
        ("Who opened the harbour, according to The Guardian?", [1, 1, 1]),
    ],
)
def test_what_does_not_fit_keeps_most_of_its_score(
    snapshot: Snapshot, question: str, left: list[float]
) -> None:
    query = read_query(
        question,
        load_analyser(),
        WordEmbedder(),
        today=newest_day(snapshot),
        outlets=snapshot.outlets,
    )
    weights = soft_filter(snapshot, np.arange(3), query).weights
    assert weights.dtype == np.float32
    assert weights.tolist() == pytest.approx(left)


def test_an_outlet_that_no_text_names_is_no_unknown_name(snapshot: Snapshot) -> None:
    asked = "Who opened the harbour, according to The Age?"
    query = read_query(asked, load_analyser(), WordEmbedder(), outlets=snapshot.outlets)
    assert unknown_names(snapshot, query.terms) == ()
    other = read_query(asked.replace("Age", "Guardian"), load_analyser(), WordEmbedder())
    assert unknown_names(snapshot, other.terms) == ("Guardian",)
