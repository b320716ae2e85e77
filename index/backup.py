"""A home in one file, taken while it serves, is built and is written to.

The file is a tar. Its first member lists the others with their sizes and SHA-256, and carries a
checksum of itself. The library is copied from one read snapshot; the files of a generation are held
open from before that snapshot on. So no prune takes them away, and the library has every revision
that they quote.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from io import BufferedReader, BytesIO
from pathlib import Path

from index.checks import StoredTexts, database_faults, read_texts, unquoted_faults
from index.database import explained, open_to_read
from index.durable import sync
from index.errors import (
    BackupError,
    DamagedGenerationError,
    GenerationError,
    NoGenerationError,
    UnreadableCurrentError,
)
from index.generations import GenerationStore
from index.manifest import checksum

FORMAT = 1
LIST = "backup.json"
LIBRARY = "library.sqlite"
CURRENT = "CURRENT"

_BESIDE = ("calibration.json", "erasing.json")  # of the operator, and of purges under way
_TRIES = 10
_PAGES = 4096  # of the library, copied between two words of progress

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Contents:
    """What is in a backup: `members` maps each name to its size in bytes and its SHA-256.

    `live` is the generation that CURRENT names, `created` a UTC time, ISO 8601.
    """

    articles: int
    library_revision: int
    generations: tuple[int, ...]
    live: int | None
    created: str
    members: Mapping[str, tuple[int, str]]
    format: int = FORMAT

    def to_json(self) -> bytes:
        """The list as it stands in the file, with a checksum of itself."""
        fields = asdict(self)
        return json.dumps(fields | {"checksum": checksum(fields)}, indent=1).encode()


@dataclass(frozen=True)
class BackupReport:
    """What was written to `file`; `left_out` says which generations are not in it, and why."""

    file: Path
    size: int
    contents: Contents
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Member:
    """An open file that is to be in the backup."""

    file: BufferedReader | BytesIO
    size: int
    sha256: str

    @classmethod
    def of(cls, file: BufferedReader | BytesIO) -> _Member:
        """A whole file, as it is now."""
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(file, file.seek(0, os.SEEK_END), digest)


@dataclass(frozen=True)
class _Held:
    """A generation with its files open; one with a `fault` is not backed up."""

    number: int
    members: Mapping[str, _Member]
    fault: str | None = None


def write_backup(
    home: Path,
    file: Path,
    *,
    tables: Sequence[Path] = (),
    every: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> BackupReport:
    """Write the library and the live generation of `home`, or `every` one on disk, to `file`.

    A calibration of the home is taken too, and those `tables` that lie in it. A name that ends in
    `.gz` or `.tgz` is compressed. The file appears whole or not at all. A damaged generation
    is left out, and is in the report; a damaged library is not backed up.

    Raises:
        BackupError: `file` is there and not to be replaced, the library is damaged, or the disk
            does not take what is written.
        LibraryError: there is no library, or it cannot be read.
    """
    tell = progress or (lambda stage, done, total: None)
    if file.is_dir() or (file.exists() and not force):
        raise BackupError(f"{file} is there already: name another file, or replace it with --force")
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    copy = aside.with_name(f"{aside.name}.library")
    store = GenerationStore(home)
    try:
        for _ in range(_TRIES):
            with ExitStack() as stack:
                there = _on_disk(store)
                live, held = _hold(store, every, stack, tell)
                _copy_library(home / LIBRARY, copy, tell)
                texts, contents = _read_copy(copy, home / LIBRARY, tell)
                held = [_quoted(each, texts) for each in held]
                faulty = {each.number for each in held if each.fault}
                if faulty & there - _on_disk(store):
                    continue  # pruned while it was read
                members = {LIBRARY: _Member.of(stack.enter_context(copy.open("rb")))}
                members |= _own_files(home, tables)
                contents, members = _with_index(store, contents, members, live, held)
                _write(aside, file, contents, members, tell)
                faults = [each.fault for each in held if each.fault]
                return BackupReport(file, file.stat().st_size, contents, tuple(faults))
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror or error}") from error
    finally:
        for left in (aside, copy):
            with suppress(OSError):  # on a disk that cannot be written there is nothing to remove
                left.unlink()
    raise BackupError(f"the index changed {_TRIES} times while it was read; try again")


# -- the generations


def _hold(
    store: GenerationStore, every: bool, stack: ExitStack, tell: Progress
) -> tuple[int | None, list[_Held]]:
    """The number in CURRENT, and the generations to keep, their files open until `stack` ends."""
    try:
        live = store.current()
        numbers = sorted(_on_disk(store)) if every else [live]
    except NoGenerationError:
        return None, []
    except UnreadableCurrentError as error:
        return None, [_Held(number, {}, str(error)) for number in store.kept()[-1:]]
    held = []
    for done, number in enumerate(numbers, start=1):
        held.append(_open_generation(store, number, stack))
        tell("index", done, len(numbers))
    return live, held


def _on_disk(store: GenerationStore) -> set[int]:
    return {*store.kept(), *store.aside()}


def _open_generation(store: GenerationStore, number: int, stack: ExitStack) -> _Held:
    """A generation's files, hashed as they are opened; pruned a moment later they stay readable."""
    members = {}
    try:
        manifest = store.manifest(number)
        for name in ("manifest.json", *manifest.files):
            try:
                file = stack.enter_context((store.folder(number) / name).open("rb"))
                members[f"generations/{number:06d}/{name}"] = member = _Member.of(file)
            except OSError as error:
                reason = f"cannot be read ({error.strerror})"
                raise DamagedGenerationError(number, name, reason) from error
            if manifest.files.get(name, member.sha256) != member.sha256:
                raise DamagedGenerationError(number, name, "has changed")
    except GenerationError as error:
        return _Held(number, {}, str(error))
    return _Held(number, members)


def _quoted(held: _Held, texts: StoredTexts) -> _Held:
    """The same; at fault when it quotes what the library has not."""
    name = f"generations/{held.number:06d}/articles.jsonl"
    if name not in held.members:
        return held
    articles = held.members[name].file
    articles.seek(0)
    faults = unquoted_faults(articles.read(), texts.revisions)
    if not faults:
        return held
    reason = f"quotes what is gone ({faults[0]})"
    return replace(held, fault=str(DamagedGenerationError(held.number, "articles.jsonl", reason)))


def _with_index(
    store: GenerationStore,
    contents: Contents,
    members: dict[str, _Member],
    live: int | None,
    held: Sequence[_Held],
) -> tuple[Contents, dict[str, _Member]]:
    """The list and the members with those of the sound generations, and a CURRENT that names one.

    Where the live one is damaged, the newest before it serves, as it does in the home.
    """
    sound = [each for each in held if not each.fault]
    aside = set(store.aside())
    members = dict(members)
    for each in sound:
        members |= each.members
        if each.number in aside:
            members[f"generations/{each.number:06d}.aside"] = _Member.of(BytesIO())
    numbers = tuple(each.number for each in sound)
    serving = [n for n in numbers if n == live or (live and n < live and n not in aside)]
    if serving:
        named = f"{serving[-1]:06d}\n".encode()
        members[CURRENT] = _Member.of(BytesIO(named))
    listed = {name: (member.size, member.sha256) for name, member in members.items()}
    return (
        replace(
            contents, generations=numbers, live=serving[-1] if serving else None, members=listed
        ),
        members,
    )


# -- the library, and what the operator has put beside it


def _copy_library(path: Path, copy: Path, tell: Progress) -> None:
    """Copy the library as it is at one moment, whoever writes meanwhile."""
    copy.write_bytes(b"")
    with (
        explained(path),
        closing(open_to_read(path)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.execute("BEGIN")  # holds the snapshot over all steps
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        try:
            source.backup(
                target,
                pages=_PAGES,
                progress=lambda _, left, total: tell("copy", total - left, total),
            )
            target.execute("PRAGMA journal_mode = DELETE")  # the file is all there is
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:  # only the copy is written
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise


def _read_copy(copy: Path, path: Path, tell: Progress) -> tuple[StoredTexts, Contents]:
    """The texts of the copy, and the list with what it says of the library at `path`.

    Raises:
        BackupError: the library is damaged.
    """
    with closing(open_to_read(copy)) as db, explained(path):
        texts = read_texts(db, lambda done, total: tell("check", done, total))
        if faults := [*database_faults(db), *texts.faults]:
            raise BackupError(
                f"{path} is damaged ({faults[0]}) and was not backed up, so that no good backup "
                "is replaced; restore it from one"
            )
        [revision] = db.execute("SELECT revision FROM meta").fetchone()
        [articles] = db.execute("SELECT count(*) FROM articles").fetchone()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return texts, Contents(articles, revision, (), None, now, {})


def _own_files(home: Path, tables: Sequence[Path]) -> dict[str, _Member]:
    """What lies in the home beside the library and the index, those `tables` too."""
    names = [*_BESIDE]
    for table in tables:
        if table.resolve().is_relative_to(home.resolve()):
            names.append(table.resolve().relative_to(home.resolve()).as_posix())
    return {
        name: _Member.of(BytesIO((home / name).read_bytes()))  # they may be edited in place
        for name in names
        if (home / name).is_file()
    }


# -- the file


def _write(
    aside: Path, file: Path, contents: Contents, members: Mapping[str, _Member], tell: Progress
) -> None:
    """Write the tar aside, sync it, and give it its name in one step."""
    listed = BytesIO(contents.to_json())
    every = {LIST: _Member.of(listed), **members}
    total = sum(member.size for member in every.values())
    packed = file.suffix.lower() in (".gz", ".tgz")
    done = 0
    with aside.open("wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz" if packed else "w") as tar:
            for name, member in every.items():
                member.file.seek(0)
                info = tarfile.TarInfo(name)
                info.size = member.size
                info.mtime = int(datetime.fromisoformat(contents.created).timestamp())
                tar.addfile(info, member.file)
                done += member.size
                tell("write", done, total)
        raw.flush()
        os.fsync(raw.fileno())
    os.replace(aside, file)
    sync(file.parent)
