"""The wire format of the record: people, sectors and statements, each with its quote."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.schemas import CitationOut, Day, Lang, Name, Strict
from index import Act, PersonRow, RecordFilter, StatementRow, Time
from qa import Quoted, RecordPage, SectorPage

Offset = Annotated[int, Field(ge=0, le=2**31)]


class RecordIn(Strict):
    """What rows are limited to; days are inclusive. Who or what is not known passes nothing."""

    person: Name | None = Field(
        None,
        description="An id, a name, or a part of one that stands alone; marks and order are free. "
        "Of commitments also a country or an organisation.",
    )
    act: Act | None = None
    sector: Name | None = Field(None, description="The id of a sector, or its name in en, fr, vi.")
    time: Time | None = Field(None, description="Still to be done, going on, or done.")
    counterpart: Name | None = Field(None, description="Towards whom: a person, country, …")
    date_from: Day | None = Field(None, alias="from")
    date_to: Day | None = Field(None, alias="to")
    outlet: Name | None = None
    lang: Lang | None = None

    def limits(self) -> RecordFilter:
        """The same as a domain record."""
        return RecordFilter(**self.model_dump(exclude={"offset", "limit"}))


class RecordPageIn(RecordIn):
    """The same, and which of the rows."""

    offset: Offset = 0
    limit: int = Field(20, ge=1, le=200)

    def asked(self) -> dict[str, Any]:
        """The arguments of `Answerer.leaders` and `Answerer.commitments`."""
        return {"where": self.limits(), "offset": self.offset, "limit": self.limit}


class OfficeOut(BaseModel):
    """An office, as articles from `first` to `last` give it; the newest of them is quoted."""

    role: str = Field(examples=["prime_minister"])
    of: str | None = Field(description="Of which country, place or organisation.")
    former: bool = Field(description="True where the articles say that it is over.")
    first: datetime.date | None
    last: datetime.date | None
    citation: CitationOut


class LeaderOut(BaseModel):
    """A person over all articles; the sentence quoted is of the newest article that passes."""

    id: str
    name: str
    aliases: list[str] = Field(description="All forms as written, the most frequent first.")
    offices: list[OfficeOut]
    articles: int
    statements: int
    citation: CitationOut

    @classmethod
    def of(cls, quoted: Quoted[PersonRow]) -> LeaderOut:
        """The wire form of a person."""
        row = quoted.row
        own, *others = map(CitationOut.of, quoted.citations)
        offices = [
            OfficeOut(
                role=office.role,
                of=office.of,
                former=office.former,
                first=office.first,
                last=office.last,
                citation=citation,
            )
            for office, citation in zip(row.offices, others, strict=True)
        ]
        return cls(
            id=row.id,
            name=row.name,
            aliases=list(row.aliases),
            offices=offices,
            articles=row.articles,
            statements=row.statements,
            citation=own,
        )


class LeadersOut(BaseModel):
    """People on record, most statements first."""

    total: int
    offset: int
    limit: int
    generation: int
    leaders: list[LeaderOut]

    @classmethod
    def of(cls, page: RecordPage[PersonRow]) -> LeadersOut:
        """The wire form of a page."""
        return cls(**_paging(page), leaders=[LeaderOut.of(one) for one in page.rows])


class SectorOut(BaseModel):
    """A sector with what was said on it; the sentence quoted is the newest."""

    id: str
    label: dict[str, str] = Field(description="Its name by language.")
    statements: int
    articles: int
    citation: CitationOut


class SectorsOut(BaseModel):
    """The sectors that anything on record is about, most statements first."""

    generation: int
    sectors: list[SectorOut]

    @classmethod
    def of(cls, page: SectorPage) -> SectorsOut:
        """The wire form of all sectors."""
        sectors = [
            SectorOut(
                id=one.row.sector,
                label=dict(page.labels[one.row.sector]),
                statements=one.row.statements,
                articles=one.row.articles,
                citation=CitationOut.of(one.citations[0]),
            )
            for one in page.rows
        ]
        return cls(generation=page.generation, sectors=sectors)


class CommitmentOut(BaseModel):
    """A sentence in which a named party acts; `date` is the article's.

    `actor_id` is null where the actor is no person; `resolved` is true where it stands in the
    sentence as a pronoun or a bare title.
    """

    act: Act
    actor: str
    actor_id: str | None
    counterpart: str | None
    time: Time
    sectors: list[str]
    resolved: bool
    date: datetime.date | None
    citation: CitationOut

    @classmethod
    def of(cls, quoted: Quoted[StatementRow]) -> CommitmentOut:
        """The wire form of a statement."""
        row = quoted.row
        return cls(
            act=row.act,
            actor=row.actor,
            actor_id=row.actor_id,
            counterpart=row.counterpart,
            time=row.time,
            sectors=list(row.sectors),
            resolved=row.resolved,
            date=row.date,
            citation=CitationOut.of(quoted.citations[0]),
        )


class CommitmentsOut(BaseModel):
    """Statements on record, newest first."""

    total: int
    offset: int
    limit: int
    generation: int
    commitments: list[CommitmentOut]

    @classmethod
    def of(cls, page: RecordPage[StatementRow]) -> CommitmentsOut:
        """The wire form of a page."""
        return cls(**_paging(page), commitments=[CommitmentOut.of(one) for one in page.rows])


def _paging(page: RecordPage[Any]) -> dict[str, int]:
    return {
        "total": page.total,
        "offset": page.offset,
        "limit": page.limit,
        "generation": page.generation,
    }
