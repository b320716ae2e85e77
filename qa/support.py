"""Support: a generated sentence says nothing that the sentence it cites does not say.

It has to be made of whole phrases of its source, word for word and in their order; words may only
differ by an article, a regular inflection or an abbreviation. A phrase can be left out where a
comma or a closing "and" sets it off, and never when it denies, limits or attributes the rest. So
nothing is swapped, added, or cut off from what turns it. Fair sentences are lost to this, and with
them all in another language than their source: a dropped sentence costs little.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from qa.calendar_words import MONTHS
from qa.mentions import language
from qa.wording import (
    ATTRIBUTION,
    CONDITION,
    COPULAS,
    INTENTION,
    JOINING,
    NEGATION,
    OPENING,
    PAIRING,
    RELATIVE,
    Unit,
    is_same,
    lower,
    units,
)

Lack = Literal["markup", "number", "negation", "name", "wording"]

FEWEST = 5  # units of a sentence: fewer say nothing by themselves
LONGEST_SOURCE = 2_000  # characters of a source; none has to be longer
_LONGEST = 1_000  # characters
_OPENINGS = 2  # phrases that can be left out at the beginning
_REST = 3  # units that have to follow a phrase left out in the middle
_MARKUP = re.compile(
    r"[<>\[\]{}|\\`*_~^@]|://|(?i:\bwww\.)|\w\.[a-z]{2}|(?i:\.(?:com|net|org|io)\b)"
)
_FREELY = frozenset(" .,'’-")
_STOP, _PAUSE = re.compile(r"[;:.!?…\n]"), re.compile(r"[,()]|\s[-–—]+\s|—")
_LETTERS = re.compile(r"\w+")


def lack_of_support(sentence: str, source: str) -> Lack | None:
    """What keeps `sentence` from being borne out by `source`, the sentence it cites; else None."""
    if not _is_plain(sentence, source):
        return "markup"
    if len(source) > LONGEST_SOURCE:
        return "wording"
    lang = language(source)
    said, known = units(sentence, lang), units(source, lang)
    if {unit.number for unit in said} - {unit.number for unit in known}:
        return "number"
    if _negations(sentence) != _negations(source):
        return "negation"
    names = [unit.folded for unit in said[1:] if unit.is_capital and not unit.concept]
    if not _in_order(names, [unit.folded for unit in known]):
        return "name"
    return None if _Phrases(source, lang).hold(said) else "wording"


def _is_plain(sentence: str, source: str) -> bool:
    """True for one line of words, with no sign that could be more than writing."""
    typed = sentence.replace("\u00a0", " ").replace("\u202f", " ")
    signs = {sign for sign in typed if not sign.isalnum()} - _FREELY
    return (
        0 < len(typed.strip()) == len(typed) <= _LONGEST
        and typed.isprintable()
        and not _MARKUP.search(typed)
        and signs <= set(source)
    )


def _negations(text: str) -> Counter[str]:
    return Counter(NEGATION.findall(lower(text)))


def _in_order(said: Sequence[str], known: Sequence[str]) -> bool:
    rest = iter(known)
    return all(name in rest for name in said)


class _Phrases:
    """A source as units with what sets them off, and which of them a sentence may leave out."""

    def __init__(self, source: str, lang: str) -> None:
        self.text, self.lang, self.units = source, lang, units(source, lang)
        self.gaps = [
            _LETTERS.sub("", source[before.end : after.start])
            for before, after in zip(self.units, self.units[1:], strict=False)
        ]

    def hold(self, said: Sequence[Unit]) -> bool:
        """True when the phrases, some of them left out, are what is said."""
        if len(said) < FEWEST:
            return False
        here = {0} | {at for at in range(1, len(self.units)) if self._may_begin(at)}
        here = self._after(said[0], here)
        for unit in said[1:]:
            skipped = {to for at in here for to in self._beyond(at)}
            linked = {at for at in here if self._may_link(unit, at)}
            here = self._after(unit, here | skipped) | linked
        return any(self._may_end(at) for at in here)

    def _after(self, unit: Unit, places: set[int]) -> set[int]:
        """The places behind those at which the unit stands."""
        known = self.units
        return {at + 1 for at in places if at < len(known) and is_same(unit, known[at], self.lang)}

    def _beyond(self, at: int) -> list[int]:
        return [to for to in range(at + 1, len(self.units)) if self._may_skip(at, to)]

    def _is_pause(self, at: int) -> bool:
        """True when a comma, a bracket or a dash stands before the unit, and no stop."""
        gap = self._before(at)
        return bool(_PAUSE.search(gap)) and not _STOP.search(gap)

    def _before(self, at: int) -> str:
        """The signs before a unit that is not the first."""
        gap = self.gaps[at - 1]
        is_name = self.units[at].is_capital
        return gap.replace("–", "-").replace(" - ", "") if is_name else gap  # Vietnam – Japan

    def _may_begin(self, at: int) -> bool:
        """True when all before is an opening such as "On this occasion,"."""
        return (
            self._is_pause(at)
            and sum(map(self._is_set_off, range(1, at))) < _OPENINGS
            and bool(OPENING.match(lower(self.text)))
            and self._is_idle(0, at)
        )

    def _may_skip(self, at: int, to: int) -> bool:
        """True when one phrase between two commas may be left out, to go on with the verb."""
        if not (self._is_pause(at) and self._is_pause(to)) or self.units[to].is_capital:
            return False
        if any(self._is_set_off(each) for each in range(at + 1, to)):
            return False
        after = range(to + 1, min(to + _REST, len(self.units)))
        return (
            len(after) == _REST - 1
            and not any(self._is_set_off(each) for each in after)
            and not RELATIVE.match(lower(self._slice(at, to)))
            and self._is_idle(at, to)
        )

    def _is_set_off(self, at: int) -> bool:
        gap = self._before(at)
        return bool(_PAUSE.search(gap) or _STOP.search(gap))

    def _is_idle(self, first: int, last: int) -> bool:
        """True when these units neither turn nor date what follows, nor say who says it."""
        text = lower(self._slice(first, last))
        return not (
            any(each.search(text) for each in (NEGATION, CONDITION, ATTRIBUTION, INTENTION))
            or any(_STOP.search(self._before(at)) for at in range(max(first, 1), last + 1))
            or any(unit.number or unit.folded in MONTHS for unit in self.units[first:last])
        )

    def _may_link(self, unit: Unit, at: int) -> bool:
        """True for an "is" between a name and the phrase behind it: "Bình, chairman of FPT"."""
        return (
            unit.written in COPULAS
            and 0 < at < len(self.units)
            and self._is_pause(at)
            and self.units[at - 1].is_capital
            and not self.units[at].is_capital
        )

    def _may_end(self, at: int) -> bool:
        """True when nothing is left, or nothing that turns or attributes what was said."""
        if at == len(self.units):
            return True
        rest = lower(self._slice(at, len(self.units)))
        if NEGATION.search(rest) or CONDITION.search(rest):
            return False
        if self._is_set_off(at):
            return not ATTRIBUTION.search(rest)
        return self.units[at].written in JOINING and self._is_closed(at)

    def _is_closed(self, at: int) -> bool:
        """True when what stands before an "and" does not need what stands behind it."""
        first = at
        while first > 0 and not self._is_set_off(first):
            first -= 1
        before = self.units[first:at]
        return not (before[-1].number or any(unit.written in PAIRING for unit in before))

    def _slice(self, first: int, last: int) -> str:
        """The text from one unit up to another."""
        end = self.units[last - 1].end
        return self.text[self.units[first].start : end]
