"""Tracing: a span for each request and for each stage of an answer, where somebody collects them.

OpenTelemetry is needed only then. The provider is our own and never the global one, so that what
other libraries trace, with paths and queries, goes nowhere.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.types import Scope

from api.errors import SettingsError
from api.settings import ApiSettings
from api.visits import Visit
from qa import Answer

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_PATIENCE = 3.0  # seconds that a collector has to take the last spans of a server that stops


class Tracing:
    """Spans of one app; without a provider nothing is done."""

    def __init__(self, provider: TracerProvider | None = None) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("onrecord") if provider else None

    @contextmanager
    def request(self, visit: Visit, scope: Scope) -> Iterator[None]:
        """A span around what serves a request, a part of the client's trace where it names one."""
        if self._tracer is None:
            yield
            return
        from opentelemetry.trace import SpanKind, Status, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        with self._tracer.start_as_current_span(
            visit.method,
            TraceContextTextMapPropagator().extract(Headers(scope=scope)),
            SpanKind.SERVER,
            {"http.request.method": visit.method, "onrecord.request_id": visit.request_id},
            record_exception=False,  # its message may hold what was sent
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            finally:
                span.update_name(f"{visit.method} {visit.route}")
                span.set_attribute("http.route", visit.route)
                span.set_attribute("http.response.status_code", visit.status)
                span.set_attribute("onrecord.left", visit.has_left)
                if visit.status >= 500:
                    span.set_attribute("error.type", str(visit.status))
                    span.set_status(Status(StatusCode.ERROR))

    def answered(self, answer: Answer, more: Mapping[str, str]) -> None:
        """A span for an answer, and in it one for each stage; they follow each other to now."""
        if self._tracer is None:
            return
        from opentelemetry.trace import set_span_in_context

        took = {name: round(ms * 1e6) for name, ms in answer.took_ms.items()}
        end = time.time_ns()
        at = end - took.pop("total", sum(took.values()))
        attributes: dict[str, str | int] = {
            "onrecord.outcome": answer.reason or "answered",
            "onrecord.mode": answer.mode,
            "onrecord.generation": answer.generation,
            "onrecord.citations": len(answer.citations),
            **{f"onrecord.{name}": value for name, value in more.items()},
        }
        whole = self._tracer.start_span("answer", attributes=attributes, start_time=at)
        inside = set_span_in_context(whole)
        for name, nanoseconds in took.items():
            stage = self._tracer.start_span(name, inside, start_time=at)
            at += nanoseconds
            stage.end(at)
        whole.end(end)

    def close(self) -> None:
        """Hand over the last spans, if they are taken within a few seconds."""
        if self._provider is not None:
            # A collector that does not answer would hold up the end for half a minute.
            last = threading.Thread(target=self._provider.shutdown, daemon=True)
            last.start()
            last.join(_PATIENCE)


def open_tracing(settings: ApiSettings) -> Tracing:
    """Spans for the collector at `otlp_endpoint`; none without one.

    Raises:
        SettingsError: the libraries are not installed.
    """
    if not settings.otlp_endpoint:
        return Tracing()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise SettingsError(
            "ONRECORD_OTLP_ENDPOINT needs OpenTelemetry: pip install 'onrecord[telemetry]'"
        ) from None
    # A collector that is away is told once for each batch, not for each try.
    logging.getLogger(OTLPSpanExporter.__module__).setLevel(logging.ERROR)
    url = settings.otlp_endpoint.rstrip("/").removesuffix("/v1/traces") + "/v1/traces"
    provider = TracerProvider(
        resource=Resource.create({"service.name": "onrecord"}), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url, timeout=_PATIENCE)))
    return Tracing(provider)
