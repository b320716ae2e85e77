"""Honest stand-ins for the faces: an answerer that looks words up in the real library."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TypeVar

from index import (
    Coverage,
    Facets,
    Library,
    PersonRow,
    Place,
    RecordFilter,
    SectorRow,
    Source,
    Span,
    StatementRow,
)
from qa import (
    Answer,
    Citation,
    Found,
    Hit,
    Quoted,
    RecordPage,
    Resolved,
    SearchResult,
    SectorPage,
    Sentence,
    Step,
    Turn,
    check_question,
    last_answer,
)

Row = TypeVar("Row", PersonRow, StatementRow)

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
    `ask`, so that a test can hold it up; so does `reading`, once passages are found.
    """

    def __init__(self, library: Library, generation: int = 1) -> None:
        self.library, self.generation = library, generation
        self.sources = tuple(article.source for article in library.articles())
        self.during: Callable[[], object] = lambda: None
        self.reading: Callable[[], object] = lambda: None
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
        return last_answer(self.stream(question, turns, where, k, explain))

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> Generator[Step, None, None]:
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
        yield Resolved(resolved, self.generation)
        yield Found(lambda: self._hits(where, k, explain))
        self.reading()
        for citation in citations:
            yield Sentence(f"{citation.quote} [{citation.number}]", (citation,), "extractive")
        yield Answer(
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

    def leaders(
        self, where: RecordFilter | None = None, offset: int = 0, limit: int = 20
    ) -> RecordPage[PersonRow]:
        """One person a word "Chính", unless the filter names another."""
        found = [
            PersonRow("chinh", "Phạm Minh Chính", ("Chính",), (), 1, 1, Place(source, span))
            for source, span, text in self._sentences(Facets())
            if "Chính" in text and (where is None or where.person in (None, "chinh"))
        ]
        return self._page(found, offset, limit, lambda row: row.mention)

    def commitments(
        self, where: RecordFilter | None = None, offset: int = 0, limit: int = 20
    ) -> RecordPage[StatementRow]:
        """One statement a sentence with "proposed"."""
        found = [
            StatementRow(
                place=Place(source, span),
                act="propose",
                actor="Phạm Minh Chính",
                actor_id="chinh",
                counterpart="Japan",
                time="future",
                sectors=("local_cooperation",),
                resolved=True,
                date=source.date,
            )
            for source, span, text in self._sentences(Facets())
            if "proposed" in text and (where is None or where.act in (None, "propose"))
        ]
        return self._page(found, offset, limit, lambda row: row.place)

    def sectors(self, where: RecordFilter | None = None) -> SectorPage:
        """The sector of the commitments, if there are any."""
        rows = tuple(
            Quoted(SectorRow("local_cooperation", 1, 1, one.row.place), one.citations)
            for one in self.commitments(where).rows[:1]
        )
        names = {"en": "Local cooperation", "fr": "Coopération locale", "vi": "Hợp tác địa phương"}
        return SectorPage(self.generation, rows, {"local_cooperation": names})

    def coverage(self, where: RecordFilter | None = None) -> Coverage:
        people, sectors = {"chinh": "Phạm Minh Chính"}, ("local_cooperation", "tourism")
        return Coverage(people, sectors, {("chinh", "local_cooperation"): 1})

    def refresh(self) -> bool:
        moved = self.newest != self.generation
        if moved:
            self.sources = tuple(article.source for article in self.library.articles())
        self.generation = self.newest
        return moved

    def close(self) -> None:
        self.closed.set()

    def _page(
        self, found: list[Row], offset: int, limit: int, place_of: Callable[[Row], Place]
    ) -> RecordPage[Row]:
        rows = []
        for number, row in enumerate(found[offset : offset + limit], 1):
            place = place_of(row)
            text = self.library.text(place.source.article_id, place.source.sha256)
            cited = Citation(number, place.source, place.span, place.span.slice(text))
            rows.append(Quoted(row, (cited,)))
        return RecordPage(len(found), offset, limit, self.generation, tuple(rows))

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
