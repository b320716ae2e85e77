"""Clock: the milliseconds that each stage of one reply took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Clock:
    """Runs from when it is made; `took_ms` has the stages that are done."""

    took_ms: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times what happens inside."""
        started = time.perf_counter()
        yield
        self.took_ms[name] = _milliseconds(started)

    def total(self) -> dict[str, float]:
        """The stages, and "total": everything since the start."""
        return self.took_ms | {"total": _milliseconds(self.started)}


def _milliseconds(since: float) -> float:
    return round((time.perf_counter() - since) * 1000, 2)
