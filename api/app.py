"""create_app: the HTTP face as one application, its parts handed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import anyio
import anyio.to_thread
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from api import problems
from api.builder import Builder
from api.chat_errors import chat_problem
from api.desk import Asker, Desk
from api.freshness import keep_fresh
from api.gate import Gate
from api.guard import Guard
from api.methods import Heads
from api.parts import Parts
from api.problems import describe
from api.routes import (
    articles,
    ask,
    builds,
    chat,
    docs,
    generations,
    health,
    metrics,
    overview,
    page,
    record,
)
from api.security import Door
from api.settings import ApiSettings
from api.shedding import Shedding
from api.visits import ID_HEADER
from api.watch import Watch, open_watch
from index import GenerationStore, KeyStore, Library

DESCRIPTION = """Cited answers from the news: word-for-word quotes with their place in the article,
or an honest “the documents do not say”. Offsets count code points of the stored text. Every error
is a problem body (RFC 9457)."""

GROUPS = (ask, chat, articles, builds, generations, overview, record, health, metrics, page, docs)

# What leads through the gate, and is turned away before it is looked at while that is full.
GATED = {"/v1/ask": describe, "/v1/search": describe, "/v1/chat/completions": chat_problem}


class _App(FastAPI):
    """FastAPI with the Guard outside everything, so that no reply misses its headers."""

    def build_middleware_stack(self) -> ASGIApp:
        app = Heads(super().build_middleware_stack())
        return Guard(app, self.state.settings, self.state.watch)


def create_app(
    answerer: Asker | None,
    library: Library,
    store: GenerationStore,
    settings: ApiSettings,
    builder: Builder,
    opener: Callable[[], Asker] | None = None,
    watch: Watch | None = None,
) -> FastAPI:
    """The application; at its end it closes answerer and builder, and leaves the two stores open.

    Without an answerer it serves all but answers, and calls `opener` from time to time until that
    gives one instead of raising NoGenerationError. `watch` looks on.
    """
    app = _App(
        title="On Record",
        description=DESCRIPTION,
        version="1",
        max_body_size=settings.max_body_bytes,
        lifespan=partial(_lifespan, settings.refresh_seconds),
        docs_url=None,  # /docs is our own page: the usual ones load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # no route is served under two names, nor a client sent elsewhere
    )
    app.state.settings = settings
    app.state.watch = watch = watch or open_watch(settings)
    app.state.door = Door(settings, KeyStore(library.path))
    app.state.parts = Parts(
        Desk(answerer, opener),
        Gate(settings.workers, settings.queue, settings.queue_seconds),
        library,
        builder,
        store,
        heard=watch.answered,
    )
    watch.metrics.read(app.state.parts)
    app.add_middleware(Shedding, gate=app.state.parts.gate, paths=GATED)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key", ID_HEADER],
            expose_headers=["Location", "Retry-After", ID_HEADER],
        )
    problems.install(app)
    for group in GROUPS:
        for router in group.routers:
            app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(seconds: float, app: FastAPI) -> AsyncIterator[None]:
    """Looks for a new generation every so many seconds while the app runs, and lets it build."""
    parts: Parts = app.state.parts
    desk, watch = parts.desk, app.state.watch
    # The framework has 40 threads for all other routes: so many that want to run at once leave the
    # loop, and with it /healthz, waiting.
    others = anyio.to_thread.current_default_thread_limiter()
    others.total_tokens = app.state.settings.workers + 1
    parts.builder.start(published=desk.refresh, ended=watch.metrics.built)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep_fresh, desk, seconds)
        yield
        tasks.cancel_scope.cancel()
    await anyio.to_thread.run_sync(parts.builder.close)
    await anyio.to_thread.run_sync(desk.close)
    await anyio.to_thread.run_sync(watch.tracing.close)
