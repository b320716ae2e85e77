"""What is logged: a line a request, in two formats, without what was asked and without keys."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.builder import Builder
from api.logs import formatter
from api.settings import ApiSettings
from index import GenerationStore, Library
from tests.api.conftest import LOCAL
from tests.api.standins import LookupAnswerer

KEY = "correct-horse-battery"
ASKED = {"question": "What about Japan?"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What our own code logs from level info on, as JSON."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter("json"))
    logger = logging.getLogger("api")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def lines(log: io.StringIO, event: str = "request") -> list[dict[str, Any]]:
    return [line for line in map(json.loads, log.getvalue().splitlines()) if line["event"] == event]


def record(message: str, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("api.app", logging.INFO, "app.py", 1, message, None, None)
    vars(made).update(extra)
    return made


def test_a_request_is_one_line(client: TestClient, log: io.StringIO) -> None:
    client.post("/v1/ask", json=ASKED, headers={"X-Request-Id": "mine"})
    [line] = lines(log)
    assert line.pop("timestamp").endswith("Z")
    assert 0 < line.pop("ms") < 10_000
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "api.watch",
        "method": "POST",
        "route": "/v1/ask",
        "status": 200,
        "outcome": "answered",
        "generation": 1,
        "request_id": "mine",
    }


def test_a_refusal_says_which(client: TestClient, log: io.StringIO) -> None:
    client.post("/v1/ask", json={})
    client.get("/healthz", headers={"Host": "evil.example"})
    client.post("/v1/ask", json={"question": "What about Zanzibar?"})
    told = [(line["status"], line.get("problem"), line.get("outcome")) for line in lines(log)]
    assert told == [
        (422, "invalid", None),
        (400, "unknown-host", None),
        (200, None, "weak_evidence"),
    ]


def test_an_error_and_its_request_have_the_same_id_and_one_traceback(
    client: TestClient, answerer: LookupAnswerer, log: io.StringIO
) -> None:
    def fail() -> None:
        secret = "the value of a variable"
        raise ValueError(len(secret))

    answerer.during = fail
    reply = client.post("/v1/ask", json=ASKED)
    [failed], [asked] = lines(log, "the request failed"), lines(log)
    assert failed["request_id"] == asked["request_id"] == reply.headers["x-request-id"]
    assert asked["status"] == 500
    assert failed["exception"].endswith("ValueError: 23")
    assert log.getvalue().count("Traceback") == 1


@pytest.fixture
def everything(
    answerer: LookupAnswerer, library: Library, store: GenerationStore, builder: Builder
) -> Callable[[bool], None]:
    """Asks and writes with a key, in ways that succeed and fail, and leaves SECRET everywhere."""

    def knock(questions: bool) -> None:
        settings = ApiSettings(
            api_key=SecretStr(KEY), log_questions=questions, build_after_seconds=0
        )
        app = create_app(answerer, library, store, settings, builder)
        client = TestClient(app, base_url=LOCAL)

        def fail() -> None:
            answerer.during = lambda: None
            raise ValueError("no luck")

        for during in (lambda: None, fail):
            answerer.during = during
            asked = {"question": "What about SECRET Japan?"}
            client.post("/v1/ask?x=SECRET", json=asked, headers={"Cookie": "SECRET"})
        client.get("/v1/articles?query=SECRET")
        client.get("/SECRET")
        client.put("/v1/articles/a", json={"text": "SECRET"}, headers={"X-API-Key": KEY})
        client.put("/v1/articles/a", json={"text": "SECRET"}, headers={"X-API-Key": KEY + "x"})
        client.put("/v1/articles/a", content=b"SECRET", headers={"Authorization": f"Bearer {KEY}"})

    return knock


def test_neither_questions_nor_keys_nor_queries_are_logged(
    everything: Callable[[bool], None], log: io.StringIO
) -> None:
    everything(False)
    assert len(lines(log)) == 7
    assert "SECRET" not in log.getvalue()
    assert KEY not in log.getvalue()
    keys = [line.get("key") for line in lines(log)]
    assert keys == [None, None, None, None, "ONRECORD_API_KEY", None, "ONRECORD_API_KEY"]


def test_questions_are_logged_where_they_are_asked_for(
    everything: Callable[[bool], None], log: io.StringIO
) -> None:
    everything(True)
    asked = [line["question"] for line in lines(log) if "question" in line]
    assert asked == ["What about SECRET Japan?"]
    assert log.getvalue().count("SECRET") == 1


def test_a_readable_line_shows_its_fields() -> None:
    line = formatter("readable").format(record("request", status=200, route="/v1/ask", ms=1.5))
    assert line.endswith("Z [info] request [api.app] status=200 route=/v1/ask ms=1.5")


def test_no_value_passes_for_another_line_or_field_or_commands_a_terminal() -> None:
    forged = "x\n2026-01-01 [info] forged \x1b[2J\u202e"
    line = formatter("readable").format(record(forged, question=forged, key="a key=b"))
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert "key='a key=b'" in line
    assert formatter("json").format(record(forged)).isprintable()


def test_a_traceback_stands_below_its_line_and_apart() -> None:
    try:
        raise ValueError("bad\n2026-01-01 [info] forged \x1b[2J")
    except ValueError:
        failed = record("it failed")
        failed.exc_info = sys.exc_info()
    first, *rest = formatter("readable").format(failed).splitlines()
    assert first.endswith("it failed [api.app]")
    assert all(line.startswith("    ") and line.isprintable() for line in rest)
    assert "ValueError: bad" in rest[-2]
    [line] = formatter("json").format(failed).splitlines()
    assert json.loads(line)["exception"].startswith("Traceback")


def test_what_stands_in_every_line_of_a_process_is_added() -> None:
    line = json.loads(formatter("json", process="build").format(record("x", color_message="y")))
    assert (line["process"], line["event"]) == ("build", "x")
    assert "color_message" not in line


def test_format_and_level_may_be_written_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_LOG_FORMAT", "JSON")
    monkeypatch.setenv("ONRECORD_LOG_LEVEL", "Warning")
    settings = ApiSettings()
    assert (settings.log_format, settings.log_level) == ("json", "warning")


@pytest.mark.parametrize(
    ("level", "heard"),
    [
        ("debug", ["own debug", "own info", "own warning", "other warning", "a hint"]),
        ("info", ["own info", "own warning", "other warning", "a hint"]),
        ("warning", ["own warning", "other warning", "a hint"]),
        ("error", ["other warning", "a hint"]),
    ],
)
def test_libraries_are_heard_from_warnings_on_whatever_the_level_is(
    level: str, heard: list[str]
) -> None:
    program = f"""
import logging, warnings
from api.logs import configure
configure("json", {level!r})
own, other = logging.getLogger("qa.answering"), logging.getLogger("openai")
own.debug("own debug"); own.info("own info"); own.warning("own warning")
other.debug("other debug"); other.info("other info"); other.warning("other warning")
warnings.warn("a hint")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    events = [json.loads(line)["event"] for line in done.stderr.splitlines()]
    assert [next(each for each in heard if each in event) for event in events] == heard
    assert done.stdout == ""
