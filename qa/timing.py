"""What a question's time does to the passages found: those of the period come before the others.

A passage is of the period when it was published in it, or when its own words name it: what was
promised "in 2023" may be told in 2025. One published shortly before or after is next, for news
tells of what has just been and of what is to come. Nothing is left out: a period may be misread.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from index import Snapshot, stem
from qa.calendar_words import MONTHS
from qa.timeframe import Timeframe, window_matches

Floats = NDArray[np.float32]

_OUTSIDE = 0.85  # of its score is left to a passage of another time
_BESIDE, _SHORTLY = 0.9, timedelta(days=31)
_NOW = timedelta(0)
_NEWEST, _HALF_LIFE = 0.15, 180  # share of the score that recency decides on; days
_YEARS = range(1000, 2100)


@dataclass(frozen=True)
class Timing:
    """What is left of each passage's score, float32 of shape (n,), and whether none is in time.

    `outside` is True when the question names a period, and every passage is dated, far from it, and
    does not name it.
    """

    weights: Floats
    outside: bool = False


def newest_day(snapshot: Snapshot) -> date | None:
    """When the newest article was published; None when none has a date.

    This is what "last month" counts from. With the clock of the machine, the same question to the
    same generation would get another reply tomorrow.
    """
    day = int(snapshot.tables.articles["day"].max(initial=0))
    return date.fromordinal(day) if day else None


def time_passages(snapshot: Snapshot, rows: NDArray[np.int64], when: Timeframe | None) -> Timing:
    """How far the passages in `rows` are of the time asked about; 1 everywhere without one.

    For "latest" newer is a little better, and a passage without a date counts as one half-life old.
    For a period it keeps its score.
    """
    newest = newest_day(snapshot)
    if when is None or newest is None:
        return Timing(np.ones(len(rows), dtype=np.float32))
    days = snapshot.tables.articles["day"][snapshot.tables.passages["article"][rows]]
    if when.mode == "latest":
        age = np.where(days > 0, newest.toordinal() - days, _HALF_LIFE)
        recent = 1 - _NEWEST + _NEWEST * 0.5 ** (age / _HALF_LIFE)
        return Timing(recent.astype(np.float32))
    published = {day: _weight(when, date.fromordinal(day)) for day in set(days.tolist()) - {0}}
    weights = np.array([published.get(day, 1) for day in days.tolist()], dtype=np.float32)
    passages, sentences = snapshot.tables.passages[rows], snapshot.tables.sentences
    first = sentences["first_token"][passages["first_sentence"]]
    last = sentences["last_token"][passages["last_sentence"] - 1]
    weights[_named(snapshot, np.stack([first, last], axis=1), when)] = 1
    return Timing(weights, outside=len(rows) > 0 and bool((weights <= _OUTSIDE).all()))


def in_period(snapshot: Snapshot, article: int, when: Timeframe | None) -> float:
    """1 when an article is of the time asked about, 0 when not, 0.5 when it does not tell.

    It is when it was published in that time or shortly before or after, or names it. Where no
    period is asked about, every article is of it.
    """
    if when is None or when.mode == "latest":
        return 1.0
    row = snapshot.tables.articles[article]
    tokens = np.array([[row["first_token"], row["last_token"]]])
    if _named(snapshot, tokens, when)[0]:
        return 1.0
    if not row["day"]:
        return 0.5
    return float(_weight(when, date.fromordinal(int(row["day"]))) > _OUTSIDE)


def _weight(when: Timeframe, day: date) -> float:
    """What is left to a passage that was published on that day."""
    if window_matches(when, day):
        return 1
    if when.months:
        any_day = replace(when, day=None)
        beside = any(window_matches(any_day, day + by) for by in (-_SHORTLY, _NOW, _SHORTLY))
    else:
        start, end = when.start, when.end
        beside = window_matches(
            replace(when, start=start and start - _SHORTLY, end=end and end + _SHORTLY), day
        )
    return _BESIDE if beside else _OUTSIDE


def _named(snapshot: Snapshot, ranges: NDArray[np.int64], when: Timeframe) -> NDArray[np.bool_]:
    """Which ranges of tokens name the period: its year or one of its years, the month, the day."""
    held = snapshot.tokens.counts(_words(when), ranges)
    return np.asarray((held > 0).all(axis=1), dtype=np.bool_)


def _words(when: Timeframe) -> list[list[str]]:
    """The words a text must hold to name the period, each by the terms that may stand for it.

    Of a stretch of several months the year is enough.
    """
    if when.start is None and when.end is None:
        return [_month_names(when.months)] + ([[str(when.day)]] if when.day else [])
    first = when.start.year if when.start else _YEARS.start
    last = when.end.year if when.end else _YEARS.stop
    years = [str(year) for year in range(first, last + 1)]
    if when.start and when.end and (when.start.year, when.start.month) == (last, when.end.month):
        return [years, [*_month_names([when.start.month]), str(when.start.month)]]
    return [years]


def _month_names(months: Collection[int]) -> list[str]:
    return [stem(name, lang) for name, n in MONTHS.items() if n in months for lang in ("en", "fr")]
