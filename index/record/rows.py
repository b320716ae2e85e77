"""What one article gives the record: people, mentions, statements, sectors; frozen rows.

Every span counts code points of the article's stored text, so each row leads back to a quote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from index.articles import Span

Act = Literal["commit", "propose", "ask", "agree", "sign", "report"]
Time = Literal["future", "ongoing", "done"]

ACTS: tuple[Act, ...] = get_args(Act)
TIMES: tuple[Time, ...] = get_args(Time)
BOTH_SIDES = "both sides"  # the name of a party that stands for all who met


@dataclass(frozen=True, slots=True)
class Office:
    """A role as the article gives it, `former` when it says that the time in it is over.

    `role` is an id of `data/titles.tsv`. `of` is what the role is of: the canonical English name
    in folded letters of a country or place that is known (`japan`, `gunma`), else as written
    (`FPT Group`); None where the article does not say.
    """

    role: str
    of: str | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A named human of one article.

    `name` is the fullest form as written, `aliases` every form as written, without titles, in the
    order of their first appearance.
    """

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a person is meant.

    `span` covers the name without its title; for a bare title or a pronoun, that itself. `person`
    is a position in the people of the article. `office` and `title` are what stands beside the
    name, if anything does; a name beside two titles gives two mentions. `resolved` is True for a
    bare title or pronoun whose person was inferred.
    """

    span: Span
    person: int
    office: Office | None = None
    title: Span | None = None
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Who acts, or is acted towards.

    `name` is a person's name, or the canonical English name of a country or organisation, or
    `BOTH_SIDES`; `person` a position in the people of the article, None when it is no person.
    """

    person: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in which a named party does one of the six acts.

    `sentence` is the quote, `cue` the verb that shows the act; `sectors` are sorted ids. `resolved`
    is True when the actor was found through a pronoun or a bare title.
    """

    sentence: Span
    act: Act
    actor: Party
    counterpart: Party | None
    time: Time
    sectors: tuple[str, ...]
    resolved: bool
    cue: Span


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """What one article holds; `mentions` and `statements` in the order of the text.

    `sectors` lists only the sentences that have one, each with its sorted sector ids.
    """

    people: tuple[Person, ...] = ()
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    sectors: tuple[tuple[Span, tuple[str, ...]], ...] = ()
