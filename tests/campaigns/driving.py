"""A worker process: started, told to begin, killed, traced; and what it said it had done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    """The environment of a child: one thread, no settings from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return kept | one_thread | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


class Worker:
    """A worker that waits for its word to begin."""

    def __init__(self, home: Path, *arguments: object) -> None:
        command = [sys.executable, "-m", "tests.campaigns.worker", str(home), *map(str, arguments)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._outcome: tuple[list[str], str] | None = None

    def wait_ready(self) -> None:
        """Until it has loaded all it needs.

        Raises:
            RuntimeError: it ended instead.
        """
        assert self.process.stdout
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError(self.process.communicate()[1])

    def go(self) -> None:
        """Tell it to begin."""
        assert self.process.stdin
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()

    def outcome(self) -> tuple[list[str], str]:
        """The steps it said were done, and what it wrote on stderr; waits for its end."""
        if self._outcome is None:
            said, errors = self.process.communicate()
            self._outcome = said.splitlines(), errors
        return self._outcome

    def last_words(self) -> str:
        """The last line of stderr: the error it ended with."""
        return (self.outcome()[1].strip().splitlines() or [""])[-1]


@contextmanager
def worker(home: Path, *arguments: object) -> Iterator[Worker]:
    """A worker that is ready, and gone at the end."""
    one = Worker(home, *arguments)
    try:
        one.wait_ready()
        yield one
    finally:
        one.kill()
        one.outcome()
