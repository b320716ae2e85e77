"""Names as they are written: a text cut into tokens, runs of capitals, what makes a run a name.

No model: capitals, the family names of Vietnam and East Asia, known given names, and lists of what
is no person's name. Vietnamese names begin with the family name and are shortened to the last.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from index.articles import Span
from index.commonness import passage_share
from index.folding import fold
from index.record.listing import cue, names
from index.stopwords import STOP_WORDS

LONGEST_NAME = 5  # words
_WRAPPED = range(50, 121)  # characters; a line of another length ends where its writer wanted
_COMMON = 0.002  # a word in more passages of its language than this is no rare family name
JOINTS = frozenset(
    {"de", "van", "von", "der", "den", "del", "da", "di", "du", "dos", "la", "le", "el", "al"}
    | {"les", "bin", "ben", "ibn", "d'", "ter", "ten"}
)
MONTHS = frozenset({"april", "may", "june", "august"})  # given names too
_WORD = r"\w+(?:[\u0300-\u036f]+\w*)*"
_TOKEN = re.compile(
    rf"""
      (?<![\w.])(?:[^\W\d_a-zß-öø-ÿ]\.)+(?=[\s,)\]]|[^\W\d_]|$)   # J.  U.S.
    | (?:[ldjmtscnLDJMTSCN]|[Qq]u|[Ee]x)(?:['’](?=\w)|(?<=[Ee]x)-(?=\w))
    | (?!(?<=\w['’])[sS](?!\w)) {_WORD} (?:(?:['’](?![sS](?!\w))|[&‑-]){_WORD})*
    """,
    re.VERBOSE,
)
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
_QUOTE_OPENERS = frozenset("\"“«:•–—-(„‟'‘*…")


class Tokens:
    """The words of a text: `texts` as written, `keys` folded, `spans` in code points.

    `caps` numbers those that begin with a capital, in order.
    """

    def __init__(self, text: str, lang: str | None) -> None:
        self.text, self.lang = text, lang
        found = list(_TOKEN.finditer(text))
        self.texts = [match[0] for match in found]
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        self.keys = [_key(word) for word in self.texts]
        self.caps = [at for at, word in enumerate(self.texts) if word[0].isupper()]

    def __len__(self) -> int:
        return len(self.texts)

    def gap(self, at: int) -> str:
        """What stands between the token before and token `at`; the edge of the text is a stop."""
        if not 0 < at < len(self.texts):
            return "\n\n"
        return self.text[self.ends[at - 1] : self.starts[at]]

    def joined(self, at: int) -> bool:
        """True when nothing but a space, or the end of a full line, parts `at` from the last."""
        gap = self.gap(at)
        if gap == " " or not gap:
            return True
        if len(gap) > 3 or not gap.isspace() or gap.count("\n") > 1:
            return False
        end = self.ends[at - 1]
        return "\n" not in gap or end - self.text.rfind("\n", 0, end) in _WRAPPED

    def span(self, start: int, end: int) -> Span:
        """The place of tokens `start` to `end`, half-open."""
        return Span(self.starts[start], self.ends[end - 1])

    def opens(self, at: int) -> bool:
        """True when token `at` opens a sentence or a quotation, where any word has a capital."""
        before = self.text[max(0, self.starts[at] - 3) : self.starts[at]].rstrip(" \u00a0")
        return not before or before[-1] in ".!?…\n" or before[-1] in _QUOTE_OPENERS


@lru_cache(maxsize=1)
def tokens_of(text: str, lang: str | None) -> Tokens:
    """The words of an article, cut once for all who read it one after the other."""
    return Tokens(text, lang)


@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    folded = fold(word).replace("\u2011", "-")
    return folded[:-1] if len(folded) == 2 and folded[1] == "." else folded


def name_key(name: str) -> tuple[str, ...]:
    """The folded words of a name, hyphens parting them, without single letters.

    `Donald J. Trump` is `donald trump`, `Jean-Luc` is `jean luc`.
    """
    keys = [key for match in _TOKEN.finditer(name) for key in _key(match[0]).split("-")]
    return tuple(key for key in keys if len(key) > 1) or tuple(keys)


def is_vietnamese(keys: Sequence[str]) -> bool:
    """True for two to five syllables that begin with a Vietnamese family name."""
    return (
        2 <= len(keys) <= LONGEST_NAME
        and keys[0] in names()["vietnamese"]
        and all(_SYLLABLE.fullmatch(key) for key in keys)
    )


def is_korean(word: str) -> bool:
    """True for a given name as written such as `Heung-min`."""
    first, _, second = word.partition("-")
    return first.istitle() and second.isalpha() and second.islower()


def is_form(short: Sequence[str], full: Sequence[str]) -> bool:
    """True when one folded name is a form of the other: equal, turned round, or shortened.

    A Vietnamese name is shortened to its last word, or loses words in the middle.
    """
    if len(short) > len(full):
        short, full = full, short
    if tuple(short) == tuple(full):
        return True
    if is_vietnamese(full):
        if len(short) == 1:
            return short[0] == full[-1]
        if is_vietnamese(short):
            return short[0] == full[0] and short[-1] == full[-1] and len(short) < len(full)
        return tuple(short) == tuple(full[-len(short) :])
    if len(short) == 1 and len(short[0]) < 2:
        return False
    return set(short) <= set(full) and any(len(key) > 1 for key in short)


def is_given(key: str) -> bool:
    """True for a known given name, each part of a double one."""
    known = names()["given"]
    return key in known or ("-" in key and key.split("-")[0] in known)


@lru_cache(maxsize=1 << 15)
def is_never(key: str, lang: str | None) -> bool:
    """True for a word with a capital that is no part of a name: `The`, `Monday`, `Selon`."""
    return (
        key in cue("never", lang)
        or key in _stop_words(lang)
        or (lang != "vi" and key in cue("speech", lang))  # "Hugh Stewart Says No"
    )


def is_stop(word: str, lang: str | None) -> bool:
    """True for a word as written that is grammar in that language."""
    return word.lower() in STOP_WORDS.get(lang or "", ())


@lru_cache(maxsize=8)
def _stop_words(lang: str | None) -> frozenset[str]:
    listed = [STOP_WORDS[lang]] if lang and lang in STOP_WORDS else STOP_WORDS.values()
    # Folded Vietnamese stop words are half of all family names.
    return frozenset(
        fold(word) for some in listed for word in some if lang != "vi" or fold(word) == word
    )


@lru_cache(maxsize=1 << 15)
def is_common(word: str, lang: str | None) -> bool:
    """True for a word that the language uses a lot, in lower case."""
    return passage_share(unicodedata.normalize("NFC", word.lower()), lang) > _COMMON


def runs(tokens: Tokens, used: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of capitalised words that may be names, as token ranges in order.

    A run ends at punctuation, at a word of a title (`used`), and at a word that opens sentences or
    names months; small words such as `van der` stay inside after a given name.
    """
    found: list[tuple[int, int]] = []
    keys, texts, lang = tokens.keys, tokens.texts, tokens.lang
    start = end = -1
    for at in tokens.caps:
        if used[at] or not texts[at][0].isalpha():
            continue
        inside = start >= 0 and _continues(tokens, start, end, at)
        if not inside and start >= 0:
            found.append((start, end))
            start = -1
        never = is_never(keys[at], lang) and not (start < 0 and _is_month_name(tokens, at))
        if never and not (inside and is_given(keys[at - 1])):
            titled = at > 0 and used[at - 1] and keys[at] in names()["vietnamese"]
            if not titled and not _begins_vietnamese(tokens, at):
                if start >= 0:
                    found.append((start, end))
                    start = -1
                continue
        if start < 0:
            start = at
        end = at + 1
    return [*found, (start, end)] if start >= 0 else found


def _is_month_name(tokens: Tokens, at: int) -> bool:
    """True for `August` before a surname, not behind a word such as `in`."""
    if tokens.keys[at] not in MONTHS or not tokens.opens(at):
        return False
    surname = at + 1 < len(tokens) and tokens.texts[at + 1][0].isupper() and tokens.joined(at + 1)
    return surname and not is_never(tokens.keys[at + 1], tokens.lang)


def _continues(tokens: Tokens, start: int, end: int, at: int) -> bool:
    if at == end:
        return tokens.joined(at) or (tokens.texts[at - 1].endswith(".") and tokens.gap(at) == "")
    between = range(end, at)
    return (
        len(between) <= 2
        and is_given(tokens.keys[start])
        and all(tokens.keys[i] in JOINTS for i in between)
        and all(tokens.joined(i) for i in range(end, at + 1))
    )


def _begins_vietnamese(tokens: Tokens, at: int) -> bool:
    """True when a stop word such as `Le` or `To` opens a full Vietnamese name."""
    if tokens.keys[at] not in names()["vietnamese"]:
        return False
    end = at + 1
    while (
        end < len(tokens) and end - at < 4 and tokens.joined(end) and tokens.texts[end][0].isupper()
    ):
        end += 1
    return end - at >= 3 and is_vietnamese(tokens.keys[at:end])
