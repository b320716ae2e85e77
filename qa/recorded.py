"""recall(): what the record says to a question about an office, or about what somebody undertook.

Only a question that asks for nothing else is answered so: "who was Prime Minister of Japan in April
2025", "what has Chính asked of Japan on semiconductors". One word more, and it asks for something
that a row does not tell: passages answer it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from index import (
    BOTH_SIDES,
    Act,
    Facets,
    Office,
    Place,
    QueryTerm,
    Record,
    RecordFilter,
    Snapshot,
    Span,
    StatementRow,
    Taxonomy,
    find_place,
    fold,
    offices_in,
    place_title,
    words,
)
from qa.mentions import language, names
from qa.queries import Query
from qa.timeframe import Timeframe

_ACTS: dict[Act, frozenset[str]] = {
    "commit": frozenset(("=promise", "=commit", "=pledge")),
    "propose": frozenset(("=propose", "=suggest", "=recommend")),
    "ask": frozenset(("=ask", "=request", "=urge", "=call_on")),
    "agree": frozenset(("=agree",)),
    "sign": frozenset(("=sign",)),
}
_WHO = re.compile(r"^(?:who|whom|qui|ai)\b|\b(?:la ai|est qui)\W*$")
_SIDES = re.compile(
    r"\b(?:(?:two|both) (?:sides|countries|parties)|deux (?:parties|pays)|hai (?:bên|nước))\b",
    re.IGNORECASE,
)
_TOWARDS = re.compile(
    r"\b(?:of|to|from|with|for|towards?|au|aux|a|du|des|de|d|avec|envers|voi|cho)"
    r"(?: (?:the|la|le|les|l))?\W*$"
)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|duoc|bi)\b")
_EMPTY = 0.04  # share of passages: a word in more of them, and of no concept, asks for nothing
_ASIDE = frozenset(("=make", "=take", "=give", "=two", "=side", "=list", "=thing", "=have", "=do"))
_WHOLE = 0.99  # share of a question's words that are all of them
_MOST = 50  # rows that are looked through
SURE = 0.9  # the confidence in what is recalled


@dataclass(frozen=True)
class Recalled:
    """Sentences on record that answer, newest first; `alone` when passages have nothing to add.

    None of them means that nobody is known to have held the office that is asked about.
    """

    places: tuple[Place, ...]
    alone: bool = False


def rows_of(snapshot: Snapshot, places: Iterable[Place]) -> NDArray[np.int64]:
    """The sentence rows of the places, in their order."""
    tables, rows = snapshot.tables, []
    for place in places:
        number = bisect_left(tables.sources, place.source.article_id, key=attrgetter("article_id"))
        article = tables.articles[number]
        first, last = int(article["first_sentence"]), int(article["last_sentence"])
        starts = tables.sentences["start"][first:last]
        rows.append(first + int(np.searchsorted(starts, place.span.start)))
    return np.array(rows, np.int64)


def recall(
    snapshot: Snapshot,
    query: Query,
    where: Facets | None,
    taxonomy: Taxonomy,
    *,
    best: Callable[[], str] = str,
    covered: float = 0,
) -> Recalled | None:
    """What is on record for a question; None where it is none for the record, or nothing is.

    `best` gives the sentence that passages would answer with, read only where it decides;
    `covered` is the share of the question's words that it holds.
    """
    if not snapshot.record.is_built or (where and (where.speaker or where.sector)):
        return None  # of an earlier version; or limited to passages
    asked = _Asked(snapshot.record, query, where or Facets(), taxonomy)
    return asked.office(best, covered) or asked.acts()


class _Asked:
    """A question as the record reads it: offices, parties and acts, and what is left of it."""

    def __init__(self, record: Record, query: Query, where: Facets, taxonomy: Taxonomy) -> None:
        self.record, self.query, self.where, self.taxonomy = record, query, where, taxonomy
        self.lang = query.lang or language(query.text)
        self.when = _days(query.when)
        self.offices = offices_in(query.text, self.lang)

    def office(self, best: Callable[[], str], covered: float) -> Recalled | None:
        """Who held the one office that is asked about, at the time asked about.

        Of an office that is not on record at all, a sentence must speak that is to answer: by
        title, or in all words of the question.
        """
        folded = " ".join(fold(self.query.text).split())
        if len(self.offices) != 1 or not _WHO.search(folded) or any(self._left(self.offices[0][1])):
            return None
        [(office, _)] = self.offices
        held = self.record.holders(office.role, office.of, *self.when)
        places = [row.place for _, row in held if self._passes(row.place)]
        if places:
            return Recalled(tuple(places), alone=True)
        if held:
            return None
        if self.record.holders(office.role, office.of):
            return Recalled(())
        if covered >= _WHOLE:
            return None
        sentence = best()
        told = (other for other, _ in offices_in(sentence, language(sentence)))
        return None if any(_is_same(office, other) for other in told) else Recalled(())

    def acts(self) -> Recalled | None:
        """What a named party committed to, proposed, asked, agreed to or signed."""
        acts = [act for act, concepts in _ACTS.items() if self._terms_of(concepts)]
        parties = self._parties()
        if not acts or not parties:
            return None
        (actor, its_words), *others = parties
        act_words = (term.text for act in acts for term in self._terms_of(_ACTS[act]))
        left = self._left(its_words, *(span for _, span in others), said=act_words)
        sectors = [self._sector(group) for group in left]
        if None in sectors:
            return None
        rows = self._statements(acts, actor, [name for name, _ in others], sectors)
        return Recalled(tuple(dict.fromkeys(row.place for row in rows))) if rows else None

    def _statements(
        self, acts: Sequence[Act], actor: str, others: Sequence[str], sectors: Sequence[str | None]
    ) -> list[StatementRow]:
        """The statements of `actor`, newest first; towards the others, where there are such."""
        found: list[StatementRow] = []
        for act in acts:
            where = RecordFilter(
                person=actor,
                act=act,
                sector=sectors[0] if sectors else None,
                date_from=max(filter(None, (self.when[0], self.where.date_from)), default=None),
                date_to=min(filter(None, (self.when[1], self.where.date_to)), default=None),
                outlet=self.where.outlet,
                lang=self.where.lang,
            )
            found += self.record.statements(where, limit=_MOST)[1]
        found = [row for row in found if set(sectors) <= set(row.sectors)]
        named = {fold(name) for name in others}
        towards = [row for row in found if row.counterpart and fold(row.counterpart) in named]
        return sorted(towards or found, key=lambda row: row.date or date.min, reverse=True)

    def _parties(self) -> list[tuple[str, Span]]:
        """The parties that are named, with their words; who acts comes first."""
        text = self.query.text
        found: dict[Span, str] = {}
        for office, span in self.offices:
            held = self.record.holders(office.role, office.of, *self.when)
            if len({person.id for person, _ in held}) == 1:
                found[span] = held[0][0].name
        for mention in names(text, self.lang):
            span = Span(mention.start, mention.end)
            if place := find_place(mention.text):
                found.setdefault(span, place_title(place))
            elif self.record.find(mention.text):
                found[span] = mention.text
        if sides := _SIDES.search(text):
            found[Span(*sides.span())] = BOTH_SIDES
        people = {span for span, name in found.items() if self.record.find(name)}
        passive = bool(_PASSIVE.search(fold(text)))

        def acts_last(span: Span) -> tuple[bool, bool, int]:
            towards = bool(_TOWARDS.search(fold(text[: span.start])))
            return (towards or passive, span not in people, span.start)

        ordered = sorted(found, key=acts_last)
        if ordered and ordered[0] not in people and acts_last(ordered[0])[0]:
            return []  # nobody is said to act
        return [(found[span], span) for span in ordered]

    def _left(self, *spans: Span, said: Iterable[str] = ()) -> list[tuple[QueryTerm, ...]]:
        """What is asked beside the words in `spans`, those of the time, and `said`; by concept."""
        text = self.query.text
        done = {word.folded for span in spans for word in words(span.slice(text))}
        done |= {fold(word) for word in said} | self.query.common
        left = [
            term
            for term in self.query.terms
            if not done.issuperset(word.folded for word in words(term.text))
            and not self._asks_nothing(term)
        ]
        return [tuple(group) for _, group in groupby(left, key=attrgetter("forms"))]

    def _asks_nothing(self, term: QueryTerm) -> bool:
        concepts = {form for form in term.forms if form.startswith("=")}
        return not term.named and (
            bool(concepts & _ASIDE) or (not concepts and term.share > _EMPTY)
        )

    def _terms_of(self, concepts: frozenset[str]) -> list[QueryTerm]:
        return [term for term in self.query.terms if concepts.intersection(term.forms)]

    def _sector(self, group: Sequence[QueryTerm]) -> str | None:
        """The sector that the words of one concept name."""
        return self.taxonomy.named(" ".join(term.text for term in group))

    def _passes(self, place: Place) -> bool:
        source, where = place.source, self.where
        return (
            (where.lang is None or source.lang == where.lang)
            and (where.outlet is None or fold(source.outlet or "") == fold(where.outlet))
            and (where.date_from is None or bool(source.date and source.date >= where.date_from))
            and (where.date_to is None or bool(source.date and source.date <= where.date_to))
        )


def _is_same(asked: Office, told: Office) -> bool:
    """True when the office told may be the one asked about: "FPT" is the FPT Group."""
    if asked.role != told.role or asked.of is None:
        return asked.role == told.role
    one, other = ({word.folded for word in words(of or "")} for of in (asked.of, told.of))
    return bool(other) and (one <= other or other <= one)


def _days(when: Timeframe | None) -> tuple[date | None, date | None]:
    """The first and the last day asked about; a month without its year is no limit."""
    return (when.start, when.end) if when else (None, None)
