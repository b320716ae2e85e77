"""The life of the application: generations that come and go, health, and its description."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.builder import Builder
from api.settings import ApiSettings
from index import DamagedGenerationError, GenerationStore, Library, NoGenerationError
from tests.api.conftest import LOCAL
from tests.api.standins import LookupAnswerer


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(250):
        if true():
            return
        time.sleep(0.02)
    pytest.fail("it never came true")


def test_a_first_build_goes_live_without_a_restart(
    library: Library,
    store: GenerationStore,
    settings: ApiSettings,
    builder: Builder,
    answerer: LookupAnswerer,
) -> None:
    built: list[LookupAnswerer] = []

    def opener() -> LookupAnswerer:
        if not built:
            raise NoGenerationError(Path("home"))
        return built[0]

    app = create_app(None, library, store, settings, builder, opener)
    with TestClient(app, base_url=LOCAL) as client:
        assert client.get("/readyz").status_code == 503
        built.append(answerer)
        wait_until(lambda: client.get("/readyz").status_code == 200)
        assert client.post("/v1/ask", json={"question": "What about Japan?"}).json()["answered"]
    assert answerer.closed.is_set()


def test_a_generation_that_cannot_be_opened_leaves_the_old_one_serving(
    client: TestClient, answerer: LookupAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    def damaged() -> bool:
        looked.append(1)
        raise DamagedGenerationError(2, "passages.faiss", "has changed")

    monkeypatch.setattr(answerer, "refresh", damaged)
    wait_until(lambda: len(looked) > 1)
    assert client.get("/readyz").json() == {"status": "ok", "generation": 1}


def test_a_defect_while_looking_for_a_generation_does_not_end_the_server(
    client: TestClient, answerer: LookupAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    def broken() -> bool:
        looked.append(1)
        raise OSError("the disk is gone")

    monkeypatch.setattr(answerer, "refresh", broken)
    wait_until(lambda: len(looked) > 2)
    assert client.post("/v1/ask", json={"question": "What about Japan?"}).status_code == 200


def test_the_kept_generations_are_listed_and_a_damaged_one_is_left_out(
    client: TestClient, store: GenerationStore
) -> None:
    (store.folder(2)).mkdir()
    listed = client.get("/v1/generations").json()
    assert listed["live"] == 1
    assert listed["generations"] == [
        {
            "number": 1,
            "live": True,
            "aside": False,
            "created": "2025-01-01T00:00:00+00:00",
            "encoder": "words",
            "library_revision": 1,
            "counts": {"articles": 1, "passages": 1, "sentences": 3},
            "digest": "d" * 64,
        }
    ]


def test_the_description_has_an_example_of_every_body(app: FastAPI) -> None:
    schema = app.openapi()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                assert content["examples"], f"{method} {path}"


def test_every_example_of_the_description_is_accepted(app: FastAPI, client: TestClient) -> None:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {"content": {"application/json": {}}})
            for example in body["content"]["application/json"].get("examples", {}).values():
                url = path.replace("{article_id}", "example")
                reply = client.request(method, url, json=example["value"])
                assert reply.status_code in (200, 201, 202), reply.text
                assert reply.json().get("refused", []) == []


def test_the_docs_page_shows_every_route_and_needs_no_other_host(
    app: FastAPI, client: TestClient
) -> None:
    page = client.get("/docs").text
    for path in app.openapi()["paths"]:
        assert path in page
    assert 'href="http' not in page
    assert "<script" not in page
