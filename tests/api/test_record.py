"""The record over HTTP: people, sectors and statements, each row with its quote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.builder import Builder
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, Library
from qa import verify
from tests.api.conftest import LOCAL
from tests.qa.homes import APRIL, MARS, NOVEMBER, UNDATED, Home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with ExitStack() as stack:
        home = Home(tmp_path_factory.mktemp("home"), stack)
        home.build(APRIL, NOVEMBER, MARS, UNDATED)
        yield home


@pytest.fixture(scope="module")
def asked(home: Home) -> Iterator[TestClient]:
    settings = ApiSettings(build_after_seconds=0)
    with Jobs(home.library.path) as jobs:
        builder = Builder(jobs, home.library, home.store, IndexSettings(home=home.path), settings)
        app = create_app(home.answerer(), home.library, home.store, settings, builder)
        yield TestClient(app, base_url=LOCAL)


def read(client: TestClient, path: str, **query: object) -> Any:
    reply = client.get(path, params={name: str(value) for name, value in query.items()})
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_leader_has_names_offices_with_dates_and_quotes(asked: TestClient) -> None:
    page = read(asked, "/v1/leaders", person="Takaichi Sanae")
    quote = "Japanese Prime Minister Takaichi Sanae promised to promote tourism."
    cited: dict[str, Any] = {
        "article_id": "november",
        "article_sha256": NOVEMBER.sha256,
        "title": None,
        "outlet": "Baltic Wire",
        "date": "2025-11-20",
        "lang": "en",
        "url": None,
        "number": 1,
        "quote": quote,
        "start": 0,
        "end": len(quote),
        "marks": [],
        "copies": [],
    }
    office = {
        "role": "prime_minister",
        "of": "japan",
        "former": False,
        "first": "2025-11-20",
        "last": "2025-11-20",
        "citation": cited | {"number": 2},
    }
    leader = {
        "id": "takaichi-sanae",
        "name": "Takaichi Sanae",
        "aliases": ["Takaichi Sanae"],
        "offices": [office],
        "articles": 1,
        "statements": 1,
        "citation": cited,
    }
    assert page == {"total": 1, "offset": 0, "limit": 20, "generation": 1, "leaders": [leader]}


def test_commitments_come_in_pages_newest_first(asked: TestClient) -> None:
    first = read(asked, "/v1/commitments", limit=2)
    second = read(asked, "/v1/commitments", limit=2, offset=2)
    rows = [*first["commitments"], *second["commitments"]]
    assert [(row["actor_id"], row["act"], row["date"]) for row in rows] == [
        ("takaichi-sanae", "commit", "2025-11-20"),
        ("pham-minh-chinh", "ask", "2025-04-28"),
        ("ishiba-shigeru", "commit", "2025-04-28"),
        ("pham-minh-chinh", "ask", "2024-03-01"),
    ]
    assert [row["citation"]["number"] for row in rows] == [1, 2, 1, 2]
    assert rows[1].keys() == {
        *("act", "actor", "actor_id", "counterpart", "time", "sectors", "resolved", "date"),
        "citation",
    }
    assert (rows[1]["counterpart"], rows[1]["time"], rows[1]["sectors"]) == (
        "Japan",
        "future",
        ["semiconductors"],
    )
    assert (first["total"], second["offset"], second["limit"]) == (5, 2, 2)


def test_sectors_are_named_in_three_languages(asked: TestClient) -> None:
    reply = read(asked, "/v1/sectors", person="Chinh", **{"from": "2024-01-01"})
    assert reply["generation"] == 1
    assert [(row["id"], row["statements"]) for row in reply["sectors"]] == [
        ("semiconductors", 1),
        ("tourism", 1),
    ]
    assert reply["sectors"][1]["label"] == {"en": "tourism", "fr": "tourisme", "vi": "du lịch"}


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({"person": "Chinh Pham Minh"}, 3),
        ({"act": "commit", "sector": "tourisme"}, 1),
        ({"counterpart": "Japan", "lang": "FR"}, 1),
        ({"outlet": "viet nam news"}, 2),
        ({"from": "2025-01-01", "to": "2025-06-30"}, 2),
        ({"time": "done"}, 0),
        ({"person": "x" * 500}, 0),
        ({"person": "%"}, 0),
        ({"sector": "🌉"}, 0),
        ({"offset": "2147483648"}, 5),
    ],
)
def test_filters_limit_and_what_is_not_known_gives_an_empty_page(
    asked: TestClient, query: dict[str, str], total: int
) -> None:
    page = read(asked, "/v1/commitments", **query)
    assert page["total"] == total
    shown = 0 if "offset" in query else total
    assert len(page["commitments"]) == shown


@pytest.mark.parametrize("path", ["/v1/leaders", "/v1/sectors", "/v1/commitments"])
@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ({"act": "promise"}, "act", "'commit', 'propose', 'ask', 'agree', 'sign' or 'report'"),
        ({"time": "never"}, "time", "'future', 'ongoing' or 'done'"),
        ({"from": "soon"}, "from", "a day is written as 2025-04-28"),
        ({"to": "2025-02-30"}, "to", "date"),
        ({"lang": "english"}, "lang", "pattern"),
        ({"person": ""}, "person", "at least 1 item"),
        ({"person": "a\0b"}, "person", "NUL"),
        ({"speaker": "Chinh"}, "speaker", "not permitted"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_by_its_name(
    asked: TestClient, path: str, query: dict[str, str], field: str, said: str
) -> None:
    reply = asked.get(path, params=query)
    assert (reply.status_code, reply.json()["type"]) == (422, "urn:onrecord:invalid")
    [error] = reply.json()["errors"]
    assert error["field"] == field
    assert said in error["reason"]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"offset": -1}])
def test_a_page_has_its_limits(asked: TestClient, query: dict[str, int]) -> None:
    assert asked.get("/v1/commitments", params=query).status_code == 422


def test_what_was_saved_of_the_record_is_proved_row_by_row(asked: TestClient, home: Home) -> None:
    counts = {"/v1/leaders": 7, "/v1/sectors": 4, "/v1/commitments": 5}
    for path, quotes in counts.items():
        proof = verify(read(asked, path), home.library)
        assert (proof.checked, proof.ok) == (quotes, True)


def test_the_filters_of_a_question_know_the_people_of_the_record(asked: TestClient) -> None:
    body = {"question": "What about Japan?", "filters": {"speaker": "Chính", "sector": "du lịch"}}
    hits = asked.post("/v1/search", json=body).json()["hits"]
    assert [hit["article_id"] for hit in hits] == ["mars"]


def test_before_the_first_build_there_is_no_record(
    library: Library, store: GenerationStore, settings: ApiSettings, builder: Builder
) -> None:
    client = TestClient(create_app(None, library, store, settings, builder), base_url=LOCAL)
    for path in ("/v1/leaders", "/v1/sectors", "/v1/commitments"):
        reply = client.get(path)
        assert (reply.status_code, reply.json()["type"]) == (503, "urn:onrecord:no-index")
