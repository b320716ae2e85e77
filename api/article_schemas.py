"""The wire format of articles: what may be written, and what is read."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, Field, ValidationError

from api.schemas import Strict, Text, fitting
from index import Article, ImportRefusedError, Proof, article_from, text_sha256

Outcome = Literal["added", "changed", "unchanged"]

MAX_ARTICLES = 1000

# What the importer takes, which says in words what it refuses. White space in a line runs together,
# other control characters are refused.
_SEEN = r"[^\s\x00-\x1f\x7f-\x9f]"
_NO_CONTROL = r"[^\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"

ArticleId = Annotated[
    Text,
    Field(min_length=1, max_length=200, examples=["vnexpress-4711"]),
    fitting(rf"^{_SEEN}([^\x00-\x1f\x7f-\x9f\u2028\u2029]*{_SEEN})?$"),
]


def _check_moment(text: str) -> str:
    if text.strip() and not _MOMENT.fullmatch(text):
        raise ValueError("a date is written as 2025-04-28, or as 2025-04-28T09:30:00+07:00")
    return text


_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_MOMENTS = [{"format": "date"}, {"format": "date-time"}, {"pattern": r"^\s*$"}]
Moment = Annotated[
    Text, AfterValidator(_check_moment), Field(json_schema_extra={"anyOf": _MOMENTS})
]
Line = Annotated[Text, fitting(rf"^{_NO_CONTROL}*$")]
Code = Annotated[
    Text, Field(max_length=100), fitting(r"^\s*([A-Za-z]{2,3}([-_][A-Za-z0-9]+)*)?\s*$")
]
Address = Annotated[
    Text,
    Field(max_length=2000),
    fitting(r"^\s*([hH][tT][tT][pP][sS]?://[^\s<>\"\x00-\x1f\x7f-\x9f]+)?\s*$"),
]


class ArticleBody(Strict):
    """An article without its id; what is left out is looked for at the edges of its text."""

    text: Annotated[Text, fitting(r"^[^\x00]*[^\s\x00][^\x00]*$")] = Field(
        description="Kept exactly as sent.",
        examples=["HÀ NỘI — Việt Nam and Japan agreed on Monday to enhance cooperation."],
    )
    title: Line | None = Field(
        None, max_length=1000, examples=["Việt Nam, Japan enhance cooperation"]
    )
    date: Moment | None = Field(
        None, description="A day, or a day with its time (RFC 3339).", examples=["2025-04-28"]
    )
    source: Line | None = Field(
        None,
        max_length=200,
        validation_alias=AliasChoices("source", "outlet"),
        description="Agency or paper; may be called `outlet`.",
        examples=["Việt Nam News"],
    )
    lang: Code | None = Field(None, examples=["en"])
    url: Address | None = Field(None, examples=["https://example.org/a/4711"])

    def article(self, article_id: str) -> Article:
        """The domain record under this id.

        Raises:
            ImportRefusedError: a value that cannot be kept.
        """
        fields = {**self.model_dump(), "id": article_id}
        return article_from(fields, default_id=article_id, where=article_id)


class ArticleIn(ArticleBody):
    """An article of a list; without an id it is named after its text."""

    id: ArticleId | None = None

    @classmethod
    def read(cls, value: object, where: str) -> Article:
        """The article in one entry of a list.

        Raises:
            ImportRefusedError: it is not an article, or has a value that cannot be kept.
        """
        try:
            body = cls.model_validate(value)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            place = ".".join(map(str, first["loc"])) or "article"
            raise ImportRefusedError(where, f"{place}: {first['msg']}") from None
        return body.article(body.id or text_sha256(body.text)[:16])


class ArticlesIn(Strict):
    """A list of articles; each is taken in or refused on its own."""

    articles: list[Any] = Field(max_length=MAX_ARTICLES)


class ArticleHead(BaseModel):
    """What is known about an article, without its text."""

    id: str
    sha256: str
    characters: int = Field(description="Length of the text in code points.")
    title: str | None
    date: datetime.date | None
    outlet: str | None
    lang: str | None
    url: str | None

    @classmethod
    def of(cls, article: Article) -> ArticleHead:
        """The wire form of an article's head."""
        return cls(**_head(article))


class ArticleOut(ArticleHead):
    """An article with its text."""

    text: str
    searchable: bool = Field(description="True when the index that serves holds just this.")

    @classmethod
    def of_text(cls, article: Article, searchable: bool) -> ArticleOut:
        """The wire form of an article."""
        return cls(text=article.text, searchable=searchable, **_head(article))


def _head(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "sha256": article.sha256,
        "characters": len(article.text),
        "title": article.title,
        "date": article.date,
        "outlet": article.outlet,
        "lang": article.lang,
        "url": article.url,
    }


class ArticlePage(BaseModel):
    """Some of the articles, in order of their ids."""

    total: int
    offset: int
    limit: int
    articles: list[ArticleHead]


class WrittenOut(BaseModel):
    """What became of one article that was sent."""

    id: str
    sha256: str
    outcome: Outcome
    searchable: bool = Field(description="False until an index of what was written serves.")

    @classmethod
    def of(cls, article: Article, outcome: Outcome, searchable: bool) -> WrittenOut:
        """The wire form of what became of an article."""
        return cls(id=article.id, sha256=article.sha256, outcome=outcome, searchable=searchable)


class RefusedOut(BaseModel):
    """An article that was not taken in; `index` is its place in the list, from 0."""

    index: int
    reason: str


class WrittenManyOut(BaseModel):
    """What became of each article of a list."""

    written: list[WrittenOut]
    refused: list[RefusedOut]


class CountOut(BaseModel):
    """How much of an article there was and is in one place: live, and kept for rollback."""

    place: str = Field(examples=["passages"])
    live_before: int
    live_after: int
    kept_before: int
    kept_after: int


class ProbeOut(BaseModel):
    """What came back when the article's own sentences were asked."""

    asked: int
    hits: int = Field(description="Passages of the article; 0 when it is gone.")
    quotes: int = Field(description="Quotes of the article; 0 when it is gone.")
    copies: list[str] = Field(description="Other articles that hold one of the sentences.")


class RemainsOut(BaseModel):
    """What a purge read to see that the text is gone."""

    files: int
    bytes: int
    looked_for: int = Field(description="Sentences, titles and addresses that were looked for.")
    found: dict[str, int] = Field(description="Files of the home, and how many of them each holds.")
    named: int = Field(description="Rows of the library that name the article.")

    @classmethod
    def of(cls, proof: Proof) -> RemainsOut | None:
        """The wire form of what was read; None where nothing was purged."""
        read = proof.remains
        if read is None:
            return None
        found = {file: len(words) for file, words in read.found.items()}
        return cls(
            files=read.files,
            bytes=read.bytes,
            looked_for=read.looked_for,
            found=found,
            named=proof.named,
        )


class ProofOut(BaseModel):
    """What there was of an article that was removed, and what is left of it."""

    id: str
    proved: bool = Field(description="True when every figure that was asked for is 0.")
    generation: int = Field(description="The index that serves.")
    counts: list[CountOut]
    kept_in: list[int] = Field(description="Indexes kept for rollback that hold it.")
    unreadable: list[int] = Field(description="Damaged indexes that may hold it.")
    shared_with: list[str] = Field(description="Other articles with a sentence of it.")
    probe: ProbeOut
    purge: RemainsOut | None = Field(None, description="With a purge.")

    @classmethod
    def of(cls, proof: Proof) -> ProofOut:
        """The wire form of a proof."""
        counts = [
            CountOut(
                place=count.place,
                live_before=count.live[0],
                live_after=count.live[1],
                kept_before=count.kept[0],
                kept_after=count.kept[1],
            )
            for count in proof.counts
        ]
        return cls(
            id=proof.article_id,
            proved=proof.ok,
            generation=proof.generation,
            counts=counts,
            kept_in=list(proof.kept_in),
            unreadable=list(proof.unreadable),
            shared_with=list(proof.shared_with),
            probe=ProbeOut(
                asked=proof.probe.asked,
                hits=proof.probe.hits,
                quotes=proof.probe.quotes,
                copies=list(proof.probe.copies),
            ),
            purge=RemainsOut.of(proof),
        )
