"""`onrecord serve`: the HTTP face and the chat page."""

from __future__ import annotations

import logging
import signal
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import Home, open_library, open_warm, settings_of

if TYPE_CHECKING:
    from index import IndexSettings, Library

logger = logging.getLogger(__name__)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port.", min=0, max=65535)] = None,
    home: Home = None,
) -> None:
    """Serve the chat page, the HTTP routes and their description (/docs).

    Addresses beyond this machine need an API key: see `onrecord key`, or set ONRECORD_API_KEY. What
    is written, over HTTP or by other commands, is built in the background
    ONRECORD_BUILD_AFTER_SECONDS later, and a new index goes live without a restart. A library that
    cannot be written is only read. Put a proxy with time limits for slow clients in front of an
    open address.

    Examples:
        onrecord serve

        onrecord serve --host 0.0.0.0 --port 8080
    """
    from api.app import create_app
    from api.builder import Builder
    from api.logs import configure
    from api.security import check_bind
    from api.server import Server
    from api.watch import open_watch
    from index import GenerationStore, Jobs, KeyStore, NoGenerationError

    settings = settings_of(home, host=host, port=port)
    check_bind(settings.api, KeyStore(settings.index.home / "library.sqlite"))
    signal.signal(signal.SIGTERM, _leave)
    configure(settings.api.log_format, settings.api.log_level)
    watch = open_watch(settings.api)
    opener = partial(open_warm, settings, watch.metrics)
    store = GenerationStore(settings.index.home)
    with (
        _open_library(settings.index) as library,
        Jobs(library.path, read_only=library.read_only) as jobs,
    ):
        try:
            answerer = opener()
        except NoGenerationError as error:
            answerer = None
            logger.warning("%s", error)
        builder = Builder(jobs, library, store, settings.index, settings.api)
        app = create_app(answerer, library, store, settings.api, builder, opener, watch)
        if not Server(app, settings.api).serve_until_stopped():
            raise typer.Exit(3)


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
        logger.warning("%s; until then it is only read", error)
        return open_library(settings)
