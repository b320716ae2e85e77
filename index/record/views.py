"""What the record is asked for, and what comes back: frozen rows, each with its place in a text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from index.articles import Source, Span
from index.record.rows import Act, Time


@dataclass(frozen=True)
class RecordFilter:
    """What rows are limited to; an empty field limits nothing.

    `person` is an id, a name or any part of a name that texts use alone, with or without marks, in
    either order; of statements also a country or organisation that acts. `counterpart` is the
    same of those acted towards. `sector` is an id. Dates are days, both ends included; an article
    without a date passes no date limit. `outlet` and `lang` are compared without case.
    """

    person: str | None = None
    act: Act | None = None
    sector: str | None = None
    time: Time | None = None
    counterpart: str | None = None
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    outlet: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of an article: `span` counts code points of the text that `source` names."""

    source: Source
    span: Span


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office of a person, as articles from `first` to `last` give it.

    `role` and `of` are as in `Office`; the dates are None when no dated article gives it. `place`
    is the sentence of the newest article that does.
    """

    role: str
    of: str | None
    former: bool
    first: datetime.date | None
    last: datetime.date | None
    place: Place


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person over all articles.

    `aliases` are all forms as written, the most frequent first; `offices` are by their first date,
    undated ones last. `articles` and `statements` count what passes the filter: where it says
    something of statements, the articles with such a one. `mention` is a sentence of the newest
    article that passes and names the person.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    offices: tuple[OfficeRow, ...]
    articles: int
    statements: int
    mention: Place


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A sentence in which somebody does something; `actor_id` is None when it is no person.

    `sectors` are sorted ids; `date` is the article's. `resolved` is True when the actor stands
    there as a pronoun or a bare title.
    """

    place: Place
    act: Act
    actor: str
    actor_id: str | None
    counterpart: str | None
    time: Time
    sectors: tuple[str, ...]
    resolved: bool
    date: datetime.date | None


class SectorRow(NamedTuple):
    """A sector, with what passes the filter: statements on it, articles, and a sentence.

    The sentence is the newest statement on it, without any the newest other sentence.
    """

    sector: str
    statements: int
    articles: int
    place: Place


@dataclass(frozen=True)
class Coverage:
    """Who spoke on what: statements by person and sector.

    `people` maps the ids of all who made a statement to their names, most statements first;
    `sectors` are all of the taxonomy, in its order. A pair that is not in `counts` is empty.
    """

    people: Mapping[str, str]
    sectors: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
