"""`onrecord serve`: the HTTP face and the chat page."""

from __future__ import annotations

import logging
import signal
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import Home, note, open_library, settings_of

if TYPE_CHECKING:
    from api.settings import Settings
    from index import IndexSettings, Library
    from qa import Answerer


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port.", min=0, max=65535)] = None,
    home: Home = None,
) -> None:
    """Serve the chat page, the HTTP routes and their description (/docs).

    Addresses beyond this machine need an API key in ONRECORD_API_KEY. What is written, over HTTP or
    by other commands, is built in the background ONRECORD_BUILD_AFTER_SECONDS later, and a new
    index goes live without a restart. A library that cannot be written is only read. Put a proxy
    with time limits for slow clients in front of an open address.

    Examples:
        onrecord serve

        ONRECORD_API_KEY=... onrecord serve --host 0.0.0.0 --port 8080
    """
    import uvicorn

    from api.app import create_app
    from api.builder import Builder
    from api.security import check_bind
    from index import GenerationStore, Jobs, NoGenerationError

    settings = settings_of(home, host=host, port=port)
    check_bind(settings.api)
    signal.signal(signal.SIGTERM, _leave)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    opener = partial(_open_warm, settings)
    store = GenerationStore(settings.index.home)
    with (
        _open_library(settings.index) as library,
        Jobs(library.path, read_only=library.read_only) as jobs,
    ):
        try:
            answerer = opener()
        except NoGenerationError as error:
            answerer = None
            note(str(error))
        builder = Builder(jobs, library, store, settings.index, settings.api)
        app = create_app(answerer, library, store, settings.api, builder, opener)
        uvicorn.run(
            app,
            host=settings.api.host,
            port=settings.api.port,
            server_header=False,
            timeout_graceful_shutdown=10,
        )


def _leave(signum: int, frame: object) -> None:
    """Once the server has stopped, or before it has begun: close what is open."""
    raise SystemExit(0)


def _open_library(settings: IndexSettings) -> Library:
    """The library, to be written where that is possible."""
    from index import Library, ReadOnlyLibraryError

    try:
        return open_library(settings, read_only=False, create=True)
    except ReadOnlyLibraryError as error:
        if not Library.exists(settings.home / "library.sqlite"):
            raise
        note(f"{error}; until then it is only read")
        return open_library(settings)


def _open_warm(settings: Settings) -> Answerer:
    """An answerer that has been asked once, so that the first reader waits for no loading."""
    from qa import open_answerer

    answerer = open_answerer(settings.index, settings.qa)
    answerer.search("What was said?")
    return answerer
