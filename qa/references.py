"""Where a question leans on earlier ones: pronouns, "that year", "the company", fragments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from index import Word, is_stop_word, words
from qa.mentions import Mention, is_light
from qa.question_words import QUESTION_WORDS

ReferenceKind = Literal["person", "anyone", "thing", "place", "date", "topic"]


@dataclass(frozen=True, slots=True)
class Reference:
    """What is referred to, and the characters that do it; equal ends: nothing to replace.

    `possessive` asks for "X's"; `replaceable` is False where only an addition reads well.
    """

    kind: ReferenceKind
    start: int
    end: int
    possessive: bool = False
    replaceable: bool = True


# "It" and "il" that stand for nothing.
_EXPLETIVE = re.compile(
    r"\b(?:is it (?:true|possible|necessary) (?:that|to|for)|what time is it"
    r"|(?:do|does|did) it (?:take|cost) (?:\w+ )?to|is it (?:that|called when)"
    r"|it (?:is|was) (?:\w+ )?(?:possible|said|believed|assumed|thought|known)"
    r"|\w+ is it \w+ for (?:\w+ )+to|y[- ]?a[- ]t[- ]?ils?|il y (?:a|avait|aura)"
    r"|s['’]agit[- ]il|il (?:faut|existe|s['’]agit)|est[- ]il (?:possible|vrai|nécessaire)"
    r"|existe[- ]t[- ]il|faut[- ]il|se passe[- ]t[- '’]il|s['’]est[- ]il passé)\b",
    re.IGNORECASE,
)
_EN = re.compile(
    r"\b(?:(?P<person>he|him|she)|(?P<their_person>his|hers|her(?= \w)(?! (?:in|on|at|to|for|and|as"
    r"|by|from|with|when)\b))|(?P<her>her)|(?P<it>it|they|them)(?!['’]?s\b)|(?P<its>it[’']s(?= \w+"
    r" (?!to\b))|its|their|theirs)|(?P<it2>it)(?=['’]s\b)"
    r"|(?P<date>(?:(?:in|during|at|since|after|before) )?that (?:year|month|week|day|time|period))"
    r"|(?P<there>(?<!are )(?<!is )(?<!was )(?<!were )(?:over |from )?there)"
    r"(?=\s*(?:[?.!,]|$|in\b|during\b|today\b|now\b))"
    r"|(?P<this>this|these|those)(?! (?:year|month|week|morning|evening|weekend|who|of us|days)\b)"
    r"|(?P<that>(?:(?<=is )|(?<=was )|(?<=does )|(?<=did )|(?<=about )|(?<=do )|(?<=of )|(?<=to )"
    r"|(?<=for ))that(?=\s*(?:[?.!,]|$)|(?<=is that)|(?<=does that)|(?<=did that))"
    r"|that(?=\s*(?:[?.!]|$)))"
    r"|(?P<one>(?:(?:the|an?) (?:\w+ )?|(?:popular|important|similar|traditional|other|some|which"
    r"|what|new|old|good|best|big|small|considered) )ones?(?! (?:of|hundred|thousand|million"
    r"|day|thing|person|\w+ who)\b))"
    r"|(?P<topic>the (?:former|latter|others|other(?=\W*$))|any others?(?=\W*$)|what else|who else"
    r"|where else))\b",
    re.IGNORECASE,
)
_FR = re.compile(
    r"(?<![\w'’])(?:(?P<clitic>(?<=-)(?:ils?|elles?))|(?P<he>il|elle|lui|son|sa|ses)|(?P<topic>ils|elles|cela|ça|celui-ci|celle-ci|ceux-ci"
    r"|celles-ci|celui-là|celle-là|ceux-là|eux|leurs?)"
    r"|(?P<date>(?:en |pendant |durant )?(?:cette (?:année|période|époque|semaine)-là|ce mois-là"
    r"|ce jour-là))"
    r"|(?P<place>là-bas|(?<!il )(?<!n')y(?! a\b)(?= (?:est|sont|était|a été|ont|sera)\b))"
    r"|(?P<this>ce|cet|cette|ces)(?= (?!que?\b|qui\b|qu'|dont\b|est\b|sont\b|sera\b|soit\b"
    r"|année\b|mois\b|semaine\b)\w))(?!\w)",
    re.IGNORECASE,
)
_VI = re.compile(
    r"(?<!\w)(?:(?P<person>(?:ông|bà|cô|anh|chị) (?:ấy|ta|này|đó))|(?P<it>(?<!dòng )(?<!các )họ"
    r"(?! (?:hàng|tên|là|hoa|cây|cá|thực|động)\b)(?= )|nó|chúng(?! ta| tôi))"
    r"|(?P<date>(?:vào |trong )?(?:năm|tháng|ngày|lúc|thời điểm) (?:đó|ấy))"
    r"|(?P<place>(?:ở|tại) (?:đó|đây)|nơi (?:đó|này|đây))"
    r"|(?P<topic>(?:điều|việc|nước|công ty|thành phố|thỏa thuận|hiệp định|cuộc họp|diễn đàn|chuyến"
    r" thăm|dự án|tổ chức|vấn đề|nhân vật|quốc gia|sự kiện) (?:này|đó|ấy|trên)))(?!\w)",
    re.IGNORECASE,
)
_PATTERNS = {"en": _EN, "fr": _FR, "vi": _VI}
# Common nouns that mean one already named, where nothing after them says which.
_WHICH = (
    r"(?!\w|[ -](?:of|that|which|who|whose|for|with|to|between|called|named|known|where|in|on"
    r"|from)\b)"
)
_GENERIC = {
    "en": re.compile(
        r"\bthe (?:company|country|city|agreement|forum|meeting|summit|visit|deal|project|treaty"
        r"|movie|film|book|band|team|experiment|organi[sz]ation|region|conference|ceremony"
        r"|two sides|two countries|partnership|programme|program|movement|campaign|bill)" + _WHICH,
        re.I,
    ),
    "fr": re.compile(
        r"(?:\b(?:le|la|les) |\bl['’])(?:entreprise|société|pays|ville|accord|forum|réunion|sommet"
        r"|visite|projet|traité|film|livre|équipe|organisation|région|conférence|cérémonie"
        r"|deux pays|deux parties|partenariat|programme|mouvement|loi)"
        r"(?!\w|[ -](?:de|du|des|d['’]|qui|que|dont|pour|avec|entre|à|au|en|sur|\w+)\b)",
        re.I,
    ),
    "vi": re.compile(r"(?<!\w)hai (?:nước|bên)(?!\w)", re.I),
}
_DEFINITE = {"en": {"the"}, "fr": {"le", "la", "les", "l"}, "vi": set[str]()}
_OPENERS = {
    "en": re.compile(r"^(?:(?:and|also|so|but|or|then|ok(?:ay)?|now|oh)\b[\s,.]*)+", re.I),
    "fr": re.compile(r"^(?:(?:et|alors|mais|ou|donc)\b[\s,]*)+", re.I),
    "vi": re.compile(r"^(?:(?:còn|thế|vậy|và|thế còn|vậy còn)\b[\s,]*)+", re.I),
}


def opener(question: str, lang: str) -> str:
    """The "and", "et", "còn" that a question starts with, spaces included; "" when none."""
    match = _OPENERS[lang].match(question)
    return match[0] if match else ""


def references(question: str, lang: str, named: Sequence[Mention]) -> list[Reference]:
    """What in the question points outside it, in order; empty when the question stands alone."""
    found = list(_pronouns(question, lang, named))
    if not found and _is_incomplete(question, lang, named):
        end = len(question.rstrip(" ?.!"))
        found.append(Reference("topic", end, end, replaceable=False))
    return found


def _pronouns(question: str, lang: str, named: Sequence[Mention]) -> list[Reference]:
    empty = [match.span() for match in _EXPLETIVE.finditer(question)]
    found: list[Reference] = []
    for match in islice(_PATTERNS[lang].finditer(question), 8):
        start, end = match.span()
        group = match.lastgroup or ""
        if any(a <= start < b for a, b in empty):
            continue
        if group != "date" and _bound(question, lang, named, match):
            continue
        found.append(_reference(group, start, end, lang))
    return found


def _reference(group: str, start: int, end: int, lang: str) -> Reference:
    if lang == "fr" and group != "date":
        french: dict[str, ReferenceKind] = {"place": "place", "clitic": "anyone", "he": "anyone"}
        return Reference(french.get(group, "topic"), start, end, replaceable=False)
    kinds: dict[str, ReferenceKind] = {
        "person": "person",
        "their_person": "person",
        "her": "person",
        "date": "date",
        "there": "place",
        "place": "place",
        "it": "thing",
        "its": "thing",
        "it2": "thing",
        "that": "thing",
    }
    kind = kinds.get(group, "topic")
    possessive = group in ("its", "their_person")
    return Reference(kind, start, end, possessive, replaceable=kind != "topic")


def _bound(question: str, lang: str, named: Sequence[Mention], match: re.Match[str]) -> bool:
    """True when the word finds its referent inside the question, in front of it."""
    start, after = match.start(), question[match.end() :]
    if named and match.lastgroup in ("topic", "one") and lang == "en":
        return True
    comma = after.find(",")
    later = any(mention.start > match.end() + comma for mention in named)
    if comma >= 0 and later and "," not in question[:start]:
        return True  # Outside of its factories, what does Toyota …
    if any(mention.end <= start for mention in named):
        is_object = lang == "en" and match.lastgroup == "it" and match[0].lower() == "it"
        return not (is_object and re.match(r"\s*(?:[?.!,]|$|to\b|in\b|on\b|for\b)", after))
    specific = [
        word
        for word in words(question[:start])
        if not is_light(word, lang) and not word.folded.isdigit()
    ]
    if not specific:
        return False
    if match.lastgroup == "clitic" or lang == "vi":
        return True
    first = specific[0].span.end
    if re.search(r",|\b(?:and|et|và)\b", question[first:start]):
        return True  # What is mortadella and where is it from?
    if lang == "en" and (match.lastgroup or "").startswith("it") and match[0].lower() == "it":
        return len(specific) > 3
    return len(specific) > 1


def _is_incomplete(question: str, lang: str, named: Sequence[Mention]) -> bool:
    """No name and nothing specific asked about: "What are the symptoms?", "any awards?"."""
    if named:
        return False
    found = words(question)
    if any(word.folded.isdigit() for word in found):
        return False
    specific = [word for word in found if not is_light(word, lang)]
    if not specific:
        return len(found) > 1
    asks = any(word.written in QUESTION_WORDS[lang] for word in found)
    if not asks and len(found) <= 3:
        return True
    if _GENERIC[lang].search(question):
        return True
    if lang != "en" or len(found) > 7:
        return False  # French has its article before everything: "la laïcité"
    if len(specific) == 1 and specific[0].folded.endswith(("ed", "ing")):
        return found[0].written != "what"  # How much was promised?
    if len(specific) == 2 and found.index(specific[0]) != len(found) - 2:
        return False
    return len(specific) <= 2 and _is_definite(found, specific[0], lang)


def _is_definite(found: Sequence[Word], noun: Word, lang: str) -> bool:
    """True when "the", with light words between at most, stands before the noun."""
    for word in reversed(found[: found.index(noun)]):
        if word.written in _DEFINITE[lang]:
            return True
        if is_stop_word(word, lang):
            return False
    return False
