"""One question on its way through the gate: the steps of its reply, or the reply alone."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import asynccontextmanager

import anyio

from api.parts import Front
from api.schemas import AskIn
from qa import Answer, Found, Step, Working


async def whole_reply(front: Front, asked: AskIn) -> Answer:
    """The reply; raises as `reply_steps`."""
    async with _begun(front, asked) as steps:
        done = await front.gate.run(lambda: _until(steps, Found))
        # In as few turns as can be: under load each change of threads waits for others to pause.
        while not isinstance(answer := done[-1], Answer):
            done = await front.gate.wait(lambda: _until(steps, Working, Answer))
    front.heard(answer)
    return answer


async def reply_steps(
    front: Front, asked: AskIn, *, show_hits: bool = False
) -> AsyncGenerator[Step, None]:
    """The steps of a reply, the Answer last; see `Answerer.stream`.

    What costs computing holds a place of the gate, also the reading of the passages to show, and no
    client can hold that place by reading slowly. What follows may wait for a language model, and
    holds none. Whoever closes this early stops the work at its next step.

    Raises:
        BusyError: threads and queue are full.
        NotReadyError: there is no index.
        BadQuestionError: the question cannot be asked as it is.
    """
    async with _begun(front, asked) as steps:
        for step in await front.gate.run(lambda: _computed(steps, show_hits)):
            yield step
        while (later := await front.gate.wait(lambda: next(steps, None))) is not None:
            if isinstance(later, Answer):
                front.heard(later)
            yield later


@asynccontextmanager
async def _begun(front: Front, asked: AskIn) -> AsyncIterator[Generator[Step, None, None]]:
    """The steps of a reply, which are stopped at the end if they are under way."""
    steps = front.desk.answerer.stream(**asked.asked())
    try:
        yield steps
    finally:
        if inspect.getgeneratorstate(steps) == inspect.GEN_SUSPENDED:
            with anyio.CancelScope(shield=True):
                await front.gate.wait(steps.close)


def _computed(steps: Generator[Step, None, None], show_hits: bool) -> list[Step]:
    """The steps up to the passages found."""
    done = _until(steps, Found)
    if show_hits and isinstance(found := done[-1], Found):
        found.look_up()
    return done


def _until(steps: Generator[Step, None, None], *kinds: type[Step]) -> list[Step]:
    """The next steps, up to the first of one of these kinds."""
    done: list[Step] = []
    for step in steps:
        done.append(step)
        if isinstance(step, kinds):
            break
    return done
