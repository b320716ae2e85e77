"""Sectors: what a sentence is about, by the words of a taxonomy in English, French and Vietnamese.

`data/sectors.tsv` names concepts of the term table and writes out further terms of each sector. An
operator's own file of the same form adds to it or replaces it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from index.concepts import LANGUAGES, TermTable, numbered_lines
from index.errors import TermTableError
from index.record.phrases import NOTHING, Phrases, Row
from index.text import stem, words

_SECTOR = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_HINT = "?"  # after a sector: its forms only hint
_REPLACE = "!replace"
_ENOUGH = 2  # different hints at a sector in one sentence


@dataclass(frozen=True)
class Taxonomy:
    """Sectors with their names and terms; it never changes once it is made.

    `names` maps a sector to its name in each language, `rows` to its forms; a sector with a `?` has
    the forms that only hint, `-` those that say nothing. `lines` are the terms that the files write
    out, `table` is the term table that they refer to.
    """

    names: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, Row]
    lines: tuple[Row, ...]
    table: TermTable

    @property
    def sectors(self) -> tuple[str, ...]:
        """The ids of all sectors, in the order of the file."""
        return tuple(self.names)

    @cached_property
    def fingerprint(self) -> str:
        """Hex SHA-256 of names and forms; comments and order leave it as it is."""
        rows = {key: [sorted(forms) for forms in row] for key, row in self.rows.items()}
        content = json.dumps([dict(self.names), rows], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def sectors_of(
        self, text: str, lang: str | None, before: Collection[str] = ()
    ) -> tuple[str, ...]:
        """The sectors of a sentence, sorted; a text of no known language is read in all three.

        One form is enough; of those that only hint it takes two different ones, three beside a
        plain sector. In a sentence of no other sector, one hint is enough at what the sentence
        before it is of (`before`).
        """
        found: set[str] = set()
        hints: dict[str, set[str]] = {}
        for names, stems in self._phrases.find(text, lang):
            for name in names:
                sector = name.removesuffix(_HINT)
                if sector == name:
                    found.add(sector)
                else:
                    hints.setdefault(sector, set()).add(stems)
        found.discard(NOTHING)
        enough = _ENOUGH + bool(found)
        found.update(sector for sector, stems in hints.items() if len(stems) >= enough)
        if not found:
            found.update(hints.keys() & set(before))
        return tuple(sorted(found))

    def labels(self, sector: str) -> dict[str, str]:
        """The name of a sector in each language.

        Raises:
            KeyError: there is no such sector.
        """
        return dict(zip(LANGUAGES, self.names[sector], strict=True))

    def named(self, word: str) -> str | None:
        """The sector that is meant by its id, its name or a form of it, without case and marks.

        None when that is no sector, or more than one.
        """
        if sector := self._by_name.get(_name_key(word)):
            return sector
        meant = [name for name in self._phrases.rows_of(word) if name in self.names]
        return meant[0] if len(meant) == 1 else None

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases(self.rows)

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        return {_name_key(name): sector for name, sector in _spoken(self.names)}


def concepts_of(taxonomy: Taxonomy) -> dict[str, Row]:
    """The terms that only the taxonomy has, as rows of a term table; ids begin with `sector_`.

    A line with forms in at least two languages is one concept; forms that the term table knows
    are left out. `TermTable({**table.rows, **concepts_of(taxonomy)})` is a table of both.
    """
    known = {
        (lang, _stems(form, lang))
        for row in taxonomy.table.rows.values()
        for lang, forms in zip(LANGUAGES, row, strict=True)
        for form in forms
    }
    rows: dict[str, Row] = {}
    for line in taxonomy.lines:
        row = tuple(
            tuple(form for form in forms if (lang, _stems(form, lang)) not in known)
            for lang, forms in zip(LANGUAGES, line, strict=True)
        )
        if sum(map(bool, row)) > 1:
            first = next(form for forms in row for form in forms)
            name = re.sub(r"[^a-z0-9]+", "_", _name_key(first)).strip("_")
            rows.setdefault(f"sector_{name}", row)
    return rows


@lru_cache(maxsize=4)
def load_taxonomy(path: Path | None = None, terms: Path | None = None) -> Taxonomy:
    """The packaged taxonomy with an operator's own file, read once.

    The file adds to it, or replaces it where its first line is `!replace`. `terms` is the
    operator's own term table, whose concepts may be named too.

    Raises:
        TermTableError: a file cannot be read, or has a broken line.
    """
    draft = _Draft(TermTable.load(terms))
    own = list(numbered_lines(path)) if path else []
    replaces = bool(own) and own[0][1].strip() == _REPLACE
    if not replaces:
        packaged = resources.files("index.record").joinpath("data", "sectors.tsv")
        draft.read(packaged, numbered_lines(packaged))
    if path:
        draft.read(path, own[1:] if replaces else own)
        if not draft.names:
            raise TermTableError(path, 0, "names no sector")
    return draft.finish()


# The file


@dataclass
class _Draft:
    """A taxonomy while its files are read."""

    table: TermTable
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    columns: dict[str, tuple[dict[str, None], ...]] = field(default_factory=dict)
    lines: list[Row] = field(default_factory=list)
    hinted: set[tuple[str, str, str]] = field(default_factory=set)  # sector, language, form

    def read(self, path: Path | Traversable, lines: Iterable[tuple[int, str]]) -> None:
        """Add the lines of a file."""
        for number, line in lines:
            if line.strip() and not line.startswith("#"):
                key, *cells = (cell.strip() for cell in line.split("\t"))
                try:
                    self._add(key, cells)
                except ValueError as error:
                    raise TermTableError(path, number, str(error)) from None

    def _add(self, key: str, cells: Sequence[str]) -> None:
        """Take in a line.

        Raises:
            ValueError: it is broken; the message says how.
        """
        sector = key.removesuffix(_HINT)
        if len(cells) not in (1, len(LANGUAGES)):
            raise ValueError(
                "expected 2 fields (sector, concepts) or 4 (sector, en, fr, vi) with tabs "
                f"between, found {len(cells) + 1}"
            )
        if key != NOTHING and not _SECTOR.fullmatch(sector):
            raise ValueError(
                f"sector {key[:60]!r} is not lower-case letters and digits joined by _"
            )
        row = _written(cells) if len(cells) > 1 else self._concept_forms(cells[0])
        if key != NOTHING and sector not in self.names:
            if key != sector or len(cells) == 1 or not all(row):
                raise ValueError(
                    f"the first line of sector {sector[:60]!r} has to name it in en, fr and vi"
                )
            self._name(sector, tuple(forms[0] for forms in row))
        if len(cells) > 1 and key != NOTHING:
            self.lines.append(row)
            if key != sector:
                self.hinted.update(
                    (sector, lang, form)
                    for lang, forms in zip(LANGUAGES, row, strict=True)
                    for form in forms
                )
        columns = self.columns.setdefault(key, tuple({} for _ in LANGUAGES))
        for column, forms in zip(columns, row, strict=True):
            column.update(dict.fromkeys(forms))

    def _concept_forms(self, cell: str) -> Row:
        """The forms of all concepts that a cell names."""
        if not (concepts := cell.split()):
            raise ValueError("has no concept")
        if unknown := [name for name in concepts if name not in self.table.rows]:
            raise ValueError(f"the term table has no concept {unknown[0][:60]!r}")
        columns = zip(*(self.table.rows[name] for name in concepts), strict=True)
        return tuple(tuple(itertools.chain(*column)) for column in columns)

    def _name(self, sector: str, names: tuple[str, ...]) -> None:
        taken = {_name_key(name): other for name, other in _spoken(self.names)}
        for name in (sector, *names):
            if other := taken.get(_name_key(name)):
                raise ValueError(f"{name[:60]!r} names sector {other!r} already")
        self.names[sector] = names

    def finish(self) -> Taxonomy:
        """The taxonomy of all that was read."""
        rows = {
            key: tuple(
                tuple(form for form in column if (key, lang, form) not in self.hinted)
                for lang, column in zip(LANGUAGES, columns, strict=True)
            )
            for key, columns in self.columns.items()
        }
        names, rows_view = MappingProxyType(self.names), MappingProxyType(rows)
        return Taxonomy(names, rows_view, tuple(self.lines), self.table)


def _written(cells: Sequence[str]) -> Row:
    """The forms that a line writes out."""
    row = tuple(tuple(map(str.strip, cell.split("|"))) if cell else () for cell in cells)
    if not any(row):
        raise ValueError("has no form")
    for lang, forms in zip(LANGUAGES, row, strict=True):
        if empty := [form for form in forms if not words(form)]:
            raise ValueError(f"form {empty[0][:60]!r} ({lang}) has no word")
    return row


def _spoken(names: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Every id and name with its sector."""
    return [(name, sector) for sector, listed in names.items() for name in (sector, *listed)]


def _name_key(name: str) -> str:
    """A name as it is compared: folded words."""
    return " ".join(word.folded for word in words(name))


def _stems(form: str, lang: str) -> tuple[str, ...]:
    return tuple(stem(word, lang) for word in words(form))
