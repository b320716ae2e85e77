"""Guard: the outermost layer of the server, before any route is looked up."""

from __future__ import annotations

import logging
from urllib.parse import unquote_to_bytes, urlsplit

from fastapi import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import HEADERS
from api.problems import problem
from api.settings import ApiSettings
from api.watch import Watch

logger = logging.getLogger(__name__)

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Guard:
    """Refuses foreign hosts and oversize bodies, and adds HEADERS and an id to every reply.

    On loopback only local names may stand in the Host header, so that a page elsewhere cannot
    reach the server under a name of its own that resolves to 127.0.0.1.
    """

    def __init__(self, app: ASGIApp, settings: ApiSettings, watch: Watch | None = None) -> None:
        self.app = app
        self.watch = watch or Watch(questions=settings.log_questions)
        self.max_body_bytes = settings.max_body_bytes
        named = {name.strip().lower() for name in settings.trusted_hosts.split(",")} - {""}
        self.hosts = named | LOCAL_NAMES if settings.is_loopback or named else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with self.watch.visit(scope) as visit:
            app = self._refusal(scope, Headers(scope=scope)) or self.app
            try:
                await app(scope, *visit.between(receive, _dressed(send)))
            except ClientDisconnect:
                pass  # before all of its body was there
            except Exception:
                # What could be said of it was sent. Here the log still knows whose request it was.
                logger.exception("the request failed")

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if not _is_clear(scope, headers):
            detail = "a request is HTTP/1.1, names one host, and has a length or comes in chunks"
            return problem(400, detail, headers={"Connection": "close"})
        if not _is_readable(scope):
            return problem(
                400,
                "the path holds control characters, or bytes that are no UTF-8",
                name="bad-path",
                title="The path cannot be read",
            )
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


def _is_clear(scope: Scope, headers: Headers) -> bool:
    """True when whoever stands in front of us cannot have read another request than we do."""
    return (
        scope.get("http_version") != "0.9"
        and len(headers.getlist("host")) == 1
        and not ("content-length" in headers and "transfer-encoding" in headers)
    )


def _is_readable(scope: Scope) -> bool:
    """True when two paths that differ are not taken for one.

    Routes do not see a line break at the end, and bytes that are no UTF-8 all become one sign.
    """
    path = scope["path"]
    if "\ufffd" in path:
        try:
            unquote_to_bytes(scope["raw_path"]).decode("utf-8")
        except UnicodeDecodeError:
            return False
    return not any(sign < " " or "\x7f" <= sign <= "\x9f" for sign in path)


def _dressed(send: Send) -> Send:
    """`send`, which adds HEADERS to what is said."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers


def host_name(header: str) -> str | None:
    """The name in a Host header, in lower case and without port or brackets; None if malformed."""
    if any(mark in header for mark in "/?#@\\"):
        return None
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None
