"""Server: uvicorn, with an end that drops nothing and comes in time."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.parts import Parts
from api.settings import ApiSettings
from api.wire import Wire

logger = logging.getLogger(__name__)

_KEEP_ALIVE = 30  # seconds; longer than a proxy keeps a connection, or both may pick one moment
_FINISH = 6.0  # seconds for what has begun, once nothing new is taken
_LAST = 8.0  # seconds after the notice at which the process is gone, whatever holds it


class Server(uvicorn.Server):
    """Serves one app until SIGTERM or SIGINT.

    Told to stop, it says so on /readyz at once and goes on for `drain_seconds`, so that whoever
    stands in front sends no more; not so on SIGINT, where a person waits. Then nothing new is
    taken, and what has begun is finished. A reply that takes longer than that is cut off.
    """

    def __init__(self, app: FastAPI, settings: ApiSettings) -> None:
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=Wire,
            server_header=False,
            log_config=None,  # its lines go where ours go
            access_log=False,  # every request has a line of ours
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=int(_FINISH),
        )
        super().__init__(config)
        self._parts: Parts = app.state.parts
        self._notice = settings.drain_seconds
        self._is_told = False

    def serve_until_stopped(self) -> bool:
        """Serve, and return when it has ended; False when it could not begin."""
        with suppress(KeyboardInterrupt):  # raised once more by uvicorn, after its end
            self.run()
        return self.started

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """See uvicorn: what happens on a signal."""
        if not self._parts.leaving.is_set():
            self._parts.leaving.set()
            self._is_told = sig != signal.SIGINT
            self._end_at_last(self._notice if self._is_told else 0.0)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn: the end, once it has left its main loop."""
        # A build is asked to end, and killed when it does not: that goes on beside the rest.
        building = asyncio.create_task(asyncio.to_thread(self._parts.builder.close))
        until = time.monotonic() + (self._notice if self._is_told else 0.0)
        while time.monotonic() < until and not self.force_exit:
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)
        await building

    def _end_at_last(self, notice: float) -> None:
        """What is kept is synced when it is acknowledged, so a hard end loses nothing but time."""

        def end() -> None:
            logger.warning("the process ends with replies under way that took too long")
            os._exit(0)

        last = threading.Timer(notice + _LAST, end)
        last.daemon = True
        last.start()
