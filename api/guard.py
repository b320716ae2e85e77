"""Guard: the outermost layer of the server, before any route is looked up."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem
from api.security import HEADERS
from api.settings import ApiSettings

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Guard:
    """Refuses foreign hosts and oversize bodies, and adds HEADERS to every reply.

    On loopback only local names may stand in the Host header, so that a page elsewhere cannot
    reach the server under a name of its own that resolves to 127.0.0.1.
    """

    def __init__(self, app: ASGIApp, settings: ApiSettings) -> None:
        self.app = app
        self.max_body_bytes = settings.max_body_bytes
        named = {name.strip().lower() for name in settings.trusted_hosts.split(",")} - {""}
        self.hosts = named | LOCAL_NAMES if settings.is_loopback or named else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refusal(Headers(scope=scope))
        if refused is not None:
            await refused(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _refusal(self, headers: Headers) -> Response | None:
        if self.hosts is not None and host_name(headers.get("host", "")) not in self.hosts:
            return problem(
                400,
                "the Host header names a host that is not served here; see ONRECORD_TRUSTED_HOSTS",
                name="unknown-host",
                title="Unknown host",
            )
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self.max_body_bytes:
            return problem(413, f"the body may have {self.max_body_bytes} bytes")
        return None


def host_name(header: str) -> str | None:
    """The name in a Host header, in lower case and without port or brackets; None if malformed."""
    if any(mark in header for mark in "/?#@\\"):
        return None
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None
