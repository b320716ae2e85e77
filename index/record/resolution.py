"""Who a bare title or a pronoun means: "the PM", "the Vietnamese leader", "he"; or nobody.

Only where one person of the article can be meant: by the office, by nearness, by who spoke last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from index.articles import Span
from index.record.identity import Draft, gender_of
from index.record.listing import cue
from index.record.naming import Tokens
from index.record.offices import Title
from index.record.places import find_place
from index.record.pronouns import Pronoun, Seen, antecedent, find_pronouns
from index.record.rows import Mention, Office

REACH = 5  # sentences back that a bare title is recalled from, when several could be meant
_LEADING = frozenset(
    {"prime_minister", "president", "general_secretary", "chancellor", "king", "leader"}
)
_FRENCH = {"le": "m", "la": "f"}


def resolve(
    tokens: Tokens,
    sentences: Sequence[Span],
    drafts: Sequence[Draft],
    mentions: Sequence[Mention],
    bare: Sequence[Title],
) -> list[Mention]:
    """Mentions for the bare titles and pronouns that can mean one person only."""
    starts = [sentence.start for sentence in sentences]
    genders = [draft.gender or gender_of(draft.keys) for draft in drafts]
    events: list[tuple[int, int, Mention | Title | Pronoun]] = []
    events += [(m.span.start, 0, m) for m in mentions]
    events += [(tokens.starts[title.start], 1, title) for title in bare]
    events += [(pronoun.span.start, 2, pronoun) for pronoun in find_pronouns(tokens)]
    seen: list[Seen] = []
    strangers: list[tuple[int, Pronoun]] = []  # with the sentence
    found: list[Mention] = []
    for place, _, event in sorted(events, key=lambda event: event[:2]):
        sentence = bisect_right(starts, place) - 1
        if isinstance(event, Mention):
            seen.append(Seen(sentence, event.span, event.person))
            continue
        if isinstance(event, Title):
            person = _holder(tokens, event, sentence, drafts, seen)
            office = event.office
            if person < 0:
                person = _named_before(tokens, event, sentence, drafts, genders, seen)
            elif event.role == "minister":
                office = next(filter(_governs, drafts[person].offices), office)
            if person < 0:
                continue
            span = tokens.span(event.head, event.tail)
            found.append(Mention(span, person, office, span, resolved=True))
        else:
            first = starts[sentence] if sentence >= 0 else 0
            near = [pronoun for at, pronoun in strangers if at >= sentence - 1]
            person = antecedent(tokens, event, sentence, first, genders, seen, near)
            if person < 0:
                if event.telling:
                    strangers.append((sentence, event))
                continue
            genders[person] = event.gender
            found.append(Mention(event.span, person, resolved=True))
        seen.append(Seen(sentence, found[-1].span, person))
    return found


def _named_before(
    tokens: Tokens,
    title: Title,
    sentence: int,
    drafts: Sequence[Draft],
    genders: Sequence[str],
    seen: Sequence[Seen],
) -> int:
    """The only person of the sentence before, of no office yet, whom `la maire de Paris` fits.

    French only, where the article tells a man from a woman; -1 when that is not safe to say.
    """
    article = tokens.keys[title.head - 1] if tokens.lang == "fr" and title.head else ""
    if (
        title.of is None
        or title.former
        or article not in _FRENCH
        or not _is_definite(tokens, title)
    ):
        return -1
    near = {entry.person for entry in seen if entry.sentence >= sentence - 1}
    fitting = [at for at in near if genders[at] == _FRENCH[article] and not drafts[at].offices]
    return fitting[0] if len(near) == 1 and fitting else -1


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
    known = {entry.person for entry in seen} & set(holders)
    if len(known) == 1:
        return known.pop()
    near = {e.person for e in seen if e.person in known and e.sentence >= sentence - REACH}
    if len(near) == 1:
        return near.pop()
    last = next((entry.person for entry in reversed(seen) if entry.person in known), -1)
    nearest = {e.person for e in seen if e.person in known and e.sentence >= sentence - 2}
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
        (
            office.role == title.role
            or (title.kind == "lead" and leads(office))
            or (title.role == "minister" and _governs(office))
        )
        and office.former == title.former
        and (title.of is None or office.of == title.of or (not office.of and find_place(title.of)))
        for office in draft.offices
    )


def _governs(office: Office) -> bool:
    """True for an office whose holder is called the minister."""
    return office.role == "secretary_of_state" or (
        office.role.endswith("_minister") and office.role != "prime_minister"
    )


def leads(office: Office) -> bool:
    """True for an office whose holder is called the leader of a country."""
    return office.role in _LEADING


def _of(draft: Draft, title: Title) -> str | None:
    return next((o.of for o in draft.offices if o.role == title.role and o.of is not None), None)
