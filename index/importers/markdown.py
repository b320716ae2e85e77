"""A markdown file is one article: front matter and `# Title` fill what is known of it.

Both stay in the text, which is the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.importers.decoding import read_text
from index.importers.fields import Outcome, article_from
from index.importers.metadata import front_matter

_TITLE = re.compile(r"^#[ \t]+(.{1,1000}?)[ \t#]*\r?$", re.MULTILINE)


def read(stream: BinaryIO, stem: str, where: str) -> Iterator[Outcome]:
    """Where the one article of the stream stands, and the article.

    Raises:
        ImportRefusedError: the file cannot be taken in, or its front matter holds a bad value.
    """
    text = read_text(stream, where)
    fields, start = front_matter(text)
    heading = _TITLE.search(text, start)
    known = {
        "id": fields.get("id"),
        "text": text,
        "title": fields.get("title") or (heading and heading[1]),
        "date": fields.get("date"),
        "source": fields.get("source") or fields.get("outlet"),
        "lang": fields.get("lang"),
        "url": fields.get("url"),
    }
    yield where, article_from(known, default_id=stem, where=where)
