"""What the edges of a news text say about it: headline, date head, dateline, closing agency mark.

These stay in the stored text; they only fill what is not known otherwise, and sentences leave them
out, so that a quote starts at "Prime Minister …" and not at "date 2023-12-15 HÀ NỘI — …".
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from index.articles import Span

_AGENCIES = """
    AFP, Anadolu, ANSA, Antara, AP, APA, APS, ATS, AVI, Belga, Bernama, Bloomberg, CNA, dpa, EFE,
    CVN, IANS, Interfax, IRNA, Jiji, Jiji Press, Kyodo, Kyodo News, KUNA, Lusa, MAP, MENA, NDO, PTI,
    Reuters, RFI, RIA Novosti, SGGP, SPA, TASS, TTXVN, UPI, VGP, VIR, VNA, VnExpress, VNS, VOV,
    Viet Nam News, Việt Nam News, Xinhua, Yonhap
"""
_KNOWN_AGENCIES = frozenset(name.strip().casefold() for name in _AGENCIES.split(","))

_FRONT_MATTER = re.compile(
    r"\s{0,9}---[ \t]*\r?\n(?P<body>[\w-]+[ \t]*:.*\n(?:.*\n){0,60}?)---[ \t]*(?:\r?\n|\Z)"
)
_FRONT_LINE = re.compile(r"([\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)
_DATE_HEAD = re.compile(r"[Dd]ate:?[ \t]+(\d{4}-\d{2}-\d{2})(?!\S)\s*")
_PLACE = re.compile(r"(?P<place>[^\n\r—–]{0,80}?)(?P<dash>\s*(?:—|–|--)\s*|\s+-\s+)")
_DAY = re.compile(r"[\w./ ]*\d[\w./ ]*")
_CLOSING = re.compile(
    r"(?:(?<=[.!?…\"”»’')\]])[ \t]*|[\r\n]\s*)"
    r"(?:(?P<dash>—|–|--|-)\s*(?P<signed>[^\W\d_][\w /]{0,30})|\((?P<bracketed>[^()]{2,30})\)"
    r"|(?<=[\r\n])(?P<bare>[^\W\d_][\w /]{0,30}))\s*\Z"
)
_HEADING = re.compile(r"#[ \t]+(?P<title>[^\r\n]{1,150}?)[ \t#]*(?:[\r\n]\s*|\Z)")
_HEADLINE = re.compile(r"(?P<title>[^\s#][^\r\n]{0,149}?)[ \t]*(?:\r?\n[ \t]*){2,}\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Marks:
    """What the edges tell: `spans` belong to no sentence, in order; the rest is None if unknown."""

    spans: tuple[Span, ...] = ()
    title: str | None = None
    date: datetime.date | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class _Head:
    end: int
    date: datetime.date | None
    outlet: str | None
    placed: bool


def read_marks(text: str) -> Marks:
    """The marks at the edges of `text`, looked for in its first and last few lines only.

    A dateline stands at the start, or below the headline. A date head that is no real day is left
    out of the sentences, but gives no date.
    """
    _, front = front_matter(text)
    spans = [(0, front)]
    head = _head(text, front)
    spans.append((front, head.end))
    title, below = _headline(text, head.end)
    lower = _head(text, below) if title and not head.placed else head
    spans.append((below, lower.end))
    body = max(lower.end, below)
    closing, signed = _tail(text, body)
    spans.append((closing, len(text)))
    return Marks(
        spans=tuple(_trimmed(text, spans)) if text[body:closing].strip() else (),
        title=title,
        date=head.date or lower.date,
        outlet=signed or head.outlet or lower.outlet,
    )


def front_matter(text: str) -> tuple[dict[str, str], int]:
    """The `key: value` lines between two `---` lines that open `text`, and where the text goes on.

    Keys are lower case, values without their quotes; lines of any other shape are passed over.
    Without front matter: no keys, and 0.
    """
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, 0
    pairs = _FRONT_LINE.findall(found["body"])
    return {key.lower(): value.strip("'\"").strip() for key, value in pairs}, found.end()


def is_agency(name: str) -> bool:
    """True for a news agency's name, or several with a slash between them: `AFP`, `VNA/VNS`."""
    return all(part.strip().casefold() in _KNOWN_AGENCIES for part in name.split("/"))


def _head(text: str, start: int) -> _Head:
    """The date head and dateline at `start` (leading blanks allowed); ends at `start` if none."""
    begin = _skip_blanks(text, start)
    dated = _DATE_HEAD.match(text, begin)
    end, outlet, placed = _dateline(text, dated.end() if dated else begin, trusted=bool(dated))
    if placed or (dated and not text[end : end + 1].islower()):
        return _Head(end, _day(dated[1]) if dated else None, outlet, placed)
    return _Head(start, None, None, False)


def _dateline(text: str, start: int, trusted: bool) -> tuple[int, str | None, bool]:
    """Where the dateline at `start` ends, the agency it names, and whether there is one.

    Up to three parts closed by a dash, such as `VIETNAM, December 15 - HÀ NỘI —`. A lone place
    before a plain hyphen is taken only below a date head (`trusted`), or with a day or an agency:
    "ASEAN - Japan ties grow" is a headline.
    """
    end, outlet = start, None
    for _ in range(3):
        part = _PLACE.match(text, end)
        if not part or not (place := _place(part["place"])):
            break
        end = part.end()
        outlet = place[1] or outlet
        trusted = trusted or place[0] or part["dash"].strip() in ("—", "--")
    if end == start or not trusted or text[end : end + 1].islower() or not text[end:].strip():
        return start, None, False
    return end, outlet, True


def _place(part: str) -> tuple[bool, str | None] | None:
    """Whether the part of a dateline carries a day or an agency, and the agency; None if no place.

    A place is written in capitals; beside a known agency (`Hà Nội (TTXVN)`) as in any sentence.
    """
    named, bracket, agency = part.strip().removesuffix(")").partition("(")
    if bracket and not is_agency(agency):
        return None
    first, *rest = (piece.strip() for piece in named.split(","))
    days = [piece for piece in rest if _DAY.fullmatch(piece)]
    if not all(piece in days or piece[:1].isupper() for piece in rest):
        return None
    if bracket and (not first or (first[0].isupper() and len(first) <= 40)):
        return True, agency.strip()
    if first.isupper() and len(first) > 1 and not any(mark.isdigit() for mark in first):
        return bool(days), None
    return None


def _headline(text: str, start: int) -> tuple[str | None, int]:
    """The `# heading`, or short first line above a blank one, at `start`; and where it ends."""
    begin = _skip_blanks(text, start)
    if heading := _HEADING.match(text, begin):
        return heading["title"].strip() or None, heading.end()
    found = _HEADLINE.match(text, begin)
    if found and found["title"].rstrip("\"”»’')]*_")[-1:] not in ".!?…:;,。！？":
        return found["title"], found.end()
    return None, start


def _tail(text: str, start: int) -> tuple[int, str | None]:
    """Where the closing agency mark begins (the text's length if none), and the agency."""
    window = max(start, len(text.rstrip()) - 60)
    found = _CLOSING.search(text[: len(text.rstrip())], window)
    if found:
        name = (found["signed"] or found["bracketed"] or found["bare"]).strip()
        capitals = name.isupper() and len(name) > 1 and found["dash"] not in (None, "-")
        if is_agency(name) or capitals:
            return found.start(), name
    return len(text), None


def _skip_blanks(text: str, start: int) -> int:
    """The first place from `start` on that is not white space."""
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _day(written: str) -> datetime.date | None:
    """The day written as YYYY-MM-DD, None when the calendar has no such day."""
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        return None


def _trimmed(text: str, pairs: list[tuple[int, int]]) -> list[Span]:
    """The pairs that cover more than white space, as spans without white space at their ends."""
    spans = []
    for start, end in pairs:
        start = _skip_blanks(text[:end], start)
        if start < end:
            spans.append(Span(start, start + len(text[start:end].rstrip())))
    return spans
