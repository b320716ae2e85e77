"""Record: what a generation knows of people, statements and sectors; every row leads to a sentence.

Nothing is quoted from here: a row names an article's wording and a place in it, and the quote is
that slice of the library's text.
"""

from __future__ import annotations

import datetime
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.articles import Source, Span
from index.concepts import LANGUAGES
from index.errors import DamagedGenerationError
from index.record.limits import NEWEST, SAID, among, of_articles, of_statements, says_of_statements
from index.record.naming import name_key
from index.record.persons import Leader, Sighting, Tenure
from index.record.roster import Holder, Roster
from index.record.rows import Office
from index.record.schema import NAME, open_record
from index.record.views import (
    Coverage,
    OfficeRow,
    PersonRow,
    Place,
    RecordFilter,
    SectorRow,
    StatementRow,
)
from index.text import words

Sentences = NDArray[np.int64]  # of shape (n, 3): article, start, end

_ALL = RecordFilter()
_OFFICES = (
    "SELECT o.role, o.of, o.former, a.day, o.article, o.start, o.stop "
    f"FROM offices o JOIN articles a ON a.number = o.article WHERE o.person = ? ORDER BY {NEWEST}"
)


class Record:
    """The record in the file at `path`, or an empty one; safe to ask from several threads.

    `sources` are those of the generation, `number` is its number. The file stays open for as long
    as the object lives. `is_built` is False for a generation of an earlier version, without one.

    Raises:
        OSError: the file is no record.
        DamagedGenerationError: from every method, when the file cannot be read any more.
    """

    def __init__(self, path: Path | None, sources: Sequence[Source], number: int) -> None:
        self._sources, self._number = sources, number
        self._lock = threading.Lock()
        self._db = open_record(path)
        self.is_built = path is not None
        self.close = weakref.finalize(self, self._db.close)

    def persons(
        self, where: RecordFilter = _ALL, offset: int = 0, limit: int = 20
    ) -> tuple[int, list[PersonRow]]:
        """How many people pass, and some of them: most statements first, then most articles."""
        said = of_statements(where, self._find).add("s.person IS NOT NULL")
        found = (
            "SELECT s.person AS person, count(DISTINCT s.article) AS articles, "
            f"count(*) AS statements FROM {SAID} WHERE {said} GROUP BY s.person"
        )
        values = said.values
        if not says_of_statements(where):
            named = of_articles(where)
            if where.person:
                people = self._find(where.person)
                named.add(among("m.person", people), *people)
            found = (
                "SELECT m.person AS person, count(*) AS articles, "
                "coalesce(c.statements, 0) AS statements "
                "FROM appearances m JOIN articles a ON a.number = m.article "
                f"LEFT JOIN ({found}) c ON c.person = m.person WHERE {named} GROUP BY m.person"
            )
            values = [*values, *named.values]
        [(total,)] = self._rows(f"SELECT count(*) FROM ({found})", values)
        page = self._rows(
            f"SELECT p.number, f.articles, f.statements FROM ({found}) f "
            "JOIN persons p ON p.number = f.person "
            "ORDER BY f.statements DESC, f.articles DESC, p.id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return total, [self._person(where, *row) for row in page]

    def statements(
        self, where: RecordFilter = _ALL, offset: int = 0, limit: int = 20
    ) -> tuple[int, list[StatementRow]]:
        """How many statements pass, and some of them: newest first, then as in their articles."""
        limits = of_statements(where, self._find)
        [(total,)] = self._rows(f"SELECT count(*) FROM {SAID} WHERE {limits}", limits.values)
        page = self._rows(
            "SELECT s.number, s.article, s.start, s.stop, s.act, s.actor, p.id, s.counterpart, "
            f"s.time, s.resolved FROM {SAID} LEFT JOIN persons p ON p.number = s.person "
            f"WHERE {limits} ORDER BY {NEWEST}, s.number LIMIT ? OFFSET ?",
            (*limits.values, limit, offset),
        )
        return total, [self._statement(*row) for row in page]

    def sectors(self, where: RecordFilter = _ALL) -> list[SectorRow]:
        """The sectors that something passing is about: most statements first, then most articles.

        Where the filter limits neither people nor statements, every sentence on a sector counts.
        """
        said = of_statements(where, self._find)
        spoken = f"{SAID} JOIN topics t ON t.statement = s.number WHERE {said}"
        sql = f"SELECT t.sector, count(*), count(DISTINCT s.article) FROM {spoken} GROUP BY 1"
        counts = {id: (n, articles) for id, n, articles in self._rows(sql, said.values)}
        about = of_articles(where)
        written = f"subjects u JOIN articles a ON a.number = u.article WHERE {about}"
        if not (where.person or says_of_statements(replace(where, sector=None))):
            sql = f"SELECT u.sector, count(DISTINCT u.article) FROM {written} GROUP BY 1"
            for id, articles in self._rows(sql, about.values):
                counts[id] = (counts.get(id, (0, 0))[0], articles)
        rows = []
        for id, (statements, articles) in counts.items():
            if where.sector not in (None, id):
                continue  # of a statement on several
            if statements:
                sql = f"SELECT s.article, s.start, s.stop FROM {spoken} AND t.sector = ? ORDER BY "
                [place] = self._rows(f"{sql}{NEWEST}, s.number LIMIT 1", (*said.values, id))
            else:
                sql = f"SELECT u.article, u.start, u.stop FROM {written} AND u.sector = ? ORDER BY "
                [place] = self._rows(f"{sql}{NEWEST}, u.start LIMIT 1", (*about.values, id))
            rows.append(SectorRow(id, statements, articles, self._place(*place)))
        return sorted(rows, key=lambda row: (-row.statements, -row.articles, row.sector))

    def coverage(self, where: RecordFilter = _ALL) -> Coverage:
        """Who made how many statements on which sector, and on which none."""
        limits = of_statements(where, self._find)
        spoke = f"{SAID} JOIN persons p ON p.number = s.person"
        people = self._rows(
            f"SELECT p.id, p.name FROM {spoke} WHERE {limits} GROUP BY 1 ORDER BY count(*) DESC, 1",
            limits.values,
        )
        counts = self._rows(
            f"SELECT p.id, t.sector, count(*) FROM {spoke} JOIN topics t "
            f"ON t.statement = s.number WHERE {limits} GROUP BY 1, 2",
            limits.values,
        )
        sectors = self._rows("SELECT id FROM sectors ORDER BY number")
        return Coverage(
            dict(people),
            tuple(id for (id,) in sectors),
            {(person, sector): n for person, sector, n in counts},
        )

    def holders(
        self,
        role: str,
        of: str | None = None,
        date_from: datetime.date | None = None,
        date_to: datetime.date | None = None,
    ) -> list[tuple[PersonRow, OfficeRow]]:
        """Who held an office in a period, or in the latest article where there are no dates.

        `role` is an id of the titles; `of` a country, place or organisation, None is any. The first
        seen comes first. The office is told by the articles that back it then.
        """
        on = None
        if date_from or date_to:
            on = (date_from or datetime.date.min, date_to or datetime.date.max)
        return [
            (person, office)
            for holder in self._roster.holder(role, of, on)
            for _, [person] in [self.persons(RecordFilter(person=holder.leader.id))]
            for office in self._held(holder, role, of)
        ]

    def find(self, name: str) -> tuple[str, ...]:
        """The ids of the people that an id, a name or an alias means, sorted; most often one.

        An exact full name goes before a name in part, and its own order before another.
        """
        people = self._find(name)
        sql = f"SELECT id FROM persons WHERE {among('number', people)} ORDER BY 1"
        return tuple(id for (id,) in self._rows(sql, people))

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """The sectors in the order of the taxonomy, each with its name by language."""
        rows = self._rows("SELECT id, en, fr, vi FROM sectors ORDER BY number")
        return {id: dict(zip(LANGUAGES, names, strict=True)) for id, *names in rows}

    def sector(self, name: str) -> str | None:
        """The sector that an id or a name in any language means, without case and marks."""
        wanted = _worded(name)
        for id, names in self.labels.items():
            if wanted in map(_worded, (id, *names.values())):
                return id
        return None

    def sentences_of(self, name: str) -> Sentences | None:
        """Where a person is named, meant, or speaks; None when no such person is known."""
        people = self._find(name)
        sql = f"SELECT article, start, stop FROM mentions WHERE {among('person', people)}"
        return _sentences(self._rows(sql, people)) if people else None

    def sentences_on(self, name: str) -> Sentences | None:
        """The sentences of a sector, by its id or a name; None when there is no such sector."""
        sector = self.sector(name)
        sql = "SELECT article, start, stop FROM subjects WHERE sector = ?"
        return _sentences(self._rows(sql, (sector,))) if sector else None

    # -- inside

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            reason = f"cannot be read ({error})"
            raise DamagedGenerationError(self._number, NAME, reason) from error

    def _find(self, name: str) -> list[int]:
        """The numbers of the people that a name means, as `find`."""
        key = name_key(name)
        typed, anyhow = " ".join(key), " ".join(sorted(key))
        alias = "SELECT n.person FROM names n WHERE n"
        full = f"{alias}.form = (SELECT name FROM persons WHERE number = n.person) AND n"
        ways = [("SELECT number FROM persons WHERE id = ?", name)]
        for names in (full, alias) if len(key) > 1 else (alias,):
            ways += [(f"{names}.key = ?", typed), (f"{names}.sorted_key = ?", anyhow)]
        for sql, value in ways:
            if rows := self._rows(sql, (value,)):
                return sorted({number for (number,) in rows})
        return []

    def _place(self, article: int, start: int, stop: int) -> Place:
        return Place(self._sources[article], Span(start, stop))

    def _statement(
        self, number: int, article: int, start: int, stop: int, *row: Any
    ) -> StatementRow:
        act, actor, actor_id, counterpart, time, resolved = row
        place = self._place(article, start, stop)
        sectors = self._rows("SELECT sector FROM topics WHERE statement = ? ORDER BY 1", (number,))
        return StatementRow(
            place,
            act,
            actor,
            actor_id,
            counterpart,
            time,
            tuple(sector for (sector,) in sectors),
            bool(resolved),
            place.source.date,
        )

    def _person(
        self, where: RecordFilter, number: int, articles: int, statements: int
    ) -> PersonRow:
        [(id, name)] = self._rows("SELECT id, name FROM persons WHERE number = ?", (number,))
        aliases = self._rows(
            "SELECT form FROM names WHERE person = ? GROUP BY 1 ORDER BY count(*) DESC, 1",
            (number,),
        )
        limits = of_articles(where)
        [place] = self._rows(
            "SELECT m.article, m.start, m.stop FROM appearances m "
            "JOIN articles a ON a.number = m.article "
            f"WHERE m.person = ? AND {limits} ORDER BY {NEWEST} LIMIT 1",
            (number, *limits.values),
        )
        offices: dict[Office, list[Any]] = {}
        for role, of, former, *seen in self._rows(_OFFICES, (number,)):
            offices.setdefault(Office(role, of, bool(former)), []).append(seen)
        return PersonRow(
            id,
            name,
            tuple(form for (form,) in aliases),
            tuple(sorted((self._office(*held) for held in offices.items()), key=_begun)),
            articles,
            statements,
            self._place(*place),
        )

    def _office(self, office: Office, seen: Sequence[Sequence[Any]]) -> OfficeRow:
        """An office by the articles that give it, newest first: day, number, start, stop."""
        days = [datetime.date.fromordinal(day) for day, *_ in seen if day]
        first, last = min(days, default=None), max(days, default=None)
        place = self._place(*seen[0][1:])
        return OfficeRow(office.role, office.of, office.former, first, last, place)

    @cached_property
    def _roster(self) -> Roster:
        """Everybody who holds an office, by their ids."""
        held: dict[str, dict[Office, list[Sighting]]] = {}
        for id, role, of, former, article in self._rows(
            "SELECT p.id, o.role, o.of, o.former, o.article FROM offices o "
            "JOIN persons p ON p.number = o.person JOIN articles a ON a.number = o.article "
            "ORDER BY p.id, o.role, o.of, o.former, a.day IS NULL, a.day, a.number"
        ):
            source = self._sources[article]
            seen = held.setdefault(id, {}).setdefault(Office(role, of, bool(former)), [])
            seen.append(Sighting(source.article_id, source.date))
        return Roster(
            Leader(id, id, (), tuple(Tenure(o, tuple(s)) for o, s in offices.items()), ())
            for id, offices in held.items()
        )

    def _held(self, holder: Holder, role: str, of: str | None) -> Iterator[OfficeRow]:
        """The office that was asked for, by the articles that back it; the first, of several."""
        backing = {sighting.article_id for sighting in holder.seen}
        for tenure in holder.leader.tenures:
            alone = Roster([replace(holder.leader, tenures=(tenure,))])
            if not alone.holder(role, of):
                continue
            seen = [
                seen
                for role, of_, former, *seen in self._rows(_OFFICES, self._find(holder.leader.id))
                if Office(role, of_, bool(former)) == tenure.office
                and self._sources[seen[1]].article_id in backing
            ]
            if seen:
                yield self._office(tenure.office, seen)
                return


def _sentences(rows: Sequence[Sequence[int]]) -> Sentences:
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _worded(name: str) -> str:
    return " ".join(word.folded for word in words(name))


def _begun(office: OfficeRow) -> tuple[bool, datetime.date, str, str]:
    return office.first is None, office.first or datetime.date.max, office.role, office.of or ""
