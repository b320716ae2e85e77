"""`onrecord serve` as it is shipped, in a process of its own over a home with the real encoder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index import (
    Article,
    GenerationStore,
    IndexSettings,
    Library,
    build,
    load_embedder,
    read_paths,
)
from tests.campaigns.driving import ROOT
from tests.campaigns.serving import Connection

_COMMAND = "from api.cli import main; main()"


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def seeds_home(home: Path, copied_from: Path | None = None) -> Path:
    """A home of its own with the articles of seeds/, built; or a copy of one that is there."""
    if copied_from is not None:
        return Path(shutil.copytree(copied_from, home))
    settings = IndexSettings(home=home)
    with Library(home / "library.sqlite") as library:
        read = read_paths([ROOT / "seeds"])
        list(library.put_many(each for each in read if isinstance(each, Article)))
        build(library, GenerationStore(home), load_embedder(settings), settings)
    return home


@contextmanager
def shipped(home: Path, **settings: str | int) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server over a home, ready, and its port; it is told to stop at the end.

    `settings` are fields of the settings.
    """
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    given = {"home": home, "port": port, "build_after_seconds": 0, **settings}
    named = {f"ONRECORD_{name.upper()}": str(value) for name, value in given.items()}
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, "serve"],
        cwd=ROOT,
        env=kept | named | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(process, port)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            Connection(port).call("GET", "/readyz")
        except (OSError, RuntimeError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start: try `onrecord serve` over that home")
