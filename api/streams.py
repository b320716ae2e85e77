"""stream_reply(): the steps of a reply as server-sent events, for as long as somebody listens."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

from api.parts import Front
from api.replies import reply_steps
from api.schemas import AskIn
from qa import Step

EVENT_STREAM = "text/event-stream"
HEARTBEAT = format_sse_event(comment="working")

Writer = Callable[[AsyncIterator[Step]], AsyncGenerator[bytes, None]]


async def stream_reply(
    front: Front, asked: AskIn, write: Writer, *, show_hits: bool = False
) -> EventSourceResponse:
    """The reply, its steps put into events by `write`, which also says what goes wrong in them.

    What is refused, or cannot be computed, raises as `reply_steps`, before a stream begins.
    """
    steps = reply_steps(front, asked, show_hits=show_hits)
    first = await anext(steps)
    return _ReplyStream(steps, write(_all(first, steps)))


class _ReplyStream(EventSourceResponse):
    """Events of a reply; however their sending ends, the work on the reply ends with it."""

    def __init__(
        self, steps: AsyncGenerator[Step, None], events: AsyncGenerator[bytes, None]
    ) -> None:
        super().__init__(events, headers={"X-Accel-Buffering": "no"})  # a proxy passes each on
        self._steps, self._events = steps, events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._steps), aclosing(self._events):
            await super().__call__(scope, receive, send)


async def _all(first: Step, rest: AsyncIterator[Step]) -> AsyncIterator[Step]:
    yield first
    async for step in rest:
        yield step
