"""Who a verb belongs to: the subject before it, behind it, or of the verb before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.record.cues import Cue
from index.record.naming import Tokens
from index.record.parties import Standing
from index.record.quotations import Quotation
from index.record.verbs import listed, word_set

Mode = Literal["before", "behind", "inherited", "none"]

_QUOTE = re.compile(r"[“”„«»\"]")


_ARTICLES = word_set("the a an both le la les l' l’ các cả his her its son sa ce cet cette ces")
_PREPOSITIONS = word_set(
    "of in from for with to at by on near between against about than like under over into"
    " after via"
    " de du des d' à au aux en avec pour par chez contre entre dans sur sous vers"
    " của tại ở với cho từ về giữa cùng trong"
)
_AND = word_set("and et và & but mais or ou nor ni")
_JOINING = word_set("and et và but mais then puis while then đồng thời")
_RELATIVE = word_set("who which qui")
_CONTRAST = word_set("and but while whereas et mais tandis alors còn và though although as")
_CLAUSE = word_set("that que qu' rằng là because car")
FIRST = word_set("i we i'll we'll nous je j' chúng tôi ta on i've we've we're i'm")
_INVERTED = re.compile(r"(.+?)(?:-t)?-(ils?|elles?)$")
_PRONOUNS = word_set("he she il elle ông bà")
_BEFORE_PRONOUN = word_set(
    "that then so where because since after before also monday tuesday wednesday thursday friday"
    " saturday sunday today yesterday year month week day time occasion thus que qu' où puis"
    " lundi mardi mercredi jeudi vendredi samedi dimanche aussi ainsi"
)
_PRONOUN_SUBJECTS = word_set("he she il elle it they we i je nous")
_PASSING = word_set(
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday"
    " ce cette hier aussi également encore"
)
_AUX = word_set("has have had is was will a ont avait s' est va s'est đã sẽ")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does what a cue says: `who` where that is known, `word` the token before the verb."""

    mode: Mode
    who: Standing | None = None
    word: str = ""
    also: Standing | None = None
    start: int = -1  # first token of the subject


NOBODY = Subject("none")


class Clauses:
    """One sentence: tokens `first` to `last`, its parties, and what of it is quoted."""

    def __init__(
        self,
        tokens: Tokens,
        low: Sequence[str],
        first: int,
        last: int,
        lang: str,
        standing: Sequence[Standing],
        quoted: Sequence[Quotation],
    ) -> None:
        self.tokens, self.low, self.lang = tokens, low, lang
        self.first, self.last = first, last
        self.standing = standing
        self.quoted = quoted
        self.asides: set[int] = set()
        self.by_end = {one.end: one for one in standing}
        self.by_start = {one.start: one for one in standing}

    def depth(self, at: int) -> int:
        """How deep in quotations token `at` stands; 0 outside, and for `…, a dit X` inside one."""
        if at in self.asides:
            return 0
        place = self.tokens.starts[at]
        return max((one.depth for one in self.quoted if one.start <= place < one.end), default=0)

    def gap(self, at: int) -> str:
        """What stands before token `at`, a stop at the beginning of the sentence."""
        return self.tokens.gap(at) if self.first < at < self.last else ". "

    def near(self, at: int) -> bool:
        """True when only white space, or nothing, stands before token `at`."""
        return self.first < at < self.last and not self.gap(at).strip(" \u00a0\n\t")

    def before_articles(self, at: int) -> int:
        """The token behind which stand only articles up to `at`."""
        while at > self.first and self.near(at) and self.low[at - 1] in _ARTICLES:
            at -= 1
        return at

    def subject(self, cue: Cue, before: Sequence[tuple[Cue, Subject]]) -> Subject:
        """The subject of a finite verb; `before` are the cues before it with theirs."""
        at = cue.start
        gap = self.gap(at)
        quote = bool(_QUOTE.search(gap)) or self.depth(at) != self.depth(max(self.first, at - 1))
        if self.near(at) and not quote:
            word = self.low[at - 1]
            if word in _RELATIVE:
                return self._antecedent(at - 1)
            if word in _JOINING:
                return self._inherited(before, at)
            if self.lang == "vi" and at not in self.by_end:
                found = self._inherited(before, at) if before else NOBODY
                return found if self.by_end.get(at) is None and self._joined_vi(at) else NOBODY
            return self._before(at)
        aside = "," in gap or ")" in gap or "–" in gap or "—" in gap or "-" in gap
        if not quote and aside and (one := self._beside(at)):
            return one
        opens = quote or at == self.first or bool(set(gap) & set(",.!?…:;—–"))
        told = quote or cue.act in ("report", "speech")
        if self.lang != "vi" and opens and told and cue.act != "undertake":
            behind = self.behind(cue.end)
            if behind:
                return behind
        if "," in gap and before and self.lang == "vi":
            return self._inherited(before, at)
        return NOBODY

    def _joined_vi(self, at: int) -> bool:
        return self.low[at - 1] in ("và", "thời", "cũng")

    def _before(self, at: int) -> Subject:
        """The party that ends where a verb group begins, when it is the head of its phrase."""
        word = self.low[at - 1]
        who = self.by_end.get(at)
        if not who:
            return Subject("before", None, word, start=at - 1)
        start = self.before_articles(who.start)
        left = self.low[start - 1] if start > self.first and self.near(start) else ""
        if left in _PREPOSITIONS:
            return Subject("before", None, word, start=start)
        if left in _AND and start - 1 > self.first:
            other = self.by_end.get(start - 1)
            while other and self.gap(self.before_articles(other.start)) == ", ":
                further = self.by_end.get(self.before_articles(other.start))
                if not further:
                    break
                other = further
            begin = self.before_articles(other.start) if other else start
            if other and begin > self.first and self.low[begin - 1] in _PREPOSITIONS:
                return Subject("before", who, word, start=start)
            if other and other.acts:
                return Subject("before", other, word, who, self.before_articles(other.start))
            if left not in ("but", "mais") and self.gap(start - 1).strip() == "":
                return Subject("before", None, word, start=start)
        return Subject("before", who, word, start=start)

    def _antecedent(self, at: int) -> Subject:
        """Who a relative clause is about: the party before it, or the person further before."""
        who = self.by_end.get(at)
        named = who and (who.sort == "person" or (self.lang == "fr" and who.sort != "country"))
        if who and named and who.acts:
            return Subject("before", who, self.low[at], start=self.before_articles(who.start))
        if who or "," in self.gap(at):
            for one in reversed(self.standing):
                if one.end <= at <= one.end + 12 and one.sort == "person":
                    apart = self.gap(one.end).strip() == ","
                    start = self.before_articles(one.start)
                    return Subject("before", one, self.low[at], start=start) if apart else NOBODY
        return NOBODY

    def _beside(self, at: int) -> Subject | None:
        """The person whose apposition ends before a verb: `X, chairman of Y, said`."""
        opening_first = sorted(
            self.standing, key=lambda one: (self.before_articles(one.start) != self.first, -one.end)
        )
        for one in opening_first:
            if one.end > at or at - one.end > 30 or not one.acts:
                continue
            inside = "," in self.tokens.span(one.start, one.end).slice(self.tokens.text)
            named_last = one.sort == "person" and "," in self.gap(self.before_articles(one.start))
            if one.end == at and not (inside or named_last):
                continue
            if _QUOTE.search(
                self.tokens.text, self.tokens.ends[one.end - 1], self.tokens.starts[at]
            ):
                return None
            opening = self.gap(one.end).strip()
            closing = self.gap(at).strip()
            opening = "," if inside else opening
            pairs = one.end == at or (opening[:1], closing[:1]) in {
                (",", ","),
                ("(", ")"),
                ("–", "–"),
                ("—", "—"),
            }
            start = self.before_articles(one.start)
            if not pairs or (one.sort != "person" and at - one.end > 20):
                continue
            left = self.low[start - 1] if start > self.first and self.near(start) else ""
            if left in _PREPOSITIONS or left in _AND:
                continue
            return Subject("before", one, self.low[at - 1], start=start)
        return None

    def behind(self, at: int) -> Subject | None:
        """The party right behind a verb, or the person a few words further in the same phrase."""
        far = False
        for step in range(at, min(self.last, at + 11)):
            if not self.near(step):
                behind = step
                while behind < self.last and self.low[behind] in _ARTICLES:
                    behind += 1
                named = self.by_start.get(behind)
                apart = step > at and self.gap(step) == ", " and far
                if apart and named and named.sort == "person":
                    return Subject("behind", named, start=step)
                return None
            word = self.low[step]
            if one := self.by_start.get(step):
                start = self.before_articles(step)
                left = self.low[start - 1] if start > at else ""
                if left in _PREPOSITIONS:
                    if one.sort == "person" and one.end not in self.by_start:
                        return None  # "la mère de X", but not "le ministre de X Y"
                    far = True
                    continue
                whole = one.sort == "person" or (one.sort == "organisation" and one.end - step > 1)
                if not one.acts or (far and not whole):
                    if one.sort == "people":
                        return None
                    continue
                return Subject("behind", one, start=step) if self._closes(one.end) else None
            inside = any(one.start < step < one.end for one in self.standing)
            if word in _CLAUSE or word in _PRONOUN_SUBJECTS:
                return None
            small = self.tokens.texts[step][0].islower()
            if small and not inside and word not in _ARTICLES and not self._passing(word):
                far = True
        return None

    def _closes(self, at: int) -> bool:
        """True when a party that stands behind its verb is not the subject of another one."""
        if at >= self.last or not self.near(at):
            return True
        word = self.low[at]
        return word not in _AUX and not (self.lang == "en" and word.endswith("ed"))

    def _passing(self, word: str) -> bool:
        return word in _PASSING or word.endswith(("ly", "ment"))

    def _inherited(self, before: Sequence[tuple[Cue, Subject]], at: int) -> Subject:
        for _, subject in reversed(before):
            if subject.mode != "none":
                return Subject("inherited", subject.who, subject.word, subject.also, subject.start)
        return self.opener(at)

    def opener(self, at: int) -> Subject:
        """The party that opens the clause in which token `at` stands, and goes on with a verb."""
        begin = self.first
        for step in range(self.first + 1, at):
            if ";" in self.gap(step) or ":" in self.gap(step):
                begin = step
        for one in self.standing:
            if one.start < begin or one.end >= at:
                continue
            start = self.before_articles(one.start)
            opens = start == begin or "," in self.gap(start)
            word = self.low[one.end]
            verb = word in _AUX or (self.lang == "en" and word.endswith("ed"))
            denied = not listed("denial", self.lang).isdisjoint(self.low[one.end : one.end + 3])
            if opens and one.acts and verb and not denied and self.near(one.end):
                return Subject("inherited", one, "", start=start)
            if start == begin:
                return NOBODY
        return NOBODY

    def is_supposed(self, subject: Subject) -> bool:
        """True when the clause of a subject is only supposed, or rumoured: `if X`, `that X`."""
        at = self.before_articles(subject.start)
        if at <= self.first or not self.near(at):
            return False
        word = self.low[at - 1]
        if word in ("no", "neither", "ni", "nor"):
            return True
        return word in listed("supposed", self.lang) or word in _CLAUSE

    def is_relative(self, subject: Subject) -> bool:
        """True when a pronoun stands in a clause about a noun: `the pact he proposed`."""
        at = subject.start
        if subject.mode != "before" or at <= self.first or not self.near(at):
            return False
        pronoun = self.low[at] in _PRONOUNS
        return pronoun and self.low[at - 1] not in _AND | _CONTRAST | _BEFORE_PRONOUN

    def is_contrast(self, subject: Subject) -> bool:
        """True when the clause of a subject stands beside the one before, not inside it."""
        at = self.before_articles(subject.start)
        if at <= self.first or ";" in self.gap(at):
            return True
        word, gap = self.low[at - 1], self.gap(at - 1)
        return word in _CONTRAST and (";" in gap or "," in gap or at - 1 == self.first)


def inverted(word: str) -> tuple[str, str] | None:
    """A French verb and the pronoun tied to it: `a-t-il` → `a`, `il`."""
    found = _INVERTED.fullmatch(word)
    return (found[1], found[2]) if found and "-" in word else None
