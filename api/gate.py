"""The admission gate: a few threads work, a few requests wait, the rest are turned away at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from api.errors import BusyError

T = TypeVar("T")


class Gate:
    """Runs work in at most `concurrency` threads, with at most `queue` more requests waiting.

    Without it every request would get one of the framework's 40 threads, and all of them would
    share the same cores: under load each answer would take as long as all of them together.
    """

    def __init__(self, concurrency: int, queue: int) -> None:
        self._limiter = anyio.CapacityLimiter(concurrency)
        self._room = concurrency + queue

    async def run(self, work: Callable[[], T]) -> T:
        """What `work()` returns, from a worker thread.

        Raises:
            BusyError: the threads and the queue are full.
        """
        if self._room == 0:
            raise BusyError()
        self._room -= 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._room += 1
