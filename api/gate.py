"""The admission gate: a few threads work, a few requests wait a little, the rest go at once."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import anyio.to_thread

from api.errors import BusyError

T = TypeVar("T")

_WAITERS = 64  # threads that wait for others' work, such as a language model's


class Gate:
    """Lets `concurrency` requests work, each in a thread, and `queue` more wait `patience` seconds.

    Without it every request would get one of the framework's 40 threads, and all of them would
    share the same cores: under load each answer would take as long as all of them together.
    """

    def __init__(self, concurrency: int, queue: int, patience: float) -> None:
        self._concurrency, self._queue, self._patience = concurrency, queue, patience
        self._slots = anyio.CapacityLimiter(concurrency)
        self._threads = anyio.CapacityLimiter(concurrency)
        self._waiters = anyio.CapacityLimiter(_WAITERS)
        self._seconds = 0.0  # of a piece of work, lately
        self.refused = 0

    @property
    def running(self) -> int:
        """Requests that work now."""
        return self._slots.borrowed_tokens

    @property
    def waiting(self) -> int:
        """Requests that wait for one of them to end."""
        return self._slots.statistics().tasks_waiting

    @property
    def is_full(self) -> bool:
        """True when a request more could not even wait."""
        return self.running >= self._concurrency and self.waiting >= self._queue

    async def run(self, work: Callable[[], T]) -> T:
        """What `work()` returns, from a worker thread.

        Raises:
            BusyError: threads and queue are full, or the turn did not come in time.
        """
        async with self._slot():
            started = time.perf_counter()
            try:
                return await anyio.to_thread.run_sync(work, limiter=self._threads)
            finally:
                spent = time.perf_counter() - started
                self._seconds = 0.9 * self._seconds + 0.1 * spent if self._seconds else spent

    async def wait(self, work: Callable[[], T]) -> T:
        """What `work()` returns, from a thread that others do not wait for: work that is light."""
        return await anyio.to_thread.run_sync(work, limiter=self._waiters)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        if self.is_full:
            raise self.refuse()
        borrower = object()
        try:
            with anyio.fail_after(self._patience):
                await self._slots.acquire_on_behalf_of(borrower)
        except TimeoutError:
            raise self.refuse() from None
        try:
            yield
        finally:
            self._slots.release_on_behalf_of(borrower)

    def refuse(self) -> BusyError:
        """The refusal of one request, with the seconds that those before it take."""
        self.refused += 1
        seconds = self._seconds * (self.waiting + 1) / self._concurrency
        return BusyError(max(1, math.ceil(seconds)))
