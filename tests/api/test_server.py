"""The end of a server: told to stop, it says so, answers what it has, and is gone."""

from __future__ import annotations

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index import GenerationStore, Library
from tests.campaigns.scenario import article, rebuild
from tests.campaigns.serving import Connection, server


def test_a_server_that_is_to_stop_is_not_ready_and_still_answers(
    app: FastAPI, client: TestClient
) -> None:
    leaving: threading.Event = app.state.parts.leaving
    leaving.set()
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()["type"]) == (503, "urn:onrecord:stopping")
    assert int(reply.headers["Retry-After"]) > 0
    assert client.get("/healthz").status_code == 200
    assert client.post("/v1/ask", json={"question": "What about Japan?"}).status_code == 200


@pytest.mark.network
def test_told_to_stop_it_takes_readiness_back_first_then_answers_all_and_ends(
    tmp_path: Path,
) -> None:
    with Library(tmp_path / "library.sqlite") as library:
        library.put(article("riga"))
        rebuild(library, GenerationStore(tmp_path))
    with server(tmp_path) as (process, port), ThreadPoolExecutor(8) as pool:
        _ask(port)  # all is loaded
        asked = [pool.submit(_ask, port) for _ in range(8)]
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said = []
        while (status := _readiness(port)) is not None:
            said.append(status)
        assert [each.result()["answered"] for each in asked] == [True] * 8
        assert process.wait(10) == -signal.SIGTERM
        assert time.monotonic() - begun < 8
    assert set(said[1:]) == {503}


def _ask(port: int) -> dict[str, object]:
    body = {"question": "What did Captain Anna Riga promise?"}
    with closing(Connection(port)) as http:
        reply: dict[str, object] = http.call("POST", "/v1/ask", body)
    return reply


def _readiness(port: int) -> int | None:
    """The status of /readyz; None once nobody listens."""
    time.sleep(0.02)
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as http:
            http.request("GET", "/readyz")
            return http.getresponse().status
    except OSError:
        return None
