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
    """A passage found for a query, with its rank from 1; `explain` holds the parts of its score."""

    rank: int
    source: Source
    span: Span
    text: str
    score: float
    row: int
    explain: Mapping[str, float] = field(default_factory=dict)

    @property
    def passage_id(self) -> str:
        """Stable name of the passage: the article and the place."""
        return f"{self.source.article_id}#{self.span.start}-{self.span.end}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, with its place; `score` compares sentences of one question."""

    source: Source
    span: Span
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """What backs a sentence of an answer: `text[start:end] == quote` in the named article."""

    number: int
    source: Source
    span: Span
    quote: str


@dataclass(frozen=True)
class Answer:
    """The reply: cited sentences, or an abstention with a reason and the nearest hits.

    `confidence` is in [0, 1]; `reason` is None when answered, else a code of `qa.abstention`;
    `took_ms` maps each stage to milliseconds and is the only field that differs between two equal
    questions to one generation.
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
    took_ms: Mapping[str, float] = field(default_factory=dict, compare=False)
