"""What stands around the words of a title: `former`, `acting`, a party, what it is in charge of.

Each gives the token that the title begins or ends at with it, and whether the office is over.
"""

from __future__ import annotations

from index.record.evidence import phrases
from index.record.listing import cue, names
from index.record.naming import Tokens, is_given, is_stop


def qualified(tokens: Tokens, tail: int) -> tuple[int, bool]:
    """Past parties and words such as `actuel` behind a title; True when they say it is over."""
    while tokens.joined(tail) and tail < len(tokens):
        if length := _listed(tokens, tail, "over"):
            return tail + length, True
        length = _listed(tokens, tail, "party") or int(_is_passing(tokens, tail))
        if not length or tokens.keys[tail] == "and":
            break
        tail += length
    return tail, False


def past_portfolio(tokens: Tokens, tail: int) -> int:
    """Past `aux Transports`, `chargée de l'Enfance` behind a French title."""
    at = tail
    while at + 1 < len(tokens) and at - tail < 4 and tokens.joined(at):
        if tokens.keys[at] not in cue("charge", "fr"):
            return at + 1 if at > tail else tail
        at += 1
    return tail


def _listed(tokens: Tokens, at: int, kind: str) -> int:
    """How many words at token `at` are a form of the row `kind`; 0 when none is."""
    listed, left = phrases(kind, tokens.lang), len(tokens) - at
    lengths = range(min(4, left), 0, -1)
    return next((n for n in lengths if " ".join(tokens.keys[at : at + n]) in listed), 0)


def ends_in_party(tokens: Tokens, end: int) -> bool:
    """True when a title's own words end in `party` and a name follows."""
    party = tokens.keys[end - 1] in ("party", "parti")
    return party and tokens.joined(end) and end < len(tokens) and tokens.texts[end][0].isupper()


def of_party(tokens: Tokens, end: int) -> tuple[str, str, int] | None:
    """The head of a party that is named behind `parti`; None when a person is."""
    tail = end
    while tail < len(tokens) and tokens.joined(tail) and tokens.texts[tail][0].isupper():
        tail += 1
    keys = tokens.keys[end:tail]
    if len(keys) > 2 or is_given(keys[0]) or keys[0] in names()["vietnamese"]:
        return None
    return "secretary_general", tokens.span(end, tail).slice(tokens.text), tail


def described(tokens: Tokens, head: int, floor: int) -> tuple[int, bool]:
    """Where a title begins with what it is in charge of: `the former antitrust chief`.

    Only as far as an article or `former` stands before two words at most; True when it is over.
    """
    for at in range(head - 1, max(floor, head - 4) - 1, -1):
        if not tokens.joined(at + 1):
            break
        word = tokens.texts[at].lower()
        if word in cue("former", tokens.lang):
            return at, True
        if word in ("the", "a", "an") and at + 1 < head:
            return at + 1, False
        if tokens.texts[at][0].isupper() or is_stop(word, tokens.lang):
            break
    return head, False


def _former(tokens: Tokens, at: int) -> bool:
    # As written: `nguyên` is former, Nguyễn a family name.
    return tokens.texts[at].lower() in cue("former", tokens.lang)


def _is_passing(tokens: Tokens, at: int) -> bool:
    return at < len(tokens) and tokens.keys[at] in cue("passing", tokens.lang)


def passing(tokens: Tokens, head: int, floor: int) -> tuple[int, bool]:
    """Where a title begins with `former`, `acting` and the like before it; True when it is over."""
    former = False
    while head > floor and tokens.joined(head):
        if _former(tokens, head - 1):
            former = True
        elif not _is_passing(tokens, head - 1) or tokens.keys[head - 1] == "and":
            break
        head -= 1
    return head, former
