"""ExtractiveReader: the answer is its evidence, word for word; needs no language model."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answers import Citation, Evidence
from qa.reading import Reading


class ExtractiveReader:
    """Quotes each piece of evidence, in the order given, with its number behind it."""

    def read(self, question: str, evidence: Sequence[Evidence]) -> Reading:
        """See `Reader.read`: every sentence of the text is the quote of its citation."""
        citations = tuple(
            Citation(
                number,
                piece.source,
                piece.span,
                piece.quote,
                marks=piece.marks,
                copies=piece.copies,
            )
            for number, piece in enumerate(evidence, start=1)
        )
        text = " ".join(f"{citation.quote} [{citation.number}]" for citation in citations)
        return Reading(text, citations, "extractive")
