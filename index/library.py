"""The library: every article and the revisions that are still quoted, in one SQLite file.

It is the truth; every index is derived from it. What a method has returned or yielded is committed
and synced to the disk. An edit, of the text or of what is known about it, is a new revision; a
wording is stored once however many revisions share it.
"""

from __future__ import annotations

import datetime
import itertools
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from index.articles import Article, text_sha256
from index.database import BUSY_SECONDS, explained, open_to_read, open_to_write, transaction
from index.errors import (
    ArticleNotFoundError,
    ImportRefusedError,
    LibraryError,
    ReadOnlyLibraryError,
)

Outcome = Literal["added", "changed", "unchanged"]

BATCH = 500  # articles of one transaction: each commit waits for the disk once

_CURRENT = "articles a JOIN revisions r ON r.article_id = a.id AND r.number = a.number"
_ARTICLE = (
    "SELECT a.id, t.text, r.title, r.date, r.outlet, r.lang, r.url, r.sha256 "
    f"FROM {_CURRENT} JOIN texts t ON t.sha256 = r.sha256"
)

_REVISION = (
    "SELECT r.article_id, t.text, r.title, r.date, r.outlet, r.lang, r.url "
    "FROM revisions r JOIN texts t ON t.sha256 = r.sha256"
)


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of an article: `number` counts from 1, `added_at` is in UTC."""

    number: int
    sha256: str
    added_at: datetime.datetime


class Library:
    """The articles in the SQLite file at `path`, which is created with its folder when missing.

    One object may be used by many threads, and one file by many processes. With `read_only` the
    file must be there and is never written; it may lie on a disk that cannot be written.

    Raises:
        LibraryError: from every method, when the file cannot be opened, read or written.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path, self.read_only = path, read_only
        self._lock = threading.Lock()
        self._db = open_to_read(path) if read_only else open_to_write(path)

    @staticmethod
    def exists(path: Path) -> bool:
        """True when there is a library at `path`; nothing is created."""
        return path.is_file()

    def close(self) -> None:
        """Let go of the file; closing twice is allowed."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- writing

    def put(self, article: Article) -> Outcome:
        """Store an article; "unchanged" when its text and all that is known about it are equal.

        Raises:
            ImportRefusedError: it has no id, or holds lone surrogates, which no file can.
        """
        [(_, outcome)] = self.put_many([article])
        return outcome

    def put_many(self, articles: Iterable[Article]) -> Iterator[tuple[Article, Outcome]]:
        """Store articles in batches, each yielded with its outcome after its batch is committed.

        Raises:
            ImportRefusedError: as `put`; nothing of that article's batch is stored, what was
                yielded before stays.
        """
        remaining = iter(articles)
        while batch := list(itertools.islice(remaining, BATCH)):
            for article in batch:
                _check_storable(article)
            with self._transaction() as db:
                outcomes = [_store(db, article) for article in batch]
                if any(outcome != "unchanged" for outcome in outcomes):
                    _count_write(db)
            yield from zip(batch, outcomes, strict=True)

    def remove(self, article_id: str) -> bool:
        """Take an article out; False when it is not there.

        Its revisions stay readable with `text` until `prune_revisions` finds them unquoted.
        """
        if not _is_storable(article_id):
            return False
        with self._transaction() as db:
            removed = db.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount > 0
            if removed:
                _count_write(db)
        return removed

    def prune_revisions(self, keep: set[tuple[str, str]]) -> int:
        """Delete the revisions that are not current and whose (id, sha256) is not in `keep`.

        Returns how many went. A text that no revision has any more is overwritten on the disk.
        The library's own `revision` stays: no current article changes. `keep` must name all that
        a kept index quotes and all that a running build may come to quote.
        """
        with self._transaction() as db:
            old = db.execute(
                "SELECT article_id, number, sha256 FROM revisions r WHERE NOT EXISTS "
                "(SELECT 1 FROM articles a WHERE a.id = r.article_id AND a.number = r.number)"
            ).fetchall()
            dead = [(id, number) for id, number, sha256 in old if (id, sha256) not in keep]
            db.executemany("DELETE FROM revisions WHERE article_id = ? AND number = ?", dead)
            if dead:
                db.execute("DELETE FROM texts WHERE sha256 NOT IN (SELECT sha256 FROM revisions)")
        self._empty_log()
        return len(dead)

    def forget(self, article_id: str) -> int:
        """Delete every revision of an article that was removed, quoted or not; says how many went.

        A text that no other article has goes with them, and its name in the errors of builds. An
        article that is there keeps its own.
        """
        if not _is_storable(article_id):
            return 0
        with self._transaction() as db:
            gone = db.execute(
                "DELETE FROM revisions WHERE article_id = ? AND article_id NOT IN "
                "(SELECT id FROM articles)",
                (article_id,),
            ).rowcount
            if gone:
                db.execute("DELETE FROM texts WHERE sha256 NOT IN (SELECT sha256 FROM revisions)")
            db.execute("UPDATE jobs SET error = replace(error, ?, '…')", (repr(article_id),))
        return int(gone)

    def vacuum(self, patience: float = BUSY_SECONDS) -> None:
        """Write the file anew without what was deleted, and empty its log.

        `patience` is how many seconds it waits for those who read or write.

        Raises:
            LibraryError: someone held the file longer; nothing is lost.
        """
        if self.read_only:
            raise ReadOnlyLibraryError(f"{self.path} was opened to read only")
        with self._lock, explained(self.path):
            self._db.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
            try:
                self._db.execute("VACUUM")
                [held, *_] = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        if held:
            raise LibraryError(
                f"{self.path} is being read, so deleted words may still be in it and in its log; "
                "wait for the reader to end, then repeat the command"
            )

    # -- reading

    @property
    def revision(self) -> int:
        """Grows by one with every committed change of the articles; 0 for a new library."""
        return int(self._rows("SELECT revision FROM meta")[0][0])

    def get(self, article_id: str) -> Article:
        """The current revision of an article.

        Raises:
            ArticleNotFoundError: there is none, or it was removed.
        """
        rows = self._rows(f"{_ARTICLE} WHERE a.id = ?", article_id)
        if not rows:
            raise ArticleNotFoundError(article_id)
        return _sound(rows[0])

    def text(self, article_id: str, sha256: str) -> str:
        """The text of any kept revision of an article, also of a removed one.

        Raises:
            ArticleNotFoundError: no such revision is kept.
        """
        found = self.texts([(article_id, sha256)])
        if not found:
            raise ArticleNotFoundError(article_id, sha256)
        return found[article_id, sha256]

    def texts(self, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The texts of kept revisions by (article id, sha256); what is not kept is left out."""
        kept = "EXISTS (SELECT 1 FROM revisions WHERE article_id = ? AND sha256 = t.sha256)"
        found = {}
        for id, sha256 in pairs:
            sql = f"SELECT text FROM texts t WHERE sha256 = ? AND {kept}"
            for (text,) in self._rows(sql, sha256, id):
                found[id, sha256] = _undamaged(id, text, sha256)
        return found

    def revisions(self, article_id: str) -> list[Revision]:
        """The kept revisions of an article, oldest first; empty when there are none."""
        sql = "SELECT number, sha256, added_at FROM revisions WHERE article_id = ? ORDER BY number"
        return [
            Revision(number, sha256, datetime.datetime.fromisoformat(added_at))
            for number, sha256, added_at in self._rows(sql, article_id)
        ]

    def wordings(self, article_id: str) -> list[Article]:
        """The article in each of its kept revisions, oldest first, also when it was removed.

        A text that has changed on the disk is among them as it is: whoever asks wants it gone.
        """
        sql = f"{_REVISION} WHERE r.article_id = ? ORDER BY r.number"
        return [_article(row) for row in self._rows(sql, article_id)]

    def owners(self, sha256: str) -> list[str]:
        """The ids of all articles, removed ones too, with a kept revision of that text; sorted."""
        sql = "SELECT DISTINCT article_id FROM revisions WHERE sha256 = ? ORDER BY article_id"
        return [id for (id,) in self._rows(sql, sha256)]

    def holders(self, words: str) -> list[str]:
        """The ids of all articles that hold `words`, character for character; sorted.

        In the text, the title or the address of a kept revision; every text is read.
        """
        sql = (
            "SELECT DISTINCT r.article_id FROM revisions r JOIN texts t ON t.sha256 = r.sha256 "
            "WHERE instr(t.text, ?1) OR instr(r.title, ?1) OR instr(r.url, ?1) ORDER BY 1"
        )
        return [id for (id,) in self._rows(sql, words)]

    def mentions(self, article_id: str) -> int:
        """In how many rows the file names an article: its own, and the errors of builds."""
        rows = (
            ("SELECT count(*) FROM articles WHERE id = ?", article_id),
            ("SELECT count(*) FROM revisions WHERE article_id = ?", article_id),
            ("SELECT count(*) FROM jobs WHERE instr(error, ?)", repr(article_id)),
        )
        return sum(int(self._rows(sql, value)[0][0]) for sql, value in rows)

    def __contains__(self, article_id: str) -> bool:
        """True when the article is there, in whatever wording."""
        return bool(self._rows("SELECT 1 FROM articles WHERE id = ?", article_id))

    def count(self) -> int:
        """How many articles there are."""
        return int(self._rows("SELECT count(*) FROM articles")[0][0])

    def article_ids(self) -> list[str]:
        """The ids of all articles, in code point order."""
        return [id for (id,) in self._rows("SELECT id FROM articles ORDER BY id")]

    def articles(self) -> Iterator[Article]:
        """All articles as they were when the first was asked for, in code point order of the id."""
        with self.snapshot() as frozen:
            last = ""  # below every id
            while rows := frozen._rows(f"{_ARTICLE} WHERE a.id > ? ORDER BY a.id LIMIT 200", last):
                last = rows[-1][0]
                yield from map(_sound, rows)

    def page(
        self,
        offset: int = 0,
        limit: int = 20,
        *,
        lang: str | None = None,
        outlet: str | None = None,
        date_from: datetime.date | None = None,
        date_to: datetime.date | None = None,
        query: str | None = None,
    ) -> tuple[int, list[Article]]:
        """How many articles pass the filters, and those from `offset` on, in order of the id.

        Days are inclusive, and an article without a date passes no date limit. `lang` and `outlet`
        are compared without case; `query` is a part of the title or of the id, without case.

        Raises:
            ValueError: `offset` or `limit` is negative.
        """
        if offset < 0 or limit < 0:
            raise ValueError(f"offset {offset} and limit {limit} must not be negative")
        filters = {
            "casefold(r.lang) = casefold(?)": lang,
            "casefold(r.outlet) = casefold(?)": outlet,
            "r.date >= ?": date_from and date_from.isoformat(),
            "r.date <= ?": date_to and date_to.isoformat(),
            "instr(casefold(coalesce(r.title, '') || char(10) || a.id), casefold(?))": query,
        }
        given = {sql: value for sql, value in filters.items() if value is not None}
        where = " WHERE " + " AND ".join(given) if given else ""
        with self.snapshot() as frozen:
            counted = frozen._rows(f"SELECT count(*) FROM {_CURRENT}{where}", *given.values())
            total = counted[0][0] if counted else 0
            limits = (min(limit, total), min(offset, total))
            sql = f"{_ARTICLE}{where} ORDER BY a.id LIMIT ? OFFSET ?"
            return total, [_sound(row) for row in frozen._rows(sql, *given.values(), *limits)]

    @contextmanager
    def snapshot(self) -> Iterator[Library]:
        """The library as it is now: its `revision` and articles agree while others write.

        It is read-only and has its own connection, so nobody waits for it. A snapshot of a
        snapshot is itself.
        """
        if self._db.in_transaction and self.read_only:
            yield self
            return
        with Library(self.path, read_only=True) as frozen:
            with explained(self.path):
                frozen._db.execute("BEGIN")
            frozen._rows("SELECT revision FROM meta")  # the first read fixes what is seen
            yield frozen

    # -- the connection

    def _rows(self, sql: str, *values: object) -> list[Any]:
        if not all(_is_storable(value) for value in values if isinstance(value, str)):
            return []  # nothing stored is equal to it
        with self._lock, explained(self.path):
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, alone among writers; commits at the end, or undoes all."""
        if self.read_only:
            raise ReadOnlyLibraryError(f"{self.path} was opened to read only")
        with self._lock, explained(self.path), transaction(self._db):
            yield self._db

    def _empty_log(self) -> None:
        """Move the log, where deleted words may still be, into the file; not while one reads it."""
        with self._lock, explained(self.path):
            self._db.execute("PRAGMA busy_timeout = 0")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def _store(db: sqlite3.Connection, article: Article) -> Outcome:
    date = article.date and article.date.isoformat()
    state = (article.sha256, article.title, date, article.outlet, article.lang, article.url)
    known = db.execute(
        f"SELECT r.sha256, r.title, r.date, r.outlet, r.lang, r.url FROM {_CURRENT} WHERE a.id = ?",
        (article.id,),
    ).fetchone()
    # A text that has changed on the disk is mended by what came again.
    db.execute(
        "INSERT INTO texts VALUES (?, ?) ON CONFLICT (sha256) DO UPDATE SET text = excluded.text "
        "WHERE text IS NOT excluded.text",
        (article.sha256, article.text),
    )
    if known == state:
        return "unchanged"
    [number] = db.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM revisions WHERE article_id = ?", (article.id,)
    ).fetchone()
    now = datetime.datetime.now(datetime.UTC).isoformat()
    db.execute(
        "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (article.id, number, *state, now),
    )
    db.execute("INSERT OR REPLACE INTO articles VALUES (?, ?)", (article.id, number))
    return "changed" if known else "added"


def _count_write(db: sqlite3.Connection) -> None:
    db.execute("UPDATE meta SET revision = revision + 1")


def _article(row: tuple[Any, ...]) -> Article:
    id, text, title, date, outlet, lang, url = row
    return Article(id, text, title, date and datetime.date.fromisoformat(date), outlet, lang, url)


def _sound(row: tuple[Any, ...]) -> Article:
    """The article of a row that ends with the hash of its text; see `_undamaged`."""
    *known, sha256 = row
    article = _article(tuple(known))
    _undamaged(article.id, article.text, sha256)
    return article


def _undamaged(article_id: str, text: str, sha256: str) -> str:
    """The text, once it has the hash under which it was stored.

    SQLite notices a flipped bit in its own structures, not in what it keeps.

    Raises:
        LibraryError: it has another.
    """
    if text_sha256(text) != sha256:
        raise LibraryError(
            f"the text of article {article_id!r} has changed on the disk; `onrecord doctor` says "
            "what else has; restore the library from a backup, or add the article again"
        )
    return text


def _is_storable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_storable(article: Article) -> None:
    if not article.id:
        raise ImportRefusedError("article", "it has no id")
    for name in ("id", "text", "title", "outlet", "lang", "url"):
        if not _is_storable(getattr(article, name) or ""):
            id = article.id.encode(errors="backslashreplace").decode()
            raise ImportRefusedError(id, f"its {name} holds half a character (a lone surrogate)")
