"""The runs of capitals of an article with the titles that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.record.evidence import is_name_word
from index.record.likeness import is_person
from index.record.listing import cue
from index.record.naming import JOINTS, Tokens, is_common, is_given, is_korean, is_vietnamese
from index.record.offices import Title
from index.record.places import place_at

_PHRASE = 9  # words between a title and a name set off by commas


@dataclass(slots=True)
class Name:
    """A run of capitals, tokens `start` to `end`, with the titles that belong to it."""

    start: int
    end: int
    titles: list[Title]
    person: int = -1

    @property
    def gender(self) -> str:
        """`m` or `f` where a courtesy title tells, else nothing."""
        kinds = {title.kind for title in self.titles}
        return "m" if "mr" in kinds else "f" if "ms" in kinds else ""


def find_names(
    tokens: Tokens, titles: Sequence[Title], runs: Iterable[tuple[int, int]]
) -> list[Name]:
    """The runs with the titles beside them, cut to what can be a name."""
    found = [Name(start, end, []) for start, end in runs]
    starts = {name.start: name for name in found}
    ends = {name.end: name for name in found}
    bearer: dict[int, Name] = {}
    for at in range(len(titles) - 1, -1, -1):
        title = titles[at]
        if ((name := starts.get(title.tail)) and _introduces(tokens, title, name)) or (
            name := _introduced_late(tokens, title, starts)
        ):
            bearer[at] = name
        elif at + 1 < len(titles) and at + 1 in bearer and _chains(tokens, title, titles[at + 1]):
            bearer[at] = bearer[at + 1]
    for at, title in enumerate(titles):
        if at in bearer:
            continue
        if (name := ends.get(_before_articles(tokens, title.head))) and _follows(
            tokens, title, name.end
        ):
            bearer[at] = name
        elif _is_second(tokens, titles, at, bearer):
            bearer[at] = bearer[at - 1]
    for at, name in sorted(bearer.items()):
        name.titles.append(titles[at])
        if titles[at].plural and (other := ends.get(name.start - 1)):
            other.titles.append(titles[at])
    return [_trimmed(tokens, name) for name in found]


def _introduces(tokens: Tokens, title: Title, name: Name) -> bool:
    """True when the run right after a title is its bearer."""
    at, gap = title.tail, tokens.gap(title.tail)
    if title.plural:
        return False
    if tokens.joined(at):
        return True
    if gap in (". ", ".", ".\u00a0"):
        return tokens.texts[at - 1] in cue("abbreviated", tokens.lang)
    if gap == ", " and title.office and name.end - name.start >= 2:
        return _is_set_off(tokens, title, name)
    return False


def _is_set_off(tokens: Tokens, title: Title, name: Name) -> bool:
    """True for a name between commas behind its title: `the mayor of Lyon, X Y, said`."""
    if tokens.gap(name.end).strip()[:1] not in (",", ".", "", ")"):
        return False
    if not tokens.joined(name.end) and is_person(tokens, name.start, name.end):
        return tokens.gap(name.end).startswith(",") or title.of is not None
    definite = title.head and tokens.keys[title.head - 1] in ("the", "le", "la", "l'")
    rare = all(is_name_word(tokens, at) for at in _proper(tokens, name))
    return bool(definite) and rare and not tokens.joined(name.end)


def _proper(tokens: Tokens, name: Name) -> Iterator[int]:
    """The words of a name but for its small ones, which may be listed as grammar."""
    return (at for at in range(name.start, name.end) if tokens.keys[at] not in JOINTS)


def _introduced_late(tokens: Tokens, title: Title, starts: Mapping[int, Name]) -> Name | None:
    """The name between commas behind a title and a phrase that goes with it.

    `le candidat à la présidentielle, X Y, a promis`.
    """
    at = title.tail
    if not title.office or title.kind == "lead" or not tokens.joined(at):
        return None
    if tokens.keys[at] not in cue("binding", tokens.lang):
        return None
    while at < min(len(tokens), title.tail + _PHRASE) and tokens.joined(at):
        if tokens.texts[at][0].isupper() and tokens.keys[at - 1] not in cue("binding", tokens.lang):
            return None
        at += 1
    name = starts.get(at)
    if name is None or name.end - name.start < 2 or tokens.gap(at) != ", ":
        return None
    closed = tokens.gap(name.end).startswith(",")
    return name if closed and is_person(tokens, name.start, name.end) else None


def _chains(tokens: Tokens, title: Title, following: Title) -> bool:
    """True when two titles name one person: `General Secretary and President To Lam`."""
    between = range(title.tail, following.head)
    if not between:
        gap = tokens.gap(following.head)
        return tokens.joined(following.head) or gap == "." or (gap == ", " and tokens.lang == "vi")
    if len(between) > 1 or tokens.keys[between[0]] not in ("and", "et", "va", "&"):
        return False
    definite = title.head > 0 and tokens.keys[title.head - 1] in ("the", "le", "la", "l'")
    return not definite or title.role.endswith("_member")


def _is_second(
    tokens: Tokens, titles: Sequence[Title], at: int, bearer: Mapping[int, Name]
) -> bool:
    """True for the second of two titles behind a name: `X, chairman and CEO`."""
    name = bearer.get(at - 1)
    return (
        name is not None
        and name.end <= titles[at - 1].head
        and _chains(tokens, titles[at - 1], titles[at])
    )


def _before_articles(tokens: Tokens, head: int) -> int:
    while head > 0 and tokens.texts[head - 1] in cue("article", tokens.lang):
        head -= 1
    return head


def _follows(tokens: Tokens, title: Title, end: int) -> bool:
    """True when a title stands in apposition behind the run that ends at token `end`."""
    if not title.office or title.kind == "lead":
        return False
    if title.plural and not _is_pair(tokens, end):
        return False
    gap = tokens.gap(end)
    if gap.strip() in {",", "(", "-", "–", "—", ", ("} and gap.strip(" ,(-–—") == "":
        return not tokens.texts[title.start][0].isupper() or tokens.gap(title.tail).strip() != ""
    # "M. Yamamoto Ichita gouverneur de …" has lost its comma.
    return tokens.lang == "fr" and gap == " " and end == title.head and title.of is not None


def _is_pair(tokens: Tokens, end: int) -> bool:
    """True when `and` stands among the last words before token `end`: `X Y and Z W, founders`."""
    return not {"and", "et"}.isdisjoint(tokens.keys[max(0, end - 5) : end])


def _trimmed(tokens: Tokens, name: Name) -> Name:
    """The name without what opens its sentence, and without a country before it."""
    before = any(title.tail <= name.start for title in name.titles)
    while not before and name.end - name.start > 1:
        key, word = tokens.keys[name.start], tokens.texts[name.start]
        if is_given(key) or is_vietnamese(tokens.keys[name.start : name.end]):
            break
        if is_korean(tokens.texts[name.start + 1]):
            break
        place = place_at(tokens, name.start)
        opening = tokens.opens(name.start) and not word.isupper() and is_common(word, tokens.lang)
        # "sénateur UDI François Zocchetto"
        longer = name.end - name.start > 2 and is_given(tokens.keys[name.start + 1])
        if place and place[1] < name.end:
            name.start = place[1]
        elif opening or (longer and not word.endswith(".")):
            name.start += 1
        else:
            break
    return name
