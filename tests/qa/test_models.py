"""A model over HTTP: its text in time, or one of a few failures, whatever the server does."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from qa.errors import ModelError
from qa.models import OpenAIModel
from tests.qa.modelserver import (
    OK,
    Behaviour,
    ModelServer,
    bomb,
    drips,
    event,
    hangs,
    hangs_after,
    model_server,
    never_ends,
    resets,
    resets_after,
    says,
    status,
    whole,
)

pytestmark = pytest.mark.network

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Busy</html>"
MESSAGES = [{"role": "user", "content": "a question that nobody else may read"}]
LIMIT = 0.6  # seconds for a whole reply


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


def model_at(server: ModelServer, behave: Behaviour, seconds: float = LIMIT) -> OpenAIModel:
    server.behave = behave
    return OpenAIModel(server.url, "tiny", "sk-0123456789", seconds=seconds)


def test_the_text_comes_in_pieces_as_it_is_written(server: ModelServer) -> None:
    model = model_at(server, says(whole("It sails on Monday.\nÀ Gdańsk.")), seconds=30)
    pieces = [piece for piece in model.write(MESSAGES) if piece]
    assert ("".join(pieces), len(pieces)) == ("It sails on Monday.\nÀ Gdańsk.", 5)


def test_it_is_asked_once_with_fixed_settings_and_the_key_in_its_header(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "OPENAI_ORG_ID", "another-house")
    monkeypatch.setitem(os.environ, "HTTP_PROXY", "http://192.0.2.1:1")
    model = model_at(server, status(500), seconds=30)
    server.asked.clear()
    with pytest.raises(ModelError):
        list(model.write(MESSAGES))
    [asked] = server.asked
    head, body = asked.split(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/chat/completions ")
    assert b"authorization: Bearer sk-0123456789" in head
    assert b"another-house" not in head
    assert json.loads(body) == {
        "model": "tiny",
        "messages": MESSAGES,
        "temperature": 0,
        "seed": 7,
        "max_tokens": 800,
        "stream": True,
    }


@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        (hangs, "timeout"),
        (hangs_after(OK, event("It sails")), "timeout"),
        (drips(whole("It sails."), every=0.05), "timeout"),
        (drips(whole("It sails.")[len(OK) :], first=OK, every=0.05), "timeout"),
        (resets, "unreachable"),
        (says(b""), "unreachable"),
        (says(b"\0\1\2 hello\r\n\r\n"), "unreachable"),
        (resets_after(OK, event("It sails")), "cut_off"),
        (says(OK, event("It sails")), "cut_off"),
        (says(OK, b"<html>Busy</html>\n\n"), "cut_off"),
        (says(HTML), "garbage"),
        (says(OK, b"data: {oops\n\n"), "garbage"),
        (says(OK, b"data: [1]\n\n"), "garbage"),
        (says(OK, bytes(range(256)) * 10, b"\n\n"), "garbage"),
        (says(bomb()), "garbage"),
        (never_ends, "garbage"),
        (status(429, "Retry-After: 600"), "rate_limited"),
        (status(401), "refused"),
        (status(302, "Location: http://192.0.2.1/v1/chat/completions"), "refused"),
        (status(500, body=b"x" * 100_000), "refused"),
        (says(OK, b'data: {"error": {"message": "no"}}\n\n'), "refused"),
    ],
)
def test_whatever_the_server_does_there_is_an_end_in_time(
    server: ModelServer, behave: Behaviour, kind: str
) -> None:
    model = model_at(server, behave)
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        list(model.write(MESSAGES))
    assert caught.value.kind == kind
    assert time.monotonic() - began < LIMIT + 0.5
    assert "sails" not in str(caught.value)


def test_a_redirect_is_not_followed(server: ModelServer) -> None:
    model = model_at(server, status(307, f"Location: {server.url}/chat/completions"))
    server.asked.clear()
    with pytest.raises(ModelError, match="status 307"):
        list(model.write(MESSAGES))
    assert len(server.asked) == 1


def test_nobody_at_the_address_is_unreachable() -> None:
    with pytest.raises(ModelError, match="unreachable"):
        list(OpenAIModel("http://127.0.0.1:9/v1", "tiny").write(MESSAGES))


def test_whoever_waits_hears_that_nothing_is_new_and_may_leave(server: ModelServer) -> None:
    left: list[bytes] = []
    model = model_at(server, lambda client: left.append(client.recv(1)), seconds=30)
    with closing(model.write(MESSAGES)) as pieces:
        assert next(pieces) == ""
    deadline = time.monotonic() + 5
    while not left and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left == [b""]  # the connection was closed, long before its time was over


def test_nothing_that_is_sent_is_logged(
    server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    model = model_at(server, says(whole("It sails.")), seconds=30)
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.WARNING)
    try:
        assert "".join(model.write(MESSAGES)) == "It sails."
    finally:
        root.setLevel(before)
    assert caplog.text == ""
    assert "sk-0123456789" not in repr(vars(model))
