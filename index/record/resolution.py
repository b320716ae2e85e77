"""Who a bare title or a pronoun means: "the PM", "the Vietnamese leader", "he"; or nobody.

Only where one person of the article can be meant: by the office, by nearness, by who spoke last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from index.articles import Span
from index.record.candidates import speaks
from index.record.identity import Draft
from index.record.listing import cue
from index.record.naming import Tokens
from index.record.offices import Title
from index.record.places import find_place
from index.record.rows import Mention, Office

REACH = 5  # sentences back that a bare title is recalled from, when several could be meant
PRONOUN_REACH = 6  # the same of a pronoun, when one only could be meant
_LEADING = frozenset(
    {"prime_minister", "president", "general_secretary", "chancellor", "king", "leader"}
)
_PRONOUNS = {"he": "m", "she": "f", "il": "m", "elle": "f", "ông": "m", "bà": "f"}
_PRONOUN_LANGS = {"en": ("he", "she"), "fr": ("il", "elle"), "vi": ("ông", "bà")}
Seen = tuple[int, int, int]  # the sentence, where the mention ends, the person


def resolve(
    tokens: Tokens,
    sentences: Sequence[Span],
    drafts: Sequence[Draft],
    mentions: Sequence[Mention],
    bare: Sequence[Title],
) -> list[Mention]:
    """Mentions for the bare titles and pronouns that can mean one person only."""
    starts = [sentence.start for sentence in sentences]
    events: list[tuple[int, int, Mention | Title | int]] = []
    events += [(m.span.start, 0, m) for m in mentions]
    events += [(tokens.starts[title.start], 1, title) for title in bare]
    events += [(tokens.starts[at], 2, at) for at in _pronouns(tokens)]
    seen: list[Seen] = []  # sentence, place, person
    found: list[Mention] = []
    for place, _, event in sorted(events, key=lambda event: event[:2]):
        sentence = bisect_right(starts, place) - 1
        if isinstance(event, Mention):
            seen.append((sentence, event.span.end, event.person))
            continue
        if isinstance(event, Title):
            person = _holder(tokens, event, sentence, drafts, seen)
            if person < 0:
                continue
            span = tokens.span(event.head, event.tail)
            found.append(Mention(span, person, event.office, span, resolved=True))
        else:
            person = _antecedent(tokens, event, sentence, drafts, seen)
            if person < 0:
                continue
            found.append(Mention(tokens.span(event, event + 1), person, resolved=True))
        seen.append((sentence, found[-1].span.end, person))
    return found


def _holder(
    tokens: Tokens,
    title: Title,
    sentence: int,
    drafts: Sequence[Draft],
    seen: Sequence[Seen],
) -> int:
    """The person whom a title without a name means; -1 when that is not safe to say."""
    if not _is_definite(tokens, title):
        return -1
    holders = [at for at, draft in enumerate(drafts) if _holds(draft, title)]
    if len(holders) > 1:
        # "The Prime Minister" beside "Japanese Prime Minister Takaichi" is the one of home.
        alike = [at for at in holders if _of(drafts[at], title) == title.of]
        holders = alike if len(alike) == 1 else holders
    if len(holders) <= 1:
        return holders[0] if holders else -1
    known = {person for _, _, person in seen} & set(holders)
    if len(known) == 1:
        return known.pop()
    near = {person for at, _, person in seen if person in known and at >= sentence - REACH}
    if len(near) == 1:
        return near.pop()
    last = next((person for _, _, person in reversed(seen) if person in known), -1)
    nearest = {person for at, _, person in seen if person in known and at >= sentence - 2}
    return last if len(nearest) == 1 else -1


def _is_definite(tokens: Tokens, title: Title) -> bool:
    """True when a title without a name speaks of somebody in particular."""
    head, tail, lang = title.head, title.tail, tokens.lang
    before = tokens.texts[head - 1].lower() if head else ""
    after = tokens.keys[tail] if tail < len(tokens) else ""
    near = tokens.joined(tail) or tokens.gap(tail) in ("'s ", "’s ")
    if (near and after in cue("impersonal", lang)) or before in cue("several", lang):
        return False
    if lang == "vi":
        return tokens.texts[title.start][0].isupper()
    if before in cue("definite", lang):
        return True
    return head < title.start and tokens.texts[head][0].isupper() and before not in ("a", "an")


def _holds(draft: Draft, title: Title) -> bool:
    return any(
        (office.role == title.role or (title.kind == "lead" and leads(office)))
        and office.former == title.former
        and (title.of is None or office.of == title.of or (not office.of and find_place(title.of)))
        for office in draft.offices
    )


def leads(office: Office) -> bool:
    """True for an office whose holder is called the leader of a country."""
    return office.role in _LEADING


def _of(draft: Draft, title: Title) -> str | None:
    return next((o.of for o in draft.offices if o.role == title.role and o.of is not None), None)


def _pronouns(tokens: Tokens) -> Iterator[int]:
    """Tokens that are he or she, as a subject."""
    listed = set(_PRONOUN_LANGS.get(tokens.lang or "", ("he", "she")))
    for at, word in enumerate(tokens.texts):
        if word.lower() not in listed:
            continue
        if tokens.lang == "fr" and not speaks(tokens, at + 1):
            continue  # "il faut", "il y a", and all that is masculine
        if tokens.lang == "vi" and (
            not tokens.joined(at + 1)
            or tokens.texts[at + 1][0].isupper()
            or not (speaks(tokens, at + 1) or word[0].isupper())
        ):
            continue
        yield at


def _antecedent(
    tokens: Tokens,
    at: int,
    sentence: int,
    drafts: Sequence[Draft],
    seen: Sequence[Seen],
) -> int:
    """The person whom a pronoun means; -1 when that is not safe to say.

    The only one of the sentence so far, else of the nearest sentence before that names anybody,
    or the one who speaks there; never when somebody without a name came between.
    """
    gender = _PRONOUNS[tokens.texts[at].lower()]
    fitting = [entry for entry in seen if drafts[entry[2]].gender in ("", gender)]
    if not fitting:
        return -1
    nearest = fitting[-1][0]
    if nearest < sentence - PRONOUN_REACH:
        return -1
    if nearest < sentence - 1 and len({person for _, _, person in fitting}) > 1:
        return -1
    there = [entry for entry in fitting if entry[0] == nearest]
    people = {person for _, _, person in there}
    if len(people) > 1:
        speakers = {
            person for _, end, person in there if speaks(tokens, bisect_right(tokens.ends, end))
        }
        if len(speakers) != 1:
            return -1
        people = speakers
    between = tokens.text[there[-1][1] : tokens.starts[at]].lower()
    if any(somebody in between for somebody in cue("somebody", tokens.lang)):
        return -1
    return people.pop()
