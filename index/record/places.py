"""Countries and places by any of their names: `Japanese`, `japonaises`, `Nhật Bản` → `japan`.

Forms come from the term table; places it does not hold are in `data/places.tsv`.
"""

from __future__ import annotations

from functools import lru_cache

from index.concepts import TermTable
from index.folding import fold
from index.record.listing import cue, forms, rows
from index.record.naming import Tokens

LONGEST_PLACE = 5  # words


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Folded form → English name; Vietnamese syllables as written, such as Mỹ, → English name."""
    table = TermTable.load().rows
    folded: dict[str, str] = {}
    syllables: dict[str, str] = {}
    for _, row in rows("places.tsv", range(1, 3)):
        if len(row) == 2:
            folded |= {_key(name): name for name in forms(row[1]) if _key(name) not in folded}
            continue
        for concept in row[0].split():
            english, french, vietnamese = table[concept]
            name = english[0]
            for form in (*english, *french, *vietnamese):
                if form in vietnamese and len(form.split()) == 1 and form not in english + french:
                    syllables.setdefault(form.capitalize(), name)
                else:
                    folded.setdefault(_key(form), name)
            for form in french:
                for ending in ("s", "e", "es"):
                    folded.setdefault(_key(form + ending), name)
    return folded, syllables


def _key(form: str) -> str:
    return " ".join(Tokens(form, None).keys)


@lru_cache(maxsize=1 << 15)
def _named(key: str) -> str | None:
    return _names()[0].get(key)


def place_at(tokens: Tokens, at: int) -> tuple[str, int] | None:
    """The longest place that begins at token `at`, and the token after it."""
    if at >= len(tokens):
        return None
    last = at + 1
    while last < min(len(tokens), at + LONGEST_PLACE) and tokens.joined(last):
        last += 1
    for end in range(last, at, -1):
        if name := place_of(tokens, at, end):
            return name, end
    return None


def place_before(tokens: Tokens, end: int) -> tuple[str, int] | None:
    """The longest place that ends before token `end`, and the token where it begins."""
    start = end
    while start > max(0, end - LONGEST_PLACE) and (start == end or tokens.joined(start)):
        start -= 1
    for first in range(start, end):
        if name := place_of(tokens, first, end):
            return name, first
    return None


def place_of(tokens: Tokens, start: int, end: int) -> str | None:
    """The place that exactly these tokens name: its folded English name."""
    found = _named(" ".join(tokens.keys[start:end]))
    if end - start == 1:
        if tokens.lang in ("vi", None) and tokens.texts[start] in _names()[1]:
            found = _names()[1][tokens.texts[start]]
        elif tokens.texts[start] in ("US", "us"):  # the pronoun is no country
            found = "United States" if tokens.texts[start] == "US" else None
    return fold(found) if found else None


def is_kind(word: str, lang: str | None) -> bool:
    """True for a word as written that says what sort of place a name is: `prefecture`, `tỉnh`."""
    return word.lower() in cue("kind", lang)


@lru_cache(maxsize=1 << 12)
def find_place(name: str) -> str | None:
    """The folded English name of a place named by this text alone: `Nhật Bản` → `japan`."""
    tokens = Tokens(name, None)
    found = place_at(tokens, 0)
    return found[0] if found and found[1] == len(tokens) else None


@lru_cache(maxsize=1 << 12)
def place_title(place: str) -> str:
    """A place as English writes it: `japan` → `Japan`."""
    return _names()[0].get(_key(place), place)
