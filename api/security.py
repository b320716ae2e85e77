"""Who may do what: API keys, and the headers that every reply carries."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPBearer
from starlette.datastructures import Headers

from api.errors import KeyRequiredError, UnsafeBindError
from api.settings import ApiSettings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}

# Only for the schema, so that /docs says where the key goes; the routes below check it.
KEY_SCHEMES = (HTTPBearer(auto_error=False), APIKeyHeader(name="X-API-Key", auto_error=False))


def page_policy(nonce: str) -> str:
    """The Content-Security-Policy of a page whose script and style carry `nonce`."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def check_bind(settings: ApiSettings) -> None:
    """Nothing, when it is safe to listen on `settings.host`.

    Raises:
        UnsafeBindError: others can reach the address and there is no key.
    """
    if settings.api_key is None and not settings.is_loopback:
        raise UnsafeBindError(settings.host)


def check_key(headers: Headers, settings: ApiSettings) -> None:
    """Nothing, when no key is set or the request carries it.

    Raises:
        KeyRequiredError: the key is missing or wrong.
    """
    if settings.api_key is None:
        return
    scheme, _, token = headers.get("authorization", "").partition(" ")
    sent = token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
    # Bytes: compare_digest refuses text beyond ASCII.
    if not secrets.compare_digest(sent.encode(), settings.api_key.get_secret_value().encode()):
        raise KeyRequiredError()


class WritingRoute(APIRoute):
    """Writing: with the key whenever one is set.

    The key is looked at before the body is read, so that strangers cost nothing.
    """

    @staticmethod
    def is_open(settings: ApiSettings) -> bool:
        """Never; `check_key` lets everybody in while there is no key."""
        return False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, behind its check."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            settings: ApiSettings = request.app.state.settings
            if not self.is_open(settings):
                check_key(request.headers, settings)
            return await handle(request)

        return checked


class ReadingRoute(WritingRoute):
    """Reading: open on loopback, with the key elsewhere."""

    @staticmethod
    def is_open(settings: ApiSettings) -> bool:
        """True when only this machine can ask."""
        return settings.is_loopback
