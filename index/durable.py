"""Files that survive a crash: written aside, synced, then put in place in one step.

A name that was renamed but not synced can come back after a power loss pointing at nothing, so
each folder that gained or lost a name is synced as well. A failed sync is never tried again: the
kernel may have dropped the pages, and a second try would lie.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path`: readers see the old file or the new one, whole."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync(path.parent)


def save_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array as `np.save` does, but with every error of the disk.

    Into a file of its own kind numpy writes with the buffers of C, and what these lose when the
    disk is full is lost without a word.
    """
    with path.open("wb") as file:
        np.save(SimpleNamespace(write=file.write), array, allow_pickle=False)


def sync_tree(folder: Path) -> None:
    """Sync every file and folder below `folder`, and itself."""
    for path in sorted(folder.rglob("*")):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Sync one file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
