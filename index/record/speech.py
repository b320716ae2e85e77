"""Whose words a verb stands in: statements told by somebody else, and what is said of oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.folding import fold
from index.record.attribution import FIRST, NOBODY, Clauses, Subject
from index.record.cues import Cue
from index.record.parties import Standing
from index.record.verbs import word_set

SAYING = frozenset(("report", "speech"))
_THAT = word_set("that que qu' rằng it he she they there là if whether")
_OWN = word_set(
    "company government country group firm side team ministry administration club bank"
    " entreprise gouvernement pays groupe société équipe parti ministère"
)


@dataclass(slots=True)
class Row:
    """A cue with its subject; `inside` is the cue in whose words it stands."""

    cue: Cue
    subject: Subject
    inside: Row | None = None
    first: bool = True  # in the words of `inside`
    suffix: bool = False
    source: bool = False

    @property
    def is_relative(self) -> bool:
        """True for what a relative clause says: `X, who promised …`."""
        return self.subject.mode == "before" and self.subject.word in ("who", "qui")


def nest(clauses: Clauses, rows: list[Row]) -> None:
    """Put each cue that stands in the words of another inside it."""
    rows.sort(key=lambda row: row.cue.at)
    for row in rows:
        row.suffix = _is_suffix(clauses, row)
    tails = [row for row in rows if row.suffix or row.source]
    for at, row in enumerate(rows):
        quoted = clauses.depth(row.cue.at)
        for tail in tails:
            before = tail.cue.at > row.cue.at
            told = (before and not row.is_relative) or tail.source
            if tail is not row and told and not row.source:
                row.inside = tail
                break
        if row.inside is None and not row.suffix and not row.source:
            for other in reversed(rows[:at]):
                if other.inside is not None or clauses.depth(other.cue.at):
                    continue
                if other.cue.voice == "passive" or other.subject.mode == "none":
                    continue
                if row.subject.mode == "before" and other.subject.start == row.subject.start:
                    break  # a participle that opens the sentence has the subject of what follows
                own = row.subject.mode == "before" and not clauses.is_contrast(row.subject)
                passing = other.is_relative or (not other.subject.who and row.cue.act in SAYING)
                if passing and "," in clauses.gap(row.subject.start):
                    own = False  # "X, who asked, …, said", "when asked, X said"
                own = own and not row.is_relative
                if quoted or own:
                    row.inside = other
                break
        if row.inside is None and row.subject.mode == "inherited":
            row.inside = _with(rows[:at], row)
        if row.inside is None and quoted:
            row.subject = NOBODY
    for at, row in enumerate(rows):
        row.first = not any(one.inside is row.inside for one in rows[:at])


def _with(before: Sequence[Row], row: Row) -> Row | None:
    """What a verb stands in that shares the subject of the one before it."""
    for other in reversed(before):
        if other.subject.start == row.subject.start and other.subject.who is row.subject.who:
            return other.inside
    return None


def _is_suffix(clauses: Clauses, row: Row) -> bool:
    """True when the words before a verb of saying are what is said: `…, he said`."""
    cue, subject = row.cue, row.subject
    if cue.act not in SAYING or clauses.depth(cue.at) or cue.voice != "finite":
        return False
    if subject.mode == "behind":
        return cue.start > clauses.first
    if subject.mode != "before" or subject.start <= clauses.first:
        return False
    gap = clauses.gap(subject.start)
    if not set(gap) & set(',”»"“—–!?…'):
        return False
    after = clauses.gap(cue.end) if cue.end < clauses.last else "."
    ends = bool(set(after) & set(',.;:!?”"“«—–'))
    if set(gap) & set('”»"') and (ends or clauses.low[cue.end] not in ("that", "que", "qu'")):
        return True
    return ends and not set(after) & set(":“«")


def speaks(clauses: Clauses, row: Row) -> bool:
    """True when what is said stands beside a verb that says nothing alone."""
    if row.suffix:
        return True
    if row.cue.end >= clauses.last:
        return False
    gap = clauses.gap(row.cue.end)
    return clauses.low[row.cue.end] in _THAT or bool(set(gap) & set(':“«"'))


def is_own(clauses: Clauses, row: Row, who: Standing) -> bool:
    """True when an inner verb is about the speaker, or his own side."""
    cue, subject = row.cue, row.subject
    depth = clauses.depth(cue.at)
    if depth:
        will = cue.act != "undertake" or cue.tense == "future"
        return will and depth == 1 and subject.word in FIRST and clauses.depth(cue.start) == 1
    if (one := subject.who) is not None:
        if one.party == who.party:
            return True
        home = who.of if who.sort == "person" else None
        if one.sort == "organisation" and who.sort == "person":
            # "Cubic plans to go on, Ann said": who tells of a plan without an office elsewhere.
            told = row.inside is not None and row.inside.suffix
            return told and cue.act == "commit" and home in (None, fold(one.party.name))
        return one.sort == "country" and home is not None and fold(one.party.name) == fold(home)
    if subject.word in ("he", "she") or (subject.word in ("il", "elle") and who.sort == "person"):
        return who.sort == "person" and row.first
    if subject.word in ("it", "they", "il", "elle", "họ"):
        return who.sort in ("country", "organisation", "collective") and row.first
    if subject.word in _OWN and row.first:
        left = clauses.low[cue.start - 2] if cue.start - 2 >= clauses.first else ""
        return left in ("his", "her", "its", "the", "son", "sa", "le", "la", "our", "notre")
    return False
