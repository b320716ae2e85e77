"""create_app: the HTTP face as one application, its parts handed in."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import anyio
import anyio.to_thread
from fastapi import FastAPI
from starlette.types import ASGIApp

from api import problems
from api.builder import Builder
from api.desk import Asker, Desk
from api.gate import Gate
from api.guard import Guard
from api.parts import Parts
from api.routes import articles, ask, builds, docs, generations, health, page
from api.settings import ApiSettings
from index import GenerationStore, Library

logger = logging.getLogger(__name__)

DESCRIPTION = """Cited answers from the news: word-for-word quotes with their place in the article,
or an honest “the documents do not say”. Offsets count code points of the stored text. Every error
is a problem body (RFC 9457)."""


class _App(FastAPI):
    """FastAPI with the Guard outside everything, so that no reply misses its headers."""

    def build_middleware_stack(self) -> ASGIApp:
        return Guard(super().build_middleware_stack(), self.state.settings)


def create_app(
    answerer: Asker | None,
    library: Library,
    store: GenerationStore,
    settings: ApiSettings,
    builder: Builder,
    opener: Callable[[], Asker] | None = None,
) -> FastAPI:
    """The application; at its end it closes answerer and builder, and leaves the two stores open.

    Without an answerer it serves all but answers, and calls `opener` from time to time until that
    gives one instead of raising NoGenerationError.
    """
    app = _App(
        title="On Record",
        description=DESCRIPTION,
        version="1",
        max_body_size=settings.max_body_bytes,
        lifespan=partial(_lifespan, settings.refresh_seconds),
        docs_url=None,  # /docs is our own page: the usual ones load scripts from elsewhere
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.parts = Parts(
        Desk(answerer, opener),
        Gate(settings.max_concurrency, settings.queue),
        builder,
        library,
        store,
    )
    problems.install(app)
    for group in (ask, articles, builds, generations, health, page, docs):
        for router in group.routers:
            app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(seconds: float, app: FastAPI) -> AsyncIterator[None]:
    """Looks for a new generation every so many seconds while the app runs, and lets it build."""
    parts: Parts = app.state.parts
    desk = parts.desk

    async def keep_fresh() -> None:
        pause = seconds
        while True:
            try:
                await anyio.to_thread.run_sync(desk.refresh)
            except Exception:  # one bad look must not end the server
                logger.exception("no look for a new index")
            # An index that cannot be opened is not tried again and again at the readers' cost.
            pause = min(pause * 2, 60.0) if desk.is_troubled else seconds
            await anyio.sleep(pause)

    parts.builder.start(published=desk.refresh)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep_fresh)
        yield
        tasks.cancel_scope.cancel()
    await anyio.to_thread.run_sync(parts.builder.close)
    await anyio.to_thread.run_sync(desk.close)
