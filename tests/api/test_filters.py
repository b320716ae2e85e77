"""Filters hold before the cut-off: where hardly anything passes, enough is found all the same."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from index import Article
from tests.api.conftest import LOCAL
from tests.api.fuzzing import small_app

FEW = 3
DAY = datetime.date(2024, 2, 29)


def _article(number: int) -> Article:
    """One in a hundred is rare, and by its words further from the question than the others."""
    rare = number % 100 == 50
    own = " ".join(f"w{number}x{at}" for at in range(8))  # no two tell the same story
    text = (
        f"Captain Nowak spoke of forestry, {own}, and of a ferry."
        if rare
        else f"The ferry of Gdańsk resumes on Monday, {own}."
    )
    return Article(
        f"a{number:03}",
        text,
        date=DAY if rare else datetime.date(2025, 4, 28),
        outlet="Rare Wire" if rare else "Daily Wire",
        lang="fr" if rare else "en",
    )


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    articles = map(_article, range(100 * FEW))
    with (
        small_app(tmp_path_factory.mktemp("home"), *articles) as app,
        TestClient(app, LOCAL) as client,
    ):
        yield client


@pytest.mark.parametrize(
    "limits",
    [
        {"outlet": "rare wire"},
        {"lang": "fr"},
        {"from": "2024-02-29", "to": "2024-02-29"},
        {"to": "2024-12-31"},
        {"speaker": "Nowak"},
        {"sector": "forestry"},
        {"outlet": "Rare Wire", "lang": "fr", "speaker": "Captain Nowak", "to": "2025-01-01"},
    ],
)
def test_of_one_passage_in_a_hundred_as_many_are_found_as_are_asked_for(
    asked: TestClient, limits: dict[str, str]
) -> None:
    question = {"question": "When does the ferry of Gdańsk resume?", "k": FEW, "filters": limits}
    hits = asked.post("/v1/search", json=question).json()["hits"]
    assert {hit["article_id"] for hit in hits} == {"a050", "a150", "a250"}
    assert [hit["rank"] for hit in hits] == [1, 2, 3]


def test_without_limits_none_of_them_is_found(asked: TestClient) -> None:
    question = {"question": "When does the ferry of Gdańsk resume?", "k": FEW}
    hits = asked.post("/v1/search", json=question).json()["hits"]
    assert len(hits) == FEW
    assert {hit["outlet"] for hit in hits} == {"Daily Wire"}
