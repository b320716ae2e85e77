"""What a question is about: the names in it, the kind of each, and its main noun phrase.

No tagger and no model: capitals, titles, a short list of countries, and words that never are a
topic by themselves ("advantages", "causes", "main") in English, French and Vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index import Word, is_stop_word, words
from qa.calendar_words import MONTHS, WEEKDAYS
from qa.question_words import (
    ASKING,
    DEMONYM_ENDINGS,
    HELPING,
    JOINING,
    LIGHT,
    NOUN_BEFORE,
    OFFICE_ENDINGS,
    ORGANISATIONS,
    PLACE_WORDS,
    PLACES,
    SURNAMES,
    TITLES,
    VERB_BEFORE,
    VI_ORGANISATIONS,
)

Kind = Literal["person", "place", "organisation", "thing"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Something a question names: its words, where they start and end there, and what it is."""

    text: str
    kind: Kind
    start: int
    end: int
    is_name: bool


_VI_LETTERS = frozenset("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")


@lru_cache(maxsize=512)
def language(text: str, otherwise: str = "en") -> str:
    """The language whose stop words the text holds most: "en", "fr" or "vi".

    A draw goes to Vietnamese where its own letters are written, then to `otherwise`.
    """
    found = words(text)
    counts = {
        lang: 4 * sum(is_stop_word(word, lang) for word in found) for lang in ("en", "fr", "vi")
    }
    counts["vi"] += 2 * any(letter in _VI_LETTERS for letter in text.lower())
    counts[otherwise] += 1
    return max(counts, key=lambda lang: counts[lang])


def is_light(word: Word, lang: str) -> bool:
    """True when the word is no topic: a stop word, "advantages", "main", a superlative."""
    return (
        is_stop_word(word, lang)
        or (word.written if lang == "vi" else word.folded) in LIGHT.get(lang, ())
        or (lang == "en" and len(word.folded) > 5 and word.folded.endswith("est"))
    )


@lru_cache(maxsize=512)
def names(text: str, lang: str) -> tuple[Mention, ...]:
    """The capitalised names in order; a sentence's first word only where more speaks for it."""
    found, run = [], list[Word]()
    all_words = words(text)
    for number, word in enumerate([*all_words, None]):
        if word is not None and _continues(text, run, word, lang):
            run.append(word)
            continue
        if word is not None and run and _joins(text, run, word, all_words[number + 1 :]):
            run.append(word)
            continue
        if run:
            found.append(_name(text, run, all_words, lang))
        run = []
        if word is not None and _opens(text, word, lang):
            run.append(word)
    return tuple(mention for mention in found if mention is not None)


@lru_cache(maxsize=512)
def topics(text: str, lang: str) -> tuple[Mention, ...]:
    """The likely noun phrases, the main one first, by length and by the word before each."""
    scored: list[tuple[float, Mention]] = []
    all_words = words(text)
    number = 0
    while number < len(all_words):
        first = number
        while number < len(all_words) and not _breaks(text, all_words, first, number, lang):
            number += 1
        if number == first:
            number += 1
            continue
        start, end = all_words[first].span.start, all_words[number - 1].span.end
        before = all_words[first - 1].folded if first else ""
        if before in HELPING and number - first > 1:  # how do people *celebrate* …
            end = all_words[number - 2].span.end
        score = min(number - first, 3) + 1.5 * (before in NOUN_BEFORE)
        score += 1.0 * (before in ASKING) - 1.5 * (before in VERB_BEFORE) - 0.1 * first
        if score > 1:
            scored.append((-score, Mention(text[start:end], "thing", start, end, False)))
    return tuple(mention for _, mention in sorted(scored, key=lambda pair: pair[0]))


def _breaks(text: str, all_words: Sequence[Word], first: int, number: int, lang: str) -> bool:
    word = all_words[number]
    if is_light(word, lang) or len(word.folded) == 1:
        return True
    if lang == "vi" and _is_capital(text, word):
        return True  # no spaces tell a Vietnamese name from the verb after it
    return number > first and not _adjacent(text, all_words[number - 1], word)


def _adjacent(text: str, left: Word, right: Word) -> bool:
    return text[left.span.end : right.span.start].strip("-'’ ") in ("", "s") and (
        right.span.start - left.span.end < 4
    )


def _is_capital(text: str, word: Word) -> bool:
    return text[word.span.start].isupper()


def _begins_sentence(text: str, word: Word) -> bool:
    return not text[: word.span.start].rstrip(" \"'“«(").rstrip() or bool(
        re.search(r"[.?!:]\s+$", text[: word.span.start])
    )


def _opens(text: str, word: Word, lang: str) -> bool:
    if not _is_capital(text, word) and not (word.folded in PLACES and len(word.folded) > 4):
        return False
    if _begins_sentence(text, word):
        return not is_light(word, lang)
    return not (word.written == "i" or is_stop_word(word, lang)) or len(word.written) > 1


def _continues(text: str, run: list[Word], word: Word, lang: str) -> bool:
    return bool(run) and _is_capital(text, word) and _touches(text, run[-1], word)


def _touches(text: str, left: Word, right: Word) -> bool:
    return text[left.span.end : right.span.start] in (" ", "-", "", "‑", " & ", ". ")


def _joins(text: str, run: list[Word], word: Word, following: Sequence[Word]) -> bool:
    """True for the "of" in Bank of Japan: a small word between two capitals."""
    return (
        word.written in JOINING
        and bool(following)
        and _is_capital(text, following[0])
        and _touches(text, run[-1], word)
    )


def _name(text: str, run: list[Word], all_words: Sequence[Word], lang: str) -> Mention | None:
    while run and run[-1].written in JOINING:
        run = run[:-1]
    if not run:
        return None
    first = all_words.index(run[0])
    before = all_words[first - 1].folded if first else ""
    after = all_words[first + len(run) : first + len(run) + 1]
    if after and after[0].written in OFFICE_ENDINGS:
        return None  # Phó Thủ in "Phó Thủ tướng"
    titles = [word.folded in TITLES for word in run]
    if all(titles) or all(
        word.folded in MONTHS or word.folded in WEEKDAYS or word.folded.isdigit() for word in run
    ):
        return None
    start, end = run[0].span.start, run[-1].span.end
    written, folded = text[start:end], " ".join(word.folded for word in run)
    alone = len(run) == 1 and _begins_sentence(text, run[0])
    if folded.replace("-", " ") in PLACES or run[-1].folded in PLACE_WORDS:
        kind: Kind = "place"
    elif _is_organisation(run, f"{folded} ") or (
        len(run) == 1 and written.isupper() and len(written) > 1
    ):
        kind = "organisation"
    elif before in TITLES or any(titles) or _looks_personal(run, before):
        kind = "person"
    else:
        kind = "thing"
    following = all_words[first + 1 : first + 2] if len(run) == 1 else []
    if (
        kind == "thing"
        and following
        and folded.endswith(DEMONYM_ENDINGS)
        and (_adjacent(text, run[0], following[0]) and not is_stop_word(following[0], lang))
    ):
        return None  # Spanish in "Spanish people"
    if alone and kind == "thing" and not any(char.isupper() for char in written[1:]):
        return None
    return Mention(written, kind, start, end, True)


def _looks_personal(run: list[Word], before: str) -> bool:
    return len(run) in (2, 3, 4) and run[0].folded in SURNAMES and before not in ("the", "la")


def _is_organisation(run: list[Word], folded: str) -> bool:
    return folded.startswith(VI_ORGANISATIONS) or any(w.folded in ORGANISATIONS for w in run)
