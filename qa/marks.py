"""Marks: the words of a quote that say who, when, where or how many, as the question asks.

Rules over words, small on purpose: they show the eye where to look. A question of another kind has
no marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index import Span, Word, words
from qa.asking import AnswerType, answer_type
from qa.calendar_words import MONTHS, WEEKDAYS
from qa.mentions import Mention, names

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COUNTED = {
    "en": "two three four five six seven eight nine ten eleven twelve dozen dozens hundreds",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze dizaine centaines",
    "vi": "hai bốn bảy tám chín mười",
}
_UNITS = frozenset(
    [
        "hundred",
        "thousand",
        "million",
        "millions",
        "billion",
        "billions",
        "trillion",
        "trillions",
        "mille",
        "milliard",
        "milliards",
        "nghin",
        "ngan",
        "trieu",
        "ty",
        "percent",
        "per",
        "pour",
        "cent",
        "phan",
        "tram",
        "us",
        "dollar",
        "dollars",
        "euro",
        "euros",
        "yen",
        "dong",
        "usd",
        "eur",
        "jpy",
        "vnd",
        "km",
        "tonne",
        "tonnes",
        "hectare",
        "hectares",
        "mw",
    ]
)
_CURRENCY_BEFORE = re.compile(r"(?:\b[A-Z]{1,3})?[$€£¥] ?$|\b(?:USD|EUR|JPY|VND|GBP) $")
_SIGN_AFTER = re.compile(r"[ \u00a0\u202f]?[%€$£¥]")
_MONEY = re.compile(r"[$€£¥%]|(?i:\b(?:dollars?|euros?|yen|đồng|usd|eur|vnd|jpy|cent|trăm)\b)")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\ds?")
_DAY = re.compile(r"(?:[12]?\d|3[01]|0[1-9])(?:st|nd|rd|th|er)?")
_BESIDE = {"of", "the", "ngay", "thang", "nam", "thu"}  # in a date, but none by themselves
_ALSO_WORDS = {"may", "mai", "mar", "mars", "sept", "sun", "jan"}  # months only beside a number
_PLACE_BEFORE = frozenset(
    ["in", "at", "near", "from", "to", "a", "au", "en", "dans", "o", "tai", "tu", "den"]
)


def marks(question: str, quote: str, lang: str | None) -> tuple[Span, ...]:
    """The places in `quote`, a text in `lang`, that answer; in order, none overlapping.

    Spans count from the start of the quote. What the question says itself is no answer.
    """
    kind = answer_type(question)
    if kind is None:
        return ()
    asked = {word.folded for word in words(question)}
    found = words(quote)
    if kind == "when":
        spans = list(_dates(quote, found))
    elif kind in ("how_many", "how_much"):
        spans = _numbers(quote, found, lang, of_money=kind == "how_much")
    else:
        spans = [_without_day(quote, name) for name in _named(quote, lang, kind)]
    return tuple(span for span in spans if not _said(words(span.slice(quote)), asked))


def _said(answer: Sequence[Word], asked: set[str]) -> bool:
    """True when the question holds every word, or one that it begins: Vietnam in Vietnamese."""
    return all(
        word.folded in asked
        or (len(word.folded) > 3 and any(said.startswith(word.folded) for said in asked))
        for word in answer
    )


def _dates(text: str, found: Sequence[Word]) -> Iterator[Span]:
    """Runs of words that belong to the calendar and name a day, a month or a year."""
    run: list[Word] = []
    for word in [*found, None]:
        if word and _of_calendar(word) and (not run or _near(text, run[-1], word, ", /-.")):
            run.append(word)
            continue
        while run and run[-1].folded in _BESIDE:
            run.pop()
        while run and run[0].folded in ("of", "the"):
            run.pop(0)
        if _is_date(text, run):
            yield Span(run[0].span.start, run[-1].span.end)
        run = [word] if word and _of_calendar(word) else []


def _of_calendar(word: Word) -> bool:
    folded = word.folded
    known = folded in MONTHS or folded in WEEKDAYS or folded in _BESIDE
    return known or bool(_DAY.fullmatch(folded) or _YEAR.fullmatch(folded))


def _is_date(text: str, run: Sequence[Word]) -> bool:
    folded = [word.folded for word in run]
    if any(_YEAR.fullmatch(word) or word in WEEKDAYS for word in folded):
        return True
    months = [word for word in folded if word in MONTHS]
    numbered = any(_DAY.fullmatch(word) for word in folded)
    written = text[run[0].span.start : run[-1].span.end] if run else ""
    return (
        any(numbered or word not in _ALSO_WORDS for word in months)
        or (numbered and any(word in ("ngay", "thang") for word in folded))
        or bool(re.fullmatch(r"\d{1,2}/\d{1,2}(?:/\d{2,4})?", written))
    )


def _numbers(text: str, found: Sequence[Word], lang: str | None, *, of_money: bool) -> list[Span]:
    """Numbers with their currency and unit; spelt out where there is none in figures.

    Where some are sums or shares and some are not, only those that the question is about.
    """
    dates = list(_dates(text, found))
    spelt = frozenset(_COUNTED.get(lang or "", "").split())
    figures = [
        number
        for number, word in enumerate(found)
        if _NUMBER.fullmatch(word.folded) and not any(word.span.overlaps(date) for date in dates)
    ] or [number for number, word in enumerate(found) if word.written in spelt]
    spans: list[Span] = []
    for number in figures:
        span = _with_unit(text, found, number)
        if not spans or spans[-1].end <= span.start:  # in "5 US$ 6" both would take the sign
            spans.append(span)
    about = [span for span in spans if bool(_MONEY.search(span.slice(text))) == of_money]
    return about or spans


def _with_unit(text: str, found: Sequence[Word], first: int) -> Span:
    last = first
    while last + 1 < len(found) and found[last + 1].folded in _UNITS:
        if not _near(text, found[last], found[last + 1], " -"):
            break
        last += 1
    start, end = found[first].span.start, found[last].span.end
    if before := _CURRENCY_BEFORE.search(text[:start]):
        start = before.start()
    if after := _SIGN_AFTER.match(text, end):
        end = after.end()
    return Span(start, end)


def _named(text: str, lang: str | None, kind: AnswerType) -> list[Mention]:
    """People, or other names where no person is; places, or what stands behind a preposition."""
    if lang not in _COUNTED:  # capitals mean other things elsewhere: German nouns
        return []
    found = names(text, lang)
    if kind == "where":
        places = [name for name in found if name.kind == "place"]
        return places or [n for n in found if n.kind == "thing" and _follows_place(text, n)]
    people = [name for name in found if name.kind == "person"]
    return people or [name for name in found if name.kind != "place"]


def _without_day(text: str, name: Mention) -> Span:
    """The place of a name; of "Friday Prime Minister Kishida" what stands behind the day."""
    for word in words(text[name.start : name.end]):
        if word.folded not in WEEKDAYS and word.folded not in MONTHS:
            return Span(name.start + word.span.start, name.end)
    return Span(name.start, name.end)


def _follows_place(text: str, name: Mention) -> bool:
    before = words(text[max(0, name.start - 10) : name.start])
    return bool(before) and before[-1].folded in _PLACE_BEFORE


def _near(text: str, left: Word, right: Word, joining: str) -> bool:
    return not text[left.span.end : right.span.start].strip(joining + "\u00a0\u202f")
