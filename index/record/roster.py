"""Who held an office when, by what dated articles say."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from index.record.belonging import of_key
from index.record.persons import Leader, Sighting
from index.record.places import find_place

Period = tuple[datetime.date, datetime.date]  # both ends included

NEAR = datetime.timedelta(days=31)  # how far beside a date an article still speaks for it
_ALIKE = (frozenset({"president", "chairman"}), frozenset({"ceo", "general_director"}))


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in an office, with the articles that back it, by date."""

    leader: Leader
    seen: tuple[Sighting, ...]


class Roster:
    """Looks offices up by date."""

    def __init__(self, leaders: Iterable[Leader]) -> None:
        self._leaders = tuple(leaders)

    def holder(
        self, role: str, of: str | None, on: datetime.date | Period | None = None
    ) -> tuple[Holder, ...]:
        """Who held the office on a day or in a period, the first seen first; empty when unknown.

        - Everybody whom an article of that time gives the office, without `former`.
        - Else who holds it in the articles before and after it, when that is one person; else who
          holds it in an article within a month of it, when that is one person.
        - Without a date, who holds it in the latest article; in undated ones when none is dated.

        `of` None asks for any country or organisation. "FPT" finds the office of `FPT Group`.
        """
        listed = [
            Holder(leader, seen) for leader in self._leaders if (seen := _seen(leader, role, of))
        ]
        dated = sorted({s.date for holder in listed for s in holder.seen if s.date})
        if on is None:
            latest = dated[-1] if dated else None
            return _within(listed, (latest, latest) if latest else None)
        first, last = on if isinstance(on, tuple) else (on, on)
        if inside := _within(listed, (first, last)):
            return inside
        before = [date for date in dated if date < first][-1:]
        after = [date for date in dated if date > last][:1]
        around = [_within(listed, (date, date)) for date in (*before, *after)]
        people = {holder.leader.id for some in around for holder in some}
        if before and after and len(people) == 1:
            return _within(listed, (before[0], after[0]))
        near = _within(listed, (_shifted(first, -NEAR), _shifted(last, NEAR)))
        return near if len(near) == 1 else ()


def _within(listed: Iterable[Holder], period: Period | None) -> tuple[Holder, ...]:
    """The holders seen in the period, with what was seen in it; None asks for undated articles."""
    found = []
    for holder in listed:
        seen = tuple(s for s in holder.seen if _is_in(s.date, period))
        if seen:
            found.append(Holder(holder.leader, seen))
    order = datetime.date.max
    return tuple(sorted(found, key=lambda holder: (holder.seen[0].date or order, holder.leader.id)))


def _is_in(date: datetime.date | None, period: Period | None) -> bool:
    if period is None or date is None:
        return period is None and date is None
    return period[0] <= date <= period[1]


def _shifted(date: datetime.date, by: datetime.timedelta) -> datetime.date:
    try:
        return date + by
    except OverflowError:
        return date


def _seen(leader: Leader, role: str, of: str | None) -> tuple[Sighting, ...]:
    """The articles that give the person this office, by date."""
    wanted = of_key(of) if of else None
    roles = {role}
    if not of or not find_place(of):
        roles = roles.union(*(alike for alike in _ALIKE if role in alike))
    seen = {
        sighting
        for tenure in leader.tenures
        if tenure.office.role in roles and not tenure.office.former
        if wanted is None or (tenure.office.of and _is_of(tenure.office.of, wanted))
        for sighting in tenure.seen
    }
    return tuple(
        sorted(seen, key=lambda s: (s.date is None, s.date or datetime.date.max, s.article_id))
    )


def _is_of(of: str, wanted: frozenset[str]) -> bool:
    return of_key(of) == wanted
