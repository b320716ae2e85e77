"""`onrecord serve`: the HTTP face and the chat page."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import Home, note, open_library, settings_of

if TYPE_CHECKING:
    from api.settings import Settings
    from qa import Answerer


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port.", min=0, max=65535)] = None,
    home: Home = None,
) -> None:
    """Serve the chat page, the HTTP routes and their description (/docs).

    Addresses beyond this machine need an API key in ONRECORD_API_KEY. A new index goes live
    without a restart. Put a proxy with time limits for slow clients in front of an open address.

    Examples:
        onrecord serve

        ONRECORD_API_KEY=... onrecord serve --host 0.0.0.0 --port 8080
    """
    import uvicorn

    from api.app import create_app
    from api.security import check_bind
    from index import GenerationStore, NoGenerationError

    settings = settings_of(home, host=host, port=port)
    check_bind(settings.api)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    opener = partial(_open_warm, settings)
    with open_library(settings.index, read_only=False, create=True) as library:
        try:
            answerer = opener()
        except NoGenerationError as error:
            answerer = None
            note(str(error))
        app = create_app(
            answerer, library, GenerationStore(settings.index.home), settings.api, opener
        )
        uvicorn.run(
            app,
            host=settings.api.host,
            port=settings.api.port,
            server_header=False,
            timeout_graceful_shutdown=10,
        )


def _open_warm(settings: Settings) -> Answerer:
    """An answerer that has been asked once, so that the first reader waits for no loading."""
    from qa import open_answerer

    answerer = open_answerer(settings.index, settings.qa)
    answerer.search("What was said?")
    return answerer
