"""The runs of capitals of an article with the titles beside them, and which of them are people.

A run earns being a person by a title, by a family name of Vietnam or East Asia, by a known given
name, or by saying something. Organisations, places and months never do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.record import naming
from index.record.listing import cue, names
from index.record.naming import Tokens, is_common, is_given, is_never, is_vietnamese
from index.record.offices import Title
from index.record.places import is_kind, place_at, place_of

# Titles that stand before a common word with a capital as often as before a name.
_TRADES = frozenset(
    {"expert", "athlete", "artist", "journalist", "investor", "officer", "director", "head"}
    | {"coach", "candidate", "founder", "relative", "ceo", "leader", "general_director"}
)


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
        if (name := starts.get(title.tail)) and _introduces(tokens, title, name):
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
    return [_trimmed(tokens, name) for name in found]


def _introduces(tokens: Tokens, title: Title, name: Name) -> bool:
    """True when the run right after a title is its bearer."""
    at, gap = title.tail, tokens.gap(title.tail)
    if tokens.joined(at):
        return True
    if gap in (". ", ".", ".\u00a0"):
        return tokens.texts[at - 1] in cue("abbreviated", tokens.lang)
    if gap == ", " and title.office and name.end - name.start >= 2:
        closed = tokens.gap(name.end).startswith(",")
        return closed and _is_person(tokens, name.start, name.end)
    return False


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
    gap = tokens.gap(end)
    if gap.strip() in {",", "(", "-", "–", "—", ", ("} and gap.strip(" ,(-–—") == "":
        return not tokens.texts[title.start][0].isupper() or tokens.gap(title.tail).strip() != ""
    # "M. Yamamoto Ichita gouverneur de …" has lost its comma.
    return tokens.lang == "fr" and gap == " " and end == title.head and title.of is not None


def _trimmed(tokens: Tokens, name: Name) -> Name:
    """The name without what opens its sentence, and without a country before it."""
    before = any(title.tail <= name.start for title in name.titles)
    while not before and name.end - name.start > 1:
        key, word = tokens.keys[name.start], tokens.texts[name.start]
        if is_given(key) or is_vietnamese(tokens.keys[name.start : name.end]):
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


def _is_person(tokens: Tokens, start: int, end: int) -> bool:
    """True when the words themselves are a person's full name."""
    keys, texts = tokens.keys[start:end], tokens.texts[start:end]
    length = end - start
    if not 2 <= length <= naming.LONGEST_NAME or place_of(tokens, start, end):
        return False
    if is_vietnamese(keys):
        cued = _is_cued(tokens, start, end)
        return not _is_somewhere(tokens, start, end) and (length > 2 or cued)
    if length > 4 or any(word.isupper() and len(word) > 1 for word in texts[:1]):
        return False
    if _is_organisation(tokens, start, end):
        return False
    if start and tokens.keys[start - 1] == "the":
        return False
    if length > 3 and all(map(str.isupper, texts)):
        return False  # a headline
    if is_given(keys[0]):
        return not place_of(tokens, start + 1, end) or _is_cued(tokens, start, end)
    if any(is_common(word, tokens.lang) for word in texts) or any(map(str.isupper, texts[1:])):
        return False
    eastern = names()["eastasian"]
    if keys[0] in eastern or keys[-1] in eastern:
        return not _is_somewhere(tokens, start, end)
    return length <= 3 and _is_cued(tokens, start, end) and not is_given(keys[-1])


def _is_organisation(tokens: Tokens, start: int, end: int) -> bool:
    listed, keys = cue("organisation", tokens.lang), tokens.keys[start:end]
    if is_given(keys[0]) and len(keys) == 2 and keys[1] in names()["surname"]:
        return False
    if tokens.lang == "vi":  # `trường` is a school, Trương a family name
        keys = [word.lower() for word in tokens.texts[start:end]]
        keys.append(" ".join(tokens.texts[start : start + 2]).lower())
    return any(key in listed for key in keys)


def _is_somewhere(tokens: Tokens, start: int, end: int) -> bool:
    """True when a place is spoken of: `in Thái Bình`, `tỉnh Hà Nam`, `Hà Nam Province`."""
    before = tokens.keys[start - 1] if start and tokens.joined(start) else ""
    after = tokens.texts[end] if tokens.joined(end) else ""
    return before in cue("place", tokens.lang) or is_kind(after, tokens.lang)


def _is_cued(tokens: Tokens, start: int, end: int) -> bool:
    """True when the run says or does what people do, or is said to have an age."""
    return speaks(tokens, end) or _is_source(tokens, start) or _has_age(tokens, end)


@lru_cache(maxsize=16)
def _phrases(kind: str, lang: str | None) -> frozenset[str]:
    return frozenset(" ".join(Tokens(form, lang).keys) for form in cue(kind, lang))


def speaks(tokens: Tokens, at: int) -> bool:
    """True when a verb of saying begins at token `at`, or one word after."""
    if tokens.gap(at) not in (" ", "\u00a0", "\n", ", "):
        return False
    listed = _phrases("speech", tokens.lang)
    firsts = (at, at + 1) if tokens.keys[at] in cue("shift", tokens.lang) else (at,)
    return any(
        " ".join(tokens.keys[first : first + length]) in listed
        for first in firsts
        for length in (1, 2, 3)
    )


def _is_source(tokens: Tokens, start: int) -> bool:
    if not start or not tokens.joined(start):
        return False
    listed = _phrases("source", tokens.lang)
    return any(" ".join(tokens.keys[max(0, start - n) : start]) in listed for n in (1, 2))


def _has_age(tokens: Tokens, end: int) -> bool:
    return (
        end < len(tokens)
        and tokens.gap(end) in (", ", " (")
        and tokens.keys[end].isdigit()
        and 1 < len(tokens.keys[end]) < 3
    )


def is_strong(tokens: Tokens, name: Name) -> bool:
    """True when a run is a person by itself, or by the title beside it."""
    keys = tokens.keys[name.start : name.end]
    length = len(keys)
    titled = [title for title in name.titles if title.tail <= name.start]
    if not titled:
        return _is_person(tokens, name.start, name.end) or (
            bool(name.titles)
            and 2 <= length <= 4
            and not _is_organisation(tokens, name.start, name.end)
            and not place_of(tokens, name.start, name.end)
            and not any(map(str.isupper, tokens.texts[name.start : name.end]))
            and not any(is_common(w, tokens.lang) for w in tokens.texts[name.start : name.end])
        )
    if is_vietnamese(keys) and not place_of(tokens, name.start, name.end):
        return True
    if length > naming.LONGEST_NAME or _is_organisation(tokens, name.start, name.end):
        return False
    if length > 1:
        shouted = length > 3 and all(map(str.isupper, tokens.texts[name.start : name.end]))
        return length <= 4 and not shouted
    word, title = tokens.texts[name.start], titled[-1]
    if is_never(keys[0], tokens.lang) or (word.isupper() and len(word) <= 4) or len(word) < 2:
        return False
    if place_of(tokens, name.start, name.end) and title.kind not in ("mr", "ms"):
        return False
    # "director Netflix" is no person, "Director Nolan" is one.
    lowly = tokens.lang == "en" and title.kind == "post" and tokens.texts[title.start][0].islower()
    lowly = lowly or (title.role in _TRADES and is_common(word, tokens.lang))
    return not lowly and title.role != "relative"


def may_be_short(tokens: Tokens, name: Name) -> bool:
    """True for a run that may be a shorter form of a name known already."""
    if name.end - name.start > 1:
        return True
    key, word = tokens.keys[name.start], tokens.texts[name.start]
    doubtful = is_never(key, tokens.lang) or (
        tokens.opens(name.start) and is_common(word, tokens.lang) and not is_given(key)
    )
    if doubtful or place_of(tokens, name.start, name.end):
        return _is_cued(tokens, name.start, name.end)
    return not _is_somewhere(tokens, name.start, name.end) or speaks(tokens, name.end)
