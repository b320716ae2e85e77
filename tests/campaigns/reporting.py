"""One campaign's options, its progress on stderr, its counts and faults, and its exit code."""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

from tests.campaigns.expecting import Fault

T = TypeVar("T")


def options(description: str | None) -> argparse.ArgumentParser:
    """A parser with the options that every campaign has."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=None, help="of what is drawn by lot")
    parser.add_argument("--quick", action="store_true", help="a tenth of it, to try it out")
    parser.add_argument("--folder", type=Path, help="where its homes lie; default: a temporary one")
    return parser


class Campaign:
    """What is counted in one run; everything printed goes to stdout, the progress to stderr."""

    def __init__(self, name: str, chosen: argparse.Namespace, folder: Path) -> None:
        self.folder, self.quick = folder, bool(chosen.quick)
        self.seed = random.SystemRandom().randrange(2**32) if chosen.seed is None else chosen.seed
        self.lot = random.Random(self.seed)
        self._name, self._begun = name, time.monotonic()
        self._counts: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        print(f"{name}: seed {self.seed}", flush=True)

    def over(self, what: str, cases: Sequence[T]) -> Iterator[T]:
        """The cases one after the other, counted, with a line of progress."""
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            for at, case in enumerate(bar.track(cases, description=f"{self._name}: {what}")):
                if not console.is_terminal and at % (len(cases) // 10 + 1) == 0:
                    console.print(f"{self._name}: {what}: {at} of {len(cases)}")
                yield case
        self._counts[what] += len(cases)

    def count(self, what: str, n: int = 1) -> None:
        self._counts[what] += n

    def judge(self, case: str, faults: Iterable[Fault]) -> None:
        """Count the faults of a case and print them."""
        for fault in faults:
            self._faults[fault.kind] += 1
            print(f"  {case}: {fault.kind}: {fault.what}", flush=True)

    def say(self, line: str) -> None:
        print(f"  {line}", flush=True)

    def end(self) -> int:
        """Print the counts; the exit code: 1 with any fault."""
        took = time.monotonic() - self._begun
        counts = ", ".join(f"{what} {n:,}" for what, n in self._counts.items())
        kinds = ("lost", "duplicated", "resurrected", "torn", "wrong", "stuck", "stray")
        faults = ", ".join(f"{kind} {self._faults[kind]}" for kind in kinds)
        print(f"{self._name}: {counts}; {took:.0f} s")
        print(f"{self._name}: {faults}: {'FAILED' if self._faults else 'passed'}", flush=True)
        return 1 if self._faults else 0


@contextmanager
def campaign(name: str, chosen: argparse.Namespace) -> Iterator[Campaign]:
    """A campaign with a folder of its own; the process ends with its exit code.

    Told to end or interrupted, it takes away what it has mounted and started.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with TemporaryDirectory(prefix=f"onrecord-{name}-", dir=chosen.folder) as folder:
        running = Campaign(name, chosen, Path(folder))
        yield running
    sys.exit(running.end())


def need(*programs: str) -> None:
    """End with what to install when one of these programs is missing."""
    packages = {"xfs_io": "xfsprogs", "mkfs.xfs": "xfsprogs", "mkfs.ext4": "e2fsprogs"}
    missing = {packages.get(name, name) for name in programs if shutil.which(name) is None}
    if missing:
        sys.exit(f"{', '.join(programs)} are needed: apt-get install {' '.join(sorted(missing))}")
