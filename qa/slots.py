"""Going on from the question before with one thing changed: "What about France?", "et en 2024"."""

from __future__ import annotations

import re
from datetime import date

from index import fold, words
from qa.mentions import Mention, is_light, language, names, topics
from qa.references import opener
from qa.timeframe import Timeframe, parse_timeframe

_ANY_DAY = date(2000, 1, 1)  # only where dates stand matters here, not when they are
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_ABOUT = {
    "en": re.compile(
        r"^(?:(?:and|so|but|ok(?:ay)?|then|interesting)\b[\s,.]*)*(?:what|how) about\s+"
        r"(?P<slot>.+)$",
        re.I,
    ),
    "fr": re.compile(
        r"^(?:(?:et|alors|mais)\b[\s,]*)*qu['’]en est[- ]il (?:de |du |des |d['’])?(?P<slot>.+)$",
        re.I,
    ),
    "vi": re.compile(
        r"^(?:thế |vậy )?(?:còn )?(?P<slot>.+?)(?: thì sao| thì thế nào)(?=\W*$)", re.I
    ),
}
_PREPOSITION = re.compile(
    r"^(?P<word>in|on|about|for|at|to|with|from|by|of|en|au|aux|à|pour|sur|avec|dans|chez|de|du|des"
    r"|ở|tại|về|với|cho|đối với)\s+(?P<rest>.+)$",
    re.I,
)
_ARTICLE = re.compile(r"(?:the|le|la|les|des|du) |l['’]", re.I)
_ENDING_ARTICLE = re.compile(rf"(?<!\w)(?:{_ARTICLE.pattern})$", re.I)
_TOPIC = ("on", "about", "sur", "về")
_ON = (*_TOPIC, "cho", "for")
_NOT_A_SLOT = re.compile(
    r"^(?:what|who|whom|whose|which|where|when|why|how|is|are|was|were|do|does|did|can|could|will"
    r"|would|should|has|have|tell|give|describe|que|qui|quel|quelle|quels|quelles|où|quand|comment"
    r"|pourquoi|combien|est|sont|qu|ai)\b|\b(?:gì|nào|đâu|sao|bao nhiêu|không|mấy)\b",
    re.I,
)


def continued(question: str, lang: str, base: str) -> tuple[str, Mention | None] | None:
    """`base`, the question before, with a slot swapped, and what is new in it; None: no slot.

    With no slot of the same type to swap, the new one is added. A new date is no new topic: None.
    """
    slot = _slot(question, lang)
    if slot is None:
        return None
    if named_date(slot, lang) is not None or _YEAR.fullmatch(slot):
        old = named_date(base, lang)
        return (_swap_date(base, old, slot) if old else append(base, slot)), None
    preposition = _PREPOSITION.match(slot)
    core = preposition["rest"] if preposition else slot
    name = next(iter(names(f"x {core}", lang)), None)  # x: a capital counts, first word or not
    if name is None and all(is_light(word, lang) for word in words(core)):
        return None
    old_mention = _same_type(base, language(base), core, name, preposition and preposition["word"])
    if old_mention is None:
        return append(base, slot), name
    head = base[: old_mention.start]
    if _ARTICLE.match(core) or not old_mention.is_name:
        head = _ENDING_ARTICLE.sub("", head)
    new = Mention(core, name.kind if name else "thing", 0, 0, name is not None)
    return head + core + base[old_mention.end :], new


def append(question: str, text: str) -> str:
    """The text put before the closing marks of the question."""
    body = question.rstrip(" ?.!…")
    return f"{body} {text}{question[len(body) :]}"


def named_date(text: str, lang: str) -> Timeframe | None:
    """The date or window the text names, as it stands there; None for "latest" too."""
    when = parse_timeframe(text, lang, today=_ANY_DAY)
    return when if when is not None and when.mode != "latest" else None


def _slot(question: str, lang: str) -> str | None:
    """The X of "What about X?", "et en X ?", "còn X?", at most six words; None when none."""
    match = _ABOUT[lang].match(question)
    rest = match["slot"] if match else question[len(opener(question, lang)) :]
    if match is None and rest == question:
        return None
    rest = rest.strip(" ?.!")
    if not rest or len(rest.split()) > 6 or _NOT_A_SLOT.search(rest):
        return None
    return rest


def _swap_date(base: str, old: Timeframe, slot: str) -> str:
    if _YEAR.fullmatch(slot):
        written = re.sub(r"\d{4}(?=\D*$)", slot, old.written)
        slot = written if written != old.written else slot
    return base[: old.span.start] + slot + base[old.span.end :]


def _same_type(
    base: str, lang: str, core: str, new: Mention | None, preposition: str | None
) -> Mention | None:
    """The mention of the last question that the new one stands in for; None when no type agrees."""
    named = names(base, lang)
    phrases = topics(base, lang)
    mentions = [*named, *phrases]
    if preposition is not None:
        is_topic = preposition.lower() in _TOPIC
        alike_words = _TOPIC if is_topic else (preposition,)
        for mention in mentions:
            if any(_follows(base, mention, word) for word in alike_words) and (
                new is None or (mention.kind == "place") == (new.kind == "place")
            ):
                return mention
        if is_topic:
            return None
    if new is not None:
        alike = [mention for mention in named if mention.kind == new.kind]
        if not alike and new.kind != "place":
            alike = [mention for mention in named if "thing" in (mention.kind, new.kind)]
            alike = [mention for mention in alike if mention.kind != "place"]
        after = [m for m in alike if preposition and _follows(base, m, preposition)]
        if after or alike:
            return (after or alike)[0]
        return None
    if preposition is not None:
        return None
    for mention in mentions:
        if any(_follows(base, mention, word) for word in _ON):
            return mention
    if named or not phrases or lang == "vi":  # no spaces tell a Vietnamese phrase from its verb
        return None
    heads = [phrase for phrase in phrases if _head(phrase.text) == _head(core)]
    return max(heads or phrases, key=lambda phrase: phrase.start)


def _head(phrase: str) -> str:
    """The noun of an English phrase, folded: exports in "rice exports"."""
    return words(phrase)[-1].folded


def _follows(base: str, mention: Mention, preposition: str) -> bool:
    head = _ENDING_ARTICLE.sub("", base[: mention.start])
    return fold(f" {head}").rstrip().endswith(fold(f" {preposition}"))
