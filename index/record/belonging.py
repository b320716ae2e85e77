"""What a title is of: a country or place by its English name, an organisation as written.

It stands before an English title ("Japanese Prime Minister", "FPT chairman"), directly behind a
Vietnamese one, as an adjective behind a French one, and after `of` in all three.
"""

from __future__ import annotations

from index.folding import fold
from index.record.listing import cue, names
from index.record.naming import Tokens, is_given, is_never, is_stop, is_vietnamese
from index.record.places import find_place, is_kind, place_at, place_before

_OF = frozenset({"of", "for", "at", "de", "du", "des", "d'", "cua"})
_ARTICLES = frozenset({"the", "la", "le", "l'", "les"})
_SMALL = _OF | _ARTICLES | {"and", "et", "va"}  # inside the name of an organisation
_TO = frozenset({"to", "in", "au", "aux", "en", "a", "tai"})
_FORMS = frozenset(
    {"group", "groupe", "tap", "doan", "cong", "ty", "company", "corporation", "corp", "inc", "ltd"}
)
_LONGEST = 8  # words of an organisation; half as many before its head's title


def of_before(tokens: Tokens, head: int, floor: int) -> tuple[str, int] | None:
    """What an English title is of, where that stands before it: a country, else an organisation."""
    if tokens.lang not in ("en", None) or head <= floor:
        return None
    possessive = tokens.gap(head) in ("'s ", "’s ", "' ", "’ ")
    if not tokens.joined(head) and not possessive:
        return None
    if (place := place_before(tokens, head)) and place[1] >= floor:
        return place
    if (
        head - 1 > floor
        and is_kind(tokens.texts[head - 1], tokens.lang)
        and (place := place_before(tokens, head - 1))
        and place[1] >= floor
    ):
        return place
    start = head
    while (
        start > floor and head - start < _LONGEST // 2 and (start == head or tokens.joined(start))
    ):
        word, key = tokens.texts[start - 1], tokens.keys[start - 1]
        brand = key in names()["brand"]
        if not word[0].isupper() or (is_never(key, tokens.lang) and not brand):
            break
        start -= 1
        if possessive and brand:
            break
    if start == head or is_given(tokens.keys[start]) or is_vietnamese(tokens.keys[start:head]):
        return None
    opening = tokens.opens(start) and head - start == 1 and tokens.texts[start][1:].islower()
    if opening and tokens.keys[start] not in names()["brand"]:
        return None  # the first word of a sentence is no organisation
    return tokens.span(start, head).slice(tokens.text), start


def of_after(tokens: Tokens, tail: int, *, is_local: bool = False) -> tuple[str, int] | None:
    """What a title is of, where that stands behind it, and the token after it.

    An empty name is a body that is not named. What is `is_local` is of a place, in French one
    word: "la sénatrice du Cher Nadia …".
    """
    if not tokens.joined(tail):
        return None
    texts, keys, lang = tokens.texts, tokens.keys, tokens.lang
    at, prepared, kinded = tail, False, False
    while at - tail < 6 and tokens.joined(at) and at + 1 < len(tokens):
        if keys[at] in _OF:
            prepared = True
        elif is_kind(texts[at], lang) and (
            lang == "vi" or (prepared and (texts[at].islower() or keys[at + 1] in _OF))
        ):
            kinded = True
        elif keys[at] not in _ARTICLES or not prepared:
            break
        at += 1
    if not tokens.joined(at):
        return None
    direct = at == tail
    if place := place_at(tokens, at):
        if direct and (lang == "en" or (lang == "fr" and texts[at][0].isupper())):
            return None  # "President Jordan" is a man
        name, end = place
        if lang != "vi" and tokens.joined(end) and is_kind(texts[end], lang):
            end += 1
        return name, end
    named = keys[at] in names()["brand"] or (texts[at].isupper() and len(texts[at]) > 1)
    if (direct and lang != "vi") or (is_never(keys[at], lang) and not named):
        return None
    if not (texts[at][0].isupper() or _is_organisation(tokens, at)):
        return None
    end = _before_name(tokens, at, _organisation_end(tokens, at), direct=direct)
    if is_local and lang == "fr" and texts[at][0].isupper() and keys[at] not in _ARTICLES:
        end = min(end, at + 1)
    if end <= at:
        return None
    if end - at == 1 and texts[at].islower():
        return "", end  # "la commission" alone
    written = tokens.span(at, end).slice(tokens.text)
    return (fold(written) if kinded else written), end


def _organisation_end(tokens: Tokens, at: int) -> int:
    """Where the name of an organisation that begins at `at` ends: at its last capital."""
    wordy, lang = _is_organisation(tokens, at), tokens.lang
    end, lower = at, 0
    while end - at < _LONGEST and (end == at or tokens.joined(end)):
        lower = 0 if tokens.texts[end][0].isupper() else lower + 1
        if lower and tokens.keys[end] not in _SMALL:
            # "l'Alliance parlementaire d'amitié Japon-Vietnam", "Tập đoàn FPT", "groupe T&T"
            ahead = lower < 3 if lang == "vi" else wordy and end - at < (5 if lang == "fr" else 1)
            if not ahead or is_stop(tokens.texts[end], lang):
                break
        end += 1
    while end > at and not tokens.texts[end - 1][0].isupper():
        end -= 1
    if lang == "fr" and end > at and tokens.joined(end) and tokens.texts[end][0].islower():
        place = place_at(tokens, end)  # "Commission européenne"
        end = place[1] if place else end
    return end


def _is_organisation(tokens: Tokens, at: int) -> bool:
    listed, texts = cue("organisation", tokens.lang), tokens.texts
    return texts[at].lower() in listed or " ".join(texts[at : at + 2]).lower() in listed


def _before_name(tokens: Tokens, at: int, end: int, *, direct: bool) -> int:
    """Where an organisation ends and the name of its head begins: "PSG Nasser Al-Khelaifi"."""
    texts, keys = tokens.texts, tokens.keys
    if end - at > 1 and len(texts[at]) > 1 and texts[at].isupper() and tokens.lang == "fr":
        return end if texts[at + 1].isupper() else at + 1
    for start in range(at, end):
        if not texts[start][0].isupper():
            continue
        capitals = _capitals(tokens, start)
        vietnamese = is_vietnamese(capitals) and (tokens.lang == "vi" or len(capitals) > 2)
        full = is_given(keys[start]) and end - start >= 2
        if full and start == at:  # "ministre de Jean Castex"; John Lewis is a shop
            full = tokens.lang == "fr" and not direct and len(capitals) > 1
            full = full and "-".join(capitals) not in names()["namesake"]
            known = keys[start + 1] in names()["surname"]
            full = full and (known or not _is_organisation(tokens, start + 1))
        if vietnamese or full:
            while start > at and keys[start - 1] in _SMALL:
                start -= 1
            return start
    return at if direct and not _is_organisation(tokens, at) else end


def _capitals(tokens: Tokens, start: int) -> list[str]:
    end = start + 1
    while tokens.joined(end) and tokens.texts[end][0].isupper():
        end += 1
    return tokens.keys[start:end]


def past_post(tokens: Tokens, tail: int) -> int:
    """Past the country to which an ambassador is sent."""
    if tokens.keys[tail] in _TO and (place := place_at(tokens, tail + 1)):
        return place[1]
    return tail


def of_key(of: str) -> frozenset[str]:
    """What an office is of, for comparing: the words without `Group`, `Tập đoàn` and the like."""
    place = find_place(of)
    if place:
        return frozenset({place})
    keys = Tokens(of, None).keys
    telling = frozenset(key for key in keys if key not in _FORMS and key not in _OF | _ARTICLES)
    return telling or frozenset(keys)
