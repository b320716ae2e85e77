"""The gate: who works, who waits, who is turned away, and for how long."""

from __future__ import annotations

import threading
from collections.abc import Callable

import anyio
import pytest

from api.errors import BusyError
from api.gate import Gate


async def _until(is_so: Callable[[], bool]) -> None:
    with anyio.fail_after(5):
        while not is_so():
            await anyio.sleep(0.005)


def test_as_many_work_as_may_the_next_wait_and_the_rest_are_turned_away_at_once() -> None:
    async def scene() -> None:
        gate, done = Gate(2, 1, patience=5.0), threading.Event()
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(gate.run, done.wait)
            await _until(lambda: (gate.running, gate.waiting) == (2, 1))
            assert gate.is_full
            with pytest.raises(BusyError):
                await gate.run(lambda: None)
            assert gate.refused == 1
            done.set()
        assert (gate.running, gate.waiting, gate.is_full) == (0, 0, False)
        assert await gate.run(lambda: "an answer") == "an answer"

    anyio.run(scene)


def test_who_waits_longer_than_the_patience_is_turned_away_and_leaves_no_place_taken() -> None:
    async def scene() -> None:
        gate, done = Gate(1, 1, patience=0.05), threading.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(gate.run, done.wait)
            await _until(lambda: gate.running == 1)
            with pytest.raises(BusyError):
                await gate.run(lambda: None)
            assert (gate.running, gate.waiting) == (1, 0)
            done.set()
        assert gate.running == 0

    anyio.run(scene)


def test_without_a_queue_nobody_waits() -> None:
    async def scene() -> None:
        gate, done = Gate(1, 0, patience=5.0), threading.Event()
        assert not gate.is_full
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(gate.run, done.wait)
            await _until(lambda: gate.running == 1)
            assert gate.is_full
            done.set()

    anyio.run(scene)


@pytest.mark.parametrize(("work_seconds", "retry_after"), [(0.02, 1), (1.1, 2)])
def test_the_time_to_come_again_is_that_which_the_work_lately_took(
    work_seconds: float, retry_after: int
) -> None:
    async def scene() -> None:
        gate = Gate(1, 0, patience=5.0)
        await gate.run(lambda: threading.Event().wait(work_seconds))
        assert gate.refuse().retry_after == retry_after

    anyio.run(scene)


def test_what_waits_for_others_holds_no_place() -> None:
    async def scene() -> None:
        gate, done = Gate(1, 0, patience=5.0), threading.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(gate.wait, done.wait)
            assert await gate.run(lambda: gate.running) == 1
            done.set()

    anyio.run(scene)
