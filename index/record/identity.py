"""Which names of one article are one person: full names first, then what shortens them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.record.candidates import Name
from index.record.earning import beside, is_doing, is_strong, may_be_short
from index.record.evidence import organisations
from index.record.listing import names
from index.record.naming import Tokens, is_form, is_given, is_vietnamese
from index.record.rows import Office


@dataclass(slots=True)
class Draft:
    """A person while the article is read."""

    keys: tuple[str, ...]
    forms: list[tuple[int, str]] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    gender: str = ""

    def last_before(self, place: int) -> int:
        """Where the person was named last before a place of the text; -1 if not yet."""
        return max((at for at, _ in self.forms if at < place), default=-1)


class Folk:
    """The people found so far; a name is looked for among those that share a word with it."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.drafts: list[Draft] = []
        self._bearing: dict[str, list[int]] = {}

    def take(self, name: Name, *, new: bool) -> None:
        """Put a name to its person, with `new` to one of its own when it is nobody's yet."""
        keys = tuple(self.tokens.keys[name.start : name.end])
        fitting = self._fitting(keys)
        if not new:  # what is no name by itself lengthens none
            fitting = [at for at in fitting if len(keys) <= len(self.drafts[at].keys)]
        name.person = self._choose(name, keys, fitting)
        if new and name.person < 0 and (len(keys) > 1 or not fitting):
            self.drafts.append(Draft(()))
            name.person = len(self.drafts) - 1
        if name.person >= 0:
            self._note(name, keys, name.person)

    def trim(self, name: Name) -> None:
        """Cut a run of words all in capitals down to a full name that is known."""
        if not all(map(str.isupper, self.tokens.texts[name.start : name.end])):
            return
        for start in range(name.start, name.end):
            for at in self._bearing.get(self.tokens.keys[start], ()):
                keys = self.drafts[at].keys
                end = start + len(keys)
                if len(keys) > 1 and tuple(self.tokens.keys[start:end]) == keys:
                    name.start, name.end = start, min(end, name.end)
                    return

    def _fitting(self, keys: tuple[str, ...]) -> list[int]:
        near = {at for key in keys for at in self._bearing.get(key, ())}
        return sorted(at for at in near if is_form(keys, self.drafts[at].keys))

    def _choose(self, name: Name, keys: tuple[str, ...], fitting: list[int]) -> int:
        """The person that a name means; -1 when nobody, or when several could be meant."""
        drafts, gender = self.drafts, name.gender
        fitting = [at for at in fitting if not gender or drafts[at].gender in ("", gender)]
        exact = [at for at in fitting if drafts[at].keys == keys]
        if len(exact) == 1:
            return exact[0]
        if len(fitting) > 1 and name.titles:
            roles = {title.role for title in name.titles if title.office}
            same = [at for at in fitting if roles & {office.role for office in drafts[at].offices}]
            fitting = same or fitting
        if len(fitting) <= 1:
            return fitting[0] if fitting else -1
        place = self.tokens.starts[name.start]
        last, person = max((drafts[at].last_before(place), at) for at in fitting)
        return person if last >= 0 else -1

    def _note(self, name: Name, keys: tuple[str, ...], person: int) -> None:
        """What a name adds to its person."""
        draft = self.drafts[person]
        if len(keys) > len(draft.keys):
            for key in set(keys) - set(draft.keys):
                self._bearing.setdefault(key, []).append(person)
            draft.keys = keys
        span = self.tokens.span(name.start, name.end)
        draft.forms.append((span.start, span.slice(self.tokens.text)))
        draft.gender = draft.gender or name.gender
        for title in name.titles:
            if title.office and title.office not in draft.offices:
                draft.offices.append(title.office)


def gender_of(keys: Sequence[str]) -> str:
    """`m` or `f` where the given name that opens a name tells, else nothing."""
    first = keys[0].split("-")[0] if keys else ""
    if not is_given(first) or first in names()["both"] or is_vietnamese(keys):
        return ""
    return "f" if first in names()["women"] else "m"


def identify(tokens: Tokens, candidates: Sequence[Name]) -> list[Draft]:
    """The people; every name that is one's has its `person` set.

    Full names come first, lone names with a title after them, then what only shortens a name. A
    form of several people means the one named last before it.
    """
    folk = Folk(tokens)
    strong = [name for name in candidates if is_strong(tokens, name)]
    for name in sorted(strong, key=lambda name: (name.end - name.start == 1, name.start)):
        folk.take(name, new=True)
    left = [name for name in candidates if name.person < 0]
    asked = {key for name in left for key in tokens.keys[name.start : name.end]}
    organised = organisations(tokens, asked)
    doing = [name for name in left if is_doing(tokens, name, organised)]
    for name in sorted(doing, key=lambda name: (name.end - name.start == 1, name.start)):
        folk.take(name, new=True)
    for name in beside(tokens, candidates, organised):
        folk.take(name, new=True)
    for name in candidates:
        if name.person < 0 and may_be_short(tokens, name):
            folk.trim(name)
            folk.take(name, new=False)
    return folk.drafts
