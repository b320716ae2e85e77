"""What a full gate turns away, and what goes on beside it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.gate import Gate
from tests.api.standins import LookupAnswerer

QUESTION = {"question": "What about Japan?"}


@pytest.fixture
def gate(app: FastAPI) -> Gate:
    gate: Gate = app.state.parts.gate
    return gate


@pytest.fixture
def full(client: TestClient, gate: Gate, answerer: LookupAnswerer) -> Iterator[TestClient]:
    """A server whose only thread works and whose only waiting place is taken."""
    done = threading.Event()
    answerer.during = done.wait
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(client.post, "/v1/ask", json=QUESTION) for _ in range(2)]
        while not gate.is_full:
            time.sleep(0.005)
        yield client
        done.set()
        assert [each.result().status_code for each in asked] == [200, 200]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/chat/completions"])
def test_a_full_server_turns_questions_away_without_reading_them(
    full: TestClient, gate: Gate, path: str
) -> None:
    reply = full.post(path, content=b"{ not even JSON")
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["type"] == "urn:onrecord:busy"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Request-Id"] == reply.json()["request_id"]
    assert gate.refused == 1


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/v1/articles"])
def test_a_full_server_still_says_how_it_is_and_shows_articles(full: TestClient, path: str) -> None:
    assert full.get(path).status_code == 200


def test_what_was_turned_away_is_counted_under_its_route(full: TestClient) -> None:
    full.post("/v1/ask", json=QUESTION)
    figures = full.get("/metrics").text
    assert (
        'onrecord_request_seconds_count{method="POST",route="/v1/ask",status="5xx"} 1.0' in figures
    )


def test_a_server_with_room_reads_the_question(client: TestClient) -> None:
    assert client.post("/v1/ask", content=b"{ not even JSON").status_code != 503
