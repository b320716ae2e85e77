"""Spans: of requests and of the stages of an answer, for those who collect them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import ValidationError
from pytest_httpserver import HTTPServer

from api.errors import SettingsError
from api.settings import ApiSettings
from api.telemetry import Tracing, open_tracing
from api.visits import Visit
from api.watch import Watch
from tests.api.standins import LookupAnswerer

ASKED = {"question": "What about Japan?"}


@pytest.fixture
def spans(app: FastAPI) -> Iterator[InMemorySpanExporter]:
    """Where the spans of `app` come out."""
    kept = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    app.state.watch.tracing = Tracing(provider)
    yield kept
    provider.shutdown()


def of(spans: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans.get_finished_spans()}


def told(span: ReadableSpan) -> Mapping[str, Any]:
    return span.attributes or {}


def test_an_answer_is_a_span_within_its_request_and_its_stages_follow_each_other(
    client: TestClient, spans: InMemorySpanExporter
) -> None:
    reply = client.post("/v1/ask?x=SECRET", json=ASKED)
    found = of(spans)
    assert {*found} == {"POST /v1/ask", "answer", "search"}
    request, answer, search = found["POST /v1/ask"], found["answer"], found["search"]
    assert request.parent is None
    assert answer.parent == request.context
    assert search.parent == answer.context
    assert told(request) == {
        "http.request.method": "POST",
        "http.route": "/v1/ask",
        "http.response.status_code": 200,
        "onrecord.request_id": reply.headers["x-request-id"],
        "onrecord.left": False,
    }
    assert told(answer) == {
        "onrecord.outcome": "answered",
        "onrecord.mode": "extractive",
        "onrecord.generation": 1,
        "onrecord.citations": 1,
    }
    assert answer.start_time is not None
    assert answer.end_time is not None
    assert answer.end_time - answer.start_time == 2_000_000  # the 2 ms of `took_ms`
    assert search.start_time == answer.start_time
    assert search.end_time == search.start_time + 1_000_000


def test_a_streamed_reply_is_traced_to_its_end(
    client: TestClient, spans: InMemorySpanExporter, answerer: LookupAnswerer
) -> None:
    midway: list[int] = []
    answerer.reading = lambda: midway.append(len(of(spans)))
    client.post("/v1/ask", json=ASKED, headers={"Accept": "text/event-stream"})
    assert midway == [0]
    assert {*of(spans)} == {"POST /v1/ask", "answer", "search"}


def test_a_request_continues_the_trace_of_its_client(
    client: TestClient, spans: InMemorySpanExporter
) -> None:
    client.get("/healthz", headers={"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"})
    client.get("/healthz", headers={"traceparent": "SECRET"})
    first, second = spans.get_finished_spans()
    assert first.context.trace_id == int("ab" * 16, 16)
    assert first.parent is not None
    assert first.parent.span_id == int("cd" * 8, 16)
    assert second.parent is None


def test_a_failed_request_is_an_error_without_its_message(
    client: TestClient, spans: InMemorySpanExporter, answerer: LookupAnswerer
) -> None:
    def fail() -> None:
        raise ValueError("SECRET")

    answerer.during = fail
    client.post("/v1/ask", json=ASKED)
    client.get("/nowhere/SECRET")
    failed, lost = spans.get_finished_spans()
    assert failed.status.status_code is trace.StatusCode.ERROR
    assert told(failed)["error.type"] == "500"
    assert lost.name == "GET none"
    assert lost.status.status_code is trace.StatusCode.UNSET
    assert "SECRET" not in failed.to_json() + lost.to_json()


def test_questions_are_traced_only_where_they_are_asked_for(
    app: FastAPI, spans: InMemorySpanExporter, answerer: LookupAnswerer
) -> None:
    answer = answerer.ask(ASKED["question"])
    for questions in (False, True):
        Watch(tracing=app.state.watch.tracing, questions=questions).answered(answer)
    quiet, loud = (span for span in spans.get_finished_spans() if span.name == "answer")
    assert "Japan" not in quiet.to_json()
    assert told(loud)["onrecord.question"] == ASKED["question"]


@pytest.mark.network
def test_spans_reach_the_collector_at_the_latest_when_the_server_ends(
    httpserver: HTTPServer,
) -> None:
    httpserver.expect_request("/v1/traces", method="POST").respond_with_data(b"")
    tracing = open_tracing(ApiSettings(otlp_endpoint=httpserver.url_for("/")))
    scope = {"type": "http", "method": "GET", "headers": []}
    with tracing.request(Visit(scope), scope):
        pass
    tracing.close()
    [(request, _)] = httpserver.log
    [sent] = ExportTraceServiceRequest.FromString(request.get_data()).resource_spans
    named = {each.key: each.value.string_value for each in sent.resource.attributes}
    assert named["service.name"] == "onrecord"
    assert [span.name for span in sent.scope_spans[0].spans] == ["GET none"]


def test_without_an_endpoint_nothing_is_traced_and_nothing_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    open_tracing(ApiSettings()).close()


def test_a_missing_library_is_named_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"pip install 'onrecord\[telemetry\]'"):
        open_tracing(ApiSettings(otlp_endpoint="http://localhost:4318"))


@pytest.mark.parametrize("wrong", ["localhost:4318", "ftp://host", "http://", "http://a b"])
def test_an_endpoint_that_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        ApiSettings(otlp_endpoint=wrong)
