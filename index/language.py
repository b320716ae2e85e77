"""The language of a text or a question, as an ISO 639-1 code.

py3langid alone guesses on questions: one Vietnamese name makes them Vietnamese to it, and
Vietnamese typed without marks is unknown to it. Three kinds of evidence are therefore added up: the
detector, once names are taken out; the share of function words; and whether the words have the
shape of Vietnamese syllables.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from index.text import STOP_WORDS, Word, fold, is_marked, is_stop_word, words

# The languages of the world's news; the detector's rarer ones only draw short questions away.
_LANGUAGES = """
    ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja km ko lo lt lv ms my nl no pl
    pt ro ru sk sl sr sv ta th tl tr uk ur vi zh
"""
_READ = 4000  # characters that tell a language as well as a whole article
_FOREIGN_SHARE = 0.3  # of function words, from which a sentence is not Vietnamese for its names
_ENOUGH = 0.4  # of the sum: a probability, a share, and the weight of Vietnamese syllables

# One onset, one nucleus, one coda: what a Vietnamese syllable may be once its marks are gone.
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh?|gi|kh|ph|th|tr|ch|qu|[bcdhklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_SYLLABIC_SHARE = 0.85
_FEWEST_SYLLABLES = 2
_SYLLABLES_WEIGHT = 0.5


def detect_language(text: str) -> str | None:
    """The most likely language of the text, whether it is supported or not; None when none shows.

    None is for texts without letters and for single words or names that could be of any language.
    """
    start = text[:_READ]
    read = [word for word in words(start) if any(map(str.isalpha, word.folded))]
    if not read:
        return None
    small = [word for word in read if not word.span.slice(start)[0].isupper()]
    telling = [read[0], *(word for word in small if word is not read[0])]  # names tell nothing
    scores: dict[str, float] = dict(_detector().rank(" ".join(word.written for word in telling)))
    if not any(map(str.isascii, (word.folded for word in read))):
        return max(scores, key=scores.__getitem__)  # another script tells more than its few words
    syllabic = _is_syllabic(small)
    shares = {lang: _function_share(telling, lang) for lang in STOP_WORDS}
    if not syllabic:  # then a bare `la`, `de` or `an` is no Vietnamese
        shares["vi"] = _function_share(telling, "vi", marked=True)
    if not syllabic and not shares["vi"] and max(shares.values()) >= _FOREIGN_SHARE:
        scores["vi"] = 0.0  # a Vietnamese name in a sentence of another language
    for lang, share in shares.items():
        scores[lang] += share
    scores["vi"] += _SYLLABLES_WEIGHT * syllabic
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] >= _ENOUGH else None


def _function_share(read: list[Word], lang: str, *, marked: bool = False) -> float:
    """The share of words that are function words of the language, those with marks alone if so."""
    functional = (is_stop_word(word, lang) and (is_marked(word) or not marked) for word in read)
    return sum(functional) / len(read)


def _is_syllabic(read: list[Word]) -> bool:
    """True when nearly all words, two at least, could be Vietnamese syllables."""
    parts = [fold(part) for word in read for part in word.written.split()]
    fitting = sum(map(bool, map(_SYLLABLE.fullmatch, parts)))
    return len(parts) >= _FEWEST_SYLLABLES and fitting >= _SYLLABIC_SHARE * len(parts)


@lru_cache(maxsize=1)
def _detector() -> Any:
    """The py3langid model, restricted; loading it takes about a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages(_LANGUAGES.split())
    return detector
