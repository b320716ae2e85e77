"""The statements of an article: who commits, proposes, asks, agrees, signs or reports, and to whom.

A verb of `data/acts.tsv` counts where a named party is its subject and nothing denies it. What
somebody is said to have said is the speaker's report, and becomes a promise of his own only where
he speaks of himself or of his own side.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from index.articles import Span
from index.record.attribution import FIRST, NOBODY, Clauses, Subject, inverted
from index.record.cues import Cue, find_cues, lowered
from index.record.naming import Tokens, tokens_of
from index.record.outcome import counterpart, time_of, wished_of
from index.record.parties import Cast, Standing
from index.record.quotations import Quotation, quotations
from index.record.reference import mentions_body, opening, referred, with_voices
from index.record.roles import (
    is_verb,
    of_participle,
    of_passive,
    signings,
    sources_in,
    spoken,
)
from index.record.rows import Act, Mention, Person, Statement
from index.record.speech import SAYING, Row, is_own, nest, speaks
from index.record.undertakings import find_undertakings
from index.record.verbs import listed, word_set

_STRONG = frozenset(("commit", "propose", "ask", "wish", "agree", "sign", "undertake"))
_PRONOUNS = ("il", "elle", "he", "she")
_FACT = word_set("is are was were has have had may might could will would did est sont était a ont")


def find_statements(
    text: str,
    sentences: Sequence[Span],
    lang: str | None,
    people: Sequence[Person],
    mentions: Sequence[Mention],
    sectors: Mapping[Span, tuple[str, ...]],
) -> tuple[Statement, ...]:
    """The statements of an article in the order of its sentences, at most one of an act and actor.

    `people` and `mentions` are those that `find_people` gives; `sectors` the sector ids of those
    sentences that have any. A text in a language other than English, French or Vietnamese has none.
    """
    if lang not in ("en", "fr", "vi"):
        return ()
    tokens = tokens_of(text, lang)
    reader = _Reader(tokens, lang, Cast(tokens, people, mentions), quotations(text))
    found: list[Statement] = []
    at = 0
    for sentence in sentences:
        while at < len(tokens) and tokens.starts[at] < sentence.start:
            at += 1
        first = at
        while at < len(tokens) and tokens.starts[at] < sentence.end:
            at += 1
        found += reader.statements(sentence, first, at, sectors.get(sentence, ()))
    return tuple(found)


class _Reader:
    """Reads an article sentence by sentence, and remembers who spoke last."""

    def __init__(self, tokens: Tokens, lang: str, cast: Cast, quoted: Sequence[Quotation]) -> None:
        self.tokens, self.lang, self.cast, self.quoted = tokens, lang, cast, quoted
        self.low = lowered(tokens)
        self.tied: dict[int, str] = {}
        if lang == "fr":
            for at, word in enumerate(self.low):
                if "-" in word and (parts := inverted(word)):
                    self.low[at], self.tied[at] = parts
        self.bare = lang != "en" and tokens.text.isascii()
        self.speaker: Standing | None = None
        self.age = 9  # sentences since the speaker spoke
        self.before = self.here = 0  # first tokens of the sentence before, and of this one

    def statements(
        self, sentence: Span, first: int, last: int, sectors: tuple[str, ...]
    ) -> Iterator[Statement]:
        """The statements of one sentence, tokens `first` to `last`, in the order of their cues."""
        self.age += 1
        self.before, self.here = self.here, first
        cues = list(find_cues(self.tokens, self.low, first, last, self.lang, self.bare))
        cues += find_undertakings(self.tokens, self.low, first, last, self.lang)
        sources = list(sources_in(self.low, first, last, self.lang))
        signing = not listed("signing", self.lang).isdisjoint(self.low[first:last])
        if not (cues or sources or signing):
            return
        quoted = list(self._quoted_in(sentence))
        standing = self._standing(first, last)
        clauses = Clauses(self.tokens, self.low, first, last, self.lang, standing, quoted)
        rows = self._rows(clauses, cues)
        rows += [Row(cue, subject, source=True) for cue, subject in spoken(clauses, sources)]
        nest(clauses, rows)
        rows += [Row(cue, subject) for cue, subject in signings(clauses)]
        taken = set()
        for row, act, who in sorted(self._told(clauses, rows), key=lambda told: told[0].cue.at):
            key = act, who.party
            if key in taken:
                continue
            taken.add(key)
            towards = counterpart(clauses, row.cue, row.subject, act, who)
            yield Statement(
                sentence,
                cast(Act, act),
                who.party,
                towards,
                time_of(clauses, row.cue, act, suffix=row.suffix or row.source, first=first),
                sectors,
                who.resolved,
                self.tokens.span(row.cue.at, row.cue.end),
            )

    def _standing(self, first: int, last: int) -> list[Standing]:
        """The parties of a sentence, with "the company" that the one before names."""
        now = range(first, last)
        found = self.cast.standing(first, last, self.low, self.lang)
        if not listed("voice", self.lang).isdisjoint(self.low[first:last]):
            found = with_voices(self.tokens, self.low, self.lang, found)
        if not now or not mentions_body(self.low, self.lang, now):
            return found
        earlier = self.cast.standing(self.before, first, self.low, self.lang)
        return referred(self.tokens, self.low, self.lang, [*earlier, *found], now)

    def _last_body(self, until: int) -> Standing | None:
        """What the sentence before is about, where a pronoun opens this one and means nobody."""
        if until != self.here or any(True for _ in self.cast.persons(self.before, until)):
            return None
        earlier = self.cast.standing(self.before, self.here, self.low, self.lang)
        start = self.before + (self.low[self.before] in ("the", "le", "la", "l'", "les"))
        return opening(earlier, start)

    def _quoted_in(self, sentence: Span) -> Iterator[Quotation]:
        at = bisect_right(self.quoted, sentence.start, key=lambda one: one.end)
        for one in itertools.islice(self.quoted, at, None):
            if one.start < sentence.end:
                yield one
            elif one.depth == 1:
                return

    # Who does what

    def _rows(self, clauses: Clauses, cues: Sequence[Cue]) -> list[Row]:
        """Each cue with its subject; participles are read once the finite verbs are."""
        rows: list[Row] = []
        known: list[tuple[Cue, Subject]] = []
        for cue in sorted(cues, key=lambda cue: cue.at):
            if cue.voice == "participle":
                rows.append(Row(cue, NOBODY))
                continue
            if cue.voice == "passive":
                subject = of_passive(clauses, cue)
            elif self._is_aside(clauses, cue):
                subject = self._tied(cue) or clauses.behind(cue.end) or NOBODY
                clauses.asides.update(range(cue.start, cue.end))
            elif clauses.depth(cue.at):
                own = clauses.low[cue.start] in FIRST  # "we're ready to"
                at = cue.start if own else max(clauses.first, cue.start - 1)
                subject = Subject("before", None, clauses.low[at])
            elif tied := self._tied(cue):
                subject = tied
            else:
                subject = self._recalled(clauses.subject(cue, known))
                if not is_verb(clauses, cue, subject):
                    continue
            shared = subject.mode == "inherited" and cue.start == cue.at
            if shared and known and known[-1][0].denied:
                cue = replace(cue, denied=True)  # "has not signed and agreed"
            rows.append(Row(cue, subject))
            if not clauses.depth(cue.at):
                known.append((cue, subject))
        for at, row in enumerate(rows):
            if row.cue.voice == "participle" and not clauses.depth(row.cue.at):
                row.subject = of_participle(clauses, row.cue, rows, at)
        return rows

    def _recalled(self, subject: Subject) -> Subject:
        """The subject; for a pronoun that nobody has resolved, the only person of late."""
        if subject.who or subject.mode != "before" or subject.word not in (*_PRONOUNS, "it"):
            return subject
        who = None if subject.word == "it" else self._last_person(subject.start)
        if who is None and (subject.word == "it" or self.lang == "fr"):
            who = self._last_body(subject.start)
        if who is None:
            return subject
        return replace(subject, who=replace(who, resolved=True))

    def _is_aside(self, clauses: Clauses, cue: Cue) -> bool:
        """True for what French news puts inside a quotation: `« Je pars, a dit X. Demain. »`."""
        if self.lang != "fr" or clauses.depth(cue.at) != 1 or cue.act not in SAYING:
            return False
        if clauses.gap(cue.start) != ", ":
            return False
        subject = self._tied(cue) or clauses.behind(cue.end)
        return subject is not None and subject.who is not None and subject.who.sort == "person"

    def _tied(self, cue: Cue) -> Subject | None:
        """The subject of `a-t-il ajouté`: who spoke last, if that was lately."""
        if not any(at in self.tied for at in range(cue.start, cue.at + 1)):
            return None
        if any(self.tied.get(at, "").endswith("s") for at in range(cue.start, cue.end)):
            return Subject("behind", None, start=cue.start)
        who = self._last_person(cue.start) if self.age > 3 else self.speaker
        if who is None or who.sort != "person":
            return Subject("behind", None, start=cue.start)
        return Subject("behind", replace(who, resolved=True), start=cue.start)

    def _last_person(self, until: int) -> Standing | None:
        """Who alone is named in the sentence before, and nobody since; else who spoke lately."""
        since = list(self.cast.persons(self.before, until))
        named = {one.party: one for one in since}
        if len(named) == 1:
            # A name in the same sentence is more often another's: "Ann is right," she said.
            return since[0] if since[0].start < self.here else None
        lately = self.speaker is not None and self.age < 3 and self.speaker.sort == "person"
        return self.speaker if lately and not named else None

    # What it is

    def _told(self, clauses: Clauses, rows: Sequence[Row]) -> Iterator[tuple[Row, str, Standing]]:
        """The rows that are statements: with the act and the actor."""
        own: dict[int, list[Row]] = {}
        for row in rows:
            if row.inside is not None:
                own.setdefault(id(row.inside), []).append(row)
        for row in rows:
            who, cue = row.subject.who, row.cue
            if row.inside is not None or who is None or not who.acts:
                continue
            if row.subject.mode == "before" and clauses.is_supposed(row.subject):
                continue
            if cue.act in SAYING or row.source:
                if cue.denied:
                    continue
                inner = [one for one in own.get(id(row), ()) if is_own(clauses, one, who)]
                if clauses.low[cue.at] in listed("denial", self.lang) | listed("doubt", self.lang):
                    inner = []  # what is denied was not done
                strong = [one for one in inner if self._is_strong(clauses, one.cue, who)]
                for one in strong:
                    yield one, _act(one.cue), who
                replaced = bool(strong) and strong[0].first
                if not replaced and (cue.act == "report" or row.source or speaks(clauses, row)):
                    yield row, "report", who
                self.speaker, self.age = who, 0
            elif self._is_strong(clauses, cue, who) and not clauses.is_relative(row.subject):
                if cue.act == "undertake" and not _undertaken(cue, who):
                    continue
                if who.sort == "person":
                    self.speaker, self.age = who, 0
                if row.subject.mode == "behind" and _is_remark(clauses, cue):
                    yield row, "report", who
                elif cue.act == "propose" and clauses.low[cue.at].startswith("sugg"):
                    yield row, _suggested(clauses, cue), who
                else:
                    yield row, _act(cue), who
        if not any(row.inside is None and row.subject.mode != "none" for row in rows):
            yield from self._carried(clauses, rows)

    def _is_strong(self, clauses: Clauses, cue: Cue, who: Standing) -> bool:
        """True for what is more than a report, and not denied, nor wished of nobody."""
        wished = cue.act != "wish" or wished_of(clauses, cue, who) is not None
        return cue.act in _STRONG and not cue.denied and wished

    def _carried(
        self, clauses: Clauses, rows: Sequence[Row]
    ) -> Iterator[tuple[Row, str, Standing]]:
        """What the last speaker undertakes in a quotation that began in the sentence before."""
        place = clauses.tokens.starts[clauses.first]
        if self.speaker is None or self.age > 1:
            return
        if not any(one.start < place < one.end for one in clauses.quoted):
            return
        for row in rows:
            promised = row.cue.act in _STRONG - {"wish"} and not row.cue.denied
            if promised and clauses.depth(row.cue.at) == 1 and row.subject.word in FIRST:
                self.age = 0
                yield row, _act(row.cue), replace(self.speaker, resolved=True)


def _undertaken(cue: Cue, who: Standing) -> bool:
    """True when it is told that a country or organisation will do what is done on purpose."""
    return cue.tense == "future" and cue.sure and who.sort != "person"


def _is_remark(clauses: Clauses, cue: Cue) -> bool:
    """True for verbs that only speak behind a quotation: `« … », a approuvé X`, `demande X`."""
    asks = cue.end == cue.at + 1 and clauses.low[cue.at].startswith("demand")
    return cue.voice == "finite" and (cue.act == "agree" or asks)


def _suggested(clauses: Clauses, cue: Cue) -> str:
    """What is suggested is proposed, unless it is told as a fact: `suggested that X is`."""
    words = clauses.low[cue.end : min(clauses.last, cue.end + 10)]
    ends = cue.end >= clauses.last or clauses.gap(cue.end)[:1] in (".", ",")
    return "report" if ends or set(words) & _FACT else "propose"


def _act(cue: Cue) -> str:
    return {"undertake": "commit", "wish": "ask", "speech": "report"}.get(cue.act, cue.act)
