"""The reader that quotes."""

from __future__ import annotations

from index import Source, Span
from qa import Citation, Evidence
from qa.extractive import ExtractiveReader

SOURCE, COPY = Source("a", "0" * 64), Source("b", "1" * 64, outlet="The Wire")


def test_the_answer_is_its_evidence_word_for_word_each_with_its_number() -> None:
    evidence = [
        Evidence(SOURCE, Span(0, 14), "It opened [2].", 0.9, (Span(3, 9),), (COPY,)),
        Evidence(SOURCE, Span(20, 29), "“No rain”", 0.8),
    ]
    reading = ExtractiveReader().read("When did it open?", evidence)
    assert reading.text == "It opened [2]. [1] “No rain” [2]"
    assert reading.mode == "extractive"
    assert reading.citations == (
        Citation(1, SOURCE, Span(0, 14), "It opened [2].", (Span(3, 9),), (COPY,)),
        Citation(2, SOURCE, Span(20, 29), "“No rain”"),
    )
