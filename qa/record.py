"""RecordReader: the record of one generation, each row with the sentences that it stands on.

Quotes are sliced from the library's text, and the text is proven to be the one that was read when
the generation was built: by its hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, TypeVar

from index import (
    Coverage,
    PersonRow,
    Place,
    RecordFilter,
    SectorRow,
    Snapshot,
    StatementRow,
    Texts,
    text_sha256,
)
from qa.answers import Citation
from qa.errors import UnverifiedQuoteError

Row = TypeVar("Row", PersonRow, StatementRow, SectorRow)

_TEXTS = 256  # kept while a page is read: rows that follow one another often share an article


@dataclass(frozen=True, slots=True)
class Quoted(Generic[Row]):
    """A row with what it stands on; behind a person's own citation come those of its offices."""

    row: Row
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class RecordPage(Generic[Row]):
    """Some of `total` rows, `limit` at most from `offset` on; citations are numbered from 1."""

    total: int
    offset: int
    limit: int
    generation: int
    rows: tuple[Quoted[Row], ...]


@dataclass(frozen=True, slots=True)
class SectorPage:
    """The sectors that something is about; `labels` names those of the taxonomy by language."""

    generation: int
    rows: tuple[Quoted[SectorRow], ...]
    labels: Mapping[str, Mapping[str, str]]


class RecordReader:
    """Reads the record of an open generation; `texts` is where the articles are.

    A sector may be given by its id or by its name in any language. A person or a sector that is not
    known passes nothing.

    Raises:
        UnverifiedQuoteError: from every method but `coverage`, when a text is not what it was.
        ArticleNotFoundError: from the same, when a wording was deleted meanwhile.
    """

    def __init__(self, snapshot: Snapshot, texts: Texts) -> None:
        self.generation = snapshot.number
        self._record, self._texts = snapshot.record, texts

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Each sector's name by language, in the order of the taxonomy."""
        return self._record.labels

    def leaders(
        self, where: RecordFilter | None = None, offset: int = 0, limit: int = 20
    ) -> RecordPage[PersonRow]:
        """People, most statements first."""
        total, rows = self._record.persons(self._named(where), offset, limit)
        places = [[row.mention, *(office.place for office in row.offices)] for row in rows]
        return self._page(total, offset, limit, rows, places)

    def commitments(
        self, where: RecordFilter | None = None, offset: int = 0, limit: int = 20
    ) -> RecordPage[StatementRow]:
        """Statements, newest first."""
        total, rows = self._record.statements(self._named(where), offset, limit)
        return self._page(total, offset, limit, rows, [[row.place] for row in rows])

    def sectors(self, where: RecordFilter | None = None) -> SectorPage:
        """All sectors that anything passing is about, most statements first."""
        rows = self._record.sectors(self._named(where))
        page = self._page(len(rows), 0, len(rows), rows, [[row.place] for row in rows])
        return SectorPage(self.generation, page.rows, self.labels)

    def coverage(self, where: RecordFilter | None = None) -> Coverage:
        """Who made how many statements on which sector."""
        return self._record.coverage(self._named(where))

    def _named(self, where: RecordFilter | None) -> RecordFilter:
        where = where or RecordFilter()
        sector = self._record.sector(where.sector) if where.sector else None
        return replace(where, sector=sector or where.sector)

    def _page(
        self,
        total: int,
        offset: int,
        limit: int,
        rows: Sequence[Row],
        places: Sequence[Sequence[Place]],
    ) -> RecordPage[Row]:
        text = lru_cache(maxsize=_TEXTS)(self._text)
        quoted: list[Quoted[Row]] = []
        number = 0
        for row, its_places in zip(rows, places, strict=True):
            citations = []
            for place in its_places:
                number += 1
                source, span = place.source, place.span
                whole = text(source.article_id, source.sha256)
                if whole is None or span.end > len(whole):
                    raise UnverifiedQuoteError(source.article_id, span.start, span.end)
                citations.append(Citation(number, source, span, span.slice(whole)))
            quoted.append(Quoted(row, tuple(citations)))
        return RecordPage(total, offset, limit, self.generation, tuple(quoted))

    def _text(self, article_id: str, sha256: str) -> str | None:
        """The text of that hash; None when what is stored has another one."""
        text = self._texts.text(article_id, sha256)
        return text if text_sha256(text) == sha256 else None
