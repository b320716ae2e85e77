"""To whom a statement is addressed, and whether what it is about is to come, going on or done."""

from __future__ import annotations

from collections.abc import Sequence

from index.record.attribution import Clauses, Subject
from index.record.cues import Cue
from index.record.parties import Standing
from index.record.rows import BOTH_SIDES, Party, Time
from index.record.verbs import listed, word_set

_REACH = 14  # words behind a verb in which its addressee stands
_WITH = frozenset(
    [
        "to",
        "with",
        "for",
        "from",
        "of",
        "at",
        "à",
        "au",
        "aux",
        "avec",
        "pour",
        "de",
        "du",
        "des",
        "với",
        "cho",
        "cùng",
        "của",
    ]
)
_ADDRESSED = frozenset(["told", "tell", "tells", "assured", "informed", "speaking", "thanked"])
_FUTURE = word_set("will would shall sera seront sẽ va vont won't need")
_AHEAD = word_set("future upcoming tomorrow l'avenir tương")
_PAST = word_set("did since been đã avait étaient ont aient soient soit")
_HAVE = word_set("has have had")
_DONE = ("ed", "en", "own", "ne", "seen", "not", "yet")
_PLACED = word_set("in between at into throughout en entre dans chez tại ở giữa trong")


def counterpart(
    clauses: Clauses, cue: Cue, subject: Subject, act: str, who: Standing
) -> Party | None:
    """Whom an act is towards, where the sentence names them."""
    if subject.also is not None and subject.who is who:
        return subject.also.party
    if act == "report":
        return _told(clauses, cue, who)
    reach = min(clauses.last, cue.end + _REACH + (10 if act in ("commit", "agree") else 0))
    for one in clauses.standing:
        if not cue.end <= one.start < reach or one.party == who.party:
            continue
        if one.sort == "organisation" and act not in ("ask", "sign"):
            continue
        addressed = one.sort != "nobody" or _is_group(clauses, one)
        if not addressed and act in ("ask", "propose", "commit"):
            continue
        if who.of and one.party.name.casefold() == who.of.casefold():
            continue
        before = clauses.low[max(clauses.first, clauses.before_articles(one.start) - 1)]
        if before in _PLACED or (before in ("and", "et", "và") and act == "commit"):
            continue
        if act in ("sign", "agree") and before not in ("with", "avec", "với"):
            continue
        return one.party
    both = Party(None, BOTH_SIDES)
    if act == "propose" and who.party != both:
        return next((both for one in clauses.standing if one.party == both), None)
    return None


def wished_of(clauses: Clauses, cue: Cue, who: Standing) -> Party | None:
    """The named party that a hope is set on: `hopes that Japan will`."""
    at = cue.end
    if at < clauses.last and clauses.low[at] in ("that", "que", "qu'", "rằng"):
        at += 1
    for step in range(at, min(clauses.last, at + 2)):
        one = clauses.by_start.get(step)
        if one and one.party != who.party and (one.sort != "nobody" or _is_group(clauses, one)):
            return one.party
        if clauses.low[step] not in ("the", "le", "la", "l'", "les", "phía"):
            return _group_behind(clauses, step)
    return None


def _group_behind(clauses: Clauses, at: int) -> Party | None:
    """The country of those who are addressed at token `at`: `localités japonaises`."""
    if clauses.low[at] not in listed("people", clauses.lang) | listed("state", clauses.lang):
        return None
    one = clauses.by_start.get(at + 1)
    return one.party if one else None


def _is_group(clauses: Clauses, one: Standing) -> bool:
    """True for an adjective with those it describes: `Japanese investors`."""
    nearby = clauses.low[max(clauses.first, one.start - 2) : min(clauses.last, one.end + 2)]
    words = listed("people", clauses.lang) | listed("state", clauses.lang)
    return bool(set(nearby) & words)


def _told(clauses: Clauses, cue: Cue, who: Standing) -> Party | None:
    """Who is told something: behind `told`, or where a sentence opens with `Speaking to X`."""
    if clauses.low[cue.at] in _ADDRESSED:
        at = cue.end
    elif clauses.low[clauses.first] in ("speaking", "welcoming", "receiving", "replying"):
        at = clauses.first + 1
    else:
        return None
    while at < clauses.last and clauses.low[at] in ("to", "the"):
        at += 1
    one = clauses.by_start.get(at)
    return one.party if one and one.sort == "person" and one.party != who.party else None


def time_of(clauses: Clauses, cue: Cue, act: str, *, suffix: bool, first: int) -> Time:
    """The time of what an act is about: promises lie ahead, agreements are made."""
    if act in ("commit", "propose", "ask"):
        return "future"
    if act in ("agree", "sign"):
        return "future" if cue.tense == "future" else "done"
    words = clauses.low[first : cue.start] if suffix else clauses.low[cue.end : clauses.last]
    return _time(words)


def _time(words: Sequence[str]) -> Time:
    if not _AHEAD.isdisjoint(words):
        return "future"
    for at, word in enumerate(words[:24]):
        if word in _FUTURE and at < 12:
            return "future"
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in _PAST or (word in _HAVE and following.endswith(_DONE)):
            return "done"
    return "ongoing"
