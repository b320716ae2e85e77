"""What lies around the library and the index in a home: rights, files left behind, locks, room."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from index.findings import Finding

_OURS = re.compile(
    r"CURRENT|library\.sqlite(-wal|-shm|-journal)?|generations|build\.(lock|holder)"
    r"|calibration\.json|erasing\.json|\.server-\w+\.lock|lost\+found"
)
_OURS_BELOW = re.compile(r"\d{6,}(\.aside)?", re.ASCII)


def check_folder(home: Path) -> Iterator[Finding]:
    """Whether it is there, and what its user may do."""
    if not home.is_dir():
        remedy = "add articles with `onrecord add`, or name another with --home"
        yield Finding("home", "problem", f"there is no folder {home}", remedy)
        return
    unreadable = [path for path in home.rglob("*") if not os.access(path, os.R_OK)]
    if unreadable:
        message = f"{unreadable[0]} cannot be read" + _more(len(unreadable) - 1)
        remedy = "give the user who runs onrecord the right to read it"
        yield Finding("home", "problem", message, remedy)
    elif not os.access(home, os.W_OK):
        message = f"{home} can be read, not written: it answers, and takes in nothing"
        yield Finding("home", "warning", message, "make it writable to add or to build")
    else:
        yield Finding("home", "ok", f"{home} can be read and written")


def check_files(home: Path, tables: Collection[Path]) -> Iterator[Finding]:
    """What killed builds have left, and what is not ours; `tables` are the operator's own."""
    known = {path.absolute() for path in tables}
    top = [path for path in sorted(home.iterdir()) if not _OURS.fullmatch(path.name)]
    unknown = [p for p in top if not p.name.startswith(".") and p.absolute() not in known]
    left = [path for path in top if path.name.startswith(".")]
    left += [home / "build.holder"] if (home / "build.holder").exists() else []
    below = home / "generations"
    if below.is_dir():
        left += [
            path
            for path in sorted(below.iterdir())
            if not _OURS_BELOW.fullmatch(path.name)
            or (path.suffix == ".aside" and not path.with_suffix("").exists())
        ]
    if is_held(home / "build.lock"):
        yield Finding("files", "ok", "a build is running")
    elif left:
        message = f"{left[0]} was left by a build that was killed" + _more(len(left) - 1)
        yield Finding("files", "warning", message, "the next build removes it")
    elif not unknown:
        yield Finding("files", "ok", "nothing was left behind")
    if unknown:
        message = f"{unknown[0]} is not of onrecord" + _more(len(unknown) - 1)
        yield Finding("files", "warning", message, "move it elsewhere: no backup has it")


def check_room(home: Path, index: Path | None) -> Iterator[Finding]:
    """Whether the disk has room for two builds as large as the one in the folder `index`."""
    free = shutil.disk_usage(home).free
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file()) if index else 0
    if free < 2 * size:
        message = f"{_megabytes(free)} are free, and two builds need {_megabytes(2 * size)}"
        yield Finding("disk", "warning", message, "free some space before the next build")
    else:
        yield Finding("disk", "ok", f"{_megabytes(free)} are free")


def is_held(lock: Path) -> bool:
    """True while a process holds the lock; nothing is written, and a missing file is free."""
    import fcntl  # not there on every system, and asked for nowhere else

    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _more(count: int) -> str:
    return f", and {count:,} more" if count > 0 else ""


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"
