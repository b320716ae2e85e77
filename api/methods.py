"""Methods: HEAD wherever GET is, and what a path allows when another one is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class Heads:
    """Answers HEAD as GET would be, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_no_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # In place: the routes note in this scope which of them it was.
        scope["method"] = "GET"
        try:
            await self.app(scope, receive, send_no_body)
        finally:
            scope["method"] = "HEAD"


def allowed(routes: Iterable[BaseRoute], path: str) -> list[str]:
    """The methods that some route has for a path; a framework's own reply names those of one."""
    routes = tuple(routes)

    def leads(method: str) -> bool:
        scope = {"type": "http", "path": path, "method": method}
        return any(route.matches(dict(scope))[0] is Match.FULL for route in routes)

    return [method for method in _METHODS if leads("GET" if method == "HEAD" else method)]
