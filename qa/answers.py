"""From question to answer: the frozen records that travel the read road."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index import Source as Source
from index import Span as Span

Mode = Literal["extractive", "generated"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked earlier, with its answer where there was one."""

    question: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query, with its rank from 1.

    Where it was asked for, `explain` holds the parts of its score and `matched` the words of the
    question that it holds, in the order of the question. `copies` are the articles that carry the
    same story and were found with it.
    """

    rank: int
    source: Source
    span: Span
    text: str
    score: float
    row: int
    explain: Mapping[str, float] = field(default_factory=dict)
    matched: tuple[str, ...] = ()
    copies: tuple[Source, ...] = ()

    @property
    def passage_id(self) -> str:
        """Stable name of the passage: the article and the place."""
        return f"{self.source.article_id}#{self.span.start}-{self.span.end}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, with its place; `score` compares sentences of one question.

    `marks` are the words in it that answer who, when, where or how many, counted like `span` in the
    article's text; `copies` as in a hit. `recorded` is True where the record named it.

    Raises:
        ValueError: a mark lies outside the span.
    """

    source: Source
    span: Span
    quote: str
    score: float
    marks: tuple[Span, ...] = ()
    copies: tuple[Source, ...] = ()
    recorded: bool = False

    def __post_init__(self) -> None:
        _check_marks(self.span, self.marks)


@dataclass(frozen=True, slots=True)
class Citation:
    """What backs a sentence of an answer: `text[start:end] == quote` in the named article.

    `marks` and `copies` as in `Evidence`.

    Raises:
        ValueError: a mark lies outside the span.
    """

    number: int
    source: Source
    span: Span
    quote: str
    marks: tuple[Span, ...] = ()
    copies: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        _check_marks(self.span, self.marks)


def _check_marks(span: Span, marks: tuple[Span, ...]) -> None:
    for mark in marks:
        if not span.start <= mark.start < mark.end <= span.end:
            raise ValueError(f"mark {mark} lies outside the quote {span}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, with its [n] marks and the citations that back it."""

    text: str
    citations: tuple[Citation, ...]
    mode: Mode


@dataclass(frozen=True)
class Answer:
    """The reply: cited sentences, or an abstention with a reason and the nearest hits.

    `confidence` is in [0, 1]. `reason` is None when answered, else a code of `qa.abstention`;
    `missing` are the words that the failed check did not find, and `message` says it in a sentence.
    `took_ms` maps each stage to milliseconds; nothing else differs between two equal questions to
    one generation.
    """

    question: str
    resolved_question: str
    answered: bool
    reason: str | None
    confidence: float
    answer: str
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...]
    mode: Mode
    generation: int
    missing: tuple[str, ...] = ()
    message: str = ""
    took_ms: Mapping[str, float] = field(default_factory=dict, compare=False)
