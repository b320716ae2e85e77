"""Readers keep one contract, and no quote leaves that is not the stored text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index import Article, ArticleNotFoundError, Source, Span
from qa import Citation, Evidence, Sentence, UnverifiedQuoteError
from qa.extractive import ExtractiveReader
from qa.reading import Reader, check_citations

TEXT = "🚢 The Gdańsk ferry resumes on Monday. Tickets cost forty złoty."
SOURCE = Source("ferry", Article("ferry", TEXT).sha256, lang="en")
QUOTES = ("The Gdańsk ferry resumes on Monday.", "Tickets cost forty złoty.")


class Shelf:
    """One text, by article and sha256."""

    def text(self, article_id: str, sha256: str) -> str:
        if (article_id, sha256) != (SOURCE.article_id, SOURCE.sha256):
            raise ArticleNotFoundError(article_id, sha256)
        return TEXT


def span_of(quote: str) -> Span:
    return Span(TEXT.index(quote), TEXT.index(quote) + len(quote))


EVIDENCE = tuple(Evidence(SOURCE, span_of(quote), quote, 0.5) for quote in QUOTES)


@pytest.fixture(params=[ExtractiveReader])
def reader(request: pytest.FixtureRequest) -> Reader:
    """One contract, every reader."""
    made: Reader = request.param()
    return made


@pytest.mark.parametrize("n", [1, 2])
def test_a_reader_numbers_its_citations_marks_them_in_the_text_and_proves_each(
    reader: Reader, n: int
) -> None:
    steps = reader.read("When does the ferry resume?", EVIDENCE[:n])
    sentences = [step for step in steps if isinstance(step, Sentence)]
    citations = [citation for sentence in sentences for citation in sentence.citations]
    assert [citation.number for citation in citations] == [*range(1, n + 1)]
    for sentence in sentences:
        assert all(f"[{citation.number}]" in sentence.text for citation in sentence.citations)
        assert check_citations(sentence, Shelf()) is sentence
    assert {citation.span for citation in citations} <= {e.span for e in EVIDENCE[:n]}
    assert len({sentence.mode for sentence in sentences}) == 1


def test_a_reader_says_the_same_thing_twice(reader: Reader) -> None:
    assert [*reader.read("Ferry?", EVIDENCE)] == [*reader.read("Ferry?", EVIDENCE)]


CITATION = Citation(1, SOURCE, span_of(QUOTES[0]), QUOTES[0])


@pytest.mark.parametrize(
    "forged",
    [
        replace(CITATION, quote="The Gdańsk ferry resumes on Friday."),
        replace(CITATION, quote="The Gdansk ferry resumes on Monday."),
        replace(CITATION, span=Span(CITATION.span.start + 1, CITATION.span.end + 1)),
        replace(CITATION, span=Span(CITATION.span.start, len(TEXT) + 9)),
    ],
)
def test_a_forged_quote_or_place_never_leaves(forged: Citation) -> None:
    with pytest.raises(UnverifiedQuoteError, match="is not the text of article 'ferry'") as raised:
        check_citations(Sentence("…", (CITATION, forged), "extractive"), Shelf())
    place = (raised.value.article_id, raised.value.start, raised.value.end)
    assert place == ("ferry", forged.span.start, forged.span.end)


def test_a_quote_of_a_wording_that_is_not_kept_is_named_by_its_article() -> None:
    stranger = replace(CITATION, source=replace(SOURCE, sha256="0" * 64))
    with pytest.raises(ArticleNotFoundError, match="article 'ferry' with text 000000000000…"):
        check_citations(Sentence("…", (stranger,), "extractive"), Shelf())
