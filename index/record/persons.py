"""People over many articles: who is the same person where, under which names, in which offices.

Full names are one person when they have the same folded words, in either order but for Vietnamese
names. A lone family name joins a full name only when both hold the same office, so two people
of one family name stay two.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from index.record.belonging import of_key
from index.record.naming import is_vietnamese, name_key
from index.record.offices import kinds
from index.record.rows import ArticleRecord, Office, Person

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article that gives somebody an office; `date` is the article's, None where unknown."""

    article_id: str
    date: datetime.date | None


@dataclass(frozen=True, slots=True)
class Tenure:
    """An office of a person with the articles that give it, by date, undated ones last."""

    office: Office
    seen: tuple[Sighting, ...]

    @property
    def first(self) -> datetime.date | None:
        """The date of the first dated article that gives the office."""
        return self.seen[0].date

    @property
    def last(self) -> datetime.date | None:
        """The date of the last dated article that gives the office."""
        return max((sighting.date for sighting in self.seen if sighting.date), default=None)


@dataclass(frozen=True, slots=True)
class Leader:
    """A person over all articles.

    `id` is the folded name, such as `pham-minh-chinh`; `aliases` every form as written, the most
    frequent first; `tenures` by first date, undated last; `articles` the ids that name the person,
    sorted.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    tenures: tuple[Tenure, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """The leaders of a collection, sorted by id; `ids` maps an article's own people to them."""

    leaders: tuple[Leader, ...]
    ids: Mapping[tuple[str, int], str]

    @cached_property
    def by_id(self) -> Mapping[str, Leader]:
        """Leaders by their ids."""
        return {leader.id: leader for leader in self.leaders}

    def find(self, name: str) -> tuple[Leader, ...]:
        """The leaders that a name as typed can mean, an exact full name before all others.

        Marks and case do not count, nor the order of the words but in Vietnamese; a name in part,
        such as `Chính` or `Trump`, finds everybody who is written so somewhere.
        """
        key = name_key(name)
        exact = tuple(
            leader for leader in self.leaders if _ordered(key) == _ordered(name_key(leader.name))
        )
        if exact and len(key) > 1:
            return exact
        return (
            tuple(
                leader
                for leader in self.leaders
                if any(name_key(alias) == key for alias in leader.aliases)
            )
            or exact
        )


@dataclass(slots=True)
class _Group:
    """The local people that are taken for one."""

    keys: set[Key] = field(default_factory=set)
    forms: Counter[str] = field(default_factory=Counter)
    full: Counter[str] = field(default_factory=Counter)
    members: list[tuple[str, int]] = field(default_factory=list)
    offices: dict[Office, set[Sighting]] = field(default_factory=dict)
    suffix: str = ""

    def add(self, local: _Local) -> None:
        self.keys.add(local.key)
        self.forms.update(local.person.aliases)
        self.full[local.person.name] += 1
        self.members.append((local.article_id, local.at))
        for office in local.offices:
            self.offices.setdefault(office, set()).add(Sighting(local.article_id, local.date))


@dataclass(frozen=True, slots=True)
class _Local:
    """A person of one article."""

    article_id: str
    date: datetime.date | None
    at: int
    person: Person
    key: Key
    offices: tuple[Office, ...]


def merge_people(
    records: Iterable[tuple[str, datetime.date | None, ArticleRecord]],
) -> People:
    """The people of all articles as one list; `records` are article id, date and record.

    The result does not depend on the order of the articles.
    """
    groups: dict[Key, _Group] = {}
    lone: list[_Local] = []
    for local in sorted(_locals(records), key=lambda local: (local.article_id, local.at)):
        if len(local.key) == 1:
            lone.append(local)
        else:
            groups.setdefault(_ordered(local.key), _Group()).add(local)
    everybody = [*groups.values(), *_join_lone(lone, list(groups.values()))]
    leaders, ids = [], {}
    for group in everybody:
        leader = _leader(group)
        leaders.append(leader)
        ids.update(dict.fromkeys(group.members, leader.id))
    return People(tuple(sorted(leaders, key=lambda leader: leader.id)), ids)


def _locals(
    records: Iterable[tuple[str, datetime.date | None, ArticleRecord]],
) -> Iterable[_Local]:
    for article_id, date, record in records:
        offices: dict[int, dict[Office, None]] = {}
        for mention in record.mentions:
            if mention.office and kinds().get(mention.office.role) != "lead":
                offices.setdefault(mention.person, {})[mention.office] = None
        for at, person in enumerate(record.people):
            yield _Local(
                article_id, date, at, person, name_key(person.name), tuple(offices.get(at, ()))
            )


def _ordered(key: Key) -> Key:
    """A name as it is compared: in any order, but for Vietnamese names."""
    return key if is_vietnamese(key) else tuple(sorted(key))


def _join_lone(lone: list[_Local], groups: list[_Group]) -> list[_Group]:
    """Lone names put to the full name that holds the same office; else groups of their own."""
    bearers: dict[str, list[_Group]] = {}
    for group in groups:
        for token in {token for key in group.keys for token in _short_forms(key)}:
            bearers.setdefault(token, []).append(group)
    apart: dict[str, list[_Group]] = {}
    for local in lone:
        [token] = local.key
        same = [group for group in bearers.get(token, ()) if _shares(group, local)]
        if len(same) == 1:
            same[0].add(local)
            continue
        some = apart.setdefault(token, [])
        own = next((group for group in some if _shares(group, local)), None)
        if own is None:
            own = _Group(suffix=_suffix(local))
            some.append(own)
        own.add(local)
    return [group for some in apart.values() for group in _suffixed(some)]


def _short_forms(key: Key) -> tuple[str, ...]:
    return (key[-1],) if is_vietnamese(key) else (key[0], key[-1])


def _shares(group: _Group, local: _Local) -> bool:
    return any(is_same_office(one, other) for one in group.offices for other in local.offices)


def is_same_office(one: Office, other: Office) -> bool:
    """True when two articles may mean one office: the role, and what it is of where both say."""
    if one.role != other.role:
        return False
    return one.of is None or other.of is None or of_key(one.of) == of_key(other.of)


def _suffix(local: _Local) -> str:
    """What tells a lone name from another of the same letters: its office, else its article."""
    office = next(iter(local.offices), None)
    return _slug(f"{office.role} {office.of or ''}" if office else local.article_id)


def _suffixed(some: list[_Group]) -> list[_Group]:
    if len(some) == 1:
        some[0].suffix = ""
    return some


def _leader(group: _Group) -> Leader:
    tenures: dict[Office, set[Sighting]] = {}
    for office, seen in group.offices.items():
        tenures.setdefault(_completed(office, group), set()).update(seen)
    full = [form for form in group.full if len(name_key(form)) == max(map(len, group.keys))]
    name = min(
        full or group.full,
        key=lambda form: (form.isupper(), form.isascii(), -group.full[form], form),
    )
    slug = _slug(min(" ".join(key) for key in group.keys if len(key) > 1 or len(group.keys) == 1))
    listed = [Tenure(office, tuple(sorted(seen, key=_when))) for office, seen in tenures.items()]
    listed.sort(
        key=lambda tenure: (_when(tenure.seen[0]), tenure.office.role, tenure.office.of or "")
    )
    return Leader(
        "-".join(filter(None, (slug, group.suffix))),
        name,
        tuple(sorted(group.forms, key=lambda form: (-group.forms[form], form))),
        tuple(listed),
        tuple(sorted({article_id for article_id, _ in group.members})),
    )


def _when(sighting: Sighting) -> tuple[bool, datetime.date, str]:
    return sighting.date is None, sighting.date or datetime.date.max, sighting.article_id


def _completed(office: Office, group: _Group) -> Office:
    """The office with what it is of, where other articles say so, and all the same."""
    if office.of is not None:
        return office
    known = {other.of for other in group.offices if other.role == office.role and other.of}
    return Office(office.role, known.pop(), office.former) if len(known) == 1 else office


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")
