"""Reader: evidence becomes an answer with its citations, each proven before it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index import Texts
from qa.answers import Citation, Evidence, Mode
from qa.errors import UnverifiedQuoteError


@dataclass(frozen=True)
class Reading:
    """What a reader makes of evidence: text with [n] marks, and the citations they name."""

    text: str
    citations: tuple[Citation, ...]
    mode: Mode


class Reader(Protocol):
    """Turns evidence into an answer."""

    def read(self, question: str, evidence: Sequence[Evidence]) -> Reading:
        """An answer from `evidence`, which is not empty and best first."""
        ...


def check_citations(reading: Reading, texts: Texts) -> Reading:
    """The same reading, once every quote is the slice of the stored text that it claims to be.

    Raises:
        UnverifiedQuoteError: one is not.
    """
    for citation in reading.citations:
        text = texts.text(citation.source.article_id, citation.source.sha256)
        if citation.span.slice(text) != citation.quote:
            span = citation.span
            raise UnverifiedQuoteError(citation.source.article_id, span.start, span.end)
    return reading
