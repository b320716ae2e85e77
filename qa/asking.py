"""What a question asks for: a person, a time, a place, a number; one thing or several.

Patterns over the folded question, small on purpose: they shape the reply and decide nothing.
"""

from __future__ import annotations

import re
from typing import Literal

from index import fold
from qa.mentions import language

AnswerType = Literal["who", "when", "where", "how_many", "how_much"]

_PEOPLE = "minister|premier|president|governor|leader|chairman|ministre|gouverneur|dirigeant"
_PLACES = "city|country|province|place|town|region|prefecture|ville|pays|lieu"
_WHAT = r"\b(?:what|which|quel|quelle) (?:(?!did|does|do|will)\w+ ){0,2}?"
_NAMED = (
    r"(?:is|was|est|etait) (?!(?:the|a|an|our|le|la|un|une|l)\b)"  # "who is Ada?" wants no name
)
_ASKED: dict[str, dict[AnswerType, str]] = {
    "en": {
        "how_many": r"\bhow many\b|\bnumber of\b",
        "how_much": r"\bhow much\b|\b(?:amount|share|value|cost|price) of\b",
        "when": rf"^(?:\w+ )?when\b|{_WHAT}(?:date|day|weekday|month|year|time)\b",
        "where": rf"\bwhere\b|{_WHAT}(?:{_PLACES})\b",
        "who": rf"^(?:\w+ )?who(?:m|se)?\b(?! {_NAMED})|{_WHAT}(?:{_PEOPLE})\b",
    },
    "fr": {
        "how_many": rf"\bcombien d\b|\bcombien\b(?! (?:coute|vaut))|{_WHAT}nombre\b",
        "how_much": rf"\bcombien (?:coute|vaut)|{_WHAT}(?:montant|pourcentage|taux|prix|valeur)\b",
        "when": rf"^(?:\w+ )?quand\b|\bquand\W*$|{_WHAT}(?:date|jour|mois|annee|heure)\b",
        "where": rf"^ou\b|\bd'ou\b|\bou (?:se|a|est|ont|sont)\b|{_WHAT}(?:{_PLACES})\b",
        "who": rf"^(?:\w+ )?qui\b(?! {_NAMED})|\bqui\W*$|{_WHAT}(?:{_PEOPLE})\b",
    },
    "vi": {
        "how_many": r"\bbao nhieu\b(?! (?:tien|von|phan tram))|\bco may\b",
        "how_much": r"\bbao nhieu (?:tien|von|phan tram)\b",
        "when": r"\b(?:khi|ngay|nam|thang|luc|hom|thu may|thoi gian) nao\b|\bbao gio\b",
        "where": r"\bo dau\b|\b(?:tinh|thanh pho|nuoc|quoc gia|noi|dia phuong) nao\b",
        "who": r"^ai\b|\b(?:thu tuong|tong thong|bo truong|lanh dao) nao\b",
    },
}
_SEVERAL = {
    "en": r"^(?:list|name)\b|\b(?:what|which) (?:are|were)\b"
    r"|\b(?:what|which) (?:(?!(?:is|was|does|did|do|has)\b)\w+ ){0,2}?"
    r"(?!was|does|has|news)\w{2,}[^su\W]s\b"
    r"|\bwhat did .* (?:commit|promise|propose|agree|pledge)",
    "fr": r"^(?:liste|enumere|cite)|\bquel(?:le)?s\b|\blesquel(?:le)?s\b",
    "vi": r"\b(?:nhung|cac)\b.*\bnao\b|\b(?:liet ke|ke ten)\b|\bcam ket (?:gi|nhung)\b",
}


def answer_type(question: str) -> AnswerType | None:
    """What the question wants to know, by its first sign; None when it is none of these."""
    folded = _folded(question)
    found = [
        (match.start(), kind)
        for kind, pattern in _ASKED[language(question)].items()
        if (match := re.search(pattern, folded))
    ]
    return min(found)[1] if found else None


def wants_figure(question: str) -> bool:
    """True when the question asks for a number, a sum or a date."""
    return answer_type(question) in ("when", "how_many", "how_much")


def wants_several(question: str) -> bool:
    """True when the question asks for a list: `which sectors`, `quels secteurs`, `những … nào`."""
    return re.search(_SEVERAL[language(question)], _folded(question)) is not None


def _folded(question: str) -> str:
    return " ".join(fold(question).split())
