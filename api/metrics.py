"""Metrics: what Prometheus reads of one app, in a registry of its own.

Every label has a small, fixed set of values: templates of routes and never paths, kinds of errors
and never messages. Nothing that was asked, and no key, is in them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.parts import Parts
from api.visits import Visit
from index import IndexingError, Job, JobState
from qa import Answer

logger = logging.getLogger(__name__)

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_STAGE_SECONDS = (0.001, 0.0025, *_SECONDS)
_LAST_BUILDS = 50  # among these the last that ended is looked for


class Metrics:
    """The counters of one app, and what is read of its parts at the moment of asking."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Histogram(
            "onrecord_request_seconds",
            "Requests by route, and the seconds to the end of their replies",
            ["method", "route", "status"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._stages = Histogram(
            "onrecord_stage_seconds",
            "Seconds of each stage of an answer",
            ["stage"],
            buckets=_STAGE_SECONDS,
            registry=registry,
        )
        self._answers = Counter(
            "onrecord_answers",
            'Answers by outcome: "answered", or the reason for silence',
            ["outcome", "mode"],
            registry=registry,
        )
        self._builds = Counter(
            "onrecord_builds",
            "Builds of this server that have ended",
            ["outcome"],
            registry=registry,
        )
        for state in get_args(JobState):
            if state not in ("queued", "running"):
                self._builds.labels(state)
        self._calls = Counter(
            "onrecord_model_calls",
            'Calls of the language model by outcome: "ok", or the kind of failure',
            ["outcome"],
            registry=registry,
        )
        self._dropped = Counter(
            "onrecord_model_sentences_dropped",
            "Sentences of the language model that were not sent, by the check that failed",
            ["check"],
            registry=registry,
        )
        ProcessCollector(registry=registry)

    def read(self, parts: Parts) -> None:
        """From now on, what `parts` are like at the moment stands beside the counters."""
        self._registry.register(_Live(parts))

    def text(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self._registry)

    def visited(self, visit: Visit) -> None:
        """A request has ended, or its client has left."""
        labels = visit.method, visit.route, visit.status_class
        self._requests.labels(*labels).observe(visit.seconds)

    def answered(self, answer: Answer) -> None:
        """An answer, or an abstention, is ready."""
        self._answers.labels(answer.reason or "answered", answer.mode).inc()
        for stage, milliseconds in answer.took_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def built(self, job: Job) -> None:
        """A build of this server has ended."""
        self._builds.labels(job.state).inc()

    def model_called(self, outcome: str) -> None:
        """The language model was called: "ok", or the kind of its failure, one of a few."""
        self._calls.labels(outcome).inc()

    def sentence_dropped(self, check: str) -> None:
        """A sentence of the language model did not pass a check, one of a few."""
        self._dropped.labels(check).inc()


class _Live(Collector):
    """The gate, the index and the builds as they are now; what cannot be read is left out."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterable[Metric]:
        yield from self._gate()
        yield _gauge("generation", "Generation that serves; 0 is none", self._serving)
        yield _gauge(
            "index_troubled",
            "1 while the newest index cannot be opened",
            self._parts.desk.is_troubled,
        )
        for read in (self._index, self._last_build):
            try:
                yield from read()
            except IndexingError as error:
                logger.warning("left out of the metrics: %s", error)

    @property
    def _serving(self) -> int:
        return self._parts.desk.generation or 0

    def _gate(self) -> Iterator[Metric]:
        gate = self._parts.gate
        yield _gauge("gate_running", "Questions that are being computed", gate.running)
        yield _gauge("gate_waiting", "Questions that wait their turn", gate.waiting)
        yield CounterMetricFamily(
            "onrecord_gate_refused", "Questions turned away with 503", gate.refused
        )

    def _index(self) -> Iterator[Metric]:
        revision = self._parts.library.revision
        yield _gauge("library_revision", "Writes that the library has seen", revision)
        if not self._serving:
            return
        manifest = self._parts.store.manifest(self._serving)
        for kind in ("articles", "passages"):
            yield _gauge(
                f"index_{kind}", f"{kind.title()} that are searched", manifest.counts[kind]
            )
        is_behind = manifest.library_revision < revision
        yield _gauge("index_behind", "1 while something written is not yet searched", is_behind)

    def _last_build(self) -> Iterator[Metric]:
        _, jobs = self._parts.builder.page(0, _LAST_BUILDS)
        waiting = [job for job, _ in jobs if not job.has_ended]
        yield _gauge("builds_to_come", "Builds that wait or run, of all servers", len(waiting))
        for job, _ in jobs:
            if job.state == "succeeded" and job.started and job.ended:
                started, ended = map(datetime.fromisoformat, (job.started, job.ended))
                seconds = (ended - started).total_seconds()
                yield _gauge("last_build_seconds", "Seconds of the last good build", seconds)
                yield _gauge(
                    "last_build_timestamp_seconds", "When it ended, Unix time", ended.timestamp()
                )
                return


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"onrecord_{name}", meaning, value)
