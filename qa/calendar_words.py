"""The calendar as it is written in English, French and Vietnamese: patterns over folded text.

Folded means lower case without accents, đ as d: `thang 4` typed without marks reads the same.
Each row of `POINTS` pairs a pattern with the window its match stands for.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_MONTH_NAMES = (
    "january jan janvier janv|february feb fevrier fevr|march mar mars|april apr avril avr|may mai|"
    "june jun juin|july jul juillet juil|august aug aout|september sept sep septembre|"
    "october oct octobre|november nov novembre|december dec decembre"
)
MONTHS = {
    name: number
    for number, names in enumerate(_MONTH_NAMES.split("|"), start=1)
    for name in names.split()
}
# Without năm (5) and sáu (6): folded, they are "year" and "after".
VI_MONTHS = {"gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bay": 7, "tam": 8, "chin": 9}
VI_MONTHS |= {"muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12}
ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "1 1st first 1er 1ere premier premiere i mot nhat dau",
            "2 2nd second 2e 2eme deuxieme second seconde ii hai cuoi",
            "3 3rd third 3e 3eme troisieme iii ba",
            "4 4th fourth 4e 4eme quatrieme iv tu bon",
        ),
        start=1,
    )
    for word in words.split()
}
SEASONS = {"spring": 3, "printemps": 3, "mua xuan": 3, "summer": 6, "ete": 6, "mua he": 6}
SEASONS |= {"autumn": 9, "automne": 9, "mua thu": 9}
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "monday lundi",
            "tuesday mardi",
            "wednesday mercredi",
            "thursday jeudi",
            "friday vendredi",
            "saturday samedi",
            "sunday dimanche",
        )
    )
    for word in words.split()
}
THIRDS = {"early": 0, "mid": 1, "late": 2, "debut": 0, "mi": 1, "fin": 2}
THIRDS |= {"dau nam": 0, "giua nam": 1, "cuoi nam": 2}
UNITS = {
    word: unit
    for unit, words in {
        "day": "day days jour jours ngay",
        "week": "week weeks semaine semaines tuan",
        "month": "month months mois thang",
        "quarter": "quarter quarters trimestre trimestres quy",
        "year": "year years an ans annee annees nam",
        "decade": "decade decades decennie decennies",
    }.items()
    for word in words.split()
}
COUNTS = {
    word: number
    for number, words in enumerate(
        (
            "a one un une mot",
            "two deux hai",
            "three trois ba",
            "four quatre bon",
            "five cinq nam",
            "six sau",
            "seven sept bay",
            "eight huit tam",
            "nine neuf chin",
            "ten dix muoi",
        ),
        start=1,
    )
    for word in words.split()
} | {"few": 3, "several": 3, "quelques": 3, "vai": 3}


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `start` to `end`, both included and either open; or `months` of any year."""

    start: date | None = None
    end: date | None = None
    months: tuple[int, ...] = ()
    day: int | None = None
    relative: bool = False


def months_window(year: int, first: int, count: int = 1) -> Window:
    """`count` whole months from month `first` (1 to 12), running into the next year if need be."""
    year, first = year + (first - 1) // 12, (first - 1) % 12 + 1
    last_year, last = year + (first + count - 2) // 12, (first + count - 2) % 12 + 1
    return Window(date(year, first, 1), date(last_year, last, monthrange(last_year, last)[1]))


def unit_window(unit: str, today: date, offset: int) -> Window | None:
    """The calendar day, week (from Monday), month, … that lies `offset` units from today's."""
    try:
        if unit == "day":
            day = today + timedelta(days=offset)
            return Window(day, day, relative=True)
        if unit == "week":
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=offset)
            return Window(monday, monday + timedelta(days=6), relative=True)
        size = {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
        months = today.year * 12 + today.month - 1
        first = (months // size + offset) * size
        window = months_window(first // 12, first % 12 + 1, size)
    except (ValueError, OverflowError):
        return None
    return Window(window.start, window.end, relative=True)


def _day(year: int, month: int, day: int) -> Window | None:
    try:
        return Window(date(year, month, day), date(year, month, day))
    except ValueError:
        return None


def _month_of(text: str) -> int:
    return MONTHS.get(text) or VI_MONTHS.get(text) or int(text)


Read = Callable[[re.Match[str], date], "Window | None"]


def _full_date(m: re.Match[str], today: date) -> Window | None:
    month, day = _month_of(m["month"]), int(m["day"])
    if not 1 <= month <= 12:
        return None
    year = m.groupdict().get("year")
    if year:
        return _day(int(year), month, day)
    return Window(months=(month,), day=day) if 1 <= day <= 31 else None


def _month(m: re.Match[str], today: date) -> Window | None:
    month = _month_of(m["month"])
    if not 1 <= month <= 12:
        return None
    return _months_of_year(m, month, 1)


def _last_month(m: re.Match[str], today: date) -> Window | None:
    month = _month_of(m["month"])
    if not 1 <= month <= 12:
        return None
    window = months_window(today.year - (month >= today.month), month)
    return Window(window.start, window.end, relative=True)


def _months_of_year(m: re.Match[str], first: int, count: int) -> Window:
    year = m.groupdict().get("year")
    if year:
        return months_window(int(year), first, count)
    return Window(months=tuple(range(first, first + count)))


def _quarter(m: re.Match[str], today: date) -> Window | None:
    return _months_of_year(m, 3 * ORDINALS[m["n"]] - 2, 3)


def _half(m: re.Match[str], today: date) -> Window | None:
    n = ORDINALS[m["n"]]
    return _months_of_year(m, 6 * n - 5, 6) if n <= 2 else None


def _season(m: re.Match[str], today: date) -> Window | None:
    return _months_of_year(m, SEASONS[m["season"]], 3)


def _third(m: re.Match[str], today: date) -> Window | None:
    return months_window(int(m["year"]), 4 * THIRDS[m["third"]] + 1, 4)


def _decade(m: re.Match[str], today: date) -> Window | None:
    year = int(m["decade"])
    year += 1900 if year < 100 else 0
    return Window(date(year, 1, 1), date(year + 9, 12, 31))


def _year(m: re.Match[str], today: date) -> Window | None:
    return months_window(int(m["year"]), 1, 12)


def _years(m: re.Match[str], today: date) -> Window | None:
    first, last = int(m["year"]), int(m["last"])
    return Window(date(first, 1, 1), date(last, 12, 31)) if first < last else None


def _weekday(m: re.Match[str], today: date) -> Window | None:
    back = (today.weekday() - WEEKDAYS[m["weekday"]] - 1) % 7 + 1
    return unit_window("day", today, -back)


def _offset(offset: int) -> Read:
    return lambda m, today: unit_window(UNITS[m["unit"]], today, offset)


def _days(offset: int) -> Read:
    return lambda m, today: unit_window("day", today, offset)


def _count(m: re.Match[str]) -> int:
    return COUNTS.get(m["n"]) or min(int(m["n"]), 10_000)


def _ago(m: re.Match[str], today: date) -> Window | None:
    return unit_window(UNITS[m["unit"]], today, -_count(m))


def _past(m: re.Match[str], today: date) -> Window | None:
    days = {"day": 1, "week": 7, "month": 30.44, "quarter": 91.31, "year": 365.25, "decade": 3652.5}
    try:
        start = today - timedelta(days=round(_count(m) * days[UNITS[m["unit"]]]))
    except OverflowError:
        return None
    return Window(start, today, relative=True)


def _alternatives(words: dict[str, int] | dict[str, str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_Y = r"(?P<year>(?:1\d|20)\d\d)"
_D = r"(?P<day>[0-3]?\d)"
_MONTH = rf"(?P<month>{_alternatives(MONTHS)})\b\.?"
_VI_MONTH = rf"(?P<month>1[0-2]|0?[1-9]|{_alternatives(VI_MONTHS)})\b"
_NTH = rf"(?P<n>{_alternatives(ORDINALS)})"
_UNIT = rf"(?P<unit>{_alternatives(UNITS)})"
# "this day" and "last day" are no dates.
_LONG_UNIT = rf"(?!(?:day|jour|ngay)s?\b){_UNIT}"
_N = rf"(?P<n>\d+|{_alternatives(COUNTS)})"
_WEEKDAY = rf"(?P<weekday>{_alternatives(WEEKDAYS)})"
_THIRD = rf"(?P<third>{_alternatives(THIRDS)})"
_OPT_YEAR = rf"(?:[ ,/-]*(?:(?:of|de|du|in|en|nam|cua) )?(?:the year |l'annee |nam )?\b{_Y}\b)?"
_NOT_MILLIONS = "(?<!trieu )(?<!nghin )(?<!ngan )(?<!ty )"  # millions of years ago
_THE = r"(?:the |le |la |les |l'|nhung |cac )?"
_PAST = r"(?:last|past|previous|(?:dernier|precedent|passe)e?s?|(?:vua )?(?:qua|roi))"

# (pattern, reading, stands alone): one that does not needs a word such as "in" before it.
POINTS: tuple[tuple[re.Pattern[str], Read, bool], ...] = tuple(
    (re.compile(rf"(?<![\w-]){pattern}(?!\w)"), read, alone)
    for pattern, read, alone in (
        (rf"{_Y}-(?P<month>[01]\d)-(?P<day>[0-3]\d)", _full_date, True),
        (rf"(?:ngay )?{_D}[/.-](?P<month>[01]?\d)[/.-]{_Y}", _full_date, True),
        (rf"ngay {_D}[/-](?P<month>[01]?\d)", _full_date, True),
        (
            rf"(?:the |le |du |au )?{_D}(?:st|nd|rd|th|er)?(?: of)? {_MONTH}{_OPT_YEAR}",
            _full_date,
            True,
        ),
        (rf"{_MONTH} {_D}(?:st|nd|rd|th)?,? {_Y}", _full_date, True),
        (rf"{_MONTH} {_D}(?:st|nd|rd|th)?", _full_date, False),
        (rf"(?:ngay )?(?:mung )?{_D} thang {_VI_MONTH}{_OPT_YEAR}", _full_date, True),
        (rf"last {_MONTH}", _last_month, True),
        (rf"{_MONTH} (?:dernier|passe)", _last_month, True),
        (rf"thang {_VI_MONTH} (?:vua qua|nam ngoai)", _last_month, True),
        (rf"{_MONTH}(?:,? (?:of |de )?{_Y})", _month, True),
        (rf"(?:le )?(?:mois d[e'] ?)?(?!(?<=in )mars){_MONTH}", _month, False),
        (rf"thang {_VI_MONTH}{_OPT_YEAR}", _month, True),
        (rf"q(?P<n>[1-4])(?:[ /-]*{_Y})?", _quarter, True),
        (rf"{_Y}[ -]?q(?P<n>[1-4])", _quarter, True),
        (rf"{_THE}{_NTH} (?:quarter|trimestre){_OPT_YEAR}", _quarter, True),
        (rf"quy (?P<n>[1-4]|i|ii|iii|iv|mot|hai|ba|tu|bon){_OPT_YEAR}", _quarter, True),
        (rf"{_THE}{_NTH} (?:half|semestre)(?: of| de)? {_Y}", _half, True),
        (rf"(?:nua|6 thang|sau thang) (?P<n>dau|cuoi)(?: cua)? nam {_Y}", _half, True),
        (
            rf"(?P<season>{_alternatives(SEASONS)})(?: of| de)?(?: nam)? {_Y}",
            _season,
            True,
        ),
        (rf"(?:au |la )?{_THIRD}[ -](?:in |of |de |l'annee )?{_Y}(?! va\b)", _third, True),
        (rf"{_THE}(?P<decade>(?:1\d|20)\d0|[1-9]0)'?s", _decade, True),
        (
            r"(?:(?:les |l')?annees|nhung nam|thap (?:nien|ky)) (?P<decade>(?:1\d|20)?\d0)",
            _decade,
            True,
        ),
        (
            r"(?:the (?:fiscal |financial )?year|fiscal year|fy|l'annee|l'an|nam(?: tai khoa)?) ?"
            rf"{_Y}",
            _year,
            True,
        ),
        (rf"{_Y} ?[-–—] ?(?P<last>(?:1\d|20)\d\d)", _years, True),
        (_Y, _year, False),
        (r"(?:yesterday|hier|(?:ngay )?hom qua)", _days(-1), True),
        (r"(?:tomorrow|demain|ngay mai)", _days(1), True),
        (rf"(?:last |on ){_WEEKDAY}", _weekday, True),
        (rf"(?:le )?{_WEEKDAY} (?:dernier|passe)", _weekday, True),
        (rf"(?:the )?last {_LONG_UNIT}", _offset(-1), True),
        (rf"(?:le |la |l')?{_LONG_UNIT} (?:derniere?|passee?|precedente?)", _offset(-1), True),
        (
            rf"{_NOT_MILLIONS}{_LONG_UNIT} (?:truoc|ngoai|vua roi|vua qua)",
            _offset(-1),
            True,
        ),
        (rf"this {_LONG_UNIT}", _offset(0), True),
        (rf"(?:cette|cet|ce) {_LONG_UNIT}(?:-ci)?", _offset(0), True),
        (rf"{_LONG_UNIT} nay", _offset(0), True),
        (rf"next {_LONG_UNIT}", _offset(1), True),
        (rf"(?:le |la |l')?{_LONG_UNIT} prochaine?", _offset(1), True),
        (rf"(?<!\d ){_LONG_UNIT} (?:toi|sau(?! khi\b))", _offset(1), True),
        (rf"{_N} {_UNIT} ago", _ago, True),
        (rf"il y a {_N} {_UNIT}", _ago, True),
        (rf"(?:cach day )?{_N} {_UNIT} truoc", _ago, True),
        (rf"(?:the )?(?:last|past|previous) {_N} {_UNIT}", _past, True),
        (rf"(?:ces |les |des )?{_N} {_PAST} {_UNIT}", _past, True),
        (rf"{_N} {_UNIT} (?:qua|gan day|vua qua)", _past, True),
    )
)
