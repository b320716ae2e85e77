"""The quotations of a text, and how deep they lie in one another.

What stands inside one is its speaker's; what stands in a quotation inside a quotation is nobody's
that the article vouches for.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(r"[“”„«»\"‘’']")
_SINGLE = "‘’'"
_SCARE = 3  # words; a shorter quotation is an expression, not what somebody said


class Quotation(NamedTuple):
    """A quotation: characters `start` to `end` with its marks; `depth` 1 unless inside another."""

    start: int
    end: int
    depth: int


def quotations(text: str) -> list[Quotation]:
    """The quotations of more than three words, by where they end.

    None goes over an empty line: one that is not closed there is none, and one that was not opened
    there begins behind that line, or behind the quotation before.
    """
    found: list[Quotation] = []
    open_at: list[tuple[int, str]] = []
    for mark in _MARK.finditer(text):
        at, sign = mark.start(), mark[0]
        if open_at and "\n\n" in text[open_at[-1][0] : at]:
            open_at.clear()
        single, opens = sign in _SINGLE, _opens(text, at, sign, bool(open_at))
        if single and (opens is None or not open_at):
            continue  # an apostrophe
        if opens:
            if open_at and open_at[-1][1] == sign:
                open_at.pop()  # was never closed
            open_at.append((at, sign))
            continue
        while open_at and open_at[-1][1] in _SINGLE and not single:
            open_at.pop()
        if open_at and (open_at[-1][1] in _SINGLE) is single:
            start, _ = open_at.pop()
            found.append(Quotation(start, at + 1, len(open_at) + 1))
        elif not single and not open_at and not text[at - 1 : at].isdigit():
            last = found[-1].end if found else 0
            start = max(last, text.rfind("\n\n", 0, at) + 2 if "\n\n" in text[:at] else 0)
            found.append(Quotation(start, at + 1, 1))
    return [one for one in found if len(text[one.start : one.end].split()) > _SCARE]


def _opens(text: str, at: int, sign: str, is_open: bool) -> bool | None:
    """True for a mark that opens, False for one that closes, None for an apostrophe."""
    if sign in "“„«":
        return True
    if sign in "”»":
        return False
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if sign in _SINGLE and before.isalnum() and after.isalnum():
        return None
    if (not before or before.isspace() or before in '([«“"') and after and not after.isspace():
        return True
    if before and not before.isspace() and not after.isalnum():
        return False
    return None if sign in _SINGLE else not is_open
