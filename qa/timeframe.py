"""The stretch of time a question asks about, read from its own words: English, French, Vietnamese.

Patterns only, no model: what is not plainly a date is left alone ("may" the verb, Mars the planet,
1990 workers). Weeks start on Monday; `12/04/2025` is the twelfth of April.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from index import Span
from qa.calendar_words import POINTS, Window, months_window

_LONGEST = 1_000

TimeMode = Literal["explicit", "relative", "latest"]


@dataclass(frozen=True, slots=True)
class Timeframe:
    """When a question's answer should be from; `span` and `written` are its words in the question.

    `start` and `end` are days, both included, and either may be open. A month or day named without
    its year has no ends but `months` (and `day`). "latest" has neither: newer is better.
    """

    start: date | None
    end: date | None
    mode: TimeMode
    span: Span
    written: str
    months: tuple[int, ...] = ()
    day: int | None = None


@dataclass(frozen=True, slots=True)
class _Point:
    start: int
    end: int
    window: Window
    alone: bool


_BEFORE = re.compile(r"\b(?:before|prior to|avant|truoc(?: khi)?) $")
_AFTER = re.compile(r"\b(?:after|apres|sau(?: khi)?) $")
_UNTIL = re.compile(
    r"\b(?:until|till|by|up to|jusqu'(?:a|en|au)|d'ici(?: a| en| la)?|(?:cho |tinh )?den(?: het)?"
    r"|truoc va trong) $"
)
_SINCE = re.compile(
    r"\b(?:(?:ever )?since|starting (?:in|from)|as of|depuis|a partir d(?:e|u|es)|a compter d[eu]"
    r"|(?:ke |tinh )?tu) $"
)
_WITHIN = re.compile(
    r"\b(?:in|during|for|of|from|throughout|within|on|en|pendant|durant|au cours(?: d[eu]| de la)?"
    r"|au|du|de|d'|dans|sur|(?:trong )?giai doan|trong|vao|hoi|cua) ?$|[(,] ?$"
)
# A month alone is one only after these: "on Mars" and "of May" may be a planet and a person.
_WITHIN_MONTH = re.compile(r"\b(?:in|during|throughout|en|au|pendant|durant|courant) $")
_ARTICLE = re.compile(r"(?:\b(?:the|le|la|les) |l'|\b(?:ca|khoang|nhung) )$")
_A_NOUN_FOLLOWS = re.compile(r"\b(?:the|its|les?|la) $")
_BETWEEN = re.compile(r"\b(?:between|from|entre|de|du|tu|giua|trong giai doan|giai doan) $")
_AND = re.compile(r" ?(?:and|to|until|till|et|a|au|jusqu'(?:a|en|au)|den|toi|va|-|–|—) ?$")
# "in 2000 cities" counts cities.
_COUNTED = re.compile(
    r" ?(?:%|people|persons|workers|jobs|houses|homes|soldiers|troops|companies|cities|countries"
    r"|villages|students|schools|patients|cases|deaths|dollars|euros|yen|tonn?e?s|tons|km|miles"
    r"|met(?:er|re)s|hectares|personnes|ouvriers|soldats|emplois|entreprises|villes|pays|nguoi"
    r"|cong nhan|ty|trieu|ha|usd|dong|tan)\b"
)
_LATEST = {
    "en": (
        r"(?:the )?(?:very )?(?<!at the )(?:latest|newest|most recent(?:ly)?)(?! than)\b"
        r"|\b(?:recently|lately|nowadays|currently|at present|at the moment|these days"
        r"|as of (?:now|today)|today)\b"
        r"|\brecent(?= \w)|\b(?<!electric )(?<!direct )(?<!alternating )(?<!ocean )(?<!air )current"
        r"(?= (?!of\b|in\b|flows?\b|is\b|was\b|that\b|through\b|and\b|electricit)[a-z])"
        r"|(?<!what is )(?<!what are )\b(?:right |just )?now\b"
        r"(?! that\b| (?:known|called|named|part|considered)\b)"
    ),
    "fr": (
        r"\bles? plus recent(?:e?s?)?\b|\bla plus recente\b|\brecem?ment\b|\brecent(?:e?s?)\b"
        r"|\b(?:les? |la )?derni(?:ere?s?|ers)(?= (?:nouvelle|declaration|actualite|annonce|chiffre"
        r"|information|visite|accord|mesure|rencontre|discours|decision|engagement|evolution|propos"
        r"|develop))|\bdernierement\b|\bactuel(?:le)?(?:s|ment)?\b|\ben ce moment\b|\baujourd'hui\b"
        r"|\bmaintenant\b|\bde nos jours\b|\ba present\b|\ba ce jour\b"
    ),
    "vi": (
        r"\bmoi (?:nhat|day)\b|\bgan day\b|\bgan nhat\b|\bhien (?:nay|tai|thoi|gio)\b"
        r"|\bbay gio\b|\bhom nay\b|\bvua qua\b|\bluc nay\b|\bduong nhiem\b"
    ),
}
_LATEST_BY_LANG = {lang: re.compile(pattern) for lang, pattern in _LATEST.items()}
_LATEST_ANY = re.compile("|".join(_LATEST.values()))


def parse_timeframe(question: str, lang: str | None = None, *, today: date) -> Timeframe | None:
    """The time the question names, or None; with several, the first, ranges and dates before words.

    Only the first thousand characters are read. `lang` narrows which words mean "latest" ("en",
    "fr", "vi"; None or another: all of them).
    """
    text, places = _folded(question[:_LONGEST])
    points = _points(text, today)
    for number, point in enumerate(points):
        following = points[number + 1] if number + 1 < len(points) else None
        found = _range(text, point, following) or _related(text, point, today)
        if found is not None:
            start, end, window = found
            mode: TimeMode = "relative" if window.relative else "explicit"
            return _timeframe(question, places, (start, end), window, mode)
    latest = _LATEST_BY_LANG.get(lang or "", _LATEST_ANY).search(text)
    if latest is None:
        return None
    return _timeframe(question, places, latest.span(), Window(), "latest")


def window_matches(timeframe: Timeframe, day: date) -> bool:
    """True when `day` lies in the window; always for "latest", which prefers but excludes none."""
    if timeframe.months and day.month not in timeframe.months:
        return False
    if timeframe.day is not None and day.day != timeframe.day:
        return False
    return (timeframe.start is None or timeframe.start <= day) and (
        timeframe.end is None or day <= timeframe.end
    )


def strip(question: str, timeframe: Timeframe) -> str:
    """The question without its time words, single-spaced; the question itself if nothing is left.

    `timeframe` is the one parsed from this very question.
    """
    span = timeframe.span
    left, right = question[: span.start].rstrip(), question[span.end :]
    glue = "" if right[:1] in set(",.;:!?)") else " "
    rest = f"{left}{glue}{right}".strip(" ,")
    return " ".join(rest.split()) if any(char.isalnum() for char in rest) else question


def _folded(question: str) -> tuple[str, list[int]]:
    """Lower case without marks, one space a gap; and each character's offset in the question."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(question):
        for part in unicodedata.normalize("NFKD", char).casefold().replace("đ", "d"):
            if unicodedata.combining(part):
                continue
            part = "'" if part in "’‘ʼ" else part
            part = " " if part.isspace() else part
            if part == " " and chars and chars[-1] == " ":
                continue
            chars.append(part)
            places.append(place)
    return "".join(chars), places


def _points(text: str, today: date) -> list[_Point]:
    """Every date or window written in the text, in order, the longest where several overlap."""
    found = [
        _Point(match.start(), match.end(), window, alone)
        for pattern, read, alone in POINTS
        for match in pattern.finditer(text)
        if (window := read(match, today)) is not None
    ]
    kept: list[_Point] = []
    for point in sorted(found, key=lambda point: (point.start - point.end, point.start)):
        if all(point.end <= other.start or other.end <= point.start for other in kept):
            kept.append(point)
    return sorted(kept, key=lambda point: point.start)


def _range(text: str, first: _Point, last: _Point | None) -> tuple[int, int, Window] | None:
    """From the first point to the last when the text joins them: between 2020 and May 2023."""
    if last is None or not _AND.fullmatch(text[first.end : last.start]):
        return None
    opening = _BETWEEN.search(_without_article(text, first.start))
    if opening is None and (first.window.start is None or last.window.start is None):
        return None
    window = first.window
    if window.start is None and last.window.end is not None and len(window.months) == 1:
        window = _in_year(window, last.window.end.year) or window  # from January to March 2024
    if window.start is None or last.window.end is None or last.window.end < window.start:
        return None
    joined = Window(window.start, last.window.end, relative=window.relative)
    return (opening.start() if opening else first.start), last.end, joined


def _in_year(window: Window, year: int) -> Window | None:
    try:
        return Window(date(year, window.months[0], window.day or 1))
    except ValueError:
        return None


def _related(text: str, point: _Point, today: date) -> tuple[int, int, Window] | None:
    """The point with the word that says how it is meant: in, since, before, after, until."""
    if _COUNTED.match(text, point.end) and not point.alone:
        return None
    head = _without_article(text, point.start)
    window = point.window
    for shift, pattern in _SHIFTS:
        relation = pattern.search(head)
        if relation is not None:
            shifted = shift(_dated(window, today))
            return (relation.start(), point.end, shifted) if shifted else None
    lone_month = window.start is None and window.day is None and not point.alone
    within = (_WITHIN_MONTH if lone_month else _WITHIN).search(head)
    if within is not None:
        return within.start() + (within[0][:1] in "(,"), point.end, window
    at_end = re.fullmatch(r" ?[?.!]*", text[point.end :]) or _A_NOUN_FOLLOWS.search(
        text[: point.start]
    )
    if point.alone or (window.start is not None and at_end):
        return point.start, point.end, window
    return None


def _dated(window: Window, today: date) -> Window:
    """The window itself, or the most recent one of a month named without its year."""
    if window.start is not None or not window.months:
        return window
    first = window.months[0]
    year = today.year - ((first, window.day or 1) > (today.month, today.day))
    dated = months_window(year, first, len(window.months))
    return Window(dated.start, dated.end, relative=True)


def _since(window: Window) -> Window | None:
    return Window(window.start, None, relative=window.relative)


def _before(window: Window) -> Window | None:
    if window.start is None or window.start == date.min:
        return None
    return Window(None, window.start - timedelta(days=1), relative=window.relative)


def _after(window: Window) -> Window | None:
    if window.end is None or window.end == date.max:
        return None
    return Window(window.end + timedelta(days=1), None, relative=window.relative)


def _until(window: Window) -> Window | None:
    return Window(None, window.end, relative=window.relative)


_SHIFTS = ((_since, _SINCE), (_before, _BEFORE), (_after, _AFTER), (_until, _UNTIL))


def _without_article(text: str, end: int) -> str:
    """What stands before `end`, without the article there."""
    head = text[:end]
    article = _ARTICLE.search(head)
    return head[: article.start()] if article else head


def _timeframe(
    question: str, places: list[int], found: tuple[int, int], window: Window, mode: TimeMode
) -> Timeframe:
    start, end = places[found[0]], places[found[1] - 1] + 1
    while end < len(question) and unicodedata.combining(question[end]):
        end += 1
    span = Span(start, end)
    written = span.slice(question)
    return Timeframe(window.start, window.end, mode, span, written, window.months, window.day)
