"""The verbs of a sentence that show an act, and what their group says: denied, future, passive.

A verb of `data/acts.tsv` counts only in a form that can be the act itself: "to sign" and "could
sign" are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from index.folding import fold
from index.record.listing import columns
from index.record.naming import Tokens
from index.record.verbs import inflected, listed, table, word_set

Voice = Literal["finite", "bare", "participle", "passive"]
Tense = Literal["past", "now", "future"]

_REACH = 28  # words behind a verb in which what it needs must follow
_NEAR = 12  # the same, of a noun that belongs to the verb: "signed a … deal"
_CUES = ("commit", "propose", "ask", "wish", "agree", "sign", "report", "speech")


_HAVE = word_set("has have had having 've a ont avait avaient aura auront ayant ai avons")
_BE = word_set("is are was were be been being get gets got est sont était étaient été fut")
_WILL = word_set("will would 'll shall")
_WILL_NOT = word_set("won't wouldn't")
_DO = word_set("do does did")
_PLAIN = word_set("have're 're 'm 's")
_MODAL = word_set(
    "can could may might must should cannot can't couldn't shouldn't mustn't to let lets"
)
_BESIDE = {
    "en": word_set(
        "also already again then just later still now further once even always both all each"
        " jointly today yesterday earlier since thus so recently often soon ever longer yet even"
        " quite any more on monday tuesday wednesday thursday friday saturday sunday continued to"
    ),
    "fr": word_set(
        "également aussi encore toujours déjà ensuite donc alors bien plutôt ainsi même hier"
        " aujourd'hui tous toutes deux d' abord de nouveau y en lui leur me nous lundi mardi"
        " mercredi jeudi vendredi samedi dimanche ce matin soir enfin notamment plus tout"
        " son sa leur côté part tour pour quant à lui t"
        " toutefois cependant pourtant néanmoins ailleurs revanche outre souvent vite par"
    ),
    "vi": word_set(
        "đã đang vừa cũng mới luôn tiếp tục đều cùng rất lại còn trân trọng chân thành vẫn"
    ),
}
_NOT = {
    "en": word_set(
        "not never n't hardly neither nor didn't doesn't don't hasn't haven't hadn't isn't"
        " aren't wasn't weren't won't wouldn't no refused declined failed denied denies denying"
        " allegedly reportedly supposedly apparently almost nearly"
    ),
    "fr": word_set("ne n' pas jamais ni guère aucunement rien"),
    "vi": word_set("không chưa chẳng hề từng từ chối phủ nhận bác bỏ đừng"),
}
_DENYING = word_set("không chưa chẳng chối nhận bỏ đừng")
_VI_NOUN = word_set(
    "lễ sự việc các những theo lời bản được bị để về một nhiều mọi lá đơn cuộc văn thỏa tờ"
    " đại buổi cho nếu khi sau trước bút chữ"
)
_FRENCH_BEFORE = word_set("s' se l' va vont vient de")
_QUESTION = word_set("if whether why what how when where who about si s' pourquoi comment combien")
_INFINITIVE = ("er", "ir", "re")
_NO_INFINITIVE = word_set(
    "notre votre quatre autre entre contre encore premier dernier hier cher leur par outre titre"
)
_LIKELY = word_set("set poised going")  # what is set to be, nobody undertakes
_ETRE = word_set("convenu parvenu tombé")
_ARTICLE = word_set(
    "the a an this that these those his her its their our my of for in by with from at on into"
    " le la les un une des du de d' cette ces ce son sa ses leurs au aux à par sur sous dans"
    " pour chaque quelle quel toute"
)


class _Entry(NamedTuple):
    act: str
    rest: tuple[frozenset[str], ...]
    needs: frozenset[str]
    form: str
    reflexive: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb that shows `act`: its words are tokens `at` to `end`, its group begins at `start`.

    `act` is one of the six, or `wish` (asks only where somebody named is wished something of),
    `speech` (reports only beside what is said), or `undertake` (will do something).
    """

    act: str
    start: int
    at: int
    end: int
    voice: Voice
    tense: Tense
    denied: bool
    sure: bool = False  # of what is to come: done on purpose


@lru_cache(maxsize=8)
def _entries(lang: str, bare: bool) -> dict[str, tuple[_Entry, ...]]:
    """The cues of a language by first word, longest first; folded for a text without marks."""
    found: dict[str, dict[_Entry, None]] = {}
    same = fold if bare else str
    for act in _CUES:
        for form in table()[act][columns(lang)[0]]:
            words, _, needs = form.partition(">")
            reflexive = lang == "fr" and words.startswith(("se ", "s' "))
            first, *rest = words.split()[1 if reflexive else 0 :]
            after = tuple(frozenset(same(word).split("/")) for word in rest)
            needed = frozenset(same(needs).strip().replace("/", " ").split())
            for word, name in inflected(first, lang):
                entry = _Entry(act, after, needed, name, reflexive)
                found.setdefault(same(word), {})[entry] = None
    return {word: tuple(sorted(some, key=_rank)) for word, some in found.items()}


def _rank(entry: _Entry) -> tuple[int, bool, bool, bool]:
    return -len(entry.rest), not entry.reflexive, not entry.needs, entry.act != "wish"


def lowered(tokens: Tokens) -> list[str]:
    """The words of a text as cues are compared: lower case, plain apostrophes."""
    return [word.lower().replace("’", "'") for word in tokens.texts]


def find_cues(
    tokens: Tokens, low: Sequence[str], first: int, last: int, lang: str, bare: bool
) -> Iterator[Cue]:
    """The cues between tokens `first` and `last`, in order; no two share a word."""
    entries = _entries(lang, bare)
    at = first
    while at < last:
        some = entries.get(low[at])
        found = _match(tokens, low, at, first, last, lang, some) if some else None
        if found:
            yield found
            at = max(at + 1, found.end)
        else:
            at += 1


def _match(
    tokens: Tokens,
    low: Sequence[str],
    at: int,
    first: int,
    last: int,
    lang: str,
    entries: Sequence[_Entry],
) -> Cue | None:
    for entry in entries:
        end = _rest(tokens, low, at + 1, last, entry, lang)
        if not end or not _is_meant(low, at, end, last, entry):
            continue
        signed = entry.act == "sign" and end < last and low[end] in ("by", "par", "bởi")
        if not signed and not _followed(tokens, low, end, last, entry):
            continue
        group = _Group(tokens, low, at, first, lang)
        read = group.vietnamese() if lang == "vi" else group.read(entry)
        if read:
            voice, tense = read
            return Cue(entry.act, group.start, at, end, voice, tense, group.denied)
    return None


def _rest(tokens: Tokens, low: Sequence[str], at: int, last: int, entry: _Entry, lang: str) -> int:
    """The token behind the words of an entry, adverbs let in between; 0 where they are not."""
    for words in entry.rest:
        skipped = 0
        while (
            at < last
            and not _is_word(low[at], words)
            and skipped < 3
            and (low[at] in _BESIDE[lang] or low[at].endswith(("ly", "ment")))
        ):
            at, skipped = at + 1, skipped + 1
        if at >= last or not _is_word(low[at], words) or (at and not _near(tokens, at)):
            return 0
        at += 1
    return at


def _is_word(word: str, words: frozenset[str]) -> bool:
    """True for one of the words, or an infinitive where `*` asks for one."""
    infinitive = word.endswith(_INFINITIVE) and word not in _NO_INFINITIVE
    return word in words or (infinitive and "*" in words)


def _near(tokens: Tokens, at: int) -> bool:
    return tokens.joined(at) or tokens.gap(at) == ""


def _is_meant(low: Sequence[str], at: int, end: int, last: int, entry: _Entry) -> bool:
    """False for `a compté partir` and `is set to be`, which nobody undertakes."""
    if entry.form == "part" and entry.rest and "*" in entry.rest[-1]:
        return False
    likely = bool(entry.rest) and not _LIKELY.isdisjoint(low[at + 1 : end])
    return not (likely and end < last and low[end] in listed("stative", "en"))


def _followed(tokens: Tokens, low: Sequence[str], end: int, last: int, entry: _Entry) -> bool:
    if end < last and low[end] in _QUESTION and entry.act in ("ask", "wish"):
        return False
    if end < last and low[end] == "to" and low[end - 1] == "thanks":
        return False
    if not entry.needs:
        return True
    reach = _REACH if entry.act in ("ask", "wish", "report") else _NEAR
    for at in range(end, min(last, end + reach)):
        if ";" in tokens.gap(at):
            return False
        if low[at] in entry.needs:
            itself = at == end and low[at] in ("to", "de", "d'")
            return not itself or entry.act not in ("wish", "ask")  # "wants to go" asks nobody
    return False


class _Group:
    """The verb group that a verb closes, read from right to left; `start` is its first token."""

    def __init__(self, tokens: Tokens, low: Sequence[str], at: int, first: int, lang: str) -> None:
        self.low, self.at, self.lang = low, at, lang
        self.noun = self.joint = False
        self.start, self.denied = at, False
        self.inside: list[str] = []
        while self.start > first and _near(tokens, self.start):
            word = low[self.start - 1]
            if word in _NOT[lang]:
                self.denied = self.denied or lang != "vi" or word in _DENYING
            elif word == "elle" and low[self.start - 2] == "à":
                pass  # "quant à elle"
            elif not self._steps(word, tokens.texts[self.start - 1]):
                break
            self.start -= 1
            self.inside.append(word)
        if self.start > first and _near(tokens, self.start):
            self.noun = low[self.start - 1] in _ARTICLE
            self.joint = low[self.start - 1] == "et"

    def _steps(self, word: str, written: str) -> bool:
        if word in _BESIDE[self.lang] or (self.lang == "vi" and word == "sẽ"):
            return True
        if self.lang == "en":
            auxiliary = word in _HAVE | _BE | _WILL | _DO | _MODAL | _PLAIN | _WILL_NOT
            return auxiliary or (word.endswith("ly") and written.islower())
        if self.lang == "fr":
            adverb = word.endswith("ment") and len(word) > 6 and written.islower()
            return adverb or word in _HAVE | _BE | _FRENCH_BEFORE
        return False

    def read(self, entry: _Entry) -> tuple[Voice, Tense] | None:
        """How the verb is used; None where it is no act of a subject before it."""
        inside, form = set(self.inside), entry.form
        if inside & _MODAL and not (form == "base" and "continued" in inside):
            return None
        if self.lang == "en":
            return self._english(inside, form)
        return self._french(inside, form, entry)

    def _english(self, inside: set[str], form: str) -> tuple[Voice, Tense] | None:
        will = bool(inside & (_WILL | _WILL_NOT))
        if form == "base":
            if will or inside & _DO or self.denied:
                return "finite", "future" if will else "past"
            return ("bare", "now") if not inside & (_HAVE | _BE) else None
        if form == "ing":
            if inside & _BE:
                return "finite", "now"
            return None if self.noun else ("participle", "now")
        if form == "s":
            return None if self.noun else ("finite", "now")
        if form in ("ed", "part") and inside & _BE:
            return "passive", "past"
        if form == "part" and not inside & _HAVE:
            return None
        return "finite", "past"

    def _french(self, inside: set[str], form: str, entry: _Entry) -> tuple[Voice, Tense] | None:
        reflexive = bool(inside & {"s'", "se"})
        if reflexive != entry.reflexive and form not in ("inf", "ant"):
            return None
        if form == "part":
            if "été" in inside:
                return "passive", "past"
            if inside & _HAVE and not inside & (_BE - {"été"}):
                return "finite", "past"
            if not inside and self.joint and not entry.reflexive:
                return "finite", "past"  # "a prévenu …, et exhorté"
            if inside & _BE:
                is_own = reflexive or self.low[self.at].rstrip("es") in _ETRE
                return ("finite", "past") if is_own else ("passive", "past")
            return None
        if form == "inf":
            if inside & {"va", "vont"}:
                return "finite", "future"
            return ("finite", "past") if "vient" in inside else None
        if form == "ant":
            return "participle", "now"
        if inside & (_HAVE | _BE) or self.noun:
            return None
        return "finite", "future" if form == "future" else "now"

    def vietnamese(self) -> tuple[Voice, Tense] | None:
        """A Vietnamese verb is finite unless a word before it makes a noun of it."""
        before = self.low[self.start - 1] if self.start else ""
        japan = before == "bản" and self.start > 1 and self.low[self.start - 2] == "nhật"
        if before in _VI_NOUN and not japan:
            return None
        return "finite", "future" if "sẽ" in self.inside else "now"
