"""What stands around a run of capitals and tells that it is a person: verbs, ages, pronouns, nouns.

Nothing here looks at the name itself, save `is_name_word`, which says how a name is written.
"""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache

from index.record.listing import cue, names
from index.record.naming import Tokens, is_common, is_given, is_never
from index.record.places import place_of

_POSSESSIVE = frozenset({"'s ", "’s "})
_NEAR = frozenset({" ", "\u00a0", "\n"})
_SPAN = 40  # tokens behind a name among which a pronoun tells of it
_SMALL_WORDS = frozenset({"on", "at", "via", "inside", "the", "sur", "chez"})


@lru_cache(maxsize=32)
def phrases(kind: str, lang: str | None) -> frozenset[str]:
    """The forms of a row of `cues.tsv` as folded words with a space between."""
    return frozenset(" ".join(Tokens(form, lang).keys) for form in cue(kind, lang))


def speaks(tokens: Tokens, at: int) -> bool:
    """True when a verb of saying begins at token `at`, or one word after."""
    return tokens.gap(at) in (*_NEAR, ", ") and _has_phrase(tokens, at, "speech")


def says(tokens: Tokens, at: int) -> bool:
    """True when a verb at token `at` tells what a speaker said, as companies seldom do."""
    return tokens.gap(at) in (*_NEAR, ", ") and _has_phrase(tokens, at, "saying")


def acts(tokens: Tokens, at: int) -> bool:
    """True when a verb whose subject is as a rule a person begins at token `at`."""
    return tokens.gap(at) in _NEAR and (
        _has_phrase(tokens, at, "acting") or _has_phrase(tokens, at, "speech")
    )


def _has_phrase(tokens: Tokens, at: int, kind: str) -> bool:
    listed, lang, keys = phrases(kind, tokens.lang), tokens.lang, tokens.keys
    if at >= len(keys):
        return False
    shifted = keys[at] in cue("shift", lang) or (lang == "en" and keys[at].endswith("ly"))
    return any(
        " ".join(keys[first : first + length]) in listed
        for first in ((at, at + 1) if shifted else (at,))
        for length in (1, 2, 3)
    )


def is_source(tokens: Tokens, start: int, kind: str = "source") -> bool:
    """True when the words before token `start` are of the row `kind`, `according to` by default."""
    if not start or tokens.gap(start) not in _NEAR:
        return False
    listed = phrases(kind, tokens.lang)
    return any(" ".join(tokens.keys[max(0, start - n) : start]) in listed for n in (1, 2))


def has_age(tokens: Tokens, end: int) -> bool:
    """True when a number of two digits stands in apposition."""
    return (
        end < len(tokens)
        and tokens.gap(end) in (", ", " (")
        and tokens.keys[end].isdigit()
        and 1 < len(tokens.keys[end]) < 3
    )


def is_cued(tokens: Tokens, start: int, end: int) -> bool:
    """True when the run says or does what people do, or is said to have an age."""
    return speaks(tokens, end) or is_source(tokens, start) or has_age(tokens, end)


def has_own(tokens: Tokens, end: int) -> bool:
    """True for what only a person has: `X's departure`, `X's wife`."""
    if end >= len(tokens) or tokens.gap(end) not in _POSSESSIVE:
        return False
    owned = cue("owned", tokens.lang)
    return tokens.keys[end] in owned or (end + 1 < len(tokens) and tokens.keys[end + 1] in owned)


def is_he(tokens: Tokens, end: int) -> bool:
    """True when he or she follows in the sentence, or opens the next, and no other name between."""
    listed = cue("pronoun", tokens.lang)
    opened = False
    for at in range(end, min(len(tokens), end + _SPAN)):
        if tokens.opens(at) and at > end and set(tokens.gap(at)) & set(".!?"):
            if opened:
                return False
            return tokens.keys[at] in listed
        if tokens.keys[at] in listed:
            return True
        if tokens.texts[at][0].isupper() or tokens.keys[at] in ("its", "it"):
            return False
    return False


def is_it(tokens: Tokens, end: int) -> bool:
    """True when the rest of the sentence has `its` before any other name: a company speaks."""
    for at in range(end, min(len(tokens), end + _SPAN)):
        if tokens.keys[at] in cue("pronoun", tokens.lang) or set(tokens.gap(at)) & set(".!?\n"):
            return False
        if tokens.keys[at] in cue("itself", tokens.lang):
            return True
    return False


def is_name_word(tokens: Tokens, at: int) -> bool:
    """True for a rare word, or a given name, written as names are: `Altman`, `McEwan`, `Jean`."""
    word, key, lang = tokens.texts[at], tokens.keys[at], tokens.lang
    plain = word[1:].islower() or word[:2] in ("Mc", "O'", "O’", "De", "Le") or "-" in word
    if not plain or len(word) < 2 or any(map(str.isdigit, word)) or is_never(key, lang):
        return False
    if key in names()["brand"] or key in cue("organisation", lang) or place_of(tokens, at, at + 1):
        return False
    return is_given(key) or key in names()["surname"] or not is_common(word, lang)


def organisations(tokens: Tokens, asked: Set[str]) -> frozenset[str]:
    """Which of the folded words `asked` something shows to be a company, a team, a common word."""
    things, keys, texts = cue("thing", tokens.lang), tokens.keys, tokens.texts
    lower = {
        key for key, word in zip(keys, texts, strict=True) if key in asked and word[0].islower()
    }
    found = {key for key in lower if not is_given(key)}
    for at in tokens.caps:
        if keys[at] not in asked or keys[at] in found:
            continue
        before = keys[at - 1] if at and tokens.joined(at) else ""
        after = keys[at + 1] if at + 1 < len(keys) else ""
        lone = not (tokens.joined(at + 1) and texts[at + 1][0].isupper())
        owns = after in things and tokens.gap(at + 1) in (" ", *_POSSESSIVE)
        if owns or (lone and before in _SMALL_WORDS):
            found.add(keys[at])
    return frozenset(found)
