"""`onrecord mcp`: the tools for models that speak the Model Context Protocol."""

from __future__ import annotations

import signal
from functools import partial
from typing import Annotated

import typer

from api.commands.common import Home, open_library, open_warm, settings_of


def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Listen on an address, as streamable HTTP.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on, with --http.")] = None,
    port: Annotated[
        int | None, typer.Option(help="TCP port, with --http.", min=0, max=65535)
    ] = None,
    home: Home = None,
) -> None:
    """Let a model ask, search and read, over the Model Context Protocol.

    Without --http it speaks with the program that started it, on standard input and output, and
    logs to standard error. With it the tools are at /mcp; addresses beyond this machine need an
    API key. A new index goes live without a restart.

    Examples:
        onrecord mcp --home /srv/news

        onrecord mcp --http --port 8001
    """
    import anyio

    from api.desk import Desk
    from api.gate import Gate
    from api.logs import configure
    from api.mcp_server import create_http_app, create_server, serve_stdio
    from api.parts import Front
    from api.security import check_bind
    from api.watch import Watch
    from index import KeyStore

    if not http and (host is not None or port is not None):
        raise typer.BadParameter("--host and --port need --http")
    settings = settings_of(home, host=host, port=port)
    configure(settings.api.log_format, settings.api.log_level)
    with open_library(settings.index) as library:
        desk = Desk(None, partial(open_warm, settings))
        gate = Gate(settings.api.workers, settings.api.queue, settings.api.queue_seconds)
        watch = Watch(questions=settings.api.log_questions)
        front = Front(desk, gate, library, heard=watch.answered)
        server = create_server(front, settings.api.refresh_seconds)
        if not http:
            # Its input cannot be interrupted while it waits for a line, and nothing is lost.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            anyio.run(serve_stdio, server)
            return
        import uvicorn

        keys = KeyStore(library.path)
        check_bind(settings.api, keys)
        uvicorn.run(
            create_http_app(server, settings.api, keys, watch),
            host=settings.api.host,
            port=settings.api.port,
            server_header=False,
            log_config=None,  # its lines go where ours go
            access_log=False,  # every request has a line of ours
            timeout_graceful_shutdown=10,
        )
