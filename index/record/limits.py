"""A filter of the record as conditions of SQL, over articles `a` and statements `s`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.folding import fold
from index.record.places import find_place
from index.record.views import RecordFilter

SAID = "statements s JOIN articles a ON a.number = s.article"
NEWEST = "a.day DESC, a.number"  # undated articles come last

Find = Callable[[str], Sequence[int]]


class Limits:
    """Conditions that must all hold, and their values in order; `str` gives the conditions."""

    def __init__(self) -> None:
        self._conditions: list[str] = []
        self.values: list[object] = []

    def add(self, condition: str, *values: object) -> Limits:
        """One condition more."""
        self._conditions.append(condition)
        self.values += values
        return self

    def __str__(self) -> str:
        """The conditions, true where there are none."""
        return " AND ".join(self._conditions) or "1"


def of_articles(where: RecordFilter) -> Limits:
    """What the filter says of articles."""
    limits = Limits()
    if where.date_from:
        limits.add("a.day >= ?", where.date_from.toordinal())
    if where.date_to:
        limits.add("a.day <= ?", where.date_to.toordinal())
    if where.outlet:
        limits.add("a.outlet = ?", fold(where.outlet))
    if where.lang:
        limits.add("a.lang = ?", where.lang.lower())
    return limits


def of_statements(where: RecordFilter, find: Find) -> Limits:
    """What the filter says of statements and their articles; `find` gives people by name."""
    limits = of_articles(where)
    if where.act:
        limits.add("s.act = ?", where.act)
    if where.time:
        limits.add("s.time = ?", where.time)
    if where.sector:
        limits.add("s.number IN (SELECT statement FROM topics WHERE sector = ?)", where.sector)
    for name, column, key in (
        (where.person, "person", "actor_key"),
        (where.counterpart, "other", "counterpart_key"),
    ):
        if name:
            people = find(name)
            limits.add(f"({among(f's.{column}', people)} OR s.{key} = ?)", *people, party_key(name))
    return limits


def says_of_statements(where: RecordFilter) -> bool:
    """True when the filter limits more than people and articles."""
    return bool(where.act or where.time or where.sector or where.counterpart)


def among(column: str, values: Sequence[object]) -> str:
    """The condition that a column has one of some values, which follow it."""
    return f"{column} IN ({', '.join('?' * len(values))})"


def party_key(name: str) -> str:
    """A country, organisation or person as they are compared: `Nhật Bản` is `japan`."""
    return find_place(name) or fold(name)
