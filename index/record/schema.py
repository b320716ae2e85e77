"""The tables of `record.sqlite`, and the ways to its file.

Every row but those of `persons` and `sectors` belongs to one article, by its number. No sentence
is stored: `start` and `stop` are code points of the article's text, and always one of its
sentences.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

NAME = "record.sqlite"

# `key` is that of `Extractor.key`, NULL where the extraction failed.
TABLES = """
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL, sha256 TEXT NOT NULL,
    day INTEGER, outlet TEXT, lang TEXT,
    key BLOB, record TEXT NOT NULL
);
CREATE TABLE sectors (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL,
    en TEXT NOT NULL, fr TEXT NOT NULL, vi TEXT NOT NULL
);
CREATE TABLE persons (number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE names (
    article INTEGER NOT NULL, person INTEGER NOT NULL,
    form TEXT NOT NULL, key TEXT NOT NULL, sorted_key TEXT NOT NULL
);
CREATE TABLE appearances (
    article INTEGER NOT NULL, person INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL
);
CREATE TABLE mentions (
    person INTEGER NOT NULL, article INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL,
    PRIMARY KEY (person, article, start, stop)
) WITHOUT ROWID;
CREATE TABLE offices (
    article INTEGER NOT NULL, person INTEGER NOT NULL,
    role TEXT NOT NULL, of TEXT, former INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL
);
CREATE TABLE statements (
    number INTEGER PRIMARY KEY,
    article INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    act TEXT NOT NULL, time TEXT NOT NULL, resolved INTEGER NOT NULL,
    person INTEGER, actor TEXT NOT NULL, actor_key TEXT NOT NULL,
    other INTEGER, counterpart TEXT, counterpart_key TEXT
);
CREATE TABLE topics (
    article INTEGER NOT NULL, statement INTEGER NOT NULL, sector TEXT NOT NULL
);
CREATE TABLE subjects (
    article INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, sector TEXT NOT NULL
);
"""
INDEXES = """
CREATE UNIQUE INDEX persons_by_id ON persons (id);
CREATE INDEX names_by_key ON names (key, person);
CREATE INDEX names_by_sorted_key ON names (sorted_key, person);
CREATE INDEX names_by_person ON names (person);
CREATE INDEX appearances_by_person ON appearances (person, article);
CREATE INDEX offices_by_person ON offices (person);
CREATE INDEX statements_by_person ON statements (person);
CREATE INDEX statements_by_actor ON statements (actor_key);
CREATE INDEX topics_by_statement ON topics (statement);
CREATE INDEX topics_by_sector ON topics (sector, statement);
CREATE INDEX subjects_by_sector ON subjects (sector, article);
"""
OF_AN_ARTICLE = ("names", "appearances", "mentions", "offices", "statements", "topics", "subjects")


@contextmanager
def written(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a new file, which is whole at the end; equal rows make equal bytes.

    The file is not synced: whoever seals the generation does that.

    Raises:
        OSError: the disk does not take it.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            # A build that fails leaves nothing of its folder, so there is nothing to roll back to.
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            db.execute("PRAGMA temp_store = MEMORY")
            db.execute("BEGIN EXCLUSIVE")
            for statement in TABLES.strip().split(";\n"):
                db.execute(statement)
            yield db
            for statement in INDEXES.strip().split(";\n"):
                db.execute(statement)
            db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error), str(path)) from error


def open_record(path: Path | None) -> sqlite3.Connection:
    """A connection to a file that never changes again, for many threads; without one, empty tables.

    Raises:
        OSError: it is no record.
    """
    try:
        if path is None:
            db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            db.executescript(TABLES)
            return db
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            db.execute("SELECT number FROM articles LIMIT 1")
        except BaseException:
            db.close()
            raise
        return db
    except sqlite3.Error as error:
        raise OSError(errno.EIO, str(error), str(path)) from error
