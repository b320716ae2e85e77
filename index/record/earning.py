"""Which runs of capitals earn being people: by a title, by their words, by what they do.

Organisations, places and months never do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.record import naming
from index.record.candidates import Name
from index.record.evidence import (
    acts,
    has_own,
    is_cued,
    is_he,
    is_it,
    is_name_word,
    is_source,
    says,
    speaks,
)
from index.record.likeness import is_organisation, is_person, is_somewhere
from index.record.naming import Tokens, is_common, is_given, is_never, is_vietnamese
from index.record.places import place_of

# Titles that stand before a common word with a capital as often as before a name.
_TRADES = frozenset(
    {"expert", "athlete", "artist", "journalist", "investor", "officer", "director", "head"}
    | {"coach", "candidate", "founder", "relative", "ceo", "leader", "general_director"}
)
_MANY = ("men", "women", "people", "folk", "ists", "ians", "istes", "iens")  # opening a sentence
_ARTICLES = frozenset({"the", "le", "la", "l'", "les", "a", "an", "un", "une"})


def is_strong(tokens: Tokens, name: Name) -> bool:
    """True when a run is a person by itself, or by the title beside it."""
    keys = tokens.keys[name.start : name.end]
    length = len(keys)
    titled = [title for title in name.titles if title.tail <= name.start]
    if not titled:
        return is_person(tokens, name.start, name.end) or (
            bool(name.titles)
            and 2 <= length <= 4
            and not is_organisation(tokens, name.start, name.end)
            and not place_of(tokens, name.start, name.end)
            and not any(map(str.isupper, tokens.texts[name.start : name.end]))
            and not any(is_common(w, tokens.lang) for w in tokens.texts[name.start : name.end])
        )
    if is_vietnamese(keys) and not place_of(tokens, name.start, name.end):
        return True
    if length > naming.LONGEST_NAME or is_organisation(tokens, name.start, name.end):
        return False
    if length > 1:
        shouted = length > 3 and all(map(str.isupper, tokens.texts[name.start : name.end]))
        return length <= 4 and not shouted
    word, title = tokens.texts[name.start], titled[-1]
    if is_never(keys[0], tokens.lang) or (word.isupper() and len(word) <= 4) or len(word) < 2:
        return False
    if place_of(tokens, name.start, name.end) and title.kind not in ("mr", "ms"):
        return False
    # "director Netflix" is no person, "Director Nolan" is one.
    lowly = tokens.lang == "en" and title.kind == "post" and tokens.texts[title.start][0].islower()
    lowly = lowly or (title.role in _TRADES and is_common(word, tokens.lang))
    return not lowly and title.role != "relative"


def may_be_short(tokens: Tokens, name: Name) -> bool:
    """True for a run that may be a shorter form of a name known already."""
    if name.end - name.start > 1:
        return True
    key, word = tokens.keys[name.start], tokens.texts[name.start]
    doubtful = is_never(key, tokens.lang) or (
        tokens.opens(name.start) and is_common(word, tokens.lang) and not is_given(key)
    )
    if doubtful or place_of(tokens, name.start, name.end):
        return is_cued(tokens, name.start, name.end)
    return not is_somewhere(tokens, name.start, name.end) or speaks(tokens, name.end)


def is_doing(tokens: Tokens, name: Name, organised: frozenset[str]) -> bool:
    """True when rare words with capitals do what a person does; `organised` are known not to."""
    start, end = name.start, name.end
    keys = tokens.keys[start:end]
    if not organised.isdisjoint(keys) or place_of(tokens, start, end):
        return False
    if is_organisation(tokens, start, end):
        return False
    if not all(is_name_word(tokens, at) for at in range(start, end)):
        return False
    if end - start == 1:
        return _is_alone(tokens, start) and not keys[0].endswith(_MANY)
    if end - start > 3 or (tokens.keys[start - 1] in ("the", "le", "la", "l'") and start):
        return False
    doing = acts(tokens, end) or has_own(tokens, end) or _is_listed(tokens, start)
    return doing and not is_somewhere(tokens, start, end)


def beside(tokens: Tokens, candidates: Sequence[Name], organised: frozenset[str]) -> Iterator[Name]:
    """Names that stand beside a person's, `and` between: full ones, and lone given names."""
    for one, two in pairwise(candidates):
        if (one.person < 0) == (two.person < 0) or two.start != one.end + 1:
            continue
        if tokens.keys[one.end] not in ("and", "et") or not tokens.joined(two.start):
            continue
        name = one if one.person < 0 else two
        keys = tokens.keys[name.start : name.end]
        rare = all(is_name_word(tokens, at) for at in range(name.start, name.end))
        full = len(keys) in (2, 3) or (len(keys) == 1 and is_given(keys[0]))
        if full and rare and organised.isdisjoint(keys):
            yield name


def _is_listed(tokens: Tokens, start: int) -> bool:
    """True behind a verb done to people, and at the end of a list of them: `Al Gore and X Y`."""
    if is_source(tokens, start, "toward"):
        return True
    if start < 3 or tokens.keys[start - 1] not in ("and", "et") or not tokens.joined(start):
        return False
    first, last = start - 3, start - 2
    named = tokens.texts[first][0].isupper() and tokens.texts[last][0].isupper()
    return named and tokens.joined(last) and is_given(tokens.keys[first])


def _is_alone(tokens: Tokens, at: int) -> bool:
    """True when a lone word is the surname, or the given name, of somebody who does something."""
    if at and tokens.keys[at - 1] in ("the", "le", "la", "l'", "les", "a", "an", "un", "une"):
        return False
    if at and tokens.texts[at - 1][0].isupper() and tokens.joined(at):
        before = tokens.keys[at - 1]
        longer = before in naming.MONTHS or not is_never(before, tokens.lang)
        if longer and not is_source(tokens, at):
            return False  # the end of something longer
    if at + 1 < len(tokens) and tokens.joined(at + 1) and tokens.texts[at + 1][0].isupper():
        return False
    if is_somewhere(tokens, at, at + 1):
        return False
    if has_own(tokens, at + 1):
        return True
    if says(tokens, at + 1) or is_source(tokens, at, "saying"):
        return not is_it(tokens, at + 1)
    return (acts(tokens, at + 1) or is_source(tokens, at, "toward")) and (
        is_given(tokens.keys[at]) or is_he(tokens, at + 1)
    )
