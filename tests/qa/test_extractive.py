"""The reader that quotes."""

from __future__ import annotations

from index import Source, Span
from qa import Citation, Evidence, Sentence
from qa.extractive import ExtractiveReader

SOURCE, COPY = Source("a", "0" * 64), Source("b", "1" * 64, outlet="The Wire")


def test_the_answer_is_its_evidence_word_for_word_each_with_its_number() -> None:
    evidence = [
        Evidence(SOURCE, Span(0, 14), "It opened [2].", 0.9, (Span(3, 9),), (COPY,)),
        Evidence(SOURCE, Span(20, 29), "“No rain”", 0.8),
    ]
    first, second = ExtractiveReader().read("When did it open?", evidence)
    assert first == Sentence(
        "It opened [2]. [1]",
        (Citation(1, SOURCE, Span(0, 14), "It opened [2].", (Span(3, 9),), (COPY,)),),
        "extractive",
    )
    assert second == Sentence(
        "“No rain” [2]", (Citation(2, SOURCE, Span(20, 29), "“No rain”"),), "extractive"
    )


def test_no_more_is_quoted_than_the_limit_allows() -> None:
    evidence = [Evidence(SOURCE, Span(at, at + 4), "Rain", 0.9) for at in range(0, 40, 4)]
    assert len([*ExtractiveReader(limit=2).read("Rain?", evidence)]) == 2
