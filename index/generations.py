"""Generations on disk: written whole, hashed file by file, named by CURRENT, the last few kept.

Nothing inside a generation changes once it has its number. FAISS and tantivy notice hardly any
flipped bit, so every file is hashed before it is opened; a generation with a file missing, added
or changed is refused by the name of that file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index.durable import sync, sync_tree, write_atomically
from index.errors import (
    BuildLockedError,
    DamagedGenerationError,
    NoGenerationError,
    UnknownFormatError,
)

FORMAT = 1
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What a generation is made of; `files` maps each file to the SHA-256 of its bytes.

    `digest` depends only on what was indexed and how, so two clean builds of one library have the
    same; `created` is a UTC time, ISO 8601.
    """

    number: int
    encoder: str
    fingerprint: str
    dim: int
    settings: Mapping[str, Any]
    counts: Mapping[str, int]
    library_revision: int
    digest: str
    created: str
    files: Mapping[str, str]
    format: int = FORMAT

    def to_json(self) -> str:
        """The manifest with a checksum of itself, as it stands on disk."""
        fields = asdict(self)
        return json.dumps(fields | {"checksum": _checksum(fields)}, indent=1, sort_keys=True)


class GenerationStore:
    """The generations of one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._folder = home / "generations"
        self._current = home / "CURRENT"

    def current(self) -> int:
        """The number of the generation that serves.

        Raises:
            NoGenerationError: nothing has been built yet.
        """
        try:
            return int(self._current.read_text("ascii"))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            raise NoGenerationError(self.home) from None

    def kept(self) -> tuple[int, ...]:
        """The numbers of all generations on disk, ascending."""
        if not self._folder.is_dir():
            return ()
        return tuple(sorted(int(p.name) for p in self._folder.iterdir() if p.name.isdigit()))

    def folder(self, number: int) -> Path:
        """Where a generation lies, whether or not it is there."""
        return self._folder / f"{number:06d}"

    def manifest(self, number: int) -> Manifest:
        """The manifest of a generation, its own checksum verified; the other files are not read.

        Raises:
            NoGenerationError: there is no generation of that number.
            UnknownFormatError: it was written by a newer version.
            DamagedGenerationError: the manifest is missing or has changed.
        """
        if number not in self.kept():
            raise NoGenerationError(self.home, number, self.kept())
        try:
            fields = json.loads((self.folder(number) / _MANIFEST).read_bytes())
            if fields["format"] > FORMAT:
                raise UnknownFormatError(number, fields["format"], FORMAT)
            checksum = fields.pop("checksum")
            if checksum != _checksum(fields):
                raise DamagedGenerationError(number, _MANIFEST, "has changed")
            return Manifest(**fields)
        except FileNotFoundError:
            raise DamagedGenerationError(number, _MANIFEST, "is missing") from None
        except (ValueError, TypeError, KeyError):
            raise DamagedGenerationError(number, _MANIFEST, "cannot be read") from None

    def verify(self, number: int) -> Manifest:
        """The manifest, once every file has been hashed and none is missing, added or changed.

        Raises:
            GenerationError: as `manifest`, and DamagedGenerationError with the name of a file.
        """
        manifest = self.manifest(number)
        folder = self.folder(number)
        present = set(_file_names(folder))
        for name in sorted(manifest.files.keys() | present):
            if name not in present:
                raise DamagedGenerationError(number, name, "is missing")
            if name not in manifest.files:
                raise DamagedGenerationError(number, name, "does not belong to it")
            if _file_sha256(folder / name) != manifest.files[name]:
                raise DamagedGenerationError(number, name, "has changed")
        return manifest

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """An empty folder to build in, for one builder at a time; what is left in it is removed.

        Raises:
            BuildLockedError: another build is running.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        holder = self.home / "build.holder"
        lock = FileLock(self.home / "build.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise BuildLockedError(_read_holder(holder)) from None
        try:
            started = datetime.now(UTC).isoformat(timespec="seconds")
            holder.write_text(f"process {os.getpid()}, since {started}", "utf-8")
            for leftover in self._folder.glob(".building*"):
                shutil.rmtree(leftover)
            aside = self._folder / ".building"
            aside.mkdir()
            yield aside
        finally:
            shutil.rmtree(self._folder / ".building", ignore_errors=True)
            holder.unlink(missing_ok=True)
            lock.release()

    def seal(self, aside: Path, manifest: Manifest) -> Manifest:
        """Give the folder built aside its number and its manifest, synced; CURRENT stays.

        The number, the format and the hashes of the files are filled in here.
        """
        number = max((*self.kept(), self._current_or_zero())) + 1
        files = {name: _file_sha256(aside / name) for name in _file_names(aside)}
        sealed = replace(manifest, number=number, files=files)
        (aside / _MANIFEST).write_text(sealed.to_json(), "utf-8")
        sync_tree(aside)
        os.rename(aside, self.folder(number))
        sync(self._folder)
        return sealed

    def publish(self, number: int) -> None:
        """Make a sealed generation the one that serves."""
        write_atomically(self._current, f"{number:06d}\n".encode("ascii"))

    def discard(self, number: int) -> None:
        """Remove a generation from the disk."""
        shutil.rmtree(self.folder(number))
        sync(self._folder)

    def prune(self, keep: int) -> tuple[int, ...]:
        """Remove all but the newest `keep` generations, never the current one; says which went."""
        current = self.current()
        old = [number for number in self.kept()[:-keep] if number != current]
        for number in old:
            self.discard(number)
        return tuple(old)

    def _current_or_zero(self) -> int:
        try:
            return self.current()
        except NoGenerationError:
            return 0


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _file_names(folder: Path) -> list[str]:
    """Every file below `folder` but the manifest and the search engine's lock files, sorted."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return sorted({path.relative_to(folder).as_posix() for path in paths} - {_MANIFEST})


def _checksum(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _read_holder(holder: Path) -> str:
    try:
        return holder.read_text("utf-8")
    except OSError:
        return "another process"
