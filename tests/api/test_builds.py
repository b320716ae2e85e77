"""`/v1/builds`: asked for, watched, cancelled."""

from __future__ import annotations

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.builder import Builder
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, Library
from tests.api.conftest import LOCAL, WORKER
from tests.api.standins import LookupAnswerer


def ended(client: TestClient, path: str) -> dict[str, Any]:
    """The build at `path`, once it has ended."""
    deadline = time.monotonic() + 30
    while True:
        build: dict[str, Any] = client.get(path).json()
        if build["ended"]:
            return build
        assert time.monotonic() < deadline, build
        time.sleep(0.05)


def test_a_build_is_asked_for_and_watched_to_its_end(
    client: TestClient, store: GenerationStore
) -> None:
    (store.home / "CURRENT").unlink()
    store.discard(1)  # as if nothing had been built yet
    reply = client.post("/v1/builds", json={"full": True})
    assert (reply.status_code, reply.headers["location"]) == (202, "/v1/builds/1")
    first = reply.json()
    assert (first["id"], first["state"], first["reason"]) == (1, "queued", "request")
    build = ended(client, "/v1/builds/1")
    assert (build["state"], build["generation"], build["error"]) == ("succeeded", 1, None)
    assert build["created"] <= build["started"] <= build["ended"]
    assert (build["stage"], build["done"], build["total"]) == (None, None, None)
    assert build["embedded"] > 0
    assert (build["reused"], build["removed"]) == (0, 0)
    assert build["seconds"]["embed"] >= 0
    assert store.current() == 1
    assert client.get("/v1/builds").json() == {
        "total": 1,
        "offset": 0,
        "limit": 20,
        "builds": [build],
    }
    assert client.get("/v1/builds", params={"offset": 1}).json()["builds"] == []
    again = client.delete("/v1/builds/1")
    assert (again.status_code, again.json()["type"]) == (409, "urn:onrecord:build-ended")


def test_a_build_can_be_asked_for_without_a_body_and_cancelled(client: TestClient) -> None:
    path = client.post("/v1/builds").headers["location"]
    cancelled = client.delete(path)
    assert (cancelled.status_code, cancelled.json()["id"]) == (202, 1)
    assert ended(client, path)["state"] == "cancelled"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_build_that_was_never_asked_for_is_not_found(client: TestClient, method: str) -> None:
    reply = client.request(method, "/v1/builds/7")
    assert (reply.status_code, reply.json()["type"]) == (404, "urn:onrecord:no-such-build")
    assert client.request(method, "/v1/builds/0").status_code == 422


def test_a_server_that_can_only_read_says_so_when_it_is_written_to(
    answerer: LookupAnswerer, library: Library, store: GenerationStore, settings: ApiSettings
) -> None:
    with (
        Library(library.path, read_only=True) as read,
        Jobs(library.path, read_only=True) as jobs,
    ):
        index = IndexSettings(home=store.home)
        builder = Builder(jobs, read, store, index, settings, WORKER)
        app = create_app(answerer, read, store, settings, builder)
        with TestClient(app, base_url=LOCAL) as client:
            for reply in (
                client.put("/v1/articles/b", json={"text": "Words."}),
                client.post("/v1/articles", json=[{"text": "Words."}]),
                client.delete("/v1/articles/vns/gunma-1"),
                client.post("/v1/builds"),
            ):
                assert (reply.status_code, reply.json()["type"]) == (403, "urn:onrecord:read-only")
            assert client.get("/v1/builds").json()["total"] == 0
            asked = client.post("/v1/ask", json={"question": "What about Japan?"})
            assert asked.json()["answered"]
