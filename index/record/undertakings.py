"""What lies in the future of a subject: "will provide", "fournira", "sẽ hỗ trợ", as cues.

A promise only by its subject: a country that will support, a speaker who says that he would.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.record.cues import Cue, Tense
from index.record.naming import Tokens
from index.record.verbs import inflected, listed, phrases, word_set

_WILL = word_set("will would")
_TIED = word_set("i'll we'll he'll she'll it'll they'll")
_ADVERBS = word_set("also soon then now further still jointly both fully actively always therefore")
_OWN = ("rons", "rai")  # of `nous` and `je`
_I = word_set("nous je j'")
_NOT_DONE = word_set(
    "serons aurons verrons devrons pourrons saurons resterons attendrons serai aurai verrai devrai"
    " pourrai saurai resterai attendrai dirai dirons vrai mourrai mourrons croirai perdrons"
)
_OBJECT = word_set("le la les l' lui leur vous y en")
_HE = word_set("il elle ils elles")
_THAT = word_set("qu' et que")
_NOT_WOULD = word_set(
    "serait aurait devrait pourrait faudrait saurait irait verrait resterait seraient auraient"
    " devraient pourraient iraient resteraient semblerait mourrait perdrait subirait"
)
_GO = word_set("va vont allons vais")


def find_undertakings(
    tokens: Tokens, low: Sequence[str], first: int, last: int, lang: str
) -> Iterator[Cue]:
    """The verbs in the future that may be undertaken, in order; not those of being or having.

    `sure` are those that can hardly be done but on purpose; `tense` is past for what was to come.
    """
    if lang == "fr":
        yield from _french(low, first, last)
        return
    for at in range(first, last - 1):
        word = low[at]
        if lang == "vi":
            two = " ".join(low[at + 1 : at + 3])
            is_done = low[at + 1] not in listed("stative", "vi") and two not in _wide("vi")
            if word == "sẽ" and is_done:
                end = min(last, at + 3)
                yield Cue("undertake", at, at, end, "finite", "future", False, True)
            continue
        if word in _WILL or word in _TIED:
            verb = at + 1
            while verb < last and (low[verb] in _ADVERBS or low[verb].endswith("ly")):
                verb += 1
            if verb < last and tokens.joined(verb) and low[verb] not in listed("stative", "en"):
                start = at + 1 if word in _TIED else at
                tense: Tense = "past" if word == "would" else "future"
                sure = low[verb] in listed("undertaking", "en")
                yield Cue("undertake", start, verb, verb + 1, "finite", tense, False, sure)


@lru_cache(maxsize=4)
def _wide(lang: str) -> frozenset[str]:
    return frozenset(" ".join(words) for words in phrases("stative", lang) if len(words) > 1)


@lru_cache(maxsize=1)
def _futures() -> dict[str, bool]:
    """French future and infinitive forms of what can be undertaken; True for the future."""
    made: dict[str, bool] = {}
    for verb in sorted(listed("undertaking", "fr")):
        for word, form in sorted(inflected(verb, "fr")):
            if form in ("future", "inf"):
                made[word] = form == "future"
                if form == "future" and word.endswith("a"):
                    made[word[:-1] + "ons"] = made[word + "i"] = True
    return made


def _french(low: Sequence[str], first: int, last: int) -> Iterator[Cue]:
    futures = _futures()
    for at in range(first, last):
        word, before = low[at], low[max(first, at - 1)]
        form = futures.get(word)
        if form is None and word.endswith(_OWN) and word not in _NOT_DONE:
            earlier = low[max(first, at - 2)]
            form = True if {before, earlier} & _I else None
        would = word.endswith(("rait", "raient")) and word not in _NOT_WOULD
        if would and before in _HE and low[max(first, at - 2)] in _THAT:
            yield Cue("undertake", at, at, at + 1, "finite", "past", False)
        if form is None:
            continue
        if form and before not in ("ne", "n'"):
            start = at - 1 if before in _OBJECT and at > first else at
            yield Cue("undertake", start, at, at + 1, "finite", "future", False, True)
        elif not form and before in _GO:
            yield Cue("undertake", at - 1, at, at + 1, "finite", "future", False, True)
