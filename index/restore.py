"""A backup put back as a home: every member is hashed and the index is opened before it has a name.

Members are written into a folder beside the home, which becomes the home in one step. A file that
is cut off, changed or of another program is refused by the name of its first bad member, and the
home stays as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from index.backup import CURRENT, FORMAT, LIBRARY, LIST, Contents
from index.checks import database_faults, generation_faults, read_texts
from index.database import explained, open_to_read
from index.durable import sync, sync_tree
from index.errors import BackupError, IndexingError
from index.generations import GenerationStore
from index.library import Library
from index.manifest import checksum
from index.proving import prove

Progress = Callable[[str, int, int], None]

_LARGEST_LIST = 64_000_000  # bytes; a home has some hundred files
_CHUNK = 1 << 20
_SAFE = re.compile(r"[^/\\:\x00-\x1f\x7f]+(?:/[^/\\:\x00-\x1f\x7f]+)*")
_RESTORING = ".restoring"


@dataclass(frozen=True)
class RestoreReport:
    """What the home was made of; `aside` is where its former content lies, if there was any."""

    home: Path
    contents: Contents
    aside: Path | None = None


def restore_backup(
    file: Path, home: Path, *, force: bool = False, progress: Progress | None = None
) -> RestoreReport:
    """Make the backup in `file` the home at `home`, which must be missing or empty.

    With `force` a home that is there is moved away, beside it, and nothing of it is lost.

    Raises:
        BackupError: it is no whole backup, or is newer than this; the home is in use or not empty;
            the disk does not take what is written. The home stays as it was.
    """
    tell = progress or (lambda stage, done, total: None)
    home = home.resolve()
    full = home.is_dir() and any(not _is_nothing(path) for path in home.iterdir())
    if (home.exists() and not home.is_dir()) or (full and not force):
        raise BackupError(
            f"{home} is not empty: name a new folder with --home, "
            "or move what is there aside with --force"
        )
    inside = os.path.ismount(home)  # nothing beside it is on its disk
    if full and inside:
        raise BackupError(f"{home} is a disk of its own: move what is on it away first")
    staging = home / _RESTORING if inside else home.with_name(f".{home.name}{_RESTORING}")
    try:
        with _told(file, home):
            shutil.rmtree(staging, ignore_errors=True)  # of a restore that was killed
            staging.mkdir(parents=True)
            contents = _unpack(file, staging, tell)
            _prove(file, staging, contents, tell)
            sync_tree(staging)
            aside = _move_aside(home) if full else None
            _put_in_place(staging, home, aside)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return RestoreReport(home, contents, aside)


# -- reading the file


def _unpack(file: Path, staging: Path, tell: Progress) -> Contents:
    """Write every member that the list names below `staging`, each with the bytes it had."""
    contents: Contents | None = None
    left: set[str] = set()
    done = total = 0
    last = "its beginning"
    try:
        with file.open("rb") as raw, tarfile.open(fileobj=raw, mode="r|*") as tar:
            for member in tar:
                if contents is None:
                    contents = _read_list(file, tar, member)
                    left = set(contents.members)
                    total = sum(size for size, _ in contents.members.values())
                else:
                    _check_header(file, member, contents, left)
                    _write_member(file, tar, member, contents, staging)
                    left.discard(member.name)
                    done += member.size
                    tell("restore", done, total)
                last = member.name
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BackupError(f"{file} is damaged or no backup after {last} ({error})") from error
    if contents is None:
        raise BackupError(f"{file} is empty, not a backup")
    if left:
        raise BackupError(f"{file} is cut off or damaged: {min(left)} is missing after {last}")
    return contents


def _read_list(file: Path, tar: tarfile.TarFile, member: tarfile.TarInfo) -> Contents:
    """The first member.

    Raises:
        BackupError: the file begins with something else, or is of a newer format.
    """
    if member.name != LIST or not member.isreg() or member.size > _LARGEST_LIST:
        raise BackupError(f"{file} is not a backup of onrecord: it begins with {member.name!r}")
    try:
        fields = json.loads(_content(tar, member).read())
        found = fields.pop("checksum")
        if fields["format"] > FORMAT:
            raise BackupError(
                f"{file} has format {fields['format']}, this version reads up to {FORMAT}; "
                "upgrade onrecord"
            )
        if found != checksum(fields):
            raise BackupError(f"{file} is damaged: {LIST} has changed")
        fields["members"] = {name: (size, sha) for name, (size, sha) in fields["members"].items()}
        return Contents(**fields | {"generations": tuple(fields["generations"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupError(f"{file} is damaged: {LIST} cannot be read") from error


def _check_header(file: Path, member: tarfile.TarInfo, contents: Contents, left: set[str]) -> None:
    """Nothing, for a plain file of the list, not yet read, that stays inside the home.

    Raises:
        BackupError: it is anything else.
    """
    name = member.name
    if not member.isreg() or not _SAFE.fullmatch(name) or {".", ".."} & set(name.split("/")):
        raise BackupError(f"{file} is not restored: {name!r} is no plain file inside a home")
    if name not in contents.members:
        raise BackupError(f"{file} is damaged: {name!r} is not in its list")
    if name not in left:
        raise BackupError(f"{file} is damaged: {name!r} comes twice")
    if member.size != contents.members[name][0]:
        raise BackupError(f"{file} is damaged: {name} has another size than it had")


def _write_member(
    file: Path, tar: tarfile.TarFile, member: tarfile.TarInfo, contents: Contents, staging: Path
) -> None:
    target = staging / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    content = _content(tar, member)
    with target.open("xb") as out:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
    if digest.hexdigest() != contents.members[member.name][1]:
        raise BackupError(f"{file} is damaged: {member.name} has changed")


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    assert content is not None  # of a plain file there is always one
    return content


# -- proving it


def _prove(file: Path, staging: Path, contents: Contents, tell: Progress) -> None:
    """Open the library and every generation, and check all that they hold.

    Raises:
        BackupError: something does not agree.
    """
    path = staging / LIBRARY
    with closing(open_to_read(path)) as db, explained(path):
        texts = read_texts(db, lambda done, total: tell("check", done, total))
        faults = [*database_faults(db), *texts.faults]
    if faults:
        raise BackupError(f"{file} is not restored: {LIBRARY} is damaged ({faults[0]})")
    store = GenerationStore(staging)
    with Library(path, read_only=True) as library:
        for done, number in enumerate(contents.generations, start=1):
            folder, manifest = store.folder(number), store.manifest(number)
            prove(folder, manifest, library)
            if faults := generation_faults(folder, manifest, texts):
                raise BackupError(f"{file} is not restored: generation {number}: {faults[0]}")
            tell("open", done, len(contents.generations))
    if contents.live is not None and store.current() != contents.live:
        raise BackupError(f"{file} is not restored: {CURRENT} does not name {contents.live}")


# -- putting it in place


def _move_aside(home: Path) -> Path:
    """Give the home another name beside it.

    Raises:
        BackupError: a server or a build is using it.
    """
    _check_idle(home)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    aside = home.with_name(f"{home.name}.before-{stamp}")
    if aside.exists():
        raise BackupError(f"{aside} is there already; try again")
    home.rename(aside)
    return aside


def _check_idle(home: Path) -> None:
    """Nothing, when no other process builds in the home or has its library open.

    What they write would go to the old home and be missed in the new one.
    """
    try:
        with FileLock(home / "build.lock", blocking=False):
            pass
    except Timeout:
        raise BackupError(f"{home} is in use by a build: wait for it to end") from None
    path = home / LIBRARY
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(path, timeout=0)) as db:
            db.execute("PRAGMA journal_mode = DELETE")  # refused while it is open anywhere else
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise BackupError(
                f"{home} is in use: stop the server and every other command on it first"
            ) from None


def _put_in_place(staging: Path, home: Path, aside: Path | None) -> None:
    """Make `staging` the home in one step; on a disk of its own, member by member, CURRENT last."""
    if staging.parent == home:
        for name in sorted((path.name for path in staging.iterdir()), key=lambda n: n == CURRENT):
            os.rename(staging / name, home / name)
        sync(home)
        return
    try:
        os.rename(staging, home)
    except OSError:
        if aside:
            aside.rename(home)
        raise
    sync(home.parent)


def _is_nothing(path: Path) -> bool:
    """True for what an empty home may hold: the system's folder, and what a killed restore left."""
    return path.name in ("lost+found", _RESTORING)


@contextmanager
def _told(file: Path, home: Path) -> Iterator[None]:
    """What is found inside becomes a BackupError that names the file."""
    try:
        yield
    except BackupError:
        raise
    except IndexingError as error:
        raise BackupError(f"{file} is not restored: {error}") from error
    except OSError as error:
        reason = f"{error.strerror or error}" + (f" ({error.filename})" if error.filename else "")
        raise BackupError(f"{file} is not restored to {home}: {reason}") from error
