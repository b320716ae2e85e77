"""What a record must hold beyond its hash; every breach is a sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from index.articles import Source, Span
from index.record.extraction import faults_of
from index.record.packing import unpacked
from index.record.schema import NAME, OF_AN_ARTICLE, open_record

_PLACED = ("appearances", "mentions", "offices", "statements", "subjects")


class _Texts(Protocol):
    def text(self, article_id: str, sha256: str) -> str: ...


def record_faults(
    path: Path,
    sources: Sequence[Source],
    sentences: Sequence[Sequence[Span]],
    texts: _Texts | None,
) -> Iterator[str]:
    """What in a record does not agree with its generation, or with the texts where these are given.

    `sources` and `sentences` are those of each article of the generation. With texts, every name
    must stand in its article as it is written here, and every row be a sentence of it.

    Raises:
        OSError: the file is no record.
        ArticleNotFoundError: a text is not there.
    """
    with closing(open_record(path)) as db:
        try:
            yield from _file_faults(db)
            yield from _row_faults(db, sources, sentences)
            yield from _article_faults(db, sources, sentences, texts)
        except sqlite3.Error as error:
            yield f"{NAME} cannot be read ({error})"


def _file_faults(db: sqlite3.Connection) -> Iterator[str]:
    found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)")]
    yield from (f"{NAME}: {fault}" for fault in found if fault != "ok")


def _row_faults(
    db: sqlite3.Connection, sources: Sequence[Source], sentences: Sequence[Sequence[Span]]
) -> Iterator[str]:
    """Rows of no article, of nobody, or of no sentence."""
    held = db.execute("SELECT id, sha256 FROM articles ORDER BY number").fetchall()
    if held != [(source.article_id, source.sha256) for source in sources]:
        yield f"{NAME} is of other articles"
        return
    for table in OF_AN_ARTICLE:
        sql = f"SELECT count(*) FROM {table} WHERE article NOT IN (SELECT number FROM articles)"
        [(lost,)] = db.execute(sql)
        if lost:
            yield f"{NAME} has {lost:,} {table} of no article"
            return
    known = [frozenset((span.start, span.end) for span in spans) for spans in sentences]
    for table in _PLACED:
        for article, *ends in db.execute(f"SELECT article, start, stop FROM {table}"):
            if tuple(ends) not in known[article]:
                id = sources[article].article_id
                yield f"{NAME} has {table} of {id!r} at {ends[0]}, which is no sentence of it"
                return
    for table in ("names", "appearances", "mentions", "offices"):
        sql = f"SELECT count(*) FROM {table} WHERE person NOT IN (SELECT number FROM persons)"
        [(lost,)] = db.execute(sql)
        if lost:
            yield f"{NAME} has {lost:,} {table} of nobody"


def _article_faults(
    db: sqlite3.Connection,
    sources: Sequence[Source],
    sentences: Sequence[Sequence[Span]],
    texts: _Texts | None,
) -> Iterator[str]:
    """What was taken from an article, and is not word for word in its text."""
    for number, line in db.execute("SELECT number, record FROM articles ORDER BY number"):
        source = sources[number]
        try:
            record = unpacked(line)
        except ValueError as error:
            yield f"{NAME}, article {source.article_id!r}: {error}"
            continue
        if texts:
            text = texts.text(source.article_id, source.sha256)
            for fault in faults_of(record, text, sentences[number])[:1]:
                yield f"{NAME}, article {source.article_id!r}: {fault}"
