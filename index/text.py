"""The one normalisation pass: folded letters, words with their place in the stored text, terms.

Everything that is compared goes through here, on the write road and on the read road alike, so a
name typed without its marks, in another spelling or in decomposed Unicode meets the same term.
A word keeps its span in the text as it was received, so a match always leads back to a quote.
"""

from __future__ import annotations

import itertools
import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from index.articles import Span
from index.folding import APOSTROPHES, DASHES, INVISIBLE, fold, plain
from index.stopwords import STOP_WORDS

__all__ = [
    "STOP_WORDS",
    "Word",
    "encoder_text",
    "fold",
    "is_marked",
    "is_stop_word",
    "stem",
    "words",
]

_STEMMERS = {"en": "english", "fr": "french"}
# What is made plain before words are cut, one for one: every character must keep its place.
_CUT = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(DASHES, "-") | {"_": " "})

_CJK = (
    "\u2e80-\u2fdf\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_CJK_LETTER = re.compile(rf"[{_CJK}](?:\W|[\uff9e\uff9f])*")  # in a word, \W are marks
_CJK_RUN = re.compile(f"(?P<cjk>(?:{_CJK_LETTER.pattern})+)|[^{_CJK}]+")
# What stands between white space; a digit, a space and three digits stay together ("5 500").
_CHUNK = re.compile(r"\S+(?:(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))\S+)*")
_GAP = re.compile(r"[\s.\u00ad\u2010\u2011-]{0,3}")
_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_LONGEST_CACHED = 40
_LONGEST = 500  # characters of a word that are read; terms beyond 65,530 bytes would not be indexed
_FRENCH_FEMININE = re.compile(r"(?:(e)e|(ier)e)(s?)$")
_stemming = threading.Lock()  # Snowball stemmers keep their state on themselves


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as typed, as compared, and where.

    `written` is the typed word in lower case and NFC; `folded` is without marks, and for a place
    of several spellings the canonical one. `span` counts code points of the text it was read from.
    """

    written: str
    folded: str
    span: Span


class _Token(NamedTuple):
    written: str
    folded: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text in order, each with its span.

    - Cut at everything that is not a letter or digit, hyphens and apostrophes too: `l'accord` is
      two words, `aujourd'hui` and `don't` one; the English possessive `'s` is left out.
    - Numbers are whole and alike in every notation: 5,500, 5.500 and 5 500 fold to `5500`, 1,5 to
      `1.5`. A dot or comma before exactly three digits separates thousands, unless a 0 leads.
    - `U.S.` folds to `us`; `T&T` stays whole.
    - Chinese and Japanese are cut into overlapping pairs of characters.
    - A place name of several spellings is one word: `Hà Nội` folds to `hanoi`.
    """
    return [Word(w, f, Span(start, end)) for w, f, start, end in _tokens(text)]


def is_marked(word: Word | str) -> bool:
    """True when a letter of the word carries a mark, or is one that folds away such as đ or œ."""
    written = word.written if isinstance(word, Word) else word
    return fold(written) != unicodedata.normalize("NFKC", written).translate(_CUT).casefold()


def is_stop_word(word: Word, lang: str | None) -> bool:
    """True when the word carries no topic in that language; never where there is no list.

    Marks count when they are typed: in Vietnamese `là` and a bare `la` are stop words, `lá` is not.
    """
    return _is_stop(word.written, word.folded, lang)


def stem(word: Word | str, lang: str | None) -> str:
    """The folded Snowball stem in English and French; in any other language the folded word.

    Marks are dropped before stemming, so a word typed without them has the same stem.
    """
    return _stem(word.folded if isinstance(word, Word) else fold(word), lang)


def encoder_text(text: str) -> str:
    """The text as an encoder reads it: case kept, marks dropped, places in one spelling.

    White space is squeezed. Word-piece vocabularies take `Hanoi` for a name, `Hà Nội` for three
    pieces of nothing, and `đ` for an unknown letter. Offsets are not kept.
    """
    names, pieces, done = _variants().names, [], 0
    for token in _tokens(text):
        if token.folded in names:
            pieces += [text[done : token.start], names[token.folded]]
            done = token.end
    return " ".join(plain("".join([*pieces, text[done:]])).split())


# Words


def _tokens(text: str) -> list[_Token]:
    """The words of a text as tuples, variants of places merged."""
    tokens = _cut_tokens(text)
    starts = _variants().starts
    if starts.keys().isdisjoint([token.written for token in tokens]):
        return tokens
    return _merge_variants(text, tokens, starts)


def _cut_tokens(text: str) -> list[_Token]:
    """The words of a text as tuples, before variants are merged."""
    found = []
    for chunk in _CHUNK.finditer(text):
        piece, at = chunk[0], chunk.start()
        cut = _cut_cached if len(piece) <= _LONGEST_CACHED else _cut
        for written, folded, start, end in cut(piece):
            found.append(_Token(written, folded, at + start, at + end))
    return found


@lru_cache(maxsize=1)
def _word_pattern() -> re.Pattern[str]:
    """What counts as a word in a chunk; made at first use, for it asks Unicode for all marks."""
    marks = "".join(
        chr(code) for code in range(0x300, 0xFE30) if unicodedata.category(chr(code))[0] == "M"
    )
    word = rf"\w(?:[{INVISIBLE}]*[\w{marks}])*"
    letter = rf"[^\W\d_][{marks}]*"
    return re.compile(
        rf"""
          (?P<number> (?<!\w) (?<!\d[.,])
            (?: [1-9]\d{{0,2}} (?P<sep>[.,'\ \u00a0\u202f]) \d{{3}} (?: (?P=sep)\d{{3}} )*
                (?: (?!(?P=sep)) [.,]\d+ )?
              | \d+\.\d+ | \d+,\d{{1,2}} | 0,\d+ )
            (?! [.,]?\d ) )
        | (?P<initials> (?<!\w) (?: {letter}\. )+ {letter} (?![\w{marks}]) \.? )
        | (?P<possessive> '[sS] (?!\w) )
        | (?P<word> aujourd'hui | {word}(?:(?<=[nN])'[tT](?!\w)|(?:&{word})+)? )
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def _cut(chunk: str) -> tuple[_Token, ...]:
    """The words of a run of text, with offsets from its start."""
    found: list[_Token] = []
    for match in _word_pattern().finditer(chunk.translate(_CUT)):
        kind, start = match.lastgroup, match.start()
        typed = match[0]
        if kind == "possessive":
            continue
        written = _as_written(typed)
        folded = _as_term(written)
        if match["number"]:
            folded = folded.replace(fold(match["sep"]), "") if match["sep"] else folded
            found.append(_Token(written, folded.replace(",", "."), start, match.end()))
        elif kind == "initials":
            found.append(_Token(written, folded.replace(".", ""), start, match.end()))
        elif typed.isascii() or not _CJK_LETTER.search(typed):
            found.append(_Token(written, folded, start, match.end()))
        else:
            found += _cut_cjk(typed, start)
    return tuple(token for token in found if token.folded)


_cut_cached = lru_cache(maxsize=1 << 16)(_cut)


def _cut_cjk(typed: str, start: int) -> list[_Token]:
    """Pairs of characters for Chinese and Japanese, words for what stands between them."""
    found = []
    for part in _CJK_RUN.finditer(typed):
        marks = [m.start() for m in _CJK_LETTER.finditer(part[0])] if part["cjk"] else [0]
        ends = [*marks[1:], len(part[0])]
        if len(marks) > 1:
            marks, ends = marks[:-1], ends[1:]
        for begin, end in zip(marks, ends, strict=True):
            written = _as_written(part[0][begin:end])
            at = start + part.start()
            found.append(_Token(written, _as_term(written), at + begin, at + end))
    return found


def _as_written(typed: str) -> str:
    """The typed word in lower case and NFC, without invisible characters."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", typed).lower())[:_LONGEST]


def _as_term(written: str) -> str:
    """The word folded, in one piece: one sign may stand for several words (ﷺ), or for a mark."""
    folded = fold(written)
    return folded if written.isascii() else "".join(folded.split())


# Spelling variants of places


class _Variants(NamedTuple):
    names: Mapping[str, str]  # folded term → canonical name as it is shown
    starts: Mapping[str, list[tuple[tuple[str, ...], str]]]  # first word → forms, longest first


@lru_cache(maxsize=1)
def _variants() -> _Variants:
    source = resources.files("index").joinpath("data", "variants.tsv")
    return _read_variants(source.read_text(encoding="utf-8").splitlines())


def _read_variants(lines: Iterable[str]) -> _Variants:
    """The table of lines `canonical<TAB>form|form`; blank lines and `#` comments are skipped.

    A form holds as it is written and, unless another name claims that, without any mark. A text
    with other marks is another word: `hai phòng` (two rooms) is not Hải Phòng.

    Raises:
        ValueError: a line is broken, or gives to a name what another has; it names the line.
    """
    names: dict[str, str] = {}
    forms: dict[tuple[str, ...], str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        canonical, tab, rest = line.partition("\t")
        variants = [_cut_tokens(form) for form in (canonical, *rest.split("|"))]
        if not tab or not all(variants):
            raise ValueError(f"variants.tsv, line {number}: expected canonical<TAB>form|form")
        term = "".join(token.folded for token in variants[0])
        names[term] = canonical
        for tokens in variants:
            for form in {tuple(t.written for t in tokens), tuple(t.folded for t in tokens)}:
                if forms.setdefault(form, term) != term:
                    clash = f"{' '.join(form)!r} already stands for {names[forms[form]]!r}"
                    raise ValueError(f"variants.tsv, line {number}: {clash}")
    starts: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for form in sorted(forms, key=len, reverse=True):
        if form != (forms[form],):  # the canonical word itself needs no merging
            starts.setdefault(form[0], []).append((form, forms[form]))
    return _Variants(names, starts)


def _merge_variants(
    text: str, tokens: list[_Token], starts: Mapping[str, list[tuple[tuple[str, ...], str]]]
) -> list[_Token]:
    """The tokens with every listed form made one token; the longest form wins."""
    merged, at = [], 0
    while at < len(tokens):
        token = tokens[at]
        for form, term in starts.get(token.written, ()):
            parts = tokens[at : at + len(form)]
            if form == tuple(part.written for part in parts) and _stand_together(text, parts):
                written = " ".join(form)
                token = _Token(written, term, token.start, parts[-1].end)
                at += len(form) - 1
                break
        merged.append(token)
        at += 1
    return merged


def _stand_together(text: str, parts: list[_Token]) -> bool:
    """True when only spaces, hyphens or dots lie between the parts."""
    gaps = (text[one.end : two.start] for one, two in itertools.pairwise(parts))
    return all(map(_GAP.fullmatch, gaps))


# Terms


@lru_cache(maxsize=1)
def _folded_stop_words() -> Mapping[str, frozenset[str]]:
    return {lang: frozenset(map(fold, listed)) for lang, listed in STOP_WORDS.items()}


@lru_cache(maxsize=1 << 16)
def _is_stop(written: str, folded: str, lang: str | None) -> bool:
    if lang is None or lang not in STOP_WORDS:
        return False
    if written in STOP_WORDS[lang]:
        return True
    return folded in _folded_stop_words()[lang] and not is_marked(written)


@lru_cache
def _stemmer(lang: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(_STEMMERS[lang])


@lru_cache(maxsize=1 << 17)
def _stem(folded: str, lang: str | None) -> str:
    if lang not in _STEMMERS or not folded.isalpha() or folded in _variants().names:
        return folded
    if lang == "fr":
        # The accents Snowball looks for are gone: née → ne, première → premier, then as usual.
        folded = _FRENCH_FEMININE.sub(r"\1\2\3", folded)
    with _stemming:
        stemmed: str = _stemmer(lang).stemWord(folded)
    return stemmed
