"""Who acts where nobody stands before a finite verb.

Behind `by`, behind `according to`, of a participle, of "the signing of a pact between A and B".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.record.attribution import NOBODY, Clauses, Subject
from index.record.cues import Cue
from index.record.parties import Standing
from index.record.speech import SAYING, Row
from index.record.verbs import listed, phrases, word_set


def is_verb(clauses: Clauses, cue: Cue, subject: Subject) -> bool:
    """False for an English noun that looks like a verb: `press`, `reports`, `claims`."""
    if clauses.lang != "en" or cue.tense != "now" or cue.voice not in ("finite", "bare"):
        return True
    who = subject.who
    if cue.voice == "bare" and who:
        return who.sort == "collective" or subject.also is not None
    if cue.voice == "bare":
        return subject.word.endswith("s") or subject.word in ("they", "we", "people", "i", "who")
    alone = subject.mode == "before" and subject.word in _SINGULAR
    if who or alone or cue.end >= clauses.last or cue.start < cue.at:
        return True
    return clauses.low[cue.end] in _OBJECTS or clauses.tokens.texts[cue.end][0].isupper()


_BEFORE_PARTICIPLE = word_set("while en including after before by")
_SINGULAR = word_set("he she it who")
_OBJECTS = word_set("that it he she they there the a an its his her their this these to we i")


def of_passive(clauses: Clauses, cue: Cue) -> Subject:
    """The party behind `by`, of what was signed or agreed."""
    if cue.act not in ("sign", "agree") or cue.end >= clauses.last:
        return NOBODY
    if clauses.low[cue.end] not in ("by", "par", "bởi"):
        return NOBODY
    at = cue.end + 1
    while at < clauses.last and clauses.low[at] in ("the", "le", "la", "l'", "les", "both"):
        at += 1
    if (who := clauses.by_start.get(at)) is None:
        return NOBODY
    step = who.end + 1
    joined = who.end < clauses.last and clauses.low[who.end] in ("and", "et", "và")
    while joined and step < clauses.last and clauses.low[step] in ("the", "le", "la", "l'", "les"):
        step += 1
    return Subject("behind", who, also=clauses.by_start.get(step) if joined else None, start=at)


def of_participle(clauses: Clauses, cue: Cue, rows: Sequence[Row], at: int) -> Subject:
    """The subject of a participle with a clause of its own: that of the verb before, or behind."""
    if cue.act in ("agree", "sign"):
        return NOBODY
    if cue.act in SAYING:
        words = clauses.low[cue.end : min(clauses.last, cue.end + 3)]
        if not set(words) & {"that", "que", "qu'", "it", "he", "she", "they"}:
            return NOBODY
    gap, word = clauses.gap(cue.start), clauses.low[cue.start - 1] if cue.start else ""
    opening = cue.start == clauses.first or (
        cue.start == clauses.first + 1 and word in ("while", "en", "by")
    )
    if word in ("and", "et"):
        gap = clauses.gap(cue.start - 1)
    if not (opening or set(gap) & set(",;–—-") or word in _BEFORE_PARTICIPLE):
        return NOBODY
    for row in reversed(rows[:at]):
        if row.cue.voice in ("finite", "bare") and not clauses.depth(row.cue.at):
            return _inherit(row.subject)
    if opening:
        for row in rows[at + 1 :]:  # the first may be what the participle says
            if row.cue.voice == "finite" and row.subject.start > cue.end + 3:
                return _inherit(row.subject)
        return NOBODY
    return clauses.opener(cue.start)


def _inherit(subject: Subject) -> Subject:
    return Subject("inherited", subject.who, subject.word, subject.also, subject.start)


def sources_in(low: Sequence[str], first: int, last: int, lang: str) -> Iterator[tuple[int, int]]:
    """Where `according to` stands, as token ranges."""
    begins = listed("source", lang)
    if begins.isdisjoint(low[first:last]):
        return
    for at in range(first, last):
        if low[at] in begins:
            for words in phrases("source", lang):
                if tuple(low[at : at + len(words)]) == words:
                    yield at, at + len(words)
                    break


def spoken(clauses: Clauses, sources: Sequence[tuple[int, int]]) -> Iterator[tuple[Cue, Subject]]:
    """The party behind each `according to`, as the subject of a report."""
    for at, end in sources:
        if clauses.depth(at):
            continue
        if (who := _source(clauses, end)) is None:
            continue
        if clauses.low[at] == "pour" and not (who.sort == "person" and at == clauses.first):
            continue
        if clauses.low[at] == "theo" and who.sort not in ("person", "country", "organisation"):
            continue
        yield Cue("report", at, at, end, "finite", "now", False), Subject("behind", who, start=at)


def signings(clauses: Clauses) -> Iterator[tuple[Cue, Subject]]:
    """The two who sign, where only a noun says so: `the signing of a pact between A and B`."""
    for at in range(clauses.first, clauses.last - 3):
        if clauses.low[at] not in listed("signing", clauses.lang):
            continue
        between = next(
            (
                step
                for step in range(at + 1, min(clauses.last - 1, at + 20))
                if clauses.low[step] in ("between", "entre", "giữa")
            ),
            0,
        )
        sides = [one for one in clauses.standing if between and one.start > between and one.acts]
        for one, two in pairwise(sides):
            joint = clauses.low[one.end : clauses.before_articles(two.start)]
            if len(joint) == 1 and joint[0] in ("and", "et", "và"):
                cue = Cue("sign", at, at, at + 1, "finite", "past", False)
                yield cue, Subject("behind", one, also=two, start=one.start)
                return


def _source(clauses: Clauses, at: int) -> Standing | None:
    """Who is named behind `according to`: right there, or a person at the end of the phrase."""
    said = False
    for step in range(at, min(clauses.last, at + 9)):
        if step > at and not clauses.near(step) and clauses.gap(step) not in ("'s ", "’s "):
            return None
        who = clauses.by_start.get(step)
        while who and who.end < clauses.last and clauses.gap(who.end) in ("'s ", "’s "):
            who = clauses.by_start.get(who.end)
        before = clauses.low[clauses.before_articles(step) - 1] if step > at else ""
        if who and who.acts:
            direct = clauses.before_articles(step) <= at
            of = before in ("of", "de", "d'", "du", "by", "from")
            if direct or (who.sort == "person" and (said or not of)):
                return who
        said = said or clauses.low[step] in listed("words", clauses.lang)
    return None
