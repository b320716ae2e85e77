"""The packaged word lists of the record: rows of fields with tabs between, `#` opens a comment."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from index.errors import TermTableError
from index.folding import fold

_COLUMNS = {"en": (0,), "fr": (1,), "vi": (2,)}


def rows(name: str, fields: range) -> Iterator[tuple[int, list[str]]]:
    """The rows of `index/record/data/<name>` with their numbers from 1.

    Raises:
        TermTableError: a line has another number of fields than `fields` allows.
    """
    path = resources.files("index.record").joinpath("data", name)
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = [field.strip() for field in line.split("\t")]
        if len(row) not in fields:
            raise TermTableError(path, number, f"has {len(row)} fields")
        yield number, row


def forms(cell: str) -> list[str]:
    """The forms of a cell, `|` between."""
    return [form.strip() for form in cell.split("|") if form.strip()]


def columns(lang: str | None) -> tuple[int, ...]:
    """Which of the columns en, fr, vi a text is compared with: its own, else all."""
    return _COLUMNS.get(lang or "", (0, 1, 2))


@lru_cache(maxsize=4)
def names() -> dict[str, frozenset[str]]:
    """The lists of `names.tsv`: kind → folded words."""
    return {kind: frozenset(words.split()) for _, (kind, words) in rows("names.tsv", range(2, 3))}


@lru_cache(maxsize=64)
def cue(kind: str, lang: str | None) -> frozenset[str]:
    """The forms of a row of `cues.tsv` in the language of a text: as written, and folded."""
    for _, row in rows("cues.tsv", range(2, 5)):
        if row[0] == kind:
            cells = [*row[1:], "", ""]
            listed = [form for at in columns(lang) for form in forms(cells[at])]
            return frozenset((*listed, *map(fold, listed)))
    raise KeyError(kind)
