"""What a fair model writes about the articles in seeds/ is mostly sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import detect_language, words
from index.sentences import sentence_spans
from qa.support import FEWEST, lack_of_support

# Shortened as the prompt asks: whole phrases, in their order. Sent are 39 of 42.
SHORTENED = (
    Path(__file__).parent.parent.joinpath("data/shortened.txt").read_text("utf-8").splitlines()
)


def sentences() -> Iterator[str]:
    """Every sentence of the articles that says something."""
    for path in sorted((Path(__file__).parents[2] / "seeds").glob("*.txt")):
        text = path.read_text("utf-8")
        for span in sentence_spans(text, detect_language(text)):
            if len(words(span.slice(text))) >= FEWEST:
                yield span.slice(text)


@pytest.fixture(scope="module")
def sources() -> list[str]:
    return list(sentences())


def test_every_sentence_of_the_articles_is_sent_as_it_stands(sources: list[str]) -> None:
    assert len(sources) > 75
    assert [each for each in sources if lack_of_support(each.strip(), each)] == []


def test_of_fair_compressions_nine_in_ten_are_sent(sources: list[str]) -> None:
    lost = [
        said
        for said in SHORTENED
        if all(lack_of_support(said, source) is not None for source in sources)
    ]
    print(*lost, sep="\n")
    assert len(lost) / len(SHORTENED) <= 0.1
