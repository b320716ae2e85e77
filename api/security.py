"""Who may do what: every route of the API is read or written, and asks its Door first."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPBearer
from starlette.datastructures import Headers

from api.bodies import JsonRequest
from api.errors import ForeignPageError, KeyRequiredError, ScopeRequiredError, UnsafeBindError
from api.problems import declared
from api.rates import Rates
from api.settings import ApiSettings
from api.visits import tell
from index import KeyStore, Scope

# Only for the schema, so that /docs says where the key goes; the routes below check it.
KEY_SCHEMES = (HTTPBearer(auto_error=False), APIKeyHeader(name="X-API-Key", auto_error=False))


@dataclass(frozen=True)
class Caller:
    """Whose key a request carries: the id of one that is stored, or the name of the setting."""

    id: str
    scope: Scope
    rate: int | None = None


class Door:
    """Looks at the key of each request, before anything of its body is read.

    Reading is open where only this machine can ask; so is writing, until the first key is made or
    set. Once made, a key leaves writing closed also when it is revoked. Keys are looked up anew
    each time, so one that is revoked opens nothing from then on.
    """

    def __init__(self, settings: ApiSettings, keys: KeyStore) -> None:
        self._settings, self._keys = settings, keys
        self._rates = Rates(settings.rate_per_minute)

    def admit(self, headers: Headers, needs: Scope) -> Caller | None:
        """Whoever sent these headers may do what `needs` that scope; None when nobody had to say.

        Raises:
            KeyRequiredError: the key is missing, malformed, unknown, wrong or revoked.
            ScopeRequiredError: it may only read.
            RateExceededError: it has made too many requests.
            ForeignPageError: a page from elsewhere writes where no key is needed.
            LibraryError: the keys cannot be looked up.
        """
        if self._settings.is_open and needs == "read":
            return None
        caller = self._caller(sent_key(headers))
        if caller is None:
            if not self._settings.is_open or self._settings.api_key or self._keys.all():
                raise KeyRequiredError()
            self._check_page(headers)
            return None
        tell(key=caller.id)
        self._rates.count(caller.id, caller.rate)
        if needs == "write" and caller.scope == "read":
            raise ScopeRequiredError(caller.id)
        return caller

    def _caller(self, sent: str) -> Caller | None:
        own = self._settings.api_key
        # Bytes: compare_digest refuses text beyond ASCII.
        if own and secrets.compare_digest(sent.encode(), own.get_secret_value().encode()):
            return Caller("ONRECORD_API_KEY", "write")
        key = self._keys.find(sent)
        return None if key is None else Caller(key.id, key.scope, key.rate)

    def _check_page(self, headers: Headers) -> None:
        """Browsers send some requests for any page, and say so."""
        site = headers.get("sec-fetch-site", "none")
        if site not in ("none", "same-origin") and (
            headers.get("origin") not in self._settings.origins
        ):
            raise ForeignPageError()


def sent_key(headers: Headers) -> str:
    """The key that a request carries, "" when it has none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")


def check_bind(settings: ApiSettings, keys: KeyStore) -> None:
    """Nothing, when it is safe to listen on `settings.host`.

    Raises:
        UnsafeBindError: others can reach the address, and there is no key that is not revoked.
        LibraryError: the keys cannot be looked up.
    """
    if settings.is_open or settings.api_key:
        return
    if not keys.path.exists() or all(key.revoked for key in keys.all()):
        raise UnsafeBindError(settings.host, behind_proxy=settings.is_loopback)


class _KeyedRoute(APIRoute):
    """A route that admits by key, and declares the replies of those who are not admitted."""

    needs: ClassVar[Scope]

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        refusals = declared(401, 429) if self.needs == "read" else declared(401, 403, 429)
        options["responses"] = refusals | (options.get("responses") or {})
        if self.needs == "read":  # where only this machine can ask, nobody needs a key
            options["openapi_extra"] = {"security": [{}]}
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, behind the door of its app."""
        handle = super().get_route_handler()

        async def admitted(request: Request) -> Response:
            door: Door = request.app.state.door
            request.state.caller = door.admit(request.headers, self.needs)
            return await handle(JsonRequest(request.scope, request.receive))

        return admitted


class ReadingRoute(_KeyedRoute):
    """Reading: open on loopback, with a key elsewhere."""

    needs = "read"


class WritingRoute(_KeyedRoute):
    """Writing: with a key that may write, whenever there is one, and always beyond loopback."""

    needs = "write"
