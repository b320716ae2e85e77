"""The word lists of `data/acts.tsv`, and every form of the verbs in them.

English and French verbs are inflected here from their dictionary form; irregular ones are listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.record.listing import columns, forms, rows


def phrases_at(kind: str, low: Sequence[str], at: int, lang: str) -> Iterator[tuple[str, ...]]:
    """The forms of a row of `acts.tsv` that stand at word `at`, in no order."""
    if low[at] in listed(kind, lang):
        for words in phrases(kind, lang):
            if tuple(low[at : at + len(words)]) == words:
                yield words


def word_set(listed: str) -> frozenset[str]:
    """The words of a list written in one string."""
    return frozenset(listed.split())


@lru_cache(maxsize=64)
def phrases(kind: str, lang: str) -> tuple[tuple[str, ...], ...]:
    """The forms of a row of `acts.tsv` in a language, each as its words, the longest first.

    Raises:
        TermTableError: the file has a broken line.
        KeyError: it has no such row.
    """
    found = {tuple(form.split()) for form in table()[kind][columns(lang)[0]]}
    return tuple(sorted(found, key=lambda words: (-len(words), words)))


@lru_cache(maxsize=64)
def listed(kind: str, lang: str) -> frozenset[str]:
    """The first words of the forms of a row."""
    return frozenset(words[0] for words in phrases(kind, lang) if words)


@lru_cache(maxsize=1)
def table() -> dict[str, list[list[str]]]:
    """The rows of `acts.tsv`: kind → forms of English, French and Vietnamese.

    Raises:
        TermTableError: the file has a broken line.
    """
    table = {}
    for _, (kind, *cells) in rows("acts.tsv", range(2, 5)):
        table[kind] = [forms(cell) for cell in [*cells, "", ""][:3]]
    return table


@lru_cache(maxsize=1 << 12)
def inflected(verb: str, lang: str) -> frozenset[tuple[str, str]]:
    """The forms of a verb, each with its name; a Vietnamese verb has one."""
    if lang == "vi":
        return frozenset({(verb, "finite")})
    irregular = _irregular(lang).get(verb)
    made = _english(verb, irregular) if lang == "en" else _french(verb, irregular)
    return frozenset(made)


@lru_cache(maxsize=4)
def _irregular(lang: str) -> dict[str, tuple[str, ...]]:
    return {words[0]: words for words in phrases("forms", lang)}


def _english(verb: str, irregular: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    if verb == "be":
        yield from (("is", "s"), ("are", "s"), ("was", "s"), ("were", "s"), ("been", "part"))
        yield from (("be", "base"), ("'s", "s"), ("'re", "s"))
        yield from (("i'm", "s"), ("we're", "s"))
        return
    yield verb, "base"
    sibilant = verb.endswith(("s", "sh", "ch", "x", "z", "o"))
    cut = verb[:-1] if verb.endswith("e") else verb
    consonant_y = verb.endswith("y") and verb[-2] not in "aeiou"
    if consonant_y:
        yield verb[:-1] + "ies", "s"
    else:
        yield verb + ("es" if sibilant else "s"), "s"
    if irregular:
        yield irregular[1], "ed" if irregular[1] == irregular[2] else "past"
        if irregular[1] != irregular[2]:
            yield irregular[2], "part"
        yield irregular[3], "ing"
    else:
        yield (verb[:-1] + "ied" if consonant_y else cut + "ed"), "ed"
        yield (verb if verb.endswith("ee") else cut) + "ing", "ing"


def _french(verb: str, irregular: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    yield verb, "inf"
    if irregular:
        _, one, many, part, imperfect, future, ant = irregular
    elif verb.endswith("er"):
        stem = verb[:-2]
        soft = {"c": stem[:-1] + "ç", "g": stem + "e"}.get(stem[-1:], stem)
        grave = _grave(stem)
        one, many, part = grave + "e", grave + "ent", stem + "é"
        imperfect, future, ant = soft + "ait", grave + "era", soft + "ant"
        yield stem + "era", "future"
    else:
        stem = verb[:-2]
        one, many, part = stem + "it", stem + "issent", stem + "i"
        imperfect, future, ant = stem + "issait", stem + "ira", stem + "issant"
    yield one, "present"
    yield many, "present"
    if verb.endswith("er"):
        yield verb[:-1].removesuffix("e") + "a", "present"  # past historic: déclara
    for ending in ("", "s", "e", "es"):
        yield part + ending, "part"
    yield imperfect, "imperfect"
    yield imperfect[:-1] + "ent", "imperfect"
    yield future, "future"
    yield future[:-1] + "ont", "future"
    yield ant, "ant"


def _grave(stem: str) -> str:
    """`suggér` → `suggèr`: the last é before a mute ending."""
    if len(stem) > 2 and stem[-2] == "é" and stem[-1] not in "aeiouyé":
        return stem[:-2] + "è" + stem[-1]
    return stem
