"""Titles in a text: which role, of what, over or not, and the words that say so.

`data/titles.tsv` lists the forms. What a role is of stands before it in English ("Japanese Prime
Minister", "FPT chairman"), behind it in French and Vietnamese, and after `of` in all three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

from index.articles import Span
from index.errors import TermTableError
from index.record.belonging import of_after, of_before, past_post
from index.record.listing import columns, forms, rows
from index.record.naming import Tokens, is_korean, is_stop
from index.record.places import find_place
from index.record.qualifying import (
    described,
    ends_in_party,
    of_party,
    passing,
    past_portfolio,
    qualified,
)
from index.record.rows import Office

Kind = Literal["office", "post", "lead", "mr", "ms", "courtesy"]

_LOCAL = frozenset({"mayor", "deputy_mayor", "senator", "lawmaker", "prefect", "governor"})
_POSTED = frozenset({"ambassador", "consul_general", "special_envoy"})
_CHAIRED = frozenset({"vietnam", "china", "laos", "cuba", "north korea"})
_INSIDE = frozenset({" ", "", "\u00a0", ", ", "\n", ".", ". "})  # between words of a form


class _Form(NamedTuple):
    keys: tuple[str, ...]
    written: tuple[str, ...] | None  # compared too where a capital tells: PM, Gov
    role: str


@dataclass(frozen=True, slots=True)
class Title:
    """A title in a text: tokens `start` to `end` are the role, `head` to `tail` all of it."""

    role: str
    kind: Kind
    of: str | None
    former: bool
    start: int
    end: int
    head: int
    tail: int
    plural: bool = False

    @property
    def office(self) -> Office | None:
        """The office it gives its bearer; None for mere courtesy."""
        if self.kind in ("office", "post", "lead"):
            return Office(self.role, self.of, self.former)
        return None


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, Kind, tuple[tuple[str, ...], ...]], ...]:
    """The roles in the order of the file, portfolios put in: role, kind, forms of en, fr, vi."""
    listed, portfolios = [], []
    for number, row in rows("titles.tsv", range(3, 6)):
        role, kind, *cells = row
        columns = tuple(tuple(forms(cell)) for cell in [*cells, "", ""][:3])
        if role == "*":
            portfolios.append((kind, columns))
        elif kind not in get_args(Kind):
            reason = f"kind {kind!r} is none of {', '.join(get_args(Kind))}"
            raise TermTableError(Path("titles.tsv"), number, reason)
        else:
            listed.append((role, cast(Kind, kind), columns))
    made = []
    for role, kind, columns in listed:
        if "*" not in role:
            made.append((role, kind, columns))
            continue
        for name, fields in portfolios:
            filled = tuple(
                tuple(form.replace("{}", field) for form in column for field in fields[at])
                for at, column in enumerate(columns)
            )
            made.append((role.replace("*", name), kind, filled))
    return tuple(made)


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """The kind of every role."""
    return {role: kind for role, kind, _ in _table()}


@lru_cache(maxsize=4)
def _forms(lang: str | None) -> dict[str, tuple[_Form, ...]]:
    """The forms of a language by their first key, the longest first."""
    found: dict[str, dict[tuple[str, ...], _Form]] = {}
    for role, _, cells in _table():
        for at in columns(lang):
            for form in cells[at]:
                tokens = Tokens(form, lang)
                cased = form[0].isupper() or (lang == "vi" and len(tokens) == 1)
                written = tuple(tokens.texts) if cased else None
                key = tuple(tokens.keys)
                by_key = found.setdefault(key[0], {})
                by_key.setdefault((*key, "^") if written else key, _Form(key, written, role))
    return {
        first: tuple(sorted(some.values(), key=lambda form: -len(form.keys)))
        for first, some in found.items()
    }


def find_titles(tokens: Tokens) -> list[Title]:
    """The titles of a text in order, no two sharing a token of the role itself."""
    listed, keys, at = _forms(tokens.lang), tokens.keys, 0
    found: list[Title] = []
    while at < len(keys):
        floor = found[-1].tail if found else 0
        if keys[at] in listed and (form := _match(tokens, at, listed[keys[at]])):
            found.append(_title(tokens, at, at + len(form.keys), form.role, floor))
            at = found[-1].tail
        elif keys[at][:-1] in listed and tokens.gap(at) == ", " and (role := _plural(tokens, at)):
            found.append(replace(_title(tokens, at, at + 1, role, floor), plural=True))
            at = found[-1].tail
        else:
            at += 1
    return found


def _match(tokens: Tokens, at: int, listed: Sequence[_Form]) -> _Form | None:
    for form in listed:
        end = at + len(form.keys)
        if tuple(tokens.keys[at:end]) != form.keys:
            continue
        if (end < len(tokens) and is_korean(tokens.texts[end])) or (
            form.keys == ("deputy",) and _is_plain(tokens, end)
        ):
            continue
        if form.written and not _is_written(tokens.texts[at:end], form.written):
            continue
        if all(
            tokens.gap(i) in (" ", "", "\u00a0", ", ", "\n", ".", ". ") for i in range(at + 1, end)
        ):
            return form
    return None


def _plural(tokens: Tokens, at: int) -> str | None:
    """The role of a plural that opens an apposition: `, co-founders of`."""
    key = tokens.keys[at]
    some = _forms(tokens.lang).get(key[:-1], ()) if key[-1] == "s" else ()
    return next((form.role for form in some if len(form.keys) == 1 and not form.written), None)


def _is_plain(tokens: Tokens, at: int) -> bool:
    """True for a common noun right at token `at`: the deputy *editor* sits in no parliament."""
    return tokens.joined(at) and tokens.texts[at].islower() and not is_stop(tokens.texts[at], "en")


def _is_written(typed: Sequence[str], form: Sequence[str]) -> bool:
    if form[0][0].islower():  # a lone Vietnamese syllable: `ông`, also `Ông`
        return [word.lower() for word in typed] == list(form)
    return [word.rstrip(".") for word in typed] == list(form)


def _title(tokens: Tokens, start: int, end: int, role: str, floor: int) -> Title:
    """The title whose role is `start` to `end`, with what is around it; `floor` ends the last."""
    lang, kind = tokens.lang, kinds()[role]
    head, tail, of, former = start, end, None, False
    if kind in ("office", "post", "lead"):
        head, former = passing(tokens, head, floor)
        if before := of_before(tokens, head, floor):
            of, head = before
            head, over = passing(tokens, head, floor)
            former = former or over
        if lang != "vi":
            tail, over = qualified(tokens, tail)
            former = former or over
        if after := of_after(tokens, tail, is_local=role in _LOCAL):
            of, tail = (of if of and find_place(of) else after[0]) or of, after[1]
        if role == "secretary_of_state" and lang == "fr":
            tail = past_portfolio(tokens, tail)
        if role == "general_secretary" and ends_in_party(tokens, end):
            role, of, tail = of_party(tokens, end) or (role, of, tail)
        if head == start and lang != "vi":
            head, over = described(tokens, head, floor)
            former = former or over
        if role in _POSTED and tokens.joined(tail) and tail < len(tokens):
            tail = past_post(tokens, tail)
    return Title(_role(role, of), kind, of, former, start, end, head, tail)


def _role(role: str, of: str | None) -> str:
    """`Chủ tịch` of a country that has one is its president, whatever else is presided over."""
    return "president" if role == "chairman" and of in _CHAIRED else role


def offices_in(text: str, lang: str | None) -> tuple[tuple[Office, Span], ...]:
    """The offices that a short text such as a question speaks of, with their words, in order."""
    tokens = Tokens(text, lang)
    return tuple(
        (title.office, Span(tokens.starts[title.head], tokens.ends[title.tail - 1]))
        for title in find_titles(tokens)
        if title.office
    )


def titles_in(text: str, lang: str | None) -> tuple[Office, ...]:
    """The same offices without their words, each once."""
    return tuple(dict.fromkeys(office for office, _ in offices_in(text, lang)))
