"""What can go wrong on the write road, and when an index is opened.

IndexingError
├── ImportRefusedError         one article or file that cannot be taken in
├── LibraryError               the library cannot be opened or written
│   └── ArticleNotFoundError   no article (or revision) of that id
├── TermTableError             a table of concepts that cannot be read
├── EncoderError               the encoder is missing, or its weights are not the ones named
└── GenerationError            an index on disk that cannot be used
    ├── NoGenerationError      nothing has been built yet, or no generation of that number
    ├── DamagedGenerationError a file is missing or its bytes have changed
    ├── UnknownFormatError     written by a newer version
    ├── EmbedderMismatchError  built with another encoder than the one set
    └── BuildLockedError       another build is running
"""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path


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

    def __init__(self, home: Path, number: int | None = None, kept: tuple[int, ...] = ()) -> None:
        if number is None:
            message = f"no index in {home} yet: add articles, then run `onrecord build`"
        else:
            names = ", ".join(map(str, kept)) or "none"
            message = f"generation {number} is not in {home}; kept: {names}"
        super().__init__(message)
        self.home, self.number, self.kept = home, number, kept


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
