"""A text file is one article: the whole file is its text, the file's stem its id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from index.importers.decoding import read_text
from index.importers.fields import Outcome, article_from


def read(stream: BinaryIO, stem: str, where: str) -> Iterator[Outcome]:
    """Where the one article of the stream stands, and the article.

    Raises:
        ImportRefusedError: the file cannot be taken in.
    """
    fields = {"text": read_text(stream, where)}
    yield where, article_from(fields, default_id=stem, where=where)
