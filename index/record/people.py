"""The people of one article: who is named, where, with which office, and who "the PM" and "he" are.

Runs of capitals earn being people (`candidates`, `earning`), names are put to persons (`identity`),
and bare titles and pronouns to who can only be meant (`resolution`, `pronouns`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.articles import Span
from index.record import naming
from index.record.candidates import Name, find_names
from index.record.identity import Draft, identify
from index.record.naming import Tokens, is_vietnamese, tokens_of
from index.record.offices import Title, find_titles
from index.record.places import place_at
from index.record.resolution import leads, resolve
from index.record.rows import Mention, Office, Person

_COMPANY = frozenset(
    {"founder", "ceo", "chief_officer", "chairman", "president", "director", "general_director"}
)
_STATE = frozenset({"prime_minister", "president", "king", "queen", "chancellor"})
_VIETNAM = frozenset({"vietnam", "viet", "vietnamese", "vietnamien", "vietnamienne"})


def find_people(
    text: str, sentences: Sequence[Span], lang: str | None
) -> tuple[tuple[Person, ...], tuple[Mention, ...]]:
    """The people that an article names, in order of appearance, and every place that means one.

    Mentions are in the order of the text. An office that the article gives somewhere with its
    country or organisation has it at every mention. `sentences` are those of the text, in order.
    """
    tokens = tokens_of(text, lang)
    titles = find_titles(tokens)
    used = [False] * len(tokens)
    for title in titles:
        used[title.head : title.tail] = [True] * (title.tail - title.head)
    candidates = find_names(tokens, titles, naming.runs(tokens, used))
    for name in candidates:
        name.titles = _completed(tokens, name, sentences)
    drafts = identify(tokens, candidates)
    taken = {title.start for name in candidates if name.person >= 0 for title in name.titles}
    bare = [title for title in titles if title.start not in taken and title.office]
    mentions = [m for name in candidates if name.person >= 0 for m in _mentions(tokens, name)]
    mentions += resolve(tokens, sentences, drafts, mentions, bare)
    return _finish(drafts, mentions, is_vietnam_named=not _VIETNAM.isdisjoint(tokens.keys))


def _completed(tokens: Tokens, name: Name, sentences: Sequence[Span]) -> list[Title]:
    """The titles of a name with what they are of, where another title or the opening says it.

    "OpenAI co-founder and CEO X" is both of OpenAI; "En Israël, … le Premier ministre X" is of
    Israel.
    """
    titles = list(name.titles)
    for at, (one, two) in enumerate(pairwise(titles), 1):
        joint = two.head - one.tail == 1 and tokens.keys[one.tail] in ("and", "et", "&")
        if joint and one.of and not two.of and {one.role, two.role} <= _COMPANY:
            titles[at] = replace(two, of=one.of)
    for at, title in enumerate(titles):
        if title.kind == "office" and not title.of and not title.former and sentences:
            titles[at] = replace(title, of=_opening_place(tokens, title, sentences))
    return titles


def _opening_place(tokens: Tokens, title: Title, sentences: Sequence[Span]) -> str | None:
    """The country that a sentence opens with, `In Israel, …`, when a title is of state."""
    if title.role not in _STATE:
        return None
    place = tokens.starts[title.head]
    sentence = sentences[max(0, bisect_right(sentences, place, key=lambda s: s.start) - 1)]
    first = bisect_left(tokens.starts, sentence.start)
    if first >= title.head or tokens.keys[first] not in ("in", "en", "au", "aux"):
        return None
    found = place_at(tokens, first + 1)
    return found[0] if found and tokens.gap(found[1]) == ", " else None


def _mentions(tokens: Tokens, name: Name) -> Iterator[Mention]:
    span = tokens.span(name.start, name.end)
    titles = [title for title in name.titles if title.office]
    for title in titles:
        yield Mention(span, name.person, title.office, tokens.span(title.head, title.tail))
    if not titles:
        yield Mention(span, name.person)


def _finish(
    drafts: Sequence[Draft], mentions: Sequence[Mention], *, is_vietnam_named: bool
) -> tuple[tuple[Person, ...], tuple[Mention, ...]]:
    """People in order of appearance, mentions in that of the text, each office as full as known."""
    mentions = sorted(mentions, key=lambda m: (m.span, m.title or m.span))
    firsts = {at: min(forms)[0] for at, draft in enumerate(drafts) if (forms := draft.forms)}
    order = sorted(firsts, key=firsts.__getitem__)
    position = {old: new for new, old in enumerate(order)}
    people = tuple(_person(drafts[at]) for at in order)
    known: dict[tuple[int, str, bool], set[str]] = {}
    for m in mentions:
        if m.office and m.office.of:
            role = (m.person, m.office.role, m.office.former)
            known.setdefault(role, set()).add(m.office.of)
            if m.resolved and m.office.role == "leader":
                for led in filter(leads, drafts[m.person].offices):
                    known.setdefault((m.person, led.role, False), set()).add(m.office.of)
    completed = []
    for m in mentions:
        office = m.office
        if office and office.of is None:
            of = known.get((m.person, office.role, office.former), set())
            if is_vietnam_named and not of and _is_national(office, drafts[m.person]):
                of = {"vietnam"}
            if len(of) == 1:
                office = replace(office, of=next(iter(of)))
        completed.append(replace(m, person=position[m.person], office=office))
    return people, tuple(completed)


def _is_national(office: Office, draft: Draft) -> bool:
    """True for an office of state whose holder bears a Vietnamese name."""
    national = leads(office) or office.role.endswith(("_minister", "_chairman"))
    return (national or office.role == "vice_president") and is_vietnamese(draft.keys)


def _person(draft: Draft) -> Person:
    forms = [written for _, written in sorted(draft.forms)]
    count = Counter(forms)
    # The fullest; not in capitals where there is a choice; marks are kept; the most frequent.
    fullest = max(
        count,
        key=lambda form: (
            len(naming.name_key(form)),
            not form.isupper(),
            not form.isascii(),
            count[form],
            -forms.index(form),
        ),
    )
    return Person(fullest, tuple(dict.fromkeys(forms)))
