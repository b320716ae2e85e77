"""He and she: where they stand in a text, and which person before them each can mean.

French `il` is as often nobody, so it means somebody only where its verb is a speaker's, or where
one person alone is named in its sentence, or in the one before that it opens.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.articles import Span
from index.record.evidence import acts, phrases, speaks
from index.record.listing import cue
from index.record.naming import Tokens

REACH = 6  # sentences back that a pronoun is recalled from, when one only could be meant
_GENDERS = {"he": "m", "she": "f", "il": "m", "elle": "f", "ông": "m", "bà": "f"}
_ENDS = frozenset({"he", "il", "le", "ng", "ba"})  # of the pronouns, folded: most words have none
_LANGS = {"en": ("he", "she"), "fr": ("il", "elle"), "vi": ("ông", "bà")}
_CREDITS = 5  # words before a name among which `per` or `according to` may stand
_OPENING = 3  # words of a sentence that its first pronoun may be among


class Seen(NamedTuple):
    """Where a person was meant: the sentence, the words, the person."""

    sentence: int
    span: Span
    person: int


class Pronoun(NamedTuple):
    """A pronoun as a subject: its token and letters; `telling` when its verb is a person's."""

    at: int
    span: Span
    gender: str
    telling: bool


def find_pronouns(tokens: Tokens) -> Iterator[Pronoun]:
    """The places of he and she as subjects, in the order of the text."""
    lang = tokens.lang
    listed = _LANGS.get(lang or "", ("he", "she"))
    for at, key in enumerate(tokens.keys):
        if key[-2:] not in _ENDS:
            continue
        word = tokens.texts[at]
        low = word.lower()
        if lang == "fr" and low.endswith(("-il", "-elle")):
            if _is_said(tokens, at):
                bare = low.rpartition("-")[2]
                span = Span(tokens.ends[at] - len(bare), tokens.ends[at])
                yield Pronoun(at, span, _GENDERS[bare], telling=True)
        elif low in listed:
            said = at + 1 < len(tokens) and speaks(tokens, at + 1)
            if lang == "fr" and not said and not _is_subject(tokens, at):
                continue
            if lang == "vi" and (
                not tokens.joined(at + 1)
                or tokens.texts[at + 1][0].isupper()
                or not (said or word[0].isupper())
            ):
                continue
            yield Pronoun(at, tokens.span(at, at + 1), _GENDERS[low], said or lang != "fr")


def _is_said(tokens: Tokens, at: int) -> bool:
    """True for `dit-il`, `lance-t-elle`, and `a-t-il` before what somebody did by speaking."""
    verb = tokens.keys[at].removesuffix("-il").removesuffix("-elle").removesuffix("-t")
    after = tokens.keys[at + 1] if at + 1 < len(tokens) else ""
    said = phrases("speech", "fr")
    return verb in said or (verb in ("a", "avait") and f"a {after}" in said)


def _is_subject(tokens: Tokens, at: int) -> bool:
    """False for `selon elle`, and for `il faut`, `il y a`, `il est possible`."""
    if not tokens.joined(at + 1) or (at and tokens.keys[at - 1] in cue("governing", tokens.lang)):
        return False
    listed, after = phrases("nobody", tokens.lang), at + 1
    return not any(" ".join(tokens.keys[after : after + n]) in listed for n in (1, 2, 3))


def antecedent(
    tokens: Tokens,
    pronoun: Pronoun,
    sentence: int,
    first: int,
    genders: Sequence[str],
    seen: Sequence[Seen],
    strangers: Sequence[Pronoun],
) -> int:
    """The person whom a pronoun means, its sentence beginning at `first`; -1 when not safe to say.

    The only one of the sentence so far, else of the nearest sentence before that names anybody,
    or the one who speaks there; never when somebody without a name came between, nor one of the
    `strangers`: pronouns shortly before that mean nobody who is named.
    """
    fitting = [
        entry
        for entry in seen
        if genders[entry.person] in ("", pronoun.gender)
        and not _is_credited(tokens, entry)
        and not _is_quoted(tokens.text[entry.span.end : tokens.starts[pronoun.at]])
    ]
    if not pronoun.telling:
        fitting = [entry for entry in fitting if not _is_owner(tokens, entry)]
    if not fitting:
        return -1
    last, nearest = fitting[-1], fitting[-1].sentence
    if nearest < sentence - REACH:
        return -1
    if nearest < sentence - 1 and len({entry.person for entry in fitting}) > 1:
        return -1
    if not pronoun.telling and nearest != sentence:
        opening = pronoun.at - bisect_left(tokens.starts, first) < _OPENING
        if not opening or nearest < sentence - 1 or len({e.person for e in seen}) > 1:
            return -1
    between = tokens.text[last.span.end : pronoun.span.start].lower()
    if any(somebody in between for somebody in cue("somebody", tokens.lang)):
        return -1
    if len(between.split()) < 2 and between.replace(" ", "a").isalpha():
        return last.person  # "told Altman he was out", "Diana feels she"
    if any(stranger.gender == pronoun.gender for stranger in strangers) and not _acts(tokens, last):
        return -1
    return _only(tokens, pronoun, [e for e in fitting if e.sentence == nearest], genders)


def _only(tokens: Tokens, pronoun: Pronoun, there: Sequence[Seen], genders: Sequence[str]) -> int:
    """The one of a sentence whom a pronoun means: by gender, by who speaks, by who acts."""
    people = {entry.person for entry in there}
    if len(people) == 1:
        return people.pop()
    known = {person for person in people if genders[person] == pronoun.gender}
    if len(known) == 1 and not pronoun.telling:
        return known.pop()
    for does in (speaks, acts):
        doing = {
            entry.person
            for entry in there
            if does(tokens, bisect_right(tokens.ends, entry.span.end))
            and (does is speaks or not _is_joint(tokens, entry))
        }
        if len(doing) == 1:
            return doing.pop()
        if doing:
            break
    return known.pop() if len(known) == 1 else -1


def _acts(tokens: Tokens, entry: Seen) -> bool:
    at = bisect_right(tokens.ends, entry.span.end)
    return acts(tokens, at) or speaks(tokens, at)


def _is_joint(tokens: Tokens, entry: Seen) -> bool:
    """True for the second of two who act together."""
    at = bisect_left(tokens.starts, entry.span.start)
    return not {"and", "et"}.isdisjoint(tokens.keys[max(0, at - 2) : at])


def _is_owner(tokens: Tokens, entry: Seen) -> bool:
    """True for `de X`, who is less spoken of than what is theirs."""
    at = bisect_left(tokens.starts, entry.span.start)
    return at > 0 and tokens.keys[at - 1] in ("de", "d'", "du", "par") and not _acts(tokens, entry)


def _is_quoted(between: str) -> bool:
    """True when a quotation ends in a text that does not begin in it."""
    for opening, closing in ("“”", "«»"):
        end = between.find(closing)
        if end >= 0 and opening not in between[:end]:
            return True
    return between.count('"') % 2 == 1 and between.rstrip().endswith(('"', '",', '" -'))


def _is_credited(tokens: Tokens, entry: Seen) -> bool:
    """True for who is only the source of the news: `per MLB Network's Jon Morosi`."""
    at = bisect_left(tokens.starts, entry.span.start)
    before = tokens.keys[max(0, at - _CREDITS) : at]
    return not {"per", "via"}.isdisjoint(before)
