"""The record of a generation, written from its articles; what did not change is taken over.

First each article is read by itself, or found under its key in an earlier record. Then people are
merged over all of them, and the rows that are asked for are written. Both go article by article,
so memory holds names and offices, never all records.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article, Span
from index.folding import fold
from index.record.extraction import Extractor, sentence_of
from index.record.limits import party_key
from index.record.naming import name_key
from index.record.packing import packed, unpacked
from index.record.persons import Leader, People, merge_people
from index.record.rows import ArticleRecord, Mention, Office, Party
from index.record.schema import open_record, written

Tell = Callable[[int, int], None]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Written:
    """What was done: articles that were read anew, and the ids of those that could not be read."""

    extracted: int
    failed: tuple[str, ...]


def write_record(
    path: Path,
    articles: Sequence[tuple[Article, Sequence[Span]]],
    extractor: Extractor,
    earlier: Iterable[Path] = (),
    tell: Tell = lambda done, total: None,
) -> Written:
    """Write the record of some articles, each with its sentences, to `path`.

    `earlier` are records whose results are taken over. An article that cannot be read has an empty
    record, is named, and is tried again by the next build. `tell` is told done and total.

    Raises:
        OSError: the disk does not take it.
    """
    known = _Known(earlier)
    failed = []
    extracted = 0
    with closing(known), written(path) as db:
        for number, (article, sentences) in enumerate(articles):
            key = extractor.key(article.source, sentences)
            line = known.find(key)
            if line is None:
                extracted += 1
                try:
                    line = packed(extractor(article.text, sentences, article.lang, article.date))
                except MemoryError:
                    raise
                except Exception as error:
                    logger.warning("the record has nothing of article %r: %r", article.id, error)
                    failed.append(article.id)
                    key, line = b"", packed(ArticleRecord())
            day = article.date.toordinal() if article.date else None
            outlet, lang = fold(article.outlet or ""), (article.lang or "").lower()
            row = (number, article.id, article.sha256, day, outlet, lang, key or None, line)
            db.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            tell(number + 1, len(articles))
        names = enumerate(extractor.taxonomy.names.items())
        sectors = ((number, id, *labels) for number, (id, labels) in names)
        db.executemany("INSERT INTO sectors VALUES (?, ?, ?, ?, ?)", sectors)
        _write_rows(db, articles)
    return Written(extracted, tuple(failed))


class _Known:
    """Results of earlier builds by their keys; each file stays open until `close`."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._open: list[sqlite3.Connection] = []
        self._rows: dict[bytes, tuple[sqlite3.Connection, int]] = {}
        for path in paths:
            try:
                db = open_record(path)
                self._open.append(db)
                rows = db.execute("SELECT key, number FROM articles WHERE key IS NOT NULL")
                self._rows.update((key, (db, number)) for key, number in rows)
            except (OSError, sqlite3.Error) as error:
                logger.warning("nothing is taken over from %s: %s", path, error)

    def find(self, key: bytes) -> str | None:
        """The packed record under a key; None where there is none that can be read."""
        if key not in self._rows:
            return None
        db, number = self._rows[key]
        try:
            sql = "SELECT record FROM articles WHERE number = ?"
            [line] = db.execute(sql, (number,)).fetchone()
            unpacked(line)
        except (sqlite3.Error, ValueError, TypeError):
            return None
        return str(line)

    def close(self) -> None:
        for db in self._open:
            db.close()


def _write_rows(db: sqlite3.Connection, articles: Sequence[tuple[Article, Sequence[Span]]]) -> None:
    """The rows that are asked for, from what was found in each article."""
    people = merge_people(
        (article.id, article.date, record)
        for (article, _), record in zip(articles, _records(db), strict=True)
    )
    numbers = {leader.id: number for number, leader in enumerate(people.leaders)}
    seen: set[int] = set()
    statements = 0
    for number, ((article, sentences), record) in enumerate(
        zip(articles, _records(db), strict=True)
    ):
        rows = _ArticleRows(number, article.id, sentences, record, people, numbers)
        seen |= rows.persons
        db.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?)", rows.names())
        db.executemany("INSERT INTO appearances VALUES (?, ?, ?, ?)", rows.appearances())
        db.executemany("INSERT INTO mentions VALUES (?, ?, ?, ?)", rows.mentions())
        db.executemany("INSERT INTO offices VALUES (?, ?, ?, ?, ?, ?, ?)", rows.offices())
        for one, row in zip(record.statements, rows.statements(), strict=True):
            values = ", ".join("?" * (len(row) + 1))
            db.execute(f"INSERT INTO statements VALUES ({values})", (statements, *row))
            topics = ((number, statements, sector) for sector in one.sectors)
            db.executemany("INSERT INTO topics VALUES (?, ?, ?)", topics)
            statements += 1
        subjects = (
            (number, span.start, span.end, sector)
            for span, sectors in record.sectors
            for sector in sectors
        )
        db.executemany("INSERT INTO subjects VALUES (?, ?, ?, ?)", subjects)
    db.executemany(
        "INSERT INTO persons VALUES (?, ?, ?)",
        (
            (number, leader.id, leader.name)
            for number, leader in enumerate(people.leaders)
            if number in seen
        ),
    )


def _records(db: sqlite3.Connection) -> Iterator[ArticleRecord]:
    for (line,) in db.execute("SELECT record FROM articles ORDER BY number"):
        yield unpacked(line)


class _ArticleRows:
    """The rows of one article, its people as numbers of `persons`."""

    def __init__(
        self,
        article: int,
        article_id: str,
        sentences: Sequence[Span],
        record: ArticleRecord,
        people: People,
        numbers: Mapping[str, int],
    ) -> None:
        self._article, self._record = article, record
        ids = [people.ids[article_id, at] for at in range(len(record.people))]
        self._leaders = [people.by_id[id] for id in ids]
        self._numbers = [numbers[leader.id] for leader in self._leaders]
        self._places = [(one, sentence_of(one.span, sentences)) for one in record.mentions]
        self._named = self._first_places()

    @property
    def persons(self) -> set[int]:
        """Those who are named in a sentence; a headline alone is never quoted."""
        return set(self._named)

    def names(self) -> Iterator[tuple[int, int, str, str, str]]:
        """Article, person, form, its folded words, and these sorted."""
        for person, number in zip(self._record.people, self._numbers, strict=True):
            if number in self._named:
                for form in person.aliases:
                    key = name_key(form)
                    yield self._article, number, form, " ".join(key), " ".join(sorted(key))

    def appearances(self) -> Iterator[tuple[int, int, int, int]]:
        """Article, person, and the first sentence that names the person."""
        for number, span in self._named.items():
            yield self._article, number, span.start, span.end

    def mentions(self) -> Iterator[tuple[int, int, int, int]]:
        """Person, article, and each sentence in which the person is named, meant, or speaks."""
        found = {
            (self._numbers[one.person], place)
            for one, place in self._places
            if place and self._numbers[one.person] in self._named
        }
        found |= {
            (self._numbers[one.actor.person], one.sentence)
            for one in self._record.statements
            if one.actor.person is not None
        }
        for number, span in sorted(found):
            yield number, self._article, span.start, span.end

    def offices(self) -> Iterator[tuple[int, int, str, str | None, bool, int, int]]:
        """Article, person, office, and the first sentence that gives it."""
        found: dict[tuple[int, Office], Span] = {}
        for mention, place in self._places:
            if mention.office and place:
                office = _tenure(mention.office, self._leaders[mention.person])
                if office:
                    found.setdefault((self._numbers[mention.person], office), place)
        for (number, office), span in found.items():
            given = (office.role, office.of, office.former)
            yield self._article, number, *given, span.start, span.end

    def statements(self) -> Iterator[tuple[object, ...]]:
        """The columns of `statements` but its number."""
        for one in self._record.statements:
            yield (
                *(self._article, one.sentence.start, one.sentence.end),
                *(one.act, one.time, one.resolved),
                *self._party(one.actor),
                *(self._party(one.counterpart) if one.counterpart else (None, None, None)),
            )

    def _party(self, party: Party) -> tuple[int | None, str, str]:
        """Person, name, and its key."""
        if party.person is None:
            return None, party.name, party_key(party.name)
        leader = self._leaders[party.person]
        return self._numbers[party.person], leader.name, party_key(leader.name)

    def _first_places(self) -> dict[int, Span]:
        """Where each person is first named, or else meant, or speaks."""
        named: dict[int, Span] = {}
        by_name: list[tuple[Mention, Span | None]] = sorted(
            self._places, key=lambda pair: pair[0].resolved
        )
        for mention, place in by_name:
            if place:
                named.setdefault(self._numbers[mention.person], place)
        for one in self._record.statements:
            for party in (one.actor, one.counterpart):
                if party and party.person is not None:
                    named.setdefault(self._numbers[party.person], one.sentence)
        return named


def _tenure(office: Office, leader: Leader) -> Office | None:
    """The office as it stands with the person, who may have learned elsewhere what it is of."""
    held = [tenure.office for tenure in leader.tenures]
    alike = [one for one in held if (one.role, one.former) == (office.role, office.former)]
    if office in alike:
        return office
    return alike[0] if office.of is None and len(alike) == 1 else None
