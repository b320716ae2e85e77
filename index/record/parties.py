"""Who stands in a sentence: persons, countries and their governments, organisations, both sides.

Persons come with their mentions; countries from the place table; an organisation is a run of
capitals that is none of these. What only a word such as "officials" names is nobody's name.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.concepts import TermTable
from index.folding import fold
from index.record.listing import cue, forms, rows
from index.record.naming import Tokens, is_common, is_never
from index.record.places import place_at, place_title
from index.record.rows import BOTH_SIDES, Mention, Party, Person
from index.record.verbs import listed, phrases, phrases_at, word_set

Sort = Literal["person", "country", "people", "collective", "organisation", "nobody"]

_LONGEST = 7  # words of an organisation
_SMALL = word_set("of the and & de du des la le les d' l' pour for và của")
_NOUNS = word_set("us u.s usa u.s.a uk u.k america britain uae eu")
_ADJECTIVE = tuple(
    word_set("al ale ique iques aire ien ienne éenne if ive el elle ois oise ais aise té")
)
_PRONOUNS = word_set("i it we they he she you that there what who let here how where")
_COURTESY = word_set("m mm mme mr mrs ms dr mlle")


@dataclass(frozen=True, slots=True)
class Standing:
    """A party where it stands: tokens `start` to `end`, titles and articles included.

    `sort` is `people` for those of a country who can be addressed but have no name of their own,
    and `nobody` for an adjective or outlet, which never acts. `of` is the country of an office.
    """

    start: int
    end: int
    sort: Sort
    party: Party
    resolved: bool = False
    of: str | None = None

    @property
    def acts(self) -> bool:
        """True when the party may be an actor."""
        return self.sort not in ("people", "nobody")


class Cast:
    """The persons of an article by the tokens where they stand, for all its sentences."""

    def __init__(
        self, tokens: Tokens, people: Sequence[Person], mentions: Sequence[Mention]
    ) -> None:
        self.tokens = tokens
        self.homes: dict[int, str] = {}
        by_start = {start: at for at, start in enumerate(tokens.starts)}
        by_end = {end: at + 1 for at, end in enumerate(tokens.ends)}
        found: dict[tuple[int, int], Standing] = {}
        for mention in mentions:
            spans = [mention.span, *([mention.title] if mention.title else ())]
            start = by_start.get(min(span.start for span in spans))
            end = by_end.get(max(span.end for span in spans))
            if mention.office and mention.office.of and not mention.office.former:
                self.homes.setdefault(mention.person, mention.office.of)
            own = by_start.get(mention.span.start, start)
            if start is None or end is None or own is None:
                continue
            party = Party(mention.person, people[mention.person].name)
            key = own, by_end.get(mention.span.end, end)
            old = found.get(key)
            found[key] = Standing(
                min(start, old.start) if old else start,
                max(end, old.end) if old else end,
                "person",
                party,
                mention.resolved,
                self.homes.get(mention.person),
            )
        self.by_start: Mapping[int, Standing] = {one.start: one for one in found.values()}
        self.surnames: dict[str, set[int]] = {}
        for number, person in enumerate(people):
            self.surnames.setdefault(fold(person.name.split()[-1]), set()).add(number)
        self.people = people
        self._standing_at = sorted(self.by_start)
        self._places: list[int] | None = None

    def standing(self, first: int, last: int, low: Sequence[str], lang: str) -> list[Standing]:
        """The parties between tokens `first` and `last`, in order, none sharing a token."""
        found: list[Standing] = []
        end = first
        starts = self._starts(low, lang)
        for at in starts[bisect_left(starts, first) : bisect_left(starts, last)]:
            if at >= end and (one := self._at(at, last, low, lang)) and one.end <= last:
                found.append(one)
                end = one.end
        return found

    def persons(self, first: int, last: int) -> Iterator[Standing]:
        """The persons who stand between tokens `first` and `last`, in order."""
        among = slice(bisect_left(self._standing_at, first), bisect_left(self._standing_at, last))
        return (self.by_start[at] for at in self._standing_at[among])

    def _starts(self, low: Sequence[str], lang: str) -> list[int]:
        """The tokens where a party may begin, in order."""
        if self._places is None:
            words = _openings(lang)
            small = {at for at, word in enumerate(low) if word in words}
            self._places = sorted(small | set(self.tokens.caps) | set(self.by_start))
        return self._places

    def _at(self, at: int, last: int, low: Sequence[str], lang: str) -> Standing | None:
        if person := self.by_start.get(at):
            return person
        capital = self.tokens.texts[at][0].isupper()
        if low[at] in _openings(lang):
            found = self._collective(at, low, lang) or self._state_first(at, last, low, lang)
            opens = lang == "vi" and self.tokens.opens(at)  # where it has a capital anyway
            small = opens or not capital
            found = found or (self._institution(at, last, low, lang) if small else None)
            if found:
                return found
        if not capital:
            return None
        if found := self._surname(at) or self._body(at, last):
            return found
        if low[at] not in listed("outlet", lang) and (place := place_at(self.tokens, at)):
            return self._country(at, place, last, low, lang)
        return self._organisation(at, last, low, lang)

    def _collective(self, at: int, low: Sequence[str], lang: str) -> Standing | None:
        for words in phrases("collective", lang):
            if tuple(low[at : at + len(words)]) == words:
                return Standing(at, at + len(words), "collective", Party(None, BOTH_SIDES))
        return None

    def _body(self, at: int, last: int) -> Standing | None:
        """An international body by its English name: `Union européenne` is the European Union."""
        for end in range(min(last, at + _LONGEST), at, -1):
            if name := _bodies().get(" ".join(self.tokens.keys[at:end])):
                return Standing(at, end, "organisation", Party(None, name))
        return None

    def _surname(self, at: int) -> Standing | None:
        """A person of the article by the last name alone, where only one has it."""
        same = self.surnames.get(self.tokens.keys[at], set())
        alone = not (
            at + 1 < len(self.tokens)
            and self.tokens.joined(at + 1)
            and self.tokens.texts[at + 1][0].isupper()
        ) and not (
            at
            and self.tokens.joined(at)
            and self.tokens.texts[at - 1][0].isupper()
            and not self.tokens.opens(at - 1)
            and len(self.tokens.texts[at - 1].rstrip(".")) > 3
        )
        if len(same) != 1 or not alone:
            return None
        [number] = same
        party = Party(number, self.people[number].name)
        return Standing(at, at + 1, "person", party, of=self.homes.get(number))

    def _country(
        self, at: int, place: tuple[str, int], last: int, low: Sequence[str], lang: str
    ) -> Standing:
        name, end = place
        party = Party(None, place_title(name))
        if lang == "en" and end < last and self._follows(end):
            if words := _following(low, end, last, "state", lang):
                return Standing(at, end + words, "country", party)
            if low[end] in listed("people", lang):
                return Standing(at, end + 1, "people", party)
            if words := self._office(end, last, low):
                return Standing(at, words, "country", party)
            if cue_kind(low[end], lang):
                return Standing(at, end + 1, "country", party)
        if end < last and self.tokens.joined(end) and self.tokens.texts[end][0].isupper():
            organisation = self._organisation(at, last, low, lang)
            if organisation and organisation.end > end:
                return organisation
        if lang == "en" and not _is_noun(low[at:end], name):
            return Standing(at, end, "nobody", party)
        if state := capital_of(name, lang):
            party = Party(None, place_title(state))
        return Standing(at, end, "country", party)

    def _office(self, at: int, last: int, low: Sequence[str]) -> int:
        """Where a body of a country ends that some words describe: `'s data protection watchdog`.

        0 where there is none.
        """
        if not self.tokens.gap(at).strip():
            return 0
        for step in range(at + 1, min(last, at + 4)):
            described = self.tokens.texts[step - 1].islower() and low[step - 1] not in _SMALL
            if not self.tokens.joined(step) or not described:
                return 0
            if words := _following(low, step, last, "state", "en"):
                return step + words
        return 0

    def _follows(self, at: int) -> bool:
        return self.tokens.joined(at) or self.tokens.gap(at) in ("'s ", "’s ", "' ", "’ ")

    def _state_first(self, at: int, last: int, low: Sequence[str], lang: str) -> Standing | None:
        """`gouvernement vietnamien`, `Chính phủ Nhật Bản`, `government of Japan`."""
        for kind, sort in (("state", "country"), ("people", "people")):
            for words in phrases_at(kind, low, at, lang):
                end = at + len(words)
                while end < last and low[end] in ("of", "from", "du", "de", "la", "le", "của"):
                    end += 1
                if lang == "en" and end == at + len(words):
                    continue
                if end < last and (place := place_at(self.tokens, end)):
                    made: Sort = "country" if sort == "country" else "people"
                    return Standing(at, place[1], made, Party(None, place_title(place[0])))
        return None

    def _institution(self, at: int, last: int, low: Sequence[str], lang: str) -> Standing | None:
        """An institution written small, named by what stands behind it: `parquet de Paris`."""
        if low[at] not in listed("institution", lang):
            return None
        for words in phrases("institution", lang):
            end = at + len(words)
            if tuple(low[at:end]) == words and end < last:
                while end < last and low[end] in ("la", "l'", "le", "the"):
                    end += 1
                if end < last and self.tokens.texts[end][0].isupper():
                    end = self._run(end, last)
                    return self._named(at, end, "organisation")
        return None

    def _organisation(self, at: int, last: int, low: Sequence[str], lang: str) -> Standing | None:
        tokens = self.tokens
        written = tokens.texts[at]
        company = low[at] in listed("company", lang)
        if not company and is_never(tokens.keys[at], lang):
            return None
        if (
            not written[0].isalpha()
            or len(written) < 2
            or written.replace("’", "'").lower().split("'")[0] in _PRONOUNS
        ):
            return None
        if low[at].rstrip(".") in _COURTESY or written[-1] in "'’":
            return None
        if not company and tokens.opens(at) and is_common(tokens.texts[at], lang):
            ahead = at + 1 < last and tokens.joined(at + 1) and tokens.texts[at + 1][0].isupper()
            organised = tokens.keys[at] in cue("organisation", lang)
            # Only a name stands alone without an article, "Target says"; not so in the plural.
            plural = low[at].endswith("s") and is_common(written[:-1], lang)
            alone = not plural and low[at] not in listed("crowd", lang)
            if not (organised or ahead or alone):
                return None
        end = self._run(at, last)
        opening = not company and tokens.opens(at) and end - at > 1 and is_common(written, lang)
        first = at + 1 if opening and tokens.keys[at] not in cue("organisation", lang) else at
        capitals = [tokens.texts[place].isupper() for place in range(first, end)]
        if end - first > 2 and capitals[0] and not any(capitals[1:]):
            first += 1  # "UDI Flavien Neuvy": his party
        return self._named(first, end, _sort(low[first:end], lang))

    def _run(self, at: int, last: int) -> int:
        """Where the run of capitals that begins at `at` ends, small words let in."""
        tokens, end = self.tokens, at + 1
        known = cue("organisation", "fr") | {"sante"}
        body = tokens.lang == "fr" and tokens.keys[at] in known
        for probe in range(end, min(last, at + _LONGEST)):
            joined = tokens.joined(probe) or tokens.gap(probe) in ("", " & ")
            if not joined or "\n" in tokens.gap(probe) or probe in self.by_start:
                break
            word = tokens.texts[probe]
            two = tokens.texts[probe - 1].lower(), word
            if tokens.lang == "vi" and end == probe and two in _fields():
                end = probe + 1  # "Bộ Ngoại giao"
            elif word[0].isupper() or word[0].isdigit():
                end = probe + 1
            elif body and end == probe and word.endswith(_ADJECTIVE):
                end = probe + 1  # "Conseil économique"
            elif body and end == probe - 1 and tokens.texts[probe - 1] in ("des", "de"):
                end = probe + 1  # "Cour des comptes"
            elif word not in _SMALL or word in ("and", "et", "la"):
                break
        return end

    def _named(self, start: int, end: int, sort: Sort) -> Standing:
        name = self.tokens.span(start, end).slice(self.tokens.text)
        return Standing(start, end, sort, Party(None, " ".join(name.split())))


@lru_cache(maxsize=1)
def _fields() -> frozenset[tuple[str, ...]]:
    return frozenset(phrases("field", "vi"))


@lru_cache(maxsize=1)
def _capitals() -> Mapping[str, tuple[str, str]]:
    """Folded names of capitals → the country, and the languages in which each is the city."""
    found = {}
    for _, (names, state, *own) in rows("capitals.tsv", range(2, 4)):
        for name in forms(names):
            found[fold(name)] = state, own[0] if own else ""
    return found


def capital_of(name: str, lang: str) -> str | None:
    """The country that a capital stands for when it acts: `moscow` → `russia`."""
    state, own = _capitals().get(fold(name), (None, ""))
    return None if lang in own.split() else state


@lru_cache(maxsize=1)
def _bodies() -> Mapping[str, str]:
    """Folded forms of the international bodies of the term table → their English name."""
    table = TermTable.load().rows
    names: dict[str, str] = {}
    for concept in sorted(listed("body", "en")):
        if concept in table:
            english = table[concept][0][0]
            name = english if english[0].isupper() else english.title()
            for form in itertools.chain(*table[concept]):
                names.setdefault(" ".join(Tokens(form, None).keys), name)
    return names


def cue_kind(word: str, lang: str) -> bool:
    """True for a word that says what sort of place a name is: `Province`."""
    return fold(word) in cue("kind", lang)


def _sort(low: Sequence[str], lang: str) -> Sort:
    return "nobody" if set(low) & listed("outlet", lang) else "organisation"


@lru_cache(maxsize=1 << 12)
def _noun(key: str, name: str) -> bool:
    bare = key.replace(" ", "").replace(".", "")
    return bare == name.replace(" ", "") or key in _NOUNS or bare in _NOUNS


def _is_noun(low: Sequence[str], name: str) -> bool:
    """True when these words are the country's name, not what belongs to it: `Japan`, `Japanese`."""
    return _noun(fold(" ".join(low)), fold(name))


def _following(low: Sequence[str], at: int, last: int, kind: str, lang: str) -> int:
    """How many words at `at` are a phrase of that kind."""
    if low[at] not in listed(kind, lang):
        return 0
    for words in phrases(kind, lang):
        if tuple(low[at : at + len(words)]) == words and at + len(words) <= last:
            return len(words)
    return 0


@lru_cache(maxsize=4)
def _openings(lang: str) -> frozenset[str]:
    """The words written small that may begin a party."""
    kinds = ("collective", "state", "people", "institution")
    return frozenset(word for kind in kinds for word in listed(kind, lang))
