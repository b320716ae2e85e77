"""`python -m api.build_worker ORDER`: one build in a process of its own, which says how it goes.

On standard output it writes a JSON object a line: `{"stage", "done", "total"}` while it works,
`{"waiting"}` while another process builds, and at last `{"report"}`, or `{"state", "error"}` with
the state in which the job ends. SIGTERM asks it to stop; it stops by itself when its standard
input ends, which the system sees to when the server dies, however that happens.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from api.logs import configure
from api.settings import LogFormat, LogLevel
from index import (
    BuildLockedError,
    BuildReport,
    Embedder,
    GateRefusedError,
    GenerationStore,
    IndexingError,
    IndexSettings,
    Library,
    build,
    load_embedder,
)

logger = logging.getLogger(__name__)

_NICE = 10  # steps by which searches come before
_FIRST_TO_GO = 800  # of 1000: short of memory, the system ends this process and not the server
_PAUSE = 0.5  # seconds between tries while another process builds
_TICK = 0.1  # seconds between words about one stage


@dataclass(frozen=True)
class Order:
    """What to build, the megabytes that it may take (0 is no limit), and how it logs."""

    settings: IndexSettings
    full: bool = False
    memory_mb: int = 0
    log_format: LogFormat = "readable"
    log_level: LogLevel = "info"

    def to_json(self) -> str:
        """As the worker is handed it."""
        settings = self.settings.model_dump(mode="json")
        return json.dumps(vars(self) | {"settings": settings})

    @classmethod
    def from_json(cls, written: str) -> Order:
        """The order that `to_json` wrote."""
        fields = json.loads(written)
        return cls(IndexSettings(**fields.pop("settings")), **fields)


class _CancelledError(Exception):
    """The server asked to stop."""


class _Teller:
    """Writes to the server; raises _CancelledError once it was asked to stop."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last = ("", 0.0)
        self.is_cancelled = threading.Event()

    def say(self, **fields: Any) -> None:
        print(json.dumps(fields, default=str), file=self._out, flush=True)

    def progress(self, stage: str, done: int, total: int) -> None:
        self.check()
        before, when = self._last
        now = time.monotonic()
        if stage != before or done == total or now - when >= _TICK:
            self._last = stage, now
            self.say(stage=stage, done=done, total=total)

    def check(self) -> None:
        if self.is_cancelled.is_set():
            raise _CancelledError


def main(load: Callable[[IndexSettings], Embedder] = load_embedder) -> None:
    """Do what the order on the command line says; the exit code is 0 when it was done."""
    # What libraries print must not come between the lines.
    teller = _Teller(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, lambda *_: teller.is_cancelled.set())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    order = Order.from_json(sys.argv[1])
    configure(order.log_format, order.log_level, process="build")
    _be_modest(order.memory_mb)
    try:
        report = _build(order, load, teller)
    except _CancelledError:
        teller.say(state="cancelled", error=None)
    except GateRefusedError as error:
        teller.say(state="refused", error=str(error))
    except Exception as error:
        if not isinstance(error, IndexingError):
            logger.exception("it failed")
        teller.say(state="failed", error=_told(error, order.memory_mb))
    else:
        teller.say(report=asdict(report))
        return
    sys.exit(1)


def _build(order: Order, load: Callable[[IndexSettings], Embedder], teller: _Teller) -> BuildReport:
    settings = order.settings
    embedder = load(settings)
    with Library(settings.home / "library.sqlite") as library:
        while True:
            teller.check()
            try:
                return build(
                    library,
                    GenerationStore(settings.home),
                    embedder,
                    settings,
                    full=order.full,
                    progress=teller.progress,
                )
            except BuildLockedError as error:
                teller.say(waiting=error.holder)
                teller.is_cancelled.wait(_PAUSE)


def _told(error: Exception, memory_mb: int) -> str:
    words = str(error) if isinstance(error, IndexingError) else repr(error)
    if not isinstance(error, MemoryError) and "memory" not in words:
        return words
    if memory_mb:
        return (
            f"the build needs more than the {memory_mb} MB that ONRECORD_BUILD_MEMORY_MB "
            f"lets it have; raise it and build again ({words})"
        )
    return f"the build needs more memory than this machine has left ({words})"


def _be_modest(memory_mb: int) -> None:
    """Come after the searches on the processor, before them when memory runs out."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    with suppress(OSError):  # only Linux has it
        Path("/proc/self/oom_score_adj").write_text(str(_FIRST_TO_GO), "ascii")
    if memory_mb:
        import resource  # not on Windows

        # Of the limits the nearest to what is really used: files that are mapped, and stacks and
        # heaps that are only reserved, some 1.3 GB of addresses, do not count.
        resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))


def _end_with_the_server() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)  # as if killed: a build may be left at any moment


if __name__ == "__main__":
    main()
