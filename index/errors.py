"""What can go wrong on the write road, and when an index is opened.

IndexingError
├── ImportRefusedError         one article or file that cannot be taken in
├── LibraryError               the library cannot be opened or written
│   ├── ArticleNotFoundError   no article (or revision) of that id
│   ├── JobNotFoundError       no build of that number was ever asked for, or it was long ago
│   ├── KeyNotFoundError       no API key of that id
│   ├── BadKeyError            an API key cannot be made with this name or rate
│   ├── DiskFullError          too little room is left to write
│   └── ReadOnlyLibraryError   it can be read here, and not written
├── BackupError                a backup cannot be written, or is none that can be restored
├── ErasureError               a removal cannot be proved, or a purge not be completed, as it is
├── TermTableError             a table of concepts that cannot be read
├── EncoderError               the encoder is missing, or its weights are not the ones named
└── GenerationError            an index on disk that cannot be used
    ├── NoGenerationError      nothing has been built yet, or no generation of that number
    ├── UnreadableCurrentError CURRENT does not name a generation, though there are some
    ├── DamagedGenerationError a file is missing or its bytes have changed
    ├── UnknownFormatError     written by a newer version
    ├── EmbedderMismatchError  built with another encoder than the one set
    ├── BuildLockedError       another build is running
    ├── WriteFailedError       the disk did not take what was written
    └── GateRefusedError       the new generation is worse than the one that serves
"""

from __future__ import annotations

import errno
import math
import shutil
from importlib.resources.abc import Traversable
from pathlib import Path

_ALMOST_FULL = 100_000  # bytes


class IndexingError(Exception):
    """Root of the family."""


class ImportRefusedError(IndexingError):
    """One article or file was not taken in; `where` names it (path, or path:line)."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where, self.reason = where, reason


class LibraryError(IndexingError):
    """The library cannot be opened, read or written."""


class ArticleNotFoundError(LibraryError):
    """No article of that id, or no such revision of it, is in the library."""

    def __init__(self, article_id: str, sha256: str | None = None) -> None:
        what = f"article {article_id!r}" + (f" with text {sha256[:12]}…" if sha256 else "")
        super().__init__(f"{what} is not in the library")
        self.article_id, self.sha256 = article_id, sha256


class JobNotFoundError(LibraryError):
    """No build of that number is known."""

    def __init__(self, number: int) -> None:
        super().__init__(f"no build {number} is known: none was asked for, or it was long ago")
        self.number = number


class KeyNotFoundError(LibraryError):
    """No API key has that id."""

    def __init__(self, id: str) -> None:
        # What is no id may be a secret, mistyped.
        what = f"no key has the id {id}" if len(id) <= 12 else "that is no id of a key"
        super().__init__(f"{what}: `onrecord key list` has them")


class BadKeyError(LibraryError):
    """An API key cannot be made with this name or rate."""


class DiskFullError(LibraryError):
    """Too little room is left on the disk for a write; reading goes on."""


class ReadOnlyLibraryError(LibraryError):
    """The library can be read here, and not written."""


class BackupError(IndexingError):
    """A backup cannot be written, or its file cannot be restored; nothing was put in place."""


class ErasureError(IndexingError):
    """A removal cannot be proved, or a purge not be completed, as things are; repeat it after."""


class TermTableError(IndexingError):
    """A term table cannot be read; `line` counts from 1, and is 0 when no line could be read."""

    def __init__(self, path: Path | Traversable, line: int, reason: str) -> None:
        super().__init__(f"{path}, line {line}: {reason}" if line else f"{path}: {reason}")
        self.path, self.line, self.reason = path, line, reason


class EncoderError(IndexingError):
    """The encoder cannot be loaded, or its weights are not those that were expected."""


class GenerationError(IndexingError):
    """A generation on disk cannot be used."""


class NoGenerationError(GenerationError):
    """There is no index to search: nothing was built, or not this number."""

    def __init__(
        self,
        home: Path,
        number: int | None = None,
        kept: tuple[int, ...] = (),
        aside: tuple[int, ...] = (),
    ) -> None:
        if number is None:
            message = f"no index in {home} yet: add articles, then run `onrecord build`"
        else:
            message = f"generation {number} is not in {home}; kept: {_listed(kept)}"
            message += f"; aside: {_listed(aside)}" if aside else ""
        super().__init__(message)
        self.home, self.number, self.kept, self.aside = home, number, kept, aside


class UnreadableCurrentError(GenerationError):
    """CURRENT does not say which of the generations serves."""

    def __init__(self, home: Path, reason: str, kept: tuple[int, ...]) -> None:
        newest = kept[-1] if kept else "N"
        super().__init__(
            f"{home / 'CURRENT'} names no generation ({reason}); kept: {_listed(kept)}; "
            f"run `onrecord use {newest}` to serve the newest, or `onrecord build`"
        )
        self.home, self.reason, self.kept = home, reason, kept


class DamagedGenerationError(GenerationError):
    """A file of a generation is missing, was added, or holds other bytes than were written."""

    def __init__(self, number: int, file: str, reason: str) -> None:
        super().__init__(f"generation {number}: {file} {reason}; run `onrecord build --full`")
        self.number, self.file, self.reason = number, file, reason


class UnknownFormatError(GenerationError):
    """The generation was written by a newer version of the program."""

    def __init__(self, number: int, found: int, known: int) -> None:
        super().__init__(
            f"generation {number} has format {found}, this version reads up to {known}; "
            "upgrade onrecord, or rebuild with `onrecord build --full`"
        )
        self.number, self.found, self.known = number, found, known


class EmbedderMismatchError(GenerationError):
    """The generation was built with another embedder; rebuild it, or set the one it names."""

    def __init__(self, built_with: str, given: str) -> None:
        super().__init__(
            f"generation built with {built_with!r}, opened with {given!r}; "
            "run `onrecord build`, or set ONRECORD_ENCODER to the one it names"
        )
        self.built_with, self.given = built_with, given


class BuildLockedError(GenerationError):
    """Another process is building; `holder` says which, since when."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"a build is already running ({holder}); wait for it to end")
        self.holder = holder


class WriteFailedError(GenerationError):
    """The disk did not take what was written; what served before serves on."""

    def __init__(self, home: Path, error: OSError) -> None:
        reason = f"{error.strerror or error}" + (f" ({error.filename})" if error.filename else "")
        free = _free_bytes(home)
        # Not every library hands the system's code on: an almost full disk says as much.
        self.is_full = error.errno in (errno.ENOSPC, errno.EDQUOT) or free < _ALMOST_FULL
        if self.is_full:
            reason = f"the disk is full: {reason}, {free / 1e6:.1f} MB free"
            way_out = "free some space"
        elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            way_out = "make the folder writable, or name another home with --home or ONRECORD_HOME"
        else:
            way_out = "see to the disk" + ("" if error.errno else ", or to the memory")
        super().__init__(
            f"the index in {home} was not written: {reason}; nothing half-written is left, "
            f"what served before serves on; {way_out}, then run it again"
        )
        self.home = home


class GateRefusedError(GenerationError):
    """A new generation is worse than the one that serves, and was kept aside.

    `reasons` say in words what got worse.
    """

    def __init__(self, number: int, live: int, reasons: tuple[str, ...]) -> None:
        super().__init__(
            f"generation {number} is worse than generation {live} and stays aside: "
            f"{'; '.join(reasons)}; `onrecord use {number}` makes it live all the same"
        )
        self.number, self.live, self.reasons = number, live, reasons


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "none"


def _free_bytes(folder: Path) -> float:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return math.inf
