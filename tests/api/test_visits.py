"""Request ids: on every reply, in every problem, and the client's own where it is sane."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.visits import request_id, tell
from tests.api.standins import LookupAnswerer

ASKED = {"question": "What about Japan?"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/healthz", {}, 200),
        ("GET", "/", {}, 200),
        ("GET", "/openapi.json", {}, 200),
        ("GET", "/nowhere", {}, 404),
        ("POST", "/healthz", {}, 405),
        ("POST", "/v1/ask", {}, 422),
        ("GET", "/healthz", {"Host": "evil.example"}, 400),
        ("POST", "/v1/ask", {"Content-Length": "999999999"}, 413),
    ],
)
def test_every_reply_has_an_id_and_a_problem_names_it(
    client: TestClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    replies = [client.request(method, path, headers=headers) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [status, status]
    ids = [reply.headers["x-request-id"] for reply in replies]
    assert len({*ids}) == 2
    assert all(len(each) == 32 for each in ids)
    if status >= 400:
        assert [reply.json()["request_id"] for reply in replies] == ids


def test_a_defect_has_an_id_too(client: TestClient, answerer: LookupAnswerer) -> None:
    answerer.during = lambda: 1 / 0
    reply = client.post("/v1/ask", json=ASKED)
    assert reply.status_code == 500
    assert reply.json()["request_id"] == reply.headers["x-request-id"]


def test_an_error_within_a_stream_names_the_id_of_its_headers(
    client: TestClient, answerer: LookupAnswerer
) -> None:
    answerer.reading = lambda: 1 / 0
    reply = client.post("/v1/ask", json=ASKED, headers={"Accept": "text/event-stream"})
    assert f'"request_id":"{reply.headers["x-request-id"]}"' in reply.text


@pytest.mark.parametrize("sent", ["a", "Root=1-67891233-abcdef012345678912345678", "x" * 64])
def test_the_id_that_a_client_sends_is_kept(client: TestClient, sent: str) -> None:
    reply = client.get("/nowhere", headers={"X-Request-Id": sent})
    assert reply.headers.get_list("x-request-id") == [sent]
    assert reply.json()["request_id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 65, "a b", "a\tb", "<script>", "é", '"', "a,b"])
def test_an_id_that_could_do_harm_is_replaced(client: TestClient, sent: str) -> None:
    reply = client.get("/healthz", headers={b"X-Request-Id": sent.encode()})
    assert reply.headers["x-request-id"] != sent
    assert len(reply.headers["x-request-id"]) == 32


def test_outside_a_request_there_is_no_id_and_nothing_to_tell() -> None:
    tell(key="nobody's")
    assert request_id() is None
