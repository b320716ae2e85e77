"""Honest stand-ins for the faces: an answerer that looks words up in the real library."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from index import Facets, Library, Source, Span
from qa import Answer, Citation, Hit, SearchResult, Turn, check_question

TITLE = "Chính in Gunma"
# The bridge and the flag lie beyond the Basic Multilingual Plane: two UTF-16 units, one code point.
TEXT = (
    "🌉 HÀ NỘI — Prime Minister Phạm Minh Chính visited Gunma on Friday. "
    "He proposed six orientations 🤝 for cooperation with Japan. "
    "<script>alert(1)</script> is only text here."
)
QUOTE = "He proposed six orientations 🤝 for cooperation with Japan."


class LookupAnswerer:
    """Quotes the first sentence that holds the last word of the question, marked, or abstains.

    A follow-up that says "there" is resolved to the question before it. `during` runs inside every
    `ask`, so that a test can hold it up.
    """

    def __init__(self, library: Library, generation: int = 1) -> None:
        self.library, self.generation = library, generation
        self.sources = tuple(article.source for article in library.articles())
        self.during: Callable[[], object] = lambda: None
        self.newest = generation
        self.closed = threading.Event()

    def ask(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> Answer:
        asked = check_question(question, limit=2000)
        self.during()
        resolved = f"{turns[-1].question} {asked}" if turns and "there" in asked else asked
        word = asked.rstrip("?").split()[-1]
        found = [
            (source, span, text)
            for source, span, text in self._sentences(where or Facets())
            if word.casefold() in text.casefold()
        ]
        citations = tuple(
            Citation(1, *each, marks=_places(word, *each[1:]), copies=self._copies(each[0]))
            for each in found[:1]
        )
        return Answer(
            question=question,
            resolved_question=resolved,
            answered=bool(citations),
            reason=None if citations else "weak_evidence",
            missing=() if citations else (word,),
            message="" if citations else f"The closest passages do not say “{word}”.",
            confidence=0.9 if citations else 0.1,
            answer=f"{citations[0].quote} [1]" if citations else "",
            citations=citations,
            nearest=() if citations else self._hits(where, k, explain),
            mode="extractive",
            generation=self.generation,
            took_ms={"search": 1.0, "total": 2.0},
        )

    def search(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> SearchResult:
        asked = check_question(question, limit=2000)
        return SearchResult(asked, self.generation, self._hits(where, k, explain))

    def ask_with_hits(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        depth: int = 50,
    ) -> tuple[Answer, tuple[Hit, ...]]:
        return self.ask(question, turns, where), self._hits(where, depth, False)

    def refresh(self) -> bool:
        moved = self.newest != self.generation
        if moved:
            self.sources = tuple(article.source for article in self.library.articles())
        self.generation = self.newest
        return moved

    def close(self) -> None:
        self.closed.set()

    def _hits(self, where: Facets | None, k: int | None, explain: bool) -> tuple[Hit, ...]:
        parts = {"lexical": 0.5} if explain else {}
        sentences = list(self._sentences(where or Facets()))[: k or 10]
        return tuple(
            Hit(
                rank,
                source,
                span,
                text,
                1 / rank,
                rank - 1,
                parts,
                copies=self._copies(source),
            )
            for rank, (source, span, text) in enumerate(sentences, 1)
        )

    def _copies(self, source: Source) -> tuple[Source, ...]:
        others = (article.source for article in self.library.articles())
        return tuple(
            one
            for one in others
            if one.sha256 == source.sha256 and one.article_id != source.article_id
        )

    def _sentences(self, where: Facets) -> Iterator[tuple[Source, Span, str]]:
        for article in self.library.articles():
            if where.lang in (None, article.lang):
                start = 0
                for part in article.text.split(". "):
                    end = min(start + len(part) + 1, len(article.text))
                    span = Span(start, end)
                    yield article.source, span, span.slice(article.text)
                    start = end + 1


def _places(word: str, span: Span, text: str) -> tuple[Span, ...]:
    start = span.start + text.casefold().index(word.casefold())
    return (Span(start, start + len(word)),)
