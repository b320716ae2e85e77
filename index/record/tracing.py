"""Traces of one article in a record: rows that belong to no other article."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path

from index.record.packing import unpacked
from index.record.schema import OF_AN_ARTICLE, open_record

TRACED = (
    "cached_records",  # what was extracted from it, for the next build
    "record_rows",  # of people, offices, statements and sectors
    "names",  # of people, that no other article has
)


class RecordShelf:
    """The tables of a record, read to be counted; without a file every count is 0.

    Raises:
        OSError: the file is no record.
    """

    def __init__(self, path: Path | None) -> None:
        with closing(open_record(path)) as db:
            self._articles = db.execute("SELECT number, id, record FROM articles").fetchall()
            self._rows = [
                row
                for table in OF_AN_ARTICLE
                for row in db.execute(f"SELECT article, count(*) FROM {table} GROUP BY article")
            ]
            self._names = {form for (form,) in db.execute("SELECT form FROM names")}
            self._names |= {name for (name,) in db.execute("SELECT name FROM persons")}

    def count(self, others: Collection[str]) -> Mapping[str, int]:
        """What is left, by `TRACED`, when all that belongs to the `others`, by id, is taken off."""
        theirs = {number: id for number, id, _ in self._articles if id in others}
        backed = {form for id, forms in self._forms if id in others for form in forms}
        return {
            "cached_records": len(self._articles) - len(theirs),
            "record_rows": sum(n for article, n in self._rows if article not in theirs),
            "names": len(self._names - backed),
        }

    @cached_property
    def _forms(self) -> list[tuple[str, frozenset[str]]]:
        """Each article's id with the names of people as it writes them."""
        return [
            (
                id,
                frozenset(
                    form for one in unpacked(line).people for form in (one.name, *one.aliases)
                ),
            )
            for _, id, line in self._articles
        ]
