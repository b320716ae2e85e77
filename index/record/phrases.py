"""Phrases of a table in a text: the longest first, by folded stems, with their marks and capitals.

Words are compared as `index.concepts` compares them. Their places are not asked for, so they are
cut without spans, and an article takes a fraction of a millisecond.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.concepts import LANGUAGES
from index.folding import INVISIBLE, fold
from index.stopwords import STOP_WORDS
from index.text import is_marked, stem

_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_TOKEN = re.compile(r"[^\W_]+(?:&[^\W_]+)*|[^\w\s'’/\u2010\u2011-]")  # words; a sign ends a phrase
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def _endings(listed: str) -> frozenset[str]:
    return frozenset(["", *listed.split()])


_ENDINGS = {
    "en": _endings("s es e y ies ed d ied ing"),
    "fr": _endings(
        "s x e es ne nes l le ls les al ale ales aux ux r er re nt ent ant ait aient ir it issent"
    ),
}
NOTHING = "-"  # the row whose forms keep their words from every other

Row = tuple[tuple[str, ...], ...]  # forms of each language, in the order of LANGUAGES


class _Entry(NamedTuple):
    name: str
    written: tuple[str, ...]  # the words of the form in small letters, with their marks
    capitals: int  # letters at its beginning that must be capitals: 2 for AI, 1 for Apple


class Found(NamedTuple):
    """A phrase of a text: the rows of the table that have it, and its stems joined by spaces."""

    names: tuple[str, ...]
    stems: str


class Phrases:
    """The forms of a table (row name → forms of each language), ready to be found in texts.

    A form that is written with a capital, or in capitals, stands only for what is written so.
    """

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._columns = {
            lang: _column(((name, form) for name, row in rows.items() for form in row[at]), lang)
            for at, lang in enumerate(LANGUAGES)
        }

    def find(self, text: str, lang: str | None) -> Iterator[Found]:
        """The phrases of a text in order; a text of no language of the table is read in each.

        The longest uses up its words, and so do those of `NOTHING`, which are found as well.
        """
        tokens = _cut(text)
        for name, column in self._columns.items():
            if lang == name or lang not in LANGUAGES:
                yield from _find(column, name, tokens, is_foreign=lang != name)

    def rows_of(self, form: str) -> set[str]:
        """The rows that have a form in any language, whatever its capitals and marks."""
        tokens = _cut(form)
        found: set[str] = set()
        for lang, column in self._columns.items():
            keys = tuple(_key(token, lang) for token in tokens)
            found.update(entry.name for entry in column.single.get(" ".join(keys), ()))
            found.update(entry.name for entry in column.longer.get(keys[:2], {}).get(keys, ()))
        return found


class _Column(NamedTuple):
    """The forms of one language by their stems."""

    single: dict[str, list[_Entry]]
    # First two stems → forms that begin with them, the longest first.
    longer: dict[tuple[str, ...], dict[tuple[str, ...], list[_Entry]]]
    first: set[str]  # the stems that any form begins with


def _column(forms: Iterable[tuple[str, str]], lang: str) -> _Column:
    entries: dict[tuple[str, ...], list[_Entry]] = {}
    for name, form in forms:
        tokens = _cut(form)
        capitals = 2 if form[:2].isupper() else int(form[0].isupper())
        keys = tuple(_key(token, lang) for token in tokens)
        entry = _Entry(name, tuple(map(str.lower, tokens)), capitals)
        entries.setdefault(keys, []).append(entry)
    column = _Column({}, {}, {keys[0] for keys in entries})
    for keys in sorted(entries, key=len, reverse=True):
        if len(keys) > 1:
            column.longer.setdefault(keys[:2], {})[keys] = entries[keys]
        else:
            column.single[keys[0]] = entries[keys]
    return column


def _find(
    column: _Column, lang: str, tokens: Sequence[str], *, is_foreign: bool
) -> Iterator[Found]:
    keys = tuple(_key(token, lang) for token in tokens)
    is_bare = not any(map(_is_marked, tokens))
    used = 0
    for at, key in enumerate(keys):
        if key not in column.first or at < used:
            continue
        for form, entries in _beginning(column, keys[at : at + 2]):
            if keys[at : at + len(form)] != form:
                continue
            typed = tokens[at : at + len(form)]
            if len(form) == 1 and (
                (is_bare and lang == "vi") or _is_grammar(typed[0], lang, is_foreign=is_foreign)
            ):
                entries = [entry for entry in entries if entry.written == (typed[0].lower(),)]
            if names := _meant(entries, typed, lang, is_bare=is_bare):
                yield Found(names, " ".join(form))
                used = at + len(form)
                break


def _beginning(
    column: _Column, pair: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], list[_Entry]]]:
    """The forms that begin with two stems, the longest first, then that of the first alone."""
    if longer := column.longer.get(pair):
        yield from longer.items()
    if alone := column.single.get(pair[0]):
        yield pair[:1], alone


def _meant(
    entries: list[_Entry], typed: Sequence[str], lang: str, *, is_bare: bool
) -> tuple[str, ...]:
    """The rows of those entries of equal stems that the typed words can stand for."""
    meant = [entry for entry in entries if _agree(entry, typed, lang, is_bare=is_bare)]
    if len(meant) < 2:
        return tuple(entry.name for entry in meant)
    # `shares` are of a company, `share` and `sharing` say nothing: the very word is meant.
    written = tuple(map(str.lower, typed))
    meant = [entry for entry in meant if entry.written == written] or meant
    names = tuple(dict.fromkeys(entry.name for entry in meant))
    return (NOTHING,) if NOTHING in names else names


def _agree(entry: _Entry, typed: Sequence[str], lang: str, *, is_bare: bool) -> bool:
    """True when the typed words are the form, by their capitals, marks and endings."""
    capitals = typed[0][: entry.capitals]
    if capitals != capitals.upper():
        return False
    if lang == "vi":
        alone = len(typed) == 1
        return all(
            _said(one) == _said(two.lower()) or not (alone or _is_marked(two))
            for one, two in zip(entry.written, typed, strict=True)
        )
    if (entry.capitals == 2 or (entry.capitals and len(typed) == 1)) and not _is_plural(
        typed[0].lower(), entry.written[0]
    ):
        return False  # PMEs are PME, OMS is no OM, Billing no Bills
    return len(typed[0]) >= len(entry.written[0]) * bool(entry.capitals) and all(
        _is_inflected(form, word, lang, is_bare=is_bare)
        for form, word in zip(entry.written, typed, strict=True)
    )


def _is_plural(typed: str, name: str) -> bool:
    """True when two names are one, but for an s at the end."""
    return typed.removesuffix("s") == name.removesuffix("s")


@lru_cache(maxsize=1 << 15)
def _is_inflected(form: str, typed: str, lang: str, *, is_bare: bool) -> bool:
    """True when words of one stem differ only in an ending.

    `important` is no import, `universe` no university. Marks may be left out of a capital, and by
    who types none: `marche` is no marché where others are typed, `élevé` is never an élève.
    """
    one, two = fold(form), fold(typed)
    alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))
    shared = sum(1 for _ in alike)
    if _is_marked(typed):
        if form[:shared] != typed.lower()[:shared]:
            return False
    elif not is_bare and typed[0].islower() and _is_marked(form[:shared]):
        return False
    return one[shared:] in _ENDINGS[lang] and two[shared:] in _ENDINGS[lang]


@lru_cache(maxsize=1 << 15)
def _is_grammar(typed: str, lang: str, *, is_foreign: bool) -> bool:
    """True for a stop word, which is a term only where the table writes the very word."""
    listed = itertools.chain(*STOP_WORDS.values()) if is_foreign else STOP_WORDS.get(lang, ())
    return typed.lower() in listed


@lru_cache(maxsize=1 << 15)
def _key(token: str, lang: str) -> str:
    return stem(token, lang)


_is_marked = lru_cache(maxsize=1 << 15)(is_marked)


@lru_cache(maxsize=1 << 15)
def _said(written: str) -> str:
    """A Vietnamese syllable with its tone at the end: `hóa` and `hoá` are one in two spellings."""
    letters = unicodedata.normalize("NFD", written)
    return "".join(sorted(letters, key=_TONES.__contains__))


def _cut(text: str) -> list[str]:
    """The words of a text, and the signs between them."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return _TOKEN.findall(text)
