"""keep_fresh(): a desk follows the index by itself, for as long as a server runs."""

from __future__ import annotations

import logging
from collections.abc import Callable

import anyio
import anyio.to_thread

from api.desk import Desk

logger = logging.getLogger(__name__)

_LONGEST = 60.0  # seconds between looks at an index that cannot be opened


async def keep_fresh(
    desk: Desk, seconds: float, looked: Callable[[], object] = lambda: None
) -> None:
    """Lets `desk` look for a new generation every so many seconds, until it is cancelled.

    `looked` is called after each look, whatever it found.
    """
    pause = seconds
    while True:
        try:
            await anyio.to_thread.run_sync(desk.refresh)
        except Exception:  # one bad look must not end the server
            logger.exception("no look for a new index")
        looked()
        # An index that cannot be opened is not tried again and again at the readers' cost.
        pause = min(pause * 2, _LONGEST) if desk.is_troubled else seconds
        await anyio.sleep(pause)
