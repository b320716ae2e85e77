"""BuildProcess: a worker that builds, as its server sees it: started, listened to, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from api.build_worker import Order
from api.settings import PREFIX
from index import JobState

WORKER = (sys.executable, "-P", "-m", "api.build_worker")  # -P: nothing from the working folder

_GRACE = 5.0  # seconds from asking a worker to stop to killing it


class Progress(NamedTuple):
    """Where a build is: `done` of `total` in a stage."""

    stage: str
    done: int
    total: int


class End(NamedTuple):
    """How a build ended, and what is known about it."""

    state: JobState
    generation: int | None = None
    error: str | None = None
    report: Mapping[str, Any] | None = None


class BuildProcess:
    """One worker, at work on `order` as soon as this is made; `command` is what it is.

    Raises:
        OSError: the system starts no process.
    """

    def __init__(self, order: Order, command: Sequence[str] = WORKER) -> None:
        self._order = order
        threads = str(order.settings.threads)
        given = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        own = {
            "OMP_NUM_THREADS": threads,
            "RAYON_NUM_THREADS": threads,
            "PYTHONPATH": str(Path(__file__).parents[1]),  # what serves is what builds
        }
        self._process = subprocess.Popen(
            [*command, order.to_json()],
            stdin=subprocess.PIPE,  # ends when this process does
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env=given | own,
            start_new_session=True,  # Ctrl-C in the terminal is for the server to pass on
        )

    def watch(self, progress: Callable[[Progress], None]) -> End:
        """How the build ended, once no process is left; until then `progress` is told.

        The first word of progress means that no other process can build.
        """
        said: dict[str, Any] = {}
        with self._process as process:
            assert process.stdout is not None
            for line in process.stdout:
                said = _read(line)
                if "stage" in said:
                    progress(Progress(said["stage"], said["done"], said["total"]))
        if "report" in said:
            return End("succeeded", said["report"]["generation"], report=said["report"])
        if "state" in said:
            return End(said["state"], error=said["error"])
        return End("failed", error=self._fate())

    def stop(self) -> None:
        """Ask the worker to stop; it is killed when it does not within seconds."""
        self._process.terminate()
        killer = threading.Timer(_GRACE, self._process.kill)
        killer.daemon = True
        killer.start()

    def _fate(self) -> str:
        """What became of a worker that could not say it."""
        code, limit = self._process.returncode, self._order.memory_mb
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        why = ""
        if limit:
            why = f": the {limit} MB of ONRECORD_BUILD_MEMORY_MB may be too few"
        elif code == -signal.SIGKILL:
            why = ": the machine may be out of memory"
        return f"the build ended without a word ({how}){why}"


def _read(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:  # cut off by a kill
        return {}
    return said if isinstance(said, dict) else {}
