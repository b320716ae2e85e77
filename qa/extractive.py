"""ExtractiveReader: the answer is its evidence, word for word; needs no language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answers import Citation, Evidence, Sentence


@dataclass(frozen=True)
class ExtractiveReader:
    """Quotes the best `limit` pieces of evidence in the order given, and all that is recorded."""

    limit: int = 3

    def read(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
        """See `Reader.read`: every sentence is the quote of its one citation."""
        most = max(self.limit, sum(piece.recorded for piece in evidence))
        for number, piece in enumerate(evidence[:most], start=1):
            citation = Citation(
                number,
                piece.source,
                piece.span,
                piece.quote,
                marks=piece.marks,
                copies=piece.copies,
            )
            yield Sentence(f"{piece.quote} [{number}]", (citation,), "extractive")
