"""JSON Lines: an article a line, `{"id", "title", "text", "date", "source", "lang", "url"}`.

Read line by line, so files of any length fit. A bad line is refused by its number.
"""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from index.errors import ImportRefusedError
from index.importers.decoding import LONGEST_ARTICLE, decode
from index.importers.fields import Outcome, article_from


def read(stream: BinaryIO, stem: str, where: str) -> Iterator[Outcome]:
    """Each line's place and article, in order; blank lines are passed over, lines count from 1.

    A line without an id is named `<stem>-<line>`. A damaged .gz file gives the lines before the
    damage, and one refusal with the number of the first line that is lost.
    """
    number, found = 0, False
    while True:
        number += 1
        place = f"{where}:{number}"
        try:
            line = stream.readline(LONGEST_ARTICLE + 1)
            whole = _is_whole(stream, line)
        except (EOFError, OSError, zlib.error) as error:
            yield ImportRefusedError(place, f"the file is damaged from this line on ({error})")
            return
        if not line:
            break
        if number == 1 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield ImportRefusedError(where, "not UTF-8; convert it with `iconv -f UTF-16 -t UTF-8`")
            return
        line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if not line.strip():
            continue
        found = True
        if not whole:
            yield ImportRefusedError(place, f"the line is longer than {LONGEST_ARTICLE:,} bytes")
            continue
        try:
            fields = _object(decode(line, place), place)
            yield place, article_from(fields, default_id=f"{stem}-{number}", where=place)
        except ImportRefusedError as refusal:
            yield refusal
    if not found:
        yield ImportRefusedError(where, "the file is empty: no articles in it")


def _is_whole(stream: BinaryIO, line: bytes) -> bool:
    """False when the line is too long; the stream then stands at the line that follows."""
    if len(line) <= LONGEST_ARTICLE:
        return True
    while line and not line.endswith(b"\n"):
        line = stream.readline(LONGEST_ARTICLE)
    return False


def _object(line: str, place: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ImportRefusedError(
            place, f"not JSON: {error.msg} at character {error.colno}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ImportRefusedError(place, f"JSON that cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise ImportRefusedError(place, f"not an object but {type(value).__name__}; write {{…}}")
    return value
