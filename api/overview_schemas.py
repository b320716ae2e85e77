"""The wire format of the overview: what the index that serves holds."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, Field


class CountedOut(BaseModel):
    """A language or an outlet, and how many articles are of it."""

    name: str = Field(examples=["en"])
    articles: int


class ExampleOut(BaseModel):
    """A question that the index answers."""

    question: str = Field(examples=["What did Phạm Minh Chính propose on tourism?"])
    lang: str


class OverviewOut(BaseModel):
    """What the index that serves holds, in figures, and questions to begin with."""

    generation: int
    articles: int
    undated: int = Field(description="Articles without a date.")
    first: datetime.date | None = Field(description="The earliest date of an article.")
    last: datetime.date | None
    languages: list[CountedOut] = Field(description="Most articles first.")
    outlets: list[CountedOut] = Field(description="The 200 with most articles, these first.")
    examples: list[ExampleOut]
