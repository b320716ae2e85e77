"""Every error is a problem body, whatever is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import ValidationError

from api.app import create_app
from api.builder import Builder
from api.schemas import AskIn
from api.settings import ApiSettings
from index import (
    ArticleNotFoundError,
    BuildLockedError,
    DamagedGenerationError,
    GenerationStore,
    Library,
    LibraryError,
)
from qa import BadQuestionError, UnverifiedQuoteError
from tests.api.standins import LookupAnswerer

JSON = {"Content-Type": "application/json"}


def assert_problem(reply: Any, status: int, name: str) -> dict[str, Any]:
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    body: dict[str, Any] = reply.json()
    assert (reply.status_code, body["status"], body["type"]) == (
        status,
        status,
        f"urn:onrecord:{name}",
    )
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/v1/ask", 405, "method-not-allowed"),
        ("DELETE", "/", 405, "method-not-allowed"),
        ("GET", "/v1/articles/none", 404, "no-such-article"),
        ("GET", "/v1/articles?limit=0", 422, "invalid"),
        ("GET", "/v1/articles?from=yesterday", 422, "invalid"),
        ("GET", "/v1/articles/a?sha256=zz", 422, "invalid"),
        ("DELETE", "/v1/articles/" + "x" * 300, 422, "invalid"),
        ("GET", "/v1/articles/%00", 400, "bad-path"),
        ("GET", "/web/../cli.py", 404, "not-found"),
        ("GET", "/web/%2e%2e/cli.py", 404, "not-found"),
    ],
)
def test_a_request_that_leads_nowhere_is_a_problem(
    client: TestClient, method: str, path: str, status: int, name: str
) -> None:
    assert_problem(client.request(method, path), status, name)


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": "SECRET \\ud800 word"}',
        b'{"question": "SECRET \\u0000 word"}',
        b'{"question": NaN}',
        b'{"question": "SECRET", "k": NaN}',
        b'{"question": "SECRET", "k": Infinity}',
        b'{"question": "SECRET", "k": 0}',
        b'{"question": "SECRET", "k": 51}',
        b'{"question": "SECRET", "k": 1e999}',
        b'{"question": "SECRET", "extra": 1}',
        b'{"question": "SECRET", "filters": {"place": "x"}}',
        b'{"question": "SECRET", "filters": {"from": "SECRET"}}',
        b'{"question": "SECRET", "filters": {"lang": "SECRET"}}',
        b'{"question": ["SECRET"]}',
        b"[]",
        b"null",
        b"{",
        b"",
        b"\xff\xfe",
    ],
)
def test_a_body_that_does_not_fit_is_a_422_that_never_repeats_it(
    client: TestClient, body: bytes
) -> None:
    reply = client.post("/v1/ask", content=body, headers=JSON)
    assert reply.status_code in (400, 422)
    problem = assert_problem(
        reply, reply.status_code, "invalid" if reply.status_code == 422 else "bad-request"
    )
    assert "SECRET" not in str(problem)


@pytest.mark.parametrize(
    "body", [b'{"question": ' + b"[" * 5000, b'{"question": "a", "k": ' + b"9" * 5000 + b"}"]
)
def test_json_that_cannot_be_read_is_refused(client: TestClient, body: bytes) -> None:
    assert client.post("/v1/ask", content=body, headers=JSON).status_code in (400, 422)


def test_a_refused_field_is_named_with_its_reason(client: TestClient) -> None:
    asked = {"question": "x", "filters": {"from": "soon"}, "history": [{"answer": "y"}]}
    problem = assert_problem(client.post("/v1/ask", json=asked), 422, "invalid")
    assert [each["field"] for each in problem["errors"]] == ["history.0.question", "filters.from"]
    assert problem["errors"][0]["reason"] == "Field required"


@pytest.mark.parametrize("question", ["", "   ", "?!", "x" * 2001])
def test_a_question_that_cannot_be_asked_says_why(client: TestClient, question: str) -> None:
    assert_problem(client.post("/v1/ask", json={"question": question}), 422, "bad-question")
    assert_problem(client.post("/v1/search", json={"question": question}), 422, "bad-question")


def test_more_than_fifty_turns_are_refused(client: TestClient) -> None:
    turns = [{"question": "What?"}] * 51
    asked = {"question": "What about Japan?", "history": turns}
    assert_problem(client.post("/v1/ask", json=asked), 422, "invalid")
    assert client.post("/v1/ask", json={**asked, "history": turns[1:]}).status_code == 200


def test_turns_that_are_too_long_together_are_refused() -> None:
    turns = [{"question": "What?", "answer": "x" * 99_995}] * 4
    AskIn.model_validate({"question": "What about Japan?", "history": turns})
    turns.append({"question": "What?"})
    with pytest.raises(ValidationError, match="the turns have 400,005 characters, at most 400,000"):
        AskIn.model_validate({"question": "What about Japan?", "history": turns})


@pytest.mark.parametrize("k", [0, -1, 51, 10**9, 10**400, 1.5, "many"])
def test_a_number_of_passages_beyond_reason_is_refused(client: TestClient, k: object) -> None:
    asked = {"question": "What about Japan?", "k": k}
    for route in ("/v1/ask", "/v1/search"):
        assert_problem(client.post(route, json=asked), 422, "invalid")


def test_a_body_without_a_json_content_type_is_refused(client: TestClient) -> None:
    body = b'{"question": "What about Japan?"}'
    reply = client.post("/v1/ask", content=body, headers={"Content-Type": "text/plain"})
    assert_problem(reply, 422, "invalid")


def test_a_body_over_the_limit_is_a_413_whether_its_length_is_told_or_not(
    client: TestClient, library: Library
) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(100):
            yield b"x" * 1024

    assert_problem(
        client.post("/v1/ask", content=b"x" * 65537, headers=JSON), 413, "content-too-large"
    )
    reply = client.put("/v1/articles/big", content=pieces(), headers=JSON)
    assert_problem(reply, 413, "content-too-large")
    assert library.count() == 1


@pytest.mark.parametrize(
    ("error", "status", "name", "told"),
    [
        (BadQuestionError("too vague"), 422, "bad-question", True),
        (ArticleNotFoundError("gone"), 404, "no-such-article", True),
        (BuildLockedError("process 1"), 409, "build-running", True),
        (DamagedGenerationError(3, "/home/x", "changed"), 503, "index-unavailable", False),
        (LibraryError("/home/x: locked"), 503, "index-unavailable", False),
        (UnverifiedQuoteError("a", 0, 1), 500, "internal-error", False),
        (RuntimeError("password"), 500, "internal-server-error", False),
    ],
)
def test_a_domain_error_has_its_status_and_ours_keep_their_words_to_the_log(
    client: TestClient,
    answerer: LookupAnswerer,
    error: Exception,
    status: int,
    name: str,
    told: bool,
) -> None:
    def fail() -> None:
        raise error

    answerer.during = fail
    reply = client.post("/v1/ask", json={"question": "What about Japan?"})
    problem = assert_problem(reply, status, name)
    assert (problem["detail"] == str(error)) is told
    assert ("retry-after" in reply.headers) is (status == 503)


def test_before_the_first_build_all_but_answers_is_served(
    library: Library, tmp_path: Any, settings: ApiSettings, builder: Builder
) -> None:
    app = create_app(None, library, GenerationStore(tmp_path / "empty"), settings, builder)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for reply in (
            client.post("/v1/ask", json={"question": "What about Japan?"}),
            client.post("/v1/search", json={"question": "What about Japan?"}),
            client.get("/readyz"),
        ):
            problem = assert_problem(reply, 503, "no-index")
            assert "onrecord build" in problem["detail"]
        assert client.get("/healthz").status_code == 200
        assert client.get("/").status_code == 200
        assert client.get("/v1/articles").json()["total"] == 1
        assert client.get("/v1/articles/vns/gunma-1").json()["searchable"] is False
        assert client.get("/v1/generations").json() == {"live": None, "generations": []}


@given(text=st.text(st.characters(), max_size=200))
@examples(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_text_makes_the_server_fail(client: TestClient, text: str) -> None:
    asked = {"question": text, "filters": {"speaker": text}, "history": [{"question": text}]}
    assert _post(client, "/v1/ask", asked) in (200, 422)
    assert _post(client, "/v1/articles", [{"id": text, "text": text, "title": text}]) == 200


def _post(client: TestClient, path: str, body: object) -> int:
    """The status of a reply; the body may hold what no text has, so it is sent escaped."""
    headers = {"Content-Type": "application/json"}
    return client.post(path, content=json.dumps(body), headers=headers).status_code


def test_every_route_declares_its_errors_as_problems(app: FastAPI) -> None:
    schema = app.openapi()
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            errors = {s: r for s, r in operation["responses"].items() if s >= "400"}
            assert errors, path
            for reply in errors.values():
                assert "application/problem+json" in reply["content"], path
