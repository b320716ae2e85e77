"""Whatever is sent, the reply is what was asked for or a problem, and the server goes on."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index import Article
from tests.api.conftest import LOCAL
from tests.api.fuzzing import small_app
from tests.api.hostile import (
    BODIES,
    FOLLOWER,
    HOST,
    HOSTS,
    MALFORMED,
    PATHS,
    TEXTS,
    exchange,
    requests_with,
    texts,
)
from tests.api.serving import serving
from tests.qa.homes import FERRY, Home

JSON = {"Content-Type": "application/json"}
ASKING = ("/v1/ask", "/v1/search", "/v1/chat/completions")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The app with the answerer that is shipped."""
    with (
        small_app(tmp_path_factory.mktemp("home")) as app,
        TestClient(app, LOCAL, raise_server_exceptions=False) as client,
    ):
        yield client


def assert_told(reply: Any, case: str) -> None:
    """A reply in its own right: no failure of ours, and of what was sent not much is repeated."""
    assert reply.status_code < 500, case
    assert reply.headers["x-request-id"], case
    if reply.status_code >= 400:
        assert reply.headers["content-type"] == "application/problem+json", case
        assert len(reply.content) < 16_000, case
        problem = reply.json()
        assert problem["status"] == reply.status_code, case
        for words in (problem["detail"], *_words(problem)):
            assert words.isprintable(), case
            assert len(words) <= 501, case


def _words(problem: dict[str, Any]) -> Iterator[str]:
    for each in problem.get("errors", []):
        yield from each.values()


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_does_no_harm_wherever_it_stands(asked: TestClient, name: str) -> None:
    for method, path, body in requests_with(TEXTS[name]):
        assert_told(asked.request(method, path, content=body, headers=JSON), f"{method} {path}")


@pytest.mark.parametrize(
    "text",
    [TEXTS["a ligature that grows"], TEXTS["a case that grows"], "é" * 70_000, "\ufe70 \u037a ﷺ"],
)
def test_an_article_of_hostile_words_stops_no_build(tmp_path: Path, text: str) -> None:
    with ExitStack() as stack:
        home = Home(tmp_path, stack)
        assert home.build(FERRY, Article("hostile", text)).articles == 2


def test_nor_do_texts_by_lot(asked: TestClient) -> None:
    for text in list(texts(len(TEXTS) + 25, random.Random(5)))[len(TEXTS) :]:
        for method, path, body in requests_with(text):
            reply = asked.request(method, path, content=body, headers=JSON)
            assert_told(reply, f"{method} {path} {body!r}")


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_refused(asked: TestClient, name: str) -> None:
    for path in (*ASKING, "/v1/builds"):
        reply = asked.post(path, content=BODIES[name], headers=JSON)
        assert_told(reply, path)
        assert reply.status_code in (400, 413, 422) or (path, name) == ("/v1/builds", "nothing")


@pytest.mark.parametrize("key", ["a key that stands twice", "the same key, escaped"])
def test_a_key_that_stands_twice_is_refused_by_name(asked: TestClient, key: str) -> None:
    reply = asked.post("/v1/ask", content=BODIES[key], headers=JSON)
    reason = "JSON decode error: An object names a key twice"
    assert reply.json()["errors"] == [{"field": "body", "reason": reason}]


def test_a_field_of_a_name_that_misleads_is_named_within_bounds(asked: TestClient) -> None:
    for name in ("a long name", "a name that misleads"):
        reply = asked.post("/v1/ask", content=BODIES[name], headers=JSON)
        assert_told(reply, name)
    long = asked.post("/v1/ask", content=BODIES["a long name"], headers=JSON).json()
    assert long["errors"][0]["field"] == "n" * 100 + "…"


@pytest.mark.parametrize("name", PATHS)
def test_an_id_is_only_an_id(asked: TestClient, name: str) -> None:
    path = f"{LOCAL}/v1/articles/{PATHS[name]}"
    before = asked.get("/v1/articles").json()["total"]
    assert asked.get(path).status_code in (400, 404, 422)
    assert asked.delete(path).status_code in (400, 404, 422)
    assert asked.get("/v1/articles").json()["total"] == before
    written = asked.put(path, json={"text": "A ferry left."})
    assert_told(written, name)
    if written.status_code == 201:
        read = asked.get(path).json()
        assert (read["id"], read["text"]) == (written.json()["id"], "A ferry left.")
        assert asked.delete(path).status_code == 204
        assert asked.delete(path).status_code == 404
    assert asked.get("/v1/articles").json()["total"] == before


@pytest.mark.parametrize("kind", ["text/plain", "", "multipart/form-data", "text/xml", "\xff"])
def test_a_body_of_another_kind_is_refused(asked: TestClient, kind: str) -> None:
    headers = {b"Content-Type": kind.encode("latin-1")}
    for path in ASKING:
        reply = asked.post(path, content=b'{"question": "Who?", "messages": []}', headers=headers)
        assert_told(reply, path)
        assert reply.status_code == 422


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/ask", ["POST"]),
        ("/v1/articles", ["GET", "HEAD", "POST"]),
        ("/v1/articles/ferry", ["GET", "HEAD", "PUT", "DELETE"]),
        ("/v1/builds", ["GET", "HEAD", "POST"]),
        ("/v1/builds/1", ["GET", "HEAD", "DELETE"]),
        ("/healthz", ["GET", "HEAD"]),
        ("/", ["GET", "HEAD"]),
    ],
)
def test_a_method_that_is_not_there_is_told_those_that_are(
    asked: TestClient, path: str, methods: list[str]
) -> None:
    for method in ("PATCH", "TRACE", "OPTIONS", "BREW"):
        reply = asked.request(method, path)
        assert_told(reply, path)
        assert (reply.status_code, reply.headers["allow"]) == (405, ", ".join(methods))
        assert reply.json()["detail"] == f"allowed are {', '.join(methods)}"


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/articles", "/v1/articles/ferry", "/2"])
def test_head_is_as_get_without_the_body(asked: TestClient, path: str) -> None:
    got, head = asked.get(path), asked.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("path", ["/v1/ask/", "/v1/articles//", "//evil.example/", "/V1/ask", "/2"])
def test_no_path_leads_elsewhere(asked: TestClient, path: str) -> None:
    reply = asked.get(f"{LOCAL}{path}", follow_redirects=False)
    assert_told(reply, path)
    assert reply.status_code == 404


def test_parameters_and_headers_without_number_or_end_are_no_matter(asked: TestClient) -> None:
    many = "&".join(f"p{at}={'x' * 50}" for at in range(100))
    assert asked.get(f"/v1/articles?{many}").status_code == 200
    assert asked.get("/v1/articles?limit=1&limit=200").json()["limit"] == 200
    headers = dict.fromkeys(("X-Request-Id", "Accept", "Origin", "User-Agent"), "x" * 1024)
    reply = asked.get("/v1/articles", headers=headers)
    assert (reply.status_code, len(reply.headers["x-request-id"])) == (200, 32)


@pytest.mark.parametrize("told", [True, False])
def test_of_a_body_over_the_limit_no_more_is_taken_than_the_limit(app: FastAPI, told: bool) -> None:
    piece, taken, said = b"x" * 8192, 0, []

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message: Any) -> None:
        said.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
    headers += [(b"content-length", b"1000000000")] * told
    scope = {"type": "http", "method": "POST", "path": "/v1/ask", "raw_path": b"/v1/ask"}
    scope |= {"query_string": b"", "headers": headers, "http_version": "1.1", "scheme": "http"}
    asyncio.run(app(scope, receive, send))
    assert said[0]["status"] == 413
    # One piece may be read to see that it is too much, one to see whether the client has left.
    assert taken <= (0 if told else 64 * 1024 + 2 * len(piece))


@pytest.mark.network
def test_what_is_no_http_is_refused_and_nothing_behind_it_is_served(app: FastAPI) -> None:
    with serving(app) as port:
        replies = {name: exchange(port, sent + FOLLOWER) for name, sent in MALFORMED.items()}
    served = {
        name: reply[:100]
        for name, reply in replies.items()
        if b" 200 OK" in reply or not (reply == b"" or reply.startswith(b"HTTP/1.1 4"))
    }
    assert served == {}


@pytest.mark.network
def test_a_host_that_is_not_served_here_is_a_problem(app: FastAPI) -> None:
    with serving(app) as port:
        for host in HOSTS:
            reply = exchange(port, b"GET /healthz HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
            assert reply.startswith(b"HTTP/1.1 400 "), host
            assert b"urn:onrecord:unknown-host" in reply, host


@pytest.mark.network
def test_a_target_that_names_another_host_leads_nowhere(app: FastAPI) -> None:
    with serving(app) as port:
        for target, status in (
            (b"http://evil.example/healthz", b"400"),
            (b"http://127.0.0.1/healthz", b"200"),
            (b"//evil.example/healthz", b"404"),
            (b"*", b"404"),
        ):
            reply = exchange(port, b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n")
            assert reply.split()[1] == status, target


@pytest.mark.network
def test_a_request_behind_a_large_one_is_served(app: FastAPI) -> None:
    head = f"POST /v1/ask HTTP/1.1\r\nContent-Length: {60_000}\r\n".encode() + HOST + b"\r\n"
    with serving(app) as port:
        last = FOLLOWER[:-2] + b"Connection: close\r\n\r\n"
        reply = exchange(port, (head + b" " * 60_000) * 5 + last, whole=False)
    assert reply.count(b"HTTP/1.1 ") == 6
    assert reply.endswith(b'{"status":"ok"}')
