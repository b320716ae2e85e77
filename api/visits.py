"""Visit: one request from its first byte to the last of its reply, as it is seen from outside."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

ID_HEADER = "X-Request-Id"

_PATIENCE = 0.1  # seconds that every client waits; a look whether it has left costs something
_SANE_ID = re.compile(r"[A-Za-z0-9._:=+-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Visit:
    """A request with its id, which is the client's own where that is short and harmless.

    `told` is what the parts of the server say of it, for its line in the log.
    """

    def __init__(self, scope: Scope) -> None:
        sent = Headers(scope=scope).get(ID_HEADER, "")
        self.request_id = sent if _SANE_ID.fullmatch(sent) else uuid.uuid4().hex
        self.told: dict[str, object] = {}
        self.has_left = False
        self.is_whole = False
        self._scope = scope
        self._started = time.perf_counter()
        self._status = 500  # unless a reply says otherwise

    @property
    def method(self) -> str:
        """The method, or "other": only names that there are, whatever is sent."""
        method = self._scope["method"]
        return method if method in _METHODS else "other"

    @property
    def route(self) -> str:
        """The path as the route declares it, `/v1/builds/{number}`, or "none"."""
        route = self._scope.get("route")
        return getattr(route, "path_format", None) or getattr(route, "path", None) or "none"

    @property
    def status(self) -> int:
        """How it ended: of a stream that broke off after it began, the status of its error."""
        told = self.told.get("status")
        return told if isinstance(told, int) else self._status

    @property
    def status_class(self) -> str:
        """ "2xx" to "5xx", or "left" when the client left before the end."""
        return "left" if self.has_left else f"{self.status // 100}xx"

    @property
    def seconds(self) -> float:
        """Seconds since the request came."""
        return time.perf_counter() - self._started

    def between(self, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """The two, which notice a client that leaves early and add the id to the headers."""

        async def hear() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect" and not self.is_whole:
                self.has_left = True
            return message

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._status = int(message["status"])
                MutableHeaders(scope=message)[ID_HEADER] = self.request_id
            elif message["type"] == "http.response.body" and not message.get("more_body", False):
                if self.seconds > _PATIENCE:  # most routes do not look whether it is still there
                    with anyio.CancelScope() as at_once:
                        at_once.cancel()
                        await hear()
                self.is_whole = True
            await send(message)

        return hear, say

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """While inside, `tell` and `request_id` mean this visit, in threads and tasks as well."""
        token = _now.set(self)
        try:
            yield
        finally:
            _now.reset(token)


_now: ContextVar[Visit | None] = ContextVar("visit", default=None)


def request_id() -> str | None:
    """The id of the request that is being served; None outside of one."""
    visit = _now.get()
    return visit.request_id if visit else None


def tell(**fields: object) -> None:
    """Add to the line that the log will have of the request being served; nothing outside one."""
    if visit := _now.get():
        visit.told |= fields
