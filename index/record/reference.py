"""Who is meant by "the company", "le groupe", "it": the body or country named shortly before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.record.naming import Tokens
from index.record.parties import Sort, Standing
from index.record.verbs import listed, phrases_at, word_set

_THE = word_set("the le la l'")
_WITH_THE = word_set("du des")
_OF = word_set("for of at de du des d'")
_ON = word_set("of de du des d' that which who qui dont")  # says which one is meant
_THIS = word_set("này")


def referred(
    tokens: Tokens, low: Sequence[str], lang: str, standing: Sequence[Standing], now: Sequence[int]
) -> list[Standing]:
    """The parties of two sentences, with the nouns of the second that mean one of them.

    `standing` are the parties of both in order, `now` the tokens of the second. Only what has an
    article and no name of its own refers back: "the company", not "the company of Ann".
    """
    found = list(standing)
    taken = {at for one in standing for at in range(one.start, one.end)}
    for at, end, sort in _nouns(tokens, low, lang, now):
        if taken.isdisjoint(range(at, end)) and (who := _meant(standing, sort, at, now[0])):
            found.append(replace(who, start=at, end=end, resolved=True))
    return sorted((one for one in found if one.start >= now[0]), key=lambda one: one.start)


def with_voices(
    tokens: Tokens, low: Sequence[str], lang: str, standing: Sequence[Standing]
) -> list[Standing]:
    """The parties, each with the unnamed one who speaks for it: `a spokesperson for Google`."""
    voices = listed("voice", lang)
    starts = {one.start for one in standing}
    found = []
    for one in standing:
        end, start = one.end, one.start
        open_end = end < len(low) and tokens.joined(end) and end not in starts
        if one.sort not in ("organisation", "country"):
            pass
        elif lang == "en" and open_end and low[end] in voices:
            ahead = end + 1 < len(low) and tokens.texts[end + 1][0].isupper()
            alone = not ahead and "," not in tokens.gap(end + 1)
            if alone:
                one = replace(one, end=end + 1)
        elif "," not in tokens.gap(end):
            while start and tokens.joined(start) and low[start - 1] in _THE | _OF:
                start -= 1
            spoken = start < one.start and low[start] in _OF and low[start - 1] in voices
            # Two capitals without an article are rather a person's name.
            spoken = spoken and (one.end - one.start == 1 or low[one.start - 1] in _THE | _WITH_THE)
            if start and spoken:
                one = replace(one, start=start - 1)
        found.append(one)
    return found


def mentions_body(low: Sequence[str], lang: str, now: Sequence[int]) -> bool:
    """True when some word among these tokens may mean a party that was named before."""
    words = listed("again", lang) | listed("land", lang)
    return not words.isdisjoint(low[now[0] : now[-1] + 1])


def opening(standing: Sequence[Standing], start: int) -> Standing | None:
    """The body or country that a sentence is about: its first party, where it opens it."""
    who = standing[0] if standing else None
    if who is None or who.sort not in ("organisation", "country") or who.start - start > 1:
        return None
    return replace(who, resolved=True)


def _nouns(
    tokens: Tokens, low: Sequence[str], lang: str, now: Sequence[int]
) -> Iterator[tuple[int, int, Sort]]:
    kinds: tuple[tuple[str, Sort], ...] = (("again", "organisation"), ("land", "country"))
    for at in now:
        for kind, sort in kinds:
            for words in phrases_at(kind, low, at, lang):
                end = at + len(words)
                ahead = low[end] if end <= now[-1] and tokens.joined(end) else ""
                if lang == "vi":
                    if ahead in _THIS or words[-1] in _THIS:
                        yield at, end + (ahead in _THIS), sort
                elif at > now[0] and low[at - 1] in _THE and tokens.texts[at].islower():
                    named = bool(ahead) and tokens.texts[end][0].isupper()
                    if ahead in _ON or named:
                        continue
                    yield at, end, sort
                break


def _meant(standing: Sequence[Standing], sort: Sort, at: int, here: int) -> Standing | None:
    """The only one of its sort before `at`, this sentence first; else the first of the other."""
    before = [one for one in standing if one.end <= at and one.sort == sort]
    for some in (
        [one for one in before if one.start >= here],
        [one for one in before if one.start < here],
    ):
        if len({one.party for one in some}) == 1:
            return some[0]
        if some:
            first = next(one for one in standing if (one.start >= here) == (some[0].start >= here))
            return first if first.sort == sort == "organisation" else None
    return None
