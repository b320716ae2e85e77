"""Articles and the pieces they are cut into: frozen records and their invariants.

Every offset here counts code points of `Article.text`, the text exactly as it was received; no
folded or cleaned copy is ever cited.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of code points of an article's stored text.

    Raises:
        ValueError: `start` is negative or not below `end`.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span [{self.start}, {self.end}) is empty or negative")

    def slice(self, text: str) -> str:
        """The characters of `text` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True when the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Article:
    """What is imported and cited: a text with the little that is known about it.

    `text` is kept exactly as received after decoding. `lang` is an ISO 639-1 code, `outlet` the
    name of the agency or paper, `date` the day of publication.
    """

    id: str
    text: str
    title: str | None = None
    date: datetime.date | None = None
    outlet: str | None = None
    lang: str | None = None
    url: str | None = None

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the UTF-8 bytes of the text: the identity of this revision's wording."""
        return text_sha256(self.text)

    @property
    def source(self) -> Source:
        """What a generation of this article knows of it beside its text."""
        return Source(self.id, self.sha256, self.title, self.outlet, self.date, self.lang, self.url)


@dataclass(frozen=True, slots=True)
class Source:
    """What a generation knows of an article beside its text; `sha256` names the text it indexed."""

    article_id: str
    sha256: str
    title: str | None = None
    outlet: str | None = None
    date: datetime.date | None = None
    lang: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: the piece that is indexed and found.

    `first` and `last` number the article's sentences from 0, half-open; `span` runs from the start
    of the first to the end of the last of them.
    """

    article_id: str
    span: Span
    first: int
    last: int

    @property
    def id(self) -> str:
        """Stable name of the passage: the article and the place, whatever the generation."""
        return f"{self.article_id}#{self.span.start}-{self.span.end}"


@dataclass(frozen=True)
class Facets:
    """What a question is limited to; an empty field limits nothing.

    Dates are days, both ends included; an article without a date passes no date limit. `lang` and
    `outlet` are compared with the article's own, without case; `speaker` is a person
    who is named or speaks in the passage, `sector` what a sentence of it is about, both as the
    record has them; what it does not know must stand in the passage, word by word.
    """

    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    lang: str | None = None
    outlet: str | None = None
    speaker: str | None = None
    sector: str | None = None

    def __bool__(self) -> bool:
        return self != Facets()


def text_sha256(text: str) -> str:
    """Hex SHA-256 of the UTF-8 bytes of `text`."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
