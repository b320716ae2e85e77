"""How common a word is in its language at large: what a small corpus cannot tell of itself.

Among five articles every word is rare. Word frequencies of the language (wordfreq, by R. Speer) say
which of them are so everywhere; they count as so many passages more beside the corpus's own.
"""

from __future__ import annotations

from functools import lru_cache

PRIOR_PASSAGES = 1000  # what the language at large weighs, in passages
_PASSAGE_WORDS = 150
_LANGUAGES = frozenset({"en", "fr", "vi"})


@lru_cache(maxsize=50_000)
def passage_share(word: str, lang: str | None) -> float:
    """The share of passages of some 150 words that hold `word`, in [0, 1]; 0 for a name unknown.

    A word of a question in another language than English, French or Vietnamese is looked up as
    English.
    """
    import wordfreq

    frequency = wordfreq.word_frequency(
        word, lang if lang in _LANGUAGES else "en", wordlist="small"
    )
    return float(1 - (1 - frequency) ** _PASSAGE_WORDS)
