"""From the fields of one article, as an importer read them, to a checked `Article`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from index.articles import Article
from index.errors import ImportRefusedError
from index.importers.metadata import read_marks
from index.language import detect_language

# What an importer yields: an article after its place (path, or path:line), or a refusal.
Outcome = tuple[str, Article] | ImportRefusedError

LONGEST_ID = 200  # characters
LONGEST_TITLE = 1000
LONGEST_OUTLET = 200
LONGEST_URL = 2000

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LANG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def article_from(fields: Mapping[str, object], *, default_id: str, where: str) -> Article:
    """The article of `id`, `title`, `text`, `date`, `source`, `lang`, `url`; `text` is required.

    An absent, null or blank field is filled from the edges of the text (title, date, source), by
    detection (lang) or by `default_id`; a blank id is refused. Keys that are not known are ignored.

    Raises:
        ImportRefusedError: a value that cannot be kept; names `where`, the value and the way out.
    """
    try:
        text = _text(fields.get("text"))
        marks = read_marks(text)
        return Article(
            id=_id(fields.get("id"), default_id),
            text=text,
            title=_line("title", fields.get("title"), LONGEST_TITLE) or marks.title,
            date=_date(fields.get("date")) or marks.date,
            outlet=_line("source", fields.get("source"), LONGEST_OUTLET) or marks.outlet,
            lang=_lang(fields.get("lang")) or detect_language(text),
            url=_url(fields.get("url")),
        )
    except ValueError as reason:
        raise ImportRefusedError(where, str(reason)) from reason


def _text(value: object) -> str:
    if value is None:
        raise ValueError("no text: an article needs a `text`")
    text = _string("text", value)
    if not text.strip():
        raise ValueError("the text is empty or only white space")
    if "\0" in text:
        raise ValueError(f"the text holds a NUL character (at {text.index(chr(0))}); remove it")
    return text


def _id(value: object, default: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    article_id = _string("id", default if value is None else value)
    if not article_id or article_id != article_id.strip():
        raise ValueError(f"id {article_id!r} is empty or has white space at its ends")
    if _CONTROL.search(article_id):
        raise ValueError(f"id {article_id[:80]!r} holds control characters; give a printable one")
    if len(article_id) > LONGEST_ID:
        raise ValueError(
            f"id {article_id[:40]!r}… has {len(article_id)} characters; at most {LONGEST_ID}"
        )
    return article_id


def _line(name: str, value: object, longest: int) -> str | None:
    """The value on one line, blanks run together; None when there is none."""
    line = " ".join(_string(name, value).split()) if value is not None else ""
    if _CONTROL.search(line):
        raise ValueError(f"{name} {line[:80]!r} holds control characters; remove them")
    if len(line) > longest:
        raise ValueError(f"{name} {line[:40]!r}… has {len(line)} characters; at most {longest}")
    return line or None


def _date(value: object) -> datetime.date | None:
    written = _line("date", value, 100)
    if written is None:
        return None
    try:
        return datetime.datetime.fromisoformat(written).date()
    except ValueError:
        raise ValueError(
            f"date {written!r} is no ISO 8601 day or timestamp; write it as 2023-12-15"
        ) from None


def _lang(value: object) -> str | None:
    written = _line("lang", value, 100)
    if written is None or written.lower() in ("und", "unknown"):
        return None
    if not (code := _LANG.fullmatch(written)):
        raise ValueError(f"lang {written!r} is no language code; write en, fr, vi, …")
    return code[1].lower()


def _url(value: object) -> str | None:
    url = _line("url", value, LONGEST_URL)
    if url and not _URL.fullmatch(url):
        raise ValueError(f"url {url[:80]!r} is no web address; begin it with https://")
    return url


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} {str(value)[:80]!r} is not text but {type(value).__name__}")
    if half := _SURROGATE.search(value):
        raise ValueError(
            f"{name} holds half a character (U+{ord(half[0]):04X} at {half.start()});"
            " write the pair, or the character itself"
        )
    return value
