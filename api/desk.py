"""The desk: the answerer that serves now, or the reason why there is none yet."""

from __future__ import annotations

import bisect
import logging
import threading
from collections.abc import Callable, Generator, Sequence
from typing import Protocol

from api.errors import NotReadyError
from index import (
    Coverage,
    Facets,
    IndexingError,
    NoGenerationError,
    PersonRow,
    RecordFilter,
    Source,
    StatementRow,
)
from qa import Answer, RecordPage, SearchResult, SectorPage, Step, Turn

logger = logging.getLogger(__name__)


class Asker(Protocol):
    """What answers; `qa.Answerer` is one. Safe to use from several threads."""

    @property
    def generation(self) -> int:
        """The generation that is being asked."""
        ...

    @property
    def sources(self) -> Sequence[Source]:
        """The articles of that generation, in the order of their ids."""
        ...

    def ask(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> Answer:
        """See `Answerer.ask`."""
        ...

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> Generator[Step, None, None]:
        """See `Answerer.stream`."""
        ...

    def search(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> SearchResult:
        """See `Answerer.search`."""
        ...

    def leaders(
        self, where: RecordFilter | None = None, offset: int = 0, limit: int = 20
    ) -> RecordPage[PersonRow]:
        """See `Answerer.leaders`."""
        ...

    def commitments(
        self, where: RecordFilter | None = None, offset: int = 0, limit: int = 20
    ) -> RecordPage[StatementRow]:
        """See `Answerer.commitments`."""
        ...

    def sectors(self, where: RecordFilter | None = None) -> SectorPage:
        """See `Answerer.sectors`."""
        ...

    def coverage(self, where: RecordFilter | None = None) -> Coverage:
        """See `Answerer.coverage`."""
        ...

    def refresh(self) -> bool:
        """See `Answerer.refresh`."""
        ...

    def close(self) -> None:
        """Lets go of the files."""
        ...


class Desk:
    """Keeps one answerer up to date; starts without one when nothing has been built.

    `opener` opens an answerer and raises NoGenerationError while there is nothing to open; without
    one the desk stays as it began.
    """

    def __init__(self, answerer: Asker | None, opener: Callable[[], Asker] | None = None) -> None:
        self._answerer = answerer
        self._opener = opener
        self._trouble: IndexingError | None = None
        self._refreshing = threading.Lock()  # nothing is opened twice

    @property
    def answerer(self) -> Asker:
        """The answerer that serves now.

        Raises:
            NotReadyError: there is none; the error says why.
        """
        if self._answerer is None:
            raise NotReadyError(self._trouble)
        return self._answerer

    @property
    def generation(self) -> int | None:
        """The generation that serves now; None when there is none."""
        return None if self._answerer is None else self._answerer.generation

    def source(self, article_id: str) -> Source | None:
        """An article as the generation that serves has it; None when it has not."""
        sources = () if self._answerer is None else self._answerer.sources
        at = bisect.bisect_left(sources, article_id, key=lambda source: source.article_id)
        found = sources[at : at + 1]
        return found[0] if found and found[0].article_id == article_id else None

    @property
    def is_troubled(self) -> bool:
        """True when the last look found an index that cannot be opened."""
        return self._trouble is not None

    def refresh(self) -> bool:
        """True when another generation, or the first one, went live.

        A generation that cannot be opened is logged once; the one that serves goes on serving.
        """
        with self._refreshing:
            return self._refresh()

    def close(self) -> None:
        """Lets go of the answerer."""
        with self._refreshing:
            if self._answerer is not None:
                self._answerer.close()

    def _refresh(self) -> bool:
        try:
            if self._answerer is not None:
                moved = self._answerer.refresh()
            elif self._opener is not None:
                self._answerer = self._opener()
                moved = True
            else:
                moved = False
        except NoGenerationError:
            return False
        except IndexingError as error:
            if str(error) != str(self._trouble):
                logger.warning("the new index is not served: %s", error)
            self._trouble = error
            return False
        self._trouble = None
        if moved and self._answerer is not None:
            logger.info("generation %d is live", self._answerer.generation)
        return moved
