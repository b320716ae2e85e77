"""From the bytes of a text file to its characters, exactly, or a refusal: nothing is guessed."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from index.errors import ImportRefusedError

LONGEST_ARTICLE = 5_000_000  # bytes of one article: a file of text, or a line of JSON Lines

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_text(stream: BinaryIO, where: str) -> str:
    """The whole stream as text: UTF-8 with or without a mark, or UTF-16 with one.

    Line ends stay as they are; only the byte order mark is left out.

    Raises:
        ImportRefusedError: too long, binary, or in another encoding (names the byte position).
    """
    data = stream.read(LONGEST_ARTICLE + 1)
    if len(data) > LONGEST_ARTICLE:
        raise ImportRefusedError(
            where, f"longer than {LONGEST_ARTICLE:,} bytes; split it into articles"
        )
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in data and not utf16:
        raise ImportRefusedError(
            where, f"binary, not text (NUL at byte {data.index(0)}); save it as UTF-8 text"
        )
    text = decode(data, where, "utf-16" if utf16 else "utf-8-sig")
    if "\0" in text or len(_CONTROL.findall(text)) * 10 > len(text):
        raise ImportRefusedError(where, "binary, not text: full of control characters")
    return text


def decode(data: bytes, where: str, encoding: str = "utf-8") -> str:
    """The characters of `data`.

    Raises:
        ImportRefusedError: not in that encoding; names the first byte that is not.
    """
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise ImportRefusedError(
            where,
            f"not {name}: byte 0x{data[error.start]:02x} at position {error.start};"
            " convert it, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
        ) from error
