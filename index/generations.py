"""Generations on disk: written whole, proved, numbered, named by CURRENT, the last few kept.

Nothing inside a generation changes once it has its number, and what has a number was proved whole
before. FAISS and tantivy notice hardly any flipped bit, so every file is hashed before it is
opened; a generation with a file missing, added or changed is refused by the name of that file.

One that is kept aside, `000012.aside` beside its folder, was found worse than the one that
serves: it can be asked by its number, is never fallen back to, and goes live by `use` alone.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.durable import sync, sync_tree, write_atomically
from index.errors import (
    BuildLockedError,
    GenerationError,
    NoGenerationError,
    UnreadableCurrentError,
    WriteFailedError,
)
from index.manifest import (
    FORMAT,
    Manifest,
    file_names,
    file_sha256,
    read_manifest,
    verify_file,
    verify_folder,
)
from index.tables import read_sources

__all__ = ["FORMAT", "GenerationStore", "Manifest", "Prove"]

Prove = Callable[[Path, Manifest], None]

_BUILDING = ".building"
_GONE = ".gone-"
_LEFTOVERS = (f"{_BUILDING}*", f"{_GONE}*", ".*.aside.*")  # of builders that were killed


class GenerationStore:
    """The generations of one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._folder = home / "generations"
        self._current = home / "CURRENT"

    # -- reading

    def current(self) -> int:
        """The number of the generation that serves.

        Raises:
            NoGenerationError: nothing has been built yet.
            UnreadableCurrentError: CURRENT names none, though there are generations.
        """
        try:
            content = self._current.read_bytes()
            # To the letter, so that a torn file never names another generation.
            if named := re.fullmatch(rb"(\d{6,})\n", content):
                return int(named[1])
            reason = f"it holds {content[:20].decode('ascii', 'replace')!a}"
        except (FileNotFoundError, NotADirectoryError):
            reason = "it is missing"
        except OSError as error:
            reason = f"it cannot be read, {error.strerror}"
        if kept := self.kept():
            raise UnreadableCurrentError(self.home, reason, kept)
        raise NoGenerationError(self.home)

    def kept(self) -> tuple[int, ...]:
        """The numbers of the generations on disk, ascending; those kept aside are not among them.

        Each has been proved whole, and may serve.
        """
        return self._numbers(aside=False)

    def aside(self) -> tuple[int, ...]:
        """The numbers of the generations that are kept aside, ascending."""
        return self._numbers(aside=True)

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
        self._find(number)
        return read_manifest(self.folder(number), number)

    def verify(self, number: int) -> Manifest:
        """The manifest, once every file has been hashed and none is missing, added or changed.

        Raises:
            GenerationError: as `manifest`, and DamagedGenerationError with the name of a file.
        """
        self._find(number)
        return verify_folder(self.folder(number), number)

    def quoted(self, number: int) -> set[tuple[str, str]]:
        """The revisions, (article id, sha256), that a generation quotes.

        Empty where what names them is damaged: it cannot be opened, and quotes nothing.
        """
        folder = self.folder(number)
        try:
            verify_file(folder, number, "articles.jsonl", self.manifest(number))
        except GenerationError:
            return set()
        return {(source.article_id, source.sha256) for source in read_sources(folder)}

    # -- writing, by one at a time

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other writer out; a lock whose holder has died is free.

        Raises:
            BuildLockedError: another build is running.
            WriteFailedError: the disk does not take what is written inside.
        """
        with self._telling():
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
                yield
            finally:
                holder.unlink(missing_ok=True)
                lock.release()

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """An empty folder to build in, for one builder at a time; what is left in it is removed.

        What killed builders have left anywhere is removed first.

        Raises:
            BuildLockedError: another build is running.
            WriteFailedError: the disk does not take what is written inside.
        """
        with self.locked():
            self._tidy()
            building = self._folder / _BUILDING
            building.mkdir()
            try:
                with self._telling():  # before the folder is gone, and the disk has space again
                    yield building
            finally:
                shutil.rmtree(building, ignore_errors=True)

    def seal(
        self,
        building: Path,
        manifest: Manifest,
        prove: Prove | None = None,
        *,
        aside: bool = False,
    ) -> Manifest:
        """Sync the folder built in, have it proved, and give it its number; CURRENT stays.

        The manifest's number and the hashes of the files are filled in here. `prove` is given the
        folder and the manifest, and raises when something is wrong: then there is no number. With
        `aside` the generation is marked before it has its number.
        """
        number = max((0, *self.kept(), *self.aside(), *self._named())) + 1
        files = {name: file_sha256(building / name) for name in file_names(building)}
        sealed = replace(manifest, number=number, files=files)
        sealed.write(building)
        sync_tree(building)
        if prove:
            prove(building, sealed)
        if aside:
            write_atomically(self._marker(number), b"")
        os.rename(building, self.folder(number))
        try:
            sync(self._folder)
        except OSError:  # it may be gone after a power loss: better to go at once
            self.discard(number)
            raise
        return sealed

    def publish(self, number: int) -> None:
        """Make a sealed generation the one that serves, also one that was kept aside."""
        if number in self.aside():
            self._marker(number).unlink()
            sync(self._folder)
        write_atomically(self._current, f"{number:06d}\n".encode("ascii"))

    def use(self, number: int) -> Manifest:
        """Verify a generation and make it the one that serves: an older one, or one kept aside.

        Raises:
            NoGenerationError: there is no generation of that number.
            DamagedGenerationError: it is not whole; CURRENT stays.
            BuildLockedError: a build is running.
            WriteFailedError: CURRENT cannot be written.
        """
        self._find(number)
        with self.locked():
            manifest = self.verify(number)
            self.publish(number)
        return manifest

    def discard(self, number: int) -> None:
        """Remove a generation from the disk; it loses its number first, so it is never half there.

        Readers that have it open go on.
        """
        gone = self._folder / f"{_GONE}{number:06d}"
        shutil.rmtree(gone, ignore_errors=True)
        os.rename(self.folder(number), gone)
        self._marker(number).unlink(missing_ok=True)
        sync(self._folder)
        shutil.rmtree(gone)

    def prune(self, keep: int, *, spare: int | None = None) -> tuple[int, ...]:
        """Remove all but the newest `keep` generations, and all that are aside; says which went.

        The current generation stays, and so does `spare`.
        """
        stay = {*self.kept()[-keep:], *self._named(), spare}
        old = [number for number in sorted((*self.kept(), *self.aside())) if number not in stay]
        for number in old:
            self.discard(number)
        return tuple(old)

    # -- inside

    def _numbers(self, *, aside: bool) -> tuple[int, ...]:
        try:
            names = set(os.listdir(self._folder))
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise GenerationError(f"{self._folder} cannot be read: {error.strerror}") from error
        return tuple(
            sorted(
                int(name)
                for name in names
                if re.fullmatch(r"\d{6,}", name, re.ASCII) and (f"{name}.aside" in names) == aside
            )
        )

    def _find(self, number: int) -> None:
        kept, aside = self.kept(), self.aside()
        if number not in (*kept, *aside):
            raise NoGenerationError(self.home, number, kept, aside)

    def _named(self) -> tuple[int, ...]:
        """The number in CURRENT, when there is one."""
        try:
            return (self.current(),)
        except GenerationError:
            return ()

    def _marker(self, number: int) -> Path:
        return self._folder / f"{number:06d}.aside"

    def _tidy(self) -> None:
        """Remove what builders that were killed have left."""
        for pattern in _LEFTOVERS:
            for leftover in self._folder.glob(pattern):
                if leftover.is_dir():
                    shutil.rmtree(leftover)
                else:
                    leftover.unlink()
        for leftover in self.home.glob(".CURRENT.*"):
            leftover.unlink()
        for marker in self._folder.glob("*.aside"):
            if not marker.with_suffix("").exists():
                marker.unlink()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What the disk refuses inside becomes an error that says what to do."""
        try:
            yield
        except OSError as error:
            raise WriteFailedError(self.home, error) from error


def _read_holder(holder: Path) -> str:
    try:
        return holder.read_text("utf-8")
    except OSError:
        return "another process"
