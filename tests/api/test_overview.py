"""`GET /v1/overview`: what the index that serves holds, made once for each index."""

from __future__ import annotations

import datetime
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.examples import examples
from api.overview import Overviews, counted, overview
from index import Article, Library
from qa import Step
from tests.api.standins import LookupAnswerer
from tests.qa.homes import Home

PROPOSED = "What did Phạm Minh Chính propose on Local cooperation?"


def test_the_overview_counts_what_the_index_holds(client: TestClient) -> None:
    assert client.get("/v1/overview").json() == {
        "generation": 1,
        "articles": 1,
        "undated": 0,
        "first": "2023-12-15",
        "last": "2023-12-15",
        "languages": [{"name": "en", "articles": 1}],
        "outlets": [{"name": "Việt Nam News", "articles": 1}],
        "examples": [{"question": PROPOSED, "lang": "en"}],
    }


def test_dates_are_those_of_dated_articles_and_none_is_a_date(library: Library) -> None:
    library.put(Article("older", "Old words.", date=datetime.date(2001, 2, 3)))
    library.put(Article("undated", "Words."))
    found = overview(LookupAnswerer(library))
    assert (found.articles, found.undated) == (3, 1)
    assert (str(found.first), str(found.last)) == ("2001-02-03", "2023-12-15")


def test_an_empty_index_has_an_overview(library: Library) -> None:
    library.remove("vns/gunma-1")
    found = overview(LookupAnswerer(library))
    assert (found.articles, found.first, found.languages, found.examples) == (0, None, [], [])


def test_counts_fall_and_equal_ones_stand_by_name() -> None:
    rows = [(each.name, each.articles) for each in counted(["b", "c", None, "a", "c", ""])]
    assert rows == [("c", 2), ("a", 1), ("b", 1)]


class CountingAnswerer(LookupAnswerer):
    """Counts what it is asked; answers no question with the word `silent`."""

    asked, silent = 0, "nothing"

    def stream(self, question: str, *rest: Any, **named: Any) -> Generator[Step, None, None]:
        self.asked += 1
        asked = "Who won the football?" if self.silent in question else question
        yield from super().stream(asked, *rest, **named)


def test_the_overview_is_made_once_for_each_generation(library: Library) -> None:
    answerer, overviews = CountingAnswerer(library), Overviews()
    assert overviews.of(answerer) is overviews.of(answerer)
    assert answerer.asked == 1
    answerer.generation = 2
    assert overviews.of(answerer).generation == 2
    assert answerer.asked == 2


def test_a_question_that_is_not_answered_is_no_example(library: Library) -> None:
    answerer = CountingAnswerer(library)
    assert list(examples(answerer, ["en"])) == [(PROPOSED, "en")]
    answerer.silent = "propose"
    assert list(examples(answerer, ["en"])) == []


ARTICLES = (
    Article("en", "Prime Minister Anna Nowak proposed a railway to Gdańsk on Monday.", lang="en"),
    Article("fr", "Le ministre Luc Dubois a proposé de construire une école à Lyon.", lang="fr"),
    Article("vi", "Thủ tướng Phạm Minh Chính đề xuất mở rộng hợp tác du lịch.", lang="vi"),
)


def test_examples_are_asked_in_the_languages_of_the_articles_in_turn(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = Home(tmp_path, stack)
        home.build(*ARTICLES)
        answerer = home.answerer()
        found = list(examples(answerer, ["en", "fr", "vi", "de"]))
        again = list(examples(answerer, ["en", "fr", "vi", "de"]))
        answerer.close()
    assert found == again
    assert found == [
        ("What did Anna Nowak propose on infrastructure?", "en"),
        ("Phạm Minh Chính đề xuất gì về du lịch?", "vi"),
    ]
