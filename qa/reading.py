"""Reader: evidence becomes the sentences of an answer, each proven before it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from index import Texts
from qa.answers import Evidence, Sentence
from qa.errors import UnverifiedQuoteError


@dataclass(frozen=True, slots=True)
class Working:
    """Nothing new yet: whoever waits may go away here."""


class Reader(Protocol):
    """Turns evidence into the sentences of an answer."""

    @property
    def limit(self) -> int:
        """How many pieces of evidence it makes use of."""
        ...

    def read(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Sentence | Working]:
        """One sentence at least, as they are ready, all of one mode.

        `evidence` is not empty and best first. Citations are numbered from 1 in the order in which
        they are first used.
        """
        ...


def check_citations(sentence: Sentence, texts: Texts) -> Sentence:
    """The same sentence, once every quote is the slice of the stored text that it claims to be.

    Raises:
        UnverifiedQuoteError: one is not.
    """
    for citation in sentence.citations:
        text = texts.text(citation.source.article_id, citation.source.sha256)
        if citation.span.slice(text) != citation.quote:
            span = citation.span
            raise UnverifiedQuoteError(citation.source.article_id, span.start, span.end)
    return sentence
