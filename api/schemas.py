"""The wire format of questions and replies, apart from the domain records."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
)

from index import (
    Facets,
    Manifest,
    Source,
)
from qa import Answer, Citation, Found, Hit, Mode, Resolved, SearchResult, Sentence, Turn

MAX_TURNS = 50
MAX_HISTORY = 400_000  # characters of all turns together


def _check_text(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a NUL character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("holds half of a surrogate pair") from None
    return text


def _check_day(value: object) -> object:
    # Numbers would pass for seconds since 1970, and times for days.
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a day is written as 2025-04-28")
    if not isinstance(value, str | datetime.date):
        raise ValueError("a day is a text, as 2025-04-28")
    return value


def check_number(value: object) -> object:
    """The same value, unless it only passes for a number."""
    if isinstance(value, bool | str):
        raise ValueError("a number is written without quotes")
    return value


def fitting(pattern: str) -> Any:
    """A field that tells which texts it takes; what checks it does so in words of its own."""
    return Field(json_schema_extra={"pattern": pattern})


Text = Annotated[str, AfterValidator(_check_text), fitting(r"^[^\x00]*$")]
Count = Annotated[
    int, Field(ge=1, le=50, description="Passages to find."), BeforeValidator(check_number)
]
Day = Annotated[datetime.date, BeforeValidator(_check_day)]
Name = Annotated[Text, Field(min_length=1, max_length=500)]
Lang = Annotated[str, Field(pattern="^[a-zA-Z]{2,3}$", examples=["en"])]


class Strict(BaseModel):
    """Takes only the fields it names."""

    model_config = ConfigDict(extra="forbid")


class TurnIn(Strict):
    """A question asked earlier, with its answer where there was one."""

    question: Text = Field(max_length=32_000)
    answer: Text | None = Field(None, max_length=100_000)


def _check_history(turns: list[TurnIn]) -> list[TurnIn]:
    size = sum(len(turn.question) + len(turn.answer or "") for turn in turns)
    if size > MAX_HISTORY:
        raise ValueError(f"the turns have {size:,} characters, at most {MAX_HISTORY:,} are taken")
    return turns


class FiltersIn(Strict):
    """What the question is limited to; days are inclusive."""

    date_from: Day | None = Field(None, alias="from", examples=["2023-12-01"])
    date_to: Day | None = Field(None, alias="to", examples=["2025-12-31"])
    lang: Lang | None = None
    outlet: Name | None = None
    speaker: Name | None = None
    sector: Name | None = None

    def facets(self) -> Facets:
        """The same as a domain record."""
        return Facets(**self.model_dump())


class AskIn(Strict):
    """A question, with the turns before it and the limits of the search."""

    question: Annotated[Text, fitting(r"^[^\x00]*[\p{L}\p{N}][^\x00]*$")] = Field(
        examples=["What did the Prime Minister propose for cooperation with Japan?"]
    )
    history: Annotated[list[TurnIn], AfterValidator(_check_history)] = Field(
        default_factory=list,
        max_length=MAX_TURNS,
        description=f"Earlier turns, oldest first; at most {MAX_HISTORY:,} characters in all.",
    )
    filters: FiltersIn | None = None
    k: Count | None = Field(None, examples=[10])
    explain: StrictBool = Field(False, description="Show the parts of each score.")

    def asked(self) -> dict[str, Any]:
        """The arguments of `Answerer.ask` and `Answerer.search`."""
        return {
            "question": self.question,
            "turns": [Turn(turn.question, turn.answer) for turn in self.history],
            "where": self.filters.facets() if self.filters else None,
            "k": self.k,
            "explain": self.explain,
        }


class SourceOut(BaseModel):
    """The article behind a quote or a passage."""

    article_id: str
    article_sha256: str = Field(description="Hash of the text that the offsets count in.")
    title: str | None
    outlet: str | None
    date: datetime.date | None
    lang: str | None
    url: str | None

    @staticmethod
    def fields_of(source: Source) -> dict[str, Any]:
        """The fields of a source by their names here."""
        return {
            "article_id": source.article_id,
            "article_sha256": source.sha256,
            "title": source.title,
            "outlet": source.outlet,
            "date": source.date,
            "lang": source.lang,
            "url": source.url,
        }


class SpanOut(BaseModel):
    """A place in an article's text, half-open, in code points."""

    start: int
    end: int


class CopyOut(BaseModel):
    """Another article that carries the same story."""

    article_id: str
    outlet: str | None

    @classmethod
    def of_all(cls, copies: Sequence[Source]) -> list[CopyOut]:
        """The wire form of the copies of an article."""
        return [cls(article_id=one.article_id, outlet=one.outlet) for one in copies]


class CitationOut(SourceOut):
    """A quote with its place: `text[start:end] == quote`, in code points of the article's text."""

    number: int
    quote: str
    start: int
    end: int
    marks: list[SpanOut] = Field(
        description="Words of the quote that say who, when, where or how many, where that was "
        "asked; places in the article's text, like `start` and `end`."
    )
    copies: list[CopyOut] = Field(description="Articles that carry the same story.")

    @classmethod
    def of(cls, citation: Citation) -> CitationOut:
        """The wire form of a citation."""
        return cls(
            number=citation.number,
            quote=citation.quote,
            start=citation.span.start,
            end=citation.span.end,
            marks=[SpanOut(start=mark.start, end=mark.end) for mark in citation.marks],
            copies=CopyOut.of_all(citation.copies),
            **cls.fields_of(citation.source),
        )


class HitOut(SourceOut):
    """A passage with its rank from 1 and its place.

    Where it was asked for, `explain` holds the parts of the score, and as `matched` the words of
    the question that the passage holds.
    """

    rank: int
    passage_id: str
    start: int
    end: int
    text: str
    score: float
    explain: dict[str, float | list[str]] | None = None
    copies: list[CopyOut] = Field(description="Articles that carry the same story.")

    @classmethod
    def of(cls, hit: Hit) -> HitOut:
        """The wire form of a hit."""
        return cls(
            rank=hit.rank,
            passage_id=hit.passage_id,
            start=hit.span.start,
            end=hit.span.end,
            text=hit.text,
            score=hit.score,
            explain=_explained(hit),
            copies=CopyOut.of_all(hit.copies),
            **cls.fields_of(hit.source),
        )


def _explained(hit: Hit) -> dict[str, float | list[str]] | None:
    return {**hit.explain, "matched": list(hit.matched)} if hit.explain else None


class AnswerOut(BaseModel):
    """Cited sentences, or an abstention: `answered` false, a reason, and the nearest passages."""

    question: str
    resolved_question: str = Field(description="The question as it was searched, standing alone.")
    answered: bool
    reason: str | None
    missing: list[str] = Field(description="Words of the question that the reason did not find.")
    message: str = Field(description="The reason in a sentence; empty when answered.")
    confidence: float = Field(ge=0, le=1)
    answer: str = Field(description="Quoted sentences with [1] marks; empty on abstention.")
    citations: list[CitationOut]
    nearest: list[HitOut]
    mode: Mode
    generation: int
    took_ms: dict[str, float]

    @classmethod
    def of(cls, answer: Answer) -> AnswerOut:
        """The wire form of an answer."""
        return cls(
            question=answer.question,
            resolved_question=answer.resolved_question,
            answered=answer.answered,
            reason=answer.reason,
            missing=list(answer.missing),
            message=answer.message,
            confidence=answer.confidence,
            answer=answer.answer,
            citations=[CitationOut.of(citation) for citation in answer.citations],
            nearest=[HitOut.of(hit) for hit in answer.nearest],
            mode=answer.mode,
            generation=answer.generation,
            took_ms=dict(answer.took_ms),
        )


class SearchOut(BaseModel):
    """Passages, best first."""

    resolved_question: str
    generation: int
    hits: list[HitOut]

    @classmethod
    def of(cls, result: SearchResult) -> SearchOut:
        """The wire form of a search result."""
        return cls(
            resolved_question=result.resolved_question,
            generation=result.generation,
            hits=[HitOut.of(hit) for hit in result.hits],
        )


class ResolvedOut(BaseModel):
    """The first event of a streamed reply; another one begins the reply anew."""

    resolved_question: str
    generation: int

    @classmethod
    def of(cls, step: Resolved) -> ResolvedOut:
        """The wire form of the step."""
        return cls(resolved_question=step.question, generation=step.generation)


class HitsOut(BaseModel):
    """The passages nearest to a streamed question, best first."""

    hits: list[HitOut]

    @classmethod
    def of(cls, step: Found) -> HitsOut:
        """The wire form of the step."""
        return cls(hits=[HitOut.of(hit) for hit in step.look_up()])


class SentenceOut(BaseModel):
    """A sentence of a streamed reply, with its [1] marks and the citations that back it."""

    text: str
    citations: list[CitationOut]
    mode: Mode

    @classmethod
    def of(cls, sentence: Sentence) -> SentenceOut:
        """The wire form of a sentence."""
        citations = [CitationOut.of(citation) for citation in sentence.citations]
        return cls(text=sentence.text, citations=citations, mode=sentence.mode)


class GenerationOut(BaseModel):
    """One generation of the index."""

    number: int
    live: bool
    aside: bool
    created: str
    encoder: str
    library_revision: int
    counts: dict[str, int]
    digest: str

    @classmethod
    def of(cls, manifest: Manifest, live: bool, aside: bool) -> GenerationOut:
        """The wire form of a generation."""
        return cls(
            number=manifest.number,
            live=live,
            aside=aside,
            created=str(manifest.created),
            encoder=manifest.encoder,
            library_revision=manifest.library_revision,
            counts=dict(manifest.counts),
            digest=manifest.digest,
        )


class GenerationsOut(BaseModel):
    """The kept generations, oldest first."""

    live: int | None
    generations: list[GenerationOut]
