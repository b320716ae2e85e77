"""Connections to the SQLite file of the library: its tables, its errors, its word to the disk."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import DiskFullError, LibraryError, ReadOnlyLibraryError

SCHEMA_VERSION = 3
BUSY_SECONDS = 30.0

# Each step brings a file of the version before it, 0 being an empty one, to the next.
_STEPS = (
    """
CREATE TABLE meta (revision INTEGER NOT NULL);
INSERT INTO meta VALUES (0);
CREATE TABLE texts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE revisions (
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL REFERENCES texts (sha256),
    title TEXT, date TEXT, outlet TEXT, lang TEXT, url TEXT,
    added_at TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
);
CREATE INDEX revisions_by_text ON revisions (sha256);
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    FOREIGN KEY (id, number) REFERENCES revisions (article_id, number)
)
""",
    """
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    server TEXT NOT NULL,
    reason TEXT NOT NULL,
    full INTEGER NOT NULL,
    state TEXT NOT NULL,
    created TEXT NOT NULL, started TEXT, ended TEXT,
    library_revision INTEGER NOT NULL,
    generation INTEGER, error TEXT, report TEXT
)
""",
    """
CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    rate INTEGER,
    created TEXT NOT NULL, revoked TEXT
)
""",
)


def open_to_write(path: Path) -> sqlite3.Connection:
    """A connection to the file at `path`, which is made with its folder and tables when missing.

    A file of an older version is brought to this one in one transaction. Transactions are begun and
    ended by hand; a commit returns when it is on the disk.

    Raises:
        ReadOnlyLibraryError: it cannot be written.
        LibraryError: it cannot be opened, is not a library, or is newer than this.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReadOnlyLibraryError(_mend(path, error.strerror or str(error))) from error
    if path.exists() and not os.access(path, os.W_OK):  # SQLite would open it to read
        raise ReadOnlyLibraryError(_mend(path, "no permission to write"))
    return _prepared(path, "mode=rwc", _set_up)


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection that never writes to the file at `path`, wherever it lies.

    Raises:
        LibraryError: it is not there, cannot be read, is not a library, or is newer than this.
    """
    if not path.is_file():
        raise LibraryError(
            f"there is no library at {path}: add articles with `onrecord add`, "
            "or name another home with --home or ONRECORD_HOME"
        )
    try:
        return _prepared(path, "mode=ro", _check_schema)
    except LibraryError as error:
        # A disk that is full or cannot be written has no room for the log's index. Without a log
        # the file holds everything, and can be read as one that never changes.
        log = path.with_name(path.name + "-wal")
        codes = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)
        if _code(error.__cause__) not in codes or (log.exists() and log.stat().st_size):
            raise
        return _prepared(path, "immutable=1", _check_schema)


def _prepared(
    path: Path, mode: str, check: Callable[[Path, sqlite3.Connection], None]
) -> sqlite3.Connection:
    with explained(path):
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?{mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # transactions are begun and ended by hand
            check_same_thread=False,  # the lock sees to it
        )
        try:
            db.execute("PRAGMA foreign_keys = ON")
            db.create_function("casefold", 1, lambda s: s and s.casefold(), deterministic=True)
            check(path, db)
        except BaseException:
            db.close()
            raise
        return db


def _set_up(path: Path, db: sqlite3.Connection) -> None:
    if db.execute("SELECT 1 FROM sqlite_schema").fetchone():
        _check_schema(path, db)  # before anything of a file that is not ours is changed
    db.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
    db.execute("PRAGMA synchronous = FULL")  # a commit survives a power loss
    db.execute("PRAGMA secure_delete = ON")  # deleted words are overwritten
    with transaction(db):  # of several processes, one makes the tables
        for version, step in enumerate(_STEPS[_version(db) :], start=_version(db) + 1):
            for statement in step.split(";\n"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {version}")
    _check_schema(path, db)


def _version(db: sqlite3.Connection) -> int:
    [found] = db.execute("PRAGMA user_version").fetchone()
    return int(found)


def _check_schema(path: Path, db: sqlite3.Connection) -> None:
    """An older version of ours can be read as it is: it only lacks tables."""
    db.execute("SELECT 1 FROM sqlite_schema")
    found = _version(db)
    if found > SCHEMA_VERSION:
        raise LibraryError(
            f"{path} has schema {found}, this version reads up to {SCHEMA_VERSION}; "
            "upgrade onrecord"
        )
    if found < 1:
        raise LibraryError(f"{path} is the file of another program, not a library")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Alone among writers inside; commits at the end, or undoes all."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """What SQLite raises inside becomes a LibraryError that says what to do."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # a name in a damaged file is no UTF-8
        code = _code(error)
        if code == sqlite3.SQLITE_FULL:
            raise DiskFullError(
                f"the disk of {path} is full: nothing of this write was kept, all before it was; "
                "free some space and repeat it"
            ) from error
        if code == sqlite3.SQLITE_BUSY:
            raise LibraryError(
                f"{path} has been locked by another process for {BUSY_SECONDS:.0f} s; try again"
            ) from error
        if code in (None, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise LibraryError(
                f"{path} is damaged or not a library ({error}); restore it from a backup"
            ) from error
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
            raise ReadOnlyLibraryError(_mend(path, str(error))) from error
        if code == sqlite3.SQLITE_CANTOPEN:
            raise LibraryError(_mend(path, str(error))) from error
        raise LibraryError(f"{path}: {error}") from error


def _code(error: BaseException | None) -> int | None:
    """SQLite's primary error code, or None for what has none."""
    extended = getattr(error, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF


def _mend(path: Path, reason: str) -> str:
    return (
        f"{path} cannot be opened or written ({reason}): mend its permissions, "
        "or name another home with --home or ONRECORD_HOME"
    )
