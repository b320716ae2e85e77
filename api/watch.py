"""Watch: every visit and every answer of one app is counted, traced, and a line in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Scope

from api.metrics import Metrics
from api.settings import ApiSettings
from api.telemetry import Tracing, open_tracing
from api.visits import Visit, tell
from qa import Answer

logger = logging.getLogger(__name__)


class Watch:
    """What looks on. Questions stay out of it unless they are asked for."""

    def __init__(
        self,
        metrics: Metrics | None = None,
        tracing: Tracing | None = None,
        *,
        questions: bool = False,
    ) -> None:
        self.metrics, self.tracing = metrics or Metrics(), tracing or Tracing()
        self._questions = questions

    @contextmanager
    def visit(self, scope: Scope) -> Iterator[Visit]:
        """The visit that the request of `scope` makes; it ends, however it ends, with this."""
        visit = Visit(scope)
        with visit.under_way():
            try:
                with self.tracing.request(visit, scope):
                    yield visit
            finally:
                self.metrics.visited(visit)
                # A line for each of thousands that are turned away costs those who are answered.
                level = logging.DEBUG if "shed" in visit.told else logging.INFO
                if logger.isEnabledFor(level):
                    logger.log(level, "request", extra=_line(visit))

    def answered(self, answer: Answer) -> None:
        """An answer, or an abstention, is ready; called where the request is being served."""
        question = {"question": answer.question} if self._questions else {}
        self.metrics.answered(answer)
        self.tracing.answered(answer, question)
        tell(outcome=answer.reason or "answered", generation=answer.generation, **question)


def open_watch(settings: ApiSettings) -> Watch:
    """The watch of one app.

    Raises:
        SettingsError: traces are to be collected, and the libraries are not installed.
    """
    return Watch(Metrics(), open_tracing(settings), questions=settings.log_questions)


def _line(visit: Visit) -> dict[str, object]:
    """What the log says of a request: never its path, its query, its headers or its body."""
    line = {
        "method": visit.method,
        "route": visit.route,
        "status": visit.status,
        "ms": round(visit.seconds * 1000, 1),
    }
    return line | visit.told | ({"left": True} if visit.has_left else {})
