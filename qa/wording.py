"""Wording: a sentence as units that can be compared, and the words that turn what is said.

A unit is a word, an office or measure of several forms ("PM", "prime minister"), or a sign such as
`%`. Articles are left out: with one more or less, a sentence says the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from index import Word, fold, is_marked, load_analyser, stem, words


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _counted(text: str) -> Mapping[str, str]:
    """The number that each word stands for, by its place; `-` is none."""
    return {word: str(value) for value, word in enumerate(text.split(), 1) if word != "-"}


# Of the term table only what stands for the very same thing. Most of its concepts are synonyms for
# a search and not for a claim: "raise" and "rise", "called on" and "called for".
_SAME = _listed(
    "prime_minister deputy_prime_minister memorandum_of_understanding say stress affirm percent "
    "kilometre square_kilometre kilogram"
)
_FREE = {
    "en": _listed("a an the that also"),
    "fr": _listed("l le la les un une également"),
    "vi": _listed("các những cũng rằng"),
}
JOINING = _listed("and et và")
PAIRING = _listed("between both either entre giữa cả")
COPULAS = _listed("is are est sont là")
_ENDINGS = {
    "en": frozenset(["", *_listed("s es ed d ing e")]),
    "fr": frozenset(["", *_listed("e s es x")]),
    "vi": frozenset([""]),
}
_VALUES = {
    "en": _counted("one two three four five six seven eight nine ten eleven twelve"),
    "fr": _counted("- deux trois quatre cinq six sept huit - dix onze douze"),  # neuf: also "new"
    "vi": _counted("- hai ba bốn - sáu bảy tám chín mười"),  # năm: also "year"
}
_SIGNS = re.compile(r"[$€£¥₫₩₹%‰°±<>=≤≥≈+×÷#&/]|(?<!\w)[-−–](?=\d)")


def _any_of(*listed: str) -> re.Pattern[str]:
    """One of these words, in lower case; `*` stands for any ending."""
    forms = "|".join(" ".join(listed).replace("*", r"\w*").replace("_", r"\s+").split())
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)")


NEGATION = _any_of(
    "no not non none never neither nor nobody nothing cannot without hardly barely scarcely",
    "*n't refus* deny denie* denial reject* fail* oppos* against unlikely false* untrue wrong*",
    "ne n pas jamais aucun aucune ni sans nul nulle nie nient nié niée niés nier démenti* dément*",
    "rejet* échou* échec contre faux fausse",
    "không chưa chẳng đừng chớ từ_chối phủ_nhận bác_bỏ thất_bại phản_đối trái_với",
)
CONDITION = _any_of(
    "if unless except only until till provided assuming otherwise whether rather instead contrary",
    "si sauf seulement hormis sinon pourvu sous_réserve à_condition au_lieu contrairement",
    "nếu trừ chỉ miễn cho_đến_khi với_điều_kiện thay_vì ngoại_trừ",
)
ATTRIBUTION = _any_of(
    "say says said saying told tell* state states stated stating add adds added note notes noted",
    "claim* alleg* report* according argu* insist* announc* warn* believ* think* thought expect*",
    "predict* forecast* estimat* suspect* accus* rumour* rumor* hope* hoping fear* quot* consider",
    "considers considered selon dit disent déclar* indiqu* affirm* ajout* soulign* annonc* estim*",
    "croit croient croyait pense* espèr* espér* craign* d'après prétend* averti*",
    "theo nói cho_biết cho_rằng khẳng_định tuyên_bố tin_rằng hy_vọng dự_báo cáo_buộc nhận_định",
)
INTENTION = _any_of(
    "will would could should may might must can shall ought wish* want* propos* suggest* request*",
    "ask* urg* call* encourag* plan* intend* likely possib* probab* perhaps demand* recommend* try",
    "tries tried trying aim* seek* promis* pledg* former* ex once used appear* seem* invit* order*",
    "need* pourr* devr* voudr* peut peuvent doit doivent veut veulent souhait* propos* demand*",
    "appel* invit* suggè* sugg* prév* envisag* peut-être probable* promet* exhort* ancien ancienne",
    "sẽ mong muốn có_thể nên phải đề_nghị đề_xuất kêu_gọi yêu_cầu dự_kiến kế_hoạch cựu nguyên",
)
# What a sentence may open with that is left out when all after its comma is kept.
OPENING = _any_of(
    "in on at as after during since amid with for to from by under through following besides",
    "moreover meanwhile therefore thus however earlier later recently currently particularly",
    "first second third fourth fifth sixth seventh eighth finally lastly speaking attending",
    "welcoming reflecting addressing opening visiting meeting receiving commenting",
    "dans en lors sur au aux à pour avec depuis pendant ainsi enfin ensuite puis afin premièrement",
    "deuxièmement troisièmement s'exprimant",
    "tại trong ngày về nhân tiếp bên ngoài trước phát_biểu",
)
# A phrase that opens so hangs on what stands before it.
RELATIVE = _any_of("who whose whom which where dont qui que lequel laquelle où mà người")


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a text that is compared as one; `start` and `end` are its place in the text."""

    written: str
    folded: str
    stem: str
    concept: str | None
    number: str | None
    is_capital: bool
    start: int
    end: int


@lru_cache(maxsize=512)
def units(text: str, lang: str) -> tuple[Unit, ...]:
    """The units of a text in that language ("en", "fr" or "vi"), in order."""
    found = words(text)
    taken = {}
    for concept, span in load_analyser().table.concepts(found, lang):
        if concept in _SAME:
            taken[span.start] = (concept, span.end)
    for word in found:
        if word.span.slice(text) == "PM":  # of the table only behind "the": 5 pm is none
            taken.setdefault(word.span.start, ("prime_minister", word.span.end))
    made: list[Unit] = []
    for word in found:
        start, end = word.span.start, word.span.end
        if made and start < made[-1].end:
            continue
        if start in taken:
            concept, last = taken[start]
            made.append(_unit(text, word, lang, concept, last))
        elif word.written not in _FREE[lang]:
            made.append(_unit(text, word, lang, None, end))
    for sign in _SIGNS.finditer(text):
        if not any(word.span.start <= sign.start() < word.span.end for word in found):
            means = "percent" if sign[0] == "%" else None
            mark = "-" if sign[0] in "−–" else sign[0]
            made.append(Unit(mark, mark, mark, means, None, False, *sign.span()))
    return tuple(sorted(made, key=lambda unit: unit.start))


def _unit(text: str, word: Word, lang: str, concept: str | None, end: int) -> Unit:
    start = word.span.start
    whole = end == word.span.end
    written = word.written if whole else lower(text[start:end])
    value = word.folded if word.folded[0].isdigit() else _VALUES[lang].get(word.written)
    return Unit(
        written,
        word.folded if whole else fold(written),
        stem(word, lang),
        concept,
        None if concept else value,
        text[start].isupper(),
        start,
        end,
    )


def lower(text: str) -> str:
    """The text as the patterns of this module read it."""
    return unicodedata.normalize("NFC", text).lower().replace("’", "'")


def is_same(said: Unit, source: Unit, lang: str) -> bool:
    """True when a unit of a sentence says no more and no less than one of its source."""
    if said.number or source.number:
        return said.number == source.number and _is_same_notation(said, source)
    if said.concept or source.concept:
        return said.concept == source.concept
    if said.written == source.written:
        return True
    if said.folded == source.folded:
        # A name may be typed without its marks; of other words they make other ones.
        is_variant = said.folded != fold(said.written)
        return source.is_capital and (is_variant or not is_marked(said.written))
    return said.stem == source.stem and _is_inflected(said.written, source.written, lang)


def _is_same_notation(said: Unit, source: Unit) -> bool:
    """False for 1,500 and 1.500: one of the two may be a decimal."""
    typed = {"".join(unit.written.split()) for unit in (said, source)}
    separators = [{",", "."} & set(each) for each in typed]
    return len(typed) == 1 or "." in str(said.number) or not all(separators)


def _is_inflected(one: str, two: str, lang: str) -> bool:
    """True for `propose` and `proposes`; not for `import` and `important`, of the same stem."""
    shared = 0
    while shared < min(len(one), len(two)) and one[shared] == two[shared]:
        shared += 1
    return shared > 2 and {one[shared:], two[shared:]} <= _ENDINGS[lang]
