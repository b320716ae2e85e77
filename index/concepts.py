"""Concepts: what different words of English, French and Vietnamese have in common.

A table names the forms of a concept in each language; every form found in a text, or in a question,
stands for the one concept, as in Pirkola's synonym sets (SIGIR 1998). So a question meets a text
of another language through an encoder that knows English only.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from index.articles import Span
from index.errors import TermTableError
from index.text import Word, fold, is_marked, is_stop_word, stem, words

LANGUAGES = ("en", "fr", "vi")
_CONCEPT = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WIDEST_GAP = 3  # code points between two words of one form: a space, a hyphen, a comma and a space


class _Entry(NamedTuple):
    concept: str
    written: tuple[str, ...]  # the words of the form, as the table writes them


class _Column(NamedTuple):
    """The forms of one language, by their stems."""

    forms: Mapping[tuple[str, ...], list[_Entry]]
    longest: Mapping[str, int]  # first stem → words of the longest form that begins with it


@dataclass(frozen=True)
class TermTable:
    """Synonym sets over English, French and Vietnamese; `rows` maps a concept to its forms.

    The forms are in the order of `LANGUAGES`. A table never changes once it is made.
    """

    rows: Mapping[str, tuple[tuple[str, ...], ...]]

    @classmethod
    def load(cls, extra: Path | None = None) -> TermTable:
        """The packaged table, with the lines of an operator's own file of the same format.

        A concept of the packaged table may come again in `extra`: its forms are added.

        Raises:
            TermTableError: `extra` cannot be read, or has a broken line.
        """
        rows = dict(_packaged())
        if extra is not None:
            none: tuple[tuple[str, ...], ...] = ((), (), ())
            for concept, added in _read(extra).items():
                pairs = zip(rows.get(concept, none), added, strict=True)
                rows[concept] = tuple(tuple(dict.fromkeys(old + new)) for old, new in pairs)
        return cls(MappingProxyType(rows))

    def __len__(self) -> int:
        """How many concepts there are."""
        return len(self.rows)

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 of the concepts and their forms; comments and order leave it as it is."""
        lines = (
            "\t".join((concept, *map("|".join, columns)))
            for concept, columns in sorted(self.rows.items())
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def concepts(self, words: Sequence[Word], lang: str | None) -> list[tuple[str, Span]]:
        """The concepts of a text with their places, in order; `words` are all its words.

        The longest form wins and uses up its words, so `prime minister` holds no `minister`. A
        form of several concepts gives each of them, in the order of the table. A text of no
        language of the table is compared with all three.
        """
        columns = [lang] if lang in LANGUAGES else LANGUAGES
        matchers = [_Matcher(self._columns[name], name, words, lang) for name in columns]
        found, at = [], 0
        while at < len(words):
            matches = [matcher.longest(at) for matcher in matchers]
            length = max(n for n, _ in matches)
            if length:
                span = Span(words[at].span.start, words[at + length - 1].span.end)
                names = (name for n, concepts in matches if n == length for name in concepts)
                found += [(name, span) for name in dict.fromkeys(names)]
            at += length or 1
        return found

    @cached_property
    def _columns(self) -> Mapping[str, _Column]:
        listed = self.rows.items()
        return {
            lang: _column(((concept, form) for concept, row in listed for form in row[at]), lang)
            for at, lang in enumerate(LANGUAGES)
        }


class _Matcher:
    """Finds the forms of one column in the words of one text."""

    def __init__(
        self, column: _Column, column_lang: str, words: Sequence[Word], lang: str | None
    ) -> None:
        self.column, self.lang, self.words = column, column_lang, words
        self.keys = [stem(word, column_lang) for word in words]
        # Typed without any mark, a text of a marked language says nothing by leaving one out.
        self.is_bare = lang in ("fr", "vi") and not any(_is_marked(w.written) for w in words)
        self.is_foreign = lang != column_lang

    def longest(self, at: int) -> tuple[int, list[str]]:
        """How many words from `at` on the longest form has, and its concepts; 0 without one."""
        widest = self.column.longest.get(self.keys[at], 0)
        for length in range(min(widest, len(self.keys) - at), 0, -1):
            entries = self.column.forms.get(tuple(self.keys[at : at + length]))
            if entries and (concepts := self._concepts(entries, self.words[at : at + length])):
                return length, concepts
        return 0, []

    def _concepts(self, entries: list[_Entry], typed: Sequence[Word]) -> list[str]:
        """The concepts of those entries of equal stems that the typed words can stand for."""
        for one, two in itertools.pairwise(typed):
            if two.span.start - one.span.end > _WIDEST_GAP:
                return []
        entries = [entry for entry in entries if self._agree(entry.written, typed)]
        if len(entries) > 1 and not self.is_bare:
            # `universe` and `university` share a stem: the nearest in writing is meant.
            text = " ".join(word.written for word in typed)
            nearness = [_nearness(text, " ".join(entry.written)) for entry in entries]
            best = max(nearness)
            entries = [e for e, near in zip(entries, nearness, strict=True) if near == best]
        return list(dict.fromkeys(entry.concept for entry in entries))

    def _agree(self, form: tuple[str, ...], typed: Sequence[Word]) -> bool:
        """True when words that have the stems of a form may be the form."""
        if len(form) == 1:
            [word] = typed
            if self.is_foreign and any(is_stop_word(word, lang) for lang in LANGUAGES):
                return False  # `un` in a Spanish text is not the UN
            if self.lang == "vi":
                # A lone syllable without marks is another word wherever marks are typed.
                if self.is_bare:
                    return not is_stop_word(word, "vi")
                return _said(form[0]) == _said(word.written) or _is_merged(
                    word.written, word.folded
                )
            if "." in form[0] and "." not in word.written:
                return False  # `U.S.` is a country, `us` is not
            # `will` has the stem of `willing`, and is none of its forms.
            return form[0] == word.written or not is_stop_word(word, self.lang)
        return self.lang != "vi" or all(
            _is_same(written, word) or not _is_marked(word.written)
            for written, word in zip(form, typed, strict=True)
        )


_is_marked = lru_cache(maxsize=1 << 16)(is_marked)


@lru_cache(maxsize=1 << 16)
def _nearness(text: str, form: str) -> tuple[int, int]:
    """How near a form is in writing, more for nearer: the shared beginning, then brevity."""
    shared = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(text, form, strict=False))
    return sum(1 for _ in shared), -len(form)


def _is_same(syllable: str, word: Word) -> bool:
    """True when a word of a text is that Vietnamese syllable of a form, or needs no marks."""
    return _said(syllable) == _said(word.written) or _is_merged(word.written, word.folded)


@lru_cache(maxsize=1 << 16)
def _is_merged(written: str, folded: str) -> bool:
    """True for a number or a place of several spellings, which only the folded word names."""
    return folded != fold(written)


@lru_cache(maxsize=1 << 16)
def _said(written: str) -> str:
    """A Vietnamese syllable with its tone at the end: `hóa` and `hoá` are one in two spellings."""
    letters = unicodedata.normalize("NFD", written)
    return "".join(sorted(letters, key=_TONES.__contains__))


def _column(forms: Iterable[tuple[str, str]], lang: str) -> _Column:
    """The forms of one language, cut and stemmed as a text of that language is."""
    column: dict[tuple[str, ...], list[_Entry]] = {}
    longest: dict[str, int] = {}
    for concept, form in forms:
        parts = words(form)
        key = tuple(stem(word, lang) for word in parts)
        column.setdefault(key, []).append(_Entry(concept, tuple(word.written for word in parts)))
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return _Column(column, longest)


# The file


@lru_cache(maxsize=1)
def _packaged() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The rows of the packaged table, read once."""
    return _read(resources.files("index").joinpath("data", "terms.tsv"))


def _read(path: Path | Traversable) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The rows of a file: concept → forms of each language."""
    rows: dict[str, tuple[tuple[str, ...], ...]] = {}
    for number, line in numbered_lines(path):
        if not line.strip() or line.startswith("#"):
            continue
        concept, *cells = (field.strip() for field in line.split("\t"))
        row = tuple(tuple(map(str.strip, cell.split("|"))) if cell else () for cell in cells)
        if reason := _complaint(concept, row):
            raise TermTableError(path, number, reason)
        if concept in rows:
            raise TermTableError(path, number, f"concept {concept!r} is there already")
        rows[concept] = row
    return rows


def _complaint(concept: str, row: tuple[tuple[str, ...], ...]) -> str | None:
    """What is wrong with a row; None when nothing is."""
    if len(row) != len(LANGUAGES):
        return f"expected 4 fields (concept, en, fr, vi) with tabs between, found {len(row) + 1}"
    if not _CONCEPT.fullmatch(concept):
        return f"concept {concept!r} is not lower-case letters and digits joined by _"
    if sum(map(bool, row)) < 2:
        return f"concept {concept!r} needs forms in at least two languages"
    for lang, forms in zip(LANGUAGES, row, strict=True):
        if empty := [form for form in forms if not words(form)]:
            return f"form {empty[0]!r} ({lang}) has no word"
        if len(set(forms)) < len(forms):
            return f"a form is there twice ({lang}): {'|'.join(forms)}"
    return None


def numbered_lines(path: Path | Traversable) -> Iterator[tuple[int, str]]:
    """The lines of a file in UTF-8 with their numbers from 1.

    Raises:
        TermTableError: the file cannot be read, or a line is not UTF-8.
    """
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise TermTableError(path, 0, f"cannot be read ({error.strerror})") from error
    for number, line in enumerate(lines, 1):
        try:
            yield number, line.decode("utf-8").rstrip("\r")
        except UnicodeDecodeError as error:
            raise TermTableError(path, number, "is not UTF-8") from error
