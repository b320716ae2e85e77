"""Folding: letters as they are compared, whatever marks, case or Unicode form they came in."""

from __future__ import annotations

import re
import unicodedata

APOSTROPHES = "‘’‚‛ʼʻʹ′´`＇"
DASHES = "‐‑‒–—―−﹣－"
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
# Marks that decorate a letter. Those that spell one (Indic vowels, Japanese voicing) stay.
_DIACRITICS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
_DROPPED = re.compile(f"[{_DIACRITICS}{INVISIBLE}]+")
_SPELLED_OUT = str.maketrans(
    # Letters that Unicode does not decompose; Ð and Ɖ are often typed for the Vietnamese Đ.
    {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ɖ": "d", "Ɖ": "D", "ɗ": "d", "Ɗ": "D"}
    | {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T"}
    | {"ŋ": "n", "Ŋ": "N", "ƙ": "k", "Ƙ": "K", "ɓ": "b", "Ɓ": "B", "ə": "a", "Ə": "A"}
    | {"ı": "i", "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
    | {"þ": "th", "Þ": "Th", "⁄": "/"}
    | dict.fromkeys(APOSTROPHES, "'")
    | dict.fromkeys(DASHES, "-")
    | dict.fromkeys("“”„‟«»″", '"')
)


def fold(text: str) -> str:
    """The text as it is compared: no marks, no case, plain quotes and dashes, nothing invisible.

    Compatibility forms are taken apart (ﬁ → fi, ① → 1, full width → ASCII) and letters that do not
    decompose are spelled out (đ → d, œ → oe, ß → ss). Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower()
    return plain(plain(text).casefold())


def plain(text: str) -> str:
    """The text folded, with its case kept."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.replace("´", "'"))
    return unicodedata.normalize("NFC", _DROPPED.sub("", apart.translate(_SPELLED_OUT)))
