"""Whether the words of a run are a person's full name, an organisation's, or a place's.

A person's begin with a family name of Vietnam or East Asia, or with a known given name; or they are
rare words whose owner says something.
"""

from __future__ import annotations

from index.record import naming
from index.record.evidence import acts, is_cued, is_name_word
from index.record.listing import cue, names
from index.record.naming import Tokens, is_common, is_given, is_korean, is_vietnamese
from index.record.places import is_kind, place_of


def is_person(tokens: Tokens, start: int, end: int) -> bool:
    """True when the words themselves are a person's full name."""
    keys, texts = tokens.keys[start:end], tokens.texts[start:end]
    length = end - start
    if not 2 <= length <= naming.LONGEST_NAME or place_of(tokens, start, end):
        return False
    if is_vietnamese(keys):
        cued = is_cued(tokens, start, end)
        return not is_somewhere(tokens, start, end) and (length > 2 or cued)
    if length > 4 or any(word.isupper() and len(word) > 1 for word in texts[:1]):
        return False
    if is_organisation(tokens, start, end):
        return False
    if start and tokens.keys[start - 1] == "the":
        return False
    if length > 3 and all(map(str.isupper, texts)):
        return False  # a headline
    if is_given(keys[0]):
        whole = not place_of(tokens, start + 1, end) or keys[-1] in names()["surname"]
        return whole or is_cued(tokens, start, end) or acts(tokens, end)
    if keys[0] in naming.MONTHS and length == 2 and is_name_word(tokens, start + 1):
        return acts(tokens, end)  # "August Wilson wrote"
    if length == 2 and is_korean(texts[1]):
        return acts(tokens, end) or is_cued(tokens, start, end)
    if any(is_common(word, tokens.lang) for word in texts) or any(map(str.isupper, texts[1:])):
        return False
    eastern = names()["eastasian"]
    if keys[0] in eastern or keys[-1] in eastern:
        return not is_somewhere(tokens, start, end)
    return length <= 3 and is_cued(tokens, start, end) and not is_given(keys[-1])


def is_organisation(tokens: Tokens, start: int, end: int) -> bool:
    """True when one of the words is of a body, a product or an event, or all are a company's."""
    listed, keys = cue("organisation", tokens.lang), tokens.keys[start:end]
    if "-".join(keys) in names()["namesake"]:
        return True
    if is_given(keys[0]):  # "Marine Le Pen"
        keys = [keys[0], *(key for key in keys[1:] if key not in ("le", "la", "les"))]
    if is_given(keys[0]) and len(keys) == 2 and keys[1] in names()["surname"]:
        return False
    if tokens.lang == "vi":  # `trường` is a school, Trương a family name
        keys = [word.lower() for word in tokens.texts[start:end]]
        keys.append(" ".join(tokens.texts[start : start + 2]).lower())
    return any(key in listed for key in keys)


def is_somewhere(tokens: Tokens, start: int, end: int) -> bool:
    """True when a place is spoken of: `in Thái Bình`, `tỉnh Hà Nam`, `Hà Nam Province`."""
    before = tokens.keys[start - 1] if start and tokens.joined(start) else ""
    after = tokens.texts[end] if tokens.joined(end) else ""
    return before in cue("place", tokens.lang) or is_kind(after, tokens.lang)
