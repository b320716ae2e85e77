"""Every route, with every kind of credentials, wherever the server listens.

A route without a row in ROUTES fails, and so does a row without a route.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import anyio
import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.builder import Builder
from api.security import ReadingRoute, WritingRoute
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, KeyStore, Library
from tests.api.standins import LookupAnswerer

SETTING = "correct-horse-battery"  # ONRECORD_API_KEY
Kind = Literal["open", "read", "write"]


@dataclass(frozen=True)
class Row:
    """What a route does, and what it replies to who may ask this of it."""

    kind: Kind
    status: int = 200
    path: str | None = None
    body: object = None


QUESTION = {"question": "What about Japan?"}
ARTICLE = {"text": "Some words of an article."}
ROUTES = {
    "GET /": Row("open"),
    "GET /web/{name}": Row("open", path="/web/app.js"),
    "GET /docs": Row("open"),
    "GET /openapi.json": Row("open"),
    "GET /healthz": Row("open"),
    "GET /readyz": Row("open"),
    "GET /metrics": Row("read"),
    "POST /v1/ask": Row("read", body=QUESTION),
    "POST /v1/search": Row("read", body=QUESTION),
    "POST /v1/chat/completions": Row(
        "read", body={"messages": [{"role": "user", "content": "What about Japan?"}]}
    ),
    "GET /v1/models": Row("read"),
    "GET /v1/models/{model:path}": Row("read", path="/v1/models/on-record"),
    "GET /v1/articles": Row("read"),
    "GET /v1/articles/{article_id:path}": Row("read", path="/v1/articles/vns/gunma-1"),
    "GET /v1/generations": Row("read"),
    "GET /v1/overview": Row("read"),
    "GET /v1/leaders": Row("read"),
    "GET /v1/sectors": Row("read"),
    "GET /v1/commitments": Row("read"),
    "POST /v1/articles": Row("write", body=[ARTICLE]),
    "PUT /v1/articles/{article_id:path}": Row("write", 200, "/v1/articles/vns/gunma-1", ARTICLE),
    "DELETE /v1/articles/{article_id:path}": Row("write", 404, "/v1/articles/not-there"),
    "POST /v1/builds": Row("write", 202),
    "GET /v1/builds": Row("write"),
    "GET /v1/builds/{number}": Row("write", 404, "/v1/builds/4711"),
    "DELETE /v1/builds/{number}": Row("write", 404, "/v1/builds/4711"),
}

# The eight states of a key that is sent; the first five are refused wherever a key is needed.
STATES = ("none", "malformed", "unknown", "wrong", "revoked", "read", "write", "setting")
REFUSED = STATES[:5]

PLACES: dict[str, dict[str, Any]] = {
    "loopback": {"host": "127.0.0.1"},
    "beyond": {"host": "0.0.0.0"},
    "behind a proxy": {"host": "127.0.0.1", "behind_proxy": True},
}


def status(kind: Kind, state: str, place: str, let_in: int) -> int:
    """The rules in one place."""
    if kind == "open" or (kind == "read" and place == "loopback"):
        return let_in
    if state in REFUSED:
        return 401
    return 403 if (kind, state) == ("write", "read") else let_in


Served = Callable[..., FastAPI]


@pytest.fixture
def keys(library: Library) -> KeyStore:
    return KeyStore(library.path)


@pytest.fixture
def credentials(keys: KeyStore) -> dict[str, str]:
    """What is sent in each state; what is known of "wrong" is the id."""
    made = {
        state: keys.new(state, "write" if state == "write" else "read")
        for state in ("wrong", "revoked", "read", "write")
    }
    keys.revoke(made["revoked"][0].id)
    sent = {state: key for state, (_, key) in made.items()}
    return {
        **sent,
        "none": "",
        "malformed": f"{sent['read']}0",
        "unknown": f"onrecord_{'0' * 12}_{sent['write'].split('_')[2]}",
        "wrong": f"onrecord_{made['wrong'][0].id}_{sent['write'].split('_')[2]}",
        "setting": SETTING,
    }


@pytest.fixture
def served(
    answerer: LookupAnswerer, library: Library, store: GenerationStore, jobs: Jobs
) -> Served:
    def serve(place: str, key: str | None = SETTING) -> FastAPI:
        settings = ApiSettings(
            **PLACES[place], api_key=SecretStr(key) if key else None, build_after_seconds=0
        )
        builder = Builder(jobs, library, store, IndexSettings(home=store.home), settings)
        return create_app(answerer, library, store, settings, builder)

    return serve


def routes_of(app: FastAPI) -> Iterator[tuple[str, object]]:
    """Every route of the app, as ROUTES names it; what is mounted serves ANY method."""
    for context in iter_route_contexts(app.routes):
        for method in sorted((context.methods or {"ANY"}) - {"HEAD"}):
            yield f"{method} {context.path}", context.original_route


def replies(app: FastAPI, sent: str) -> dict[str, Any]:
    """What each route replies to that key."""
    headers = {"Authorization": f"Bearer {sent}"} if sent else {}
    found = {}

    async def ask_all() -> None:
        through = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=through, base_url="http://127.0.0.1") as client:
            for route, row in ROUTES.items():
                method, path = route.split(" ", 1)
                url = row.path or path
                found[route] = await client.request(method, url, headers=headers, json=row.body)

    anyio.run(ask_all)
    return found


def test_every_route_has_its_row_and_its_class(app: FastAPI) -> None:
    routes = dict(routes_of(app))
    assert sorted(routes) == sorted(ROUTES)
    classes = {"read": ReadingRoute, "write": WritingRoute}
    for name, route in routes.items():
        kind = next((kind for kind, one in classes.items() if isinstance(route, one)), "open")
        assert kind == ROUTES[name].kind, name


@pytest.mark.parametrize("place", PLACES)
def test_every_route_admits_whom_it_may(
    served: Served, credentials: dict[str, str], library: Library, jobs: Jobs, place: str
) -> None:
    app = served(place)
    for state in STATES:
        before = library.revision, jobs.page()[0]
        found = replies(app, credentials[state])
        assert {route: reply.status_code for route, reply in found.items()} == {
            route: status(row.kind, state, place, row.status) for route, row in ROUTES.items()
        }, state
        for reply in found.values():
            if reply.status_code == 401:
                assert reply.json()["type"] == "urn:onrecord:key-required"
                assert reply.headers["www-authenticate"] == "Bearer"
            if reply.status_code == 403:
                assert reply.json()["type"] == "urn:onrecord:scope-required"
        if state not in ("write", "setting"):
            assert (library.revision, jobs.page()[0]) == before, state
    assert (library.count(), jobs.page()[0]) == (2, 1)


@pytest.mark.parametrize("place", PLACES)
def test_while_there_is_no_key_all_is_open_on_this_machine_and_nothing_from_elsewhere(
    served: Served, place: str
) -> None:
    app = served(place, key=None)
    for sent in ("", "malformed", f"onrecord_{'0' * 12}_{'0' * 64}"):
        for route, reply in replies(app, sent).items():
            row = ROUTES[route]
            shut = row.kind != "open" and place != "loopback"
            assert reply.status_code == (401 if shut else row.status), route


def test_the_first_key_closes_writing_and_its_end_does_not_open_it(
    served: Served, keys: KeyStore
) -> None:
    client = TestClient(served("loopback", key=None), base_url="http://127.0.0.1")

    def wrote(sent: str) -> int:
        reply = client.put("/v1/articles/a", json=ARTICLE, headers={"X-API-Key": sent})
        return reply.status_code

    assert wrote("") == 201
    key, sent = keys.new("importer", "write")
    assert (wrote(""), wrote(sent)) == (401, 200)
    keys.revoke(key.id)
    assert (wrote(""), wrote(sent)) == (401, 401)


def test_the_body_of_a_stranger_is_not_read(served: Served) -> None:
    app = served("beyond")
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was asked for")

    async def send(message: Any) -> None:
        said.append(message)

    for route, row in ROUTES.items():
        if row.kind != "open":
            method, path = route.split(" ", 1)
            scope = {
                "type": "http",
                "asgi": {"version": "3.0"},
                "http_version": "1.1",
                "scheme": "http",
                "method": method,
                "path": row.path or path,
                "query_string": b"",
                "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
            }
            said.clear()
            anyio.run(app, scope, receive, send)
            assert said[0]["status"] == 401, route


def test_keys_that_cannot_be_looked_up_open_nothing(served: Served, library: Library) -> None:
    _, sent = KeyStore(library.path).new("importer", "write")
    app = served("beyond", key=None)
    moved = library.path.rename(library.path.with_name("moved"))
    for route, reply in replies(app, sent).items():
        if ROUTES[route].kind != "open":
            assert reply.status_code == 503, route
    moved.rename(library.path)


def test_no_key_stands_in_a_reply_a_log_or_a_metric(
    served: Served,
    credentials: dict[str, str],
    library: Library,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="")
    app = served("beyond")
    heard = [repr(app.state.settings), repr(vars(app.state.door)), str(app.state.settings)]
    for sent in credentials.values():
        for reply in replies(app, sent).values():
            heard += [reply.text, repr(reply.headers)]
    heard += [caplog.text, repr([vars(record) for record in caplog.records])]
    secrets = {sent.rpartition("_")[2] for sent in credentials.values() if sent}
    assert secrets
    assert not [secret for secret in secrets if any(secret in each for each in heard)]
    kept = b"".join(Path(each).read_bytes() for each in library.path.parent.glob("library.sqlite*"))
    assert not [secret for secret in secrets if secret.encode() in kept]
