"""Answerer.ask(): the read road on one screen."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar

from index import (
    Analyser,
    ArticleNotFoundError,
    Coverage,
    Embedder,
    EmbedderMismatchError,
    Facets,
    GenerationStore,
    Library,
    LibraryError,
    Manifest,
    PersonRow,
    RecordFilter,
    Snapshot,
    Source,
    StatementRow,
    Taxonomy,
    languages_read,
    load_taxonomy,
    open_current,
    open_snapshot,
)
from qa.abstention import explain_silence, judge, judge_recalled
from qa.answers import Answer, Evidence, Hit, Sentence, Turn
from qa.calibration import Calibration, packaged_calibration
from qa.clock import Clock
from qa.evidence import NONE, best_sentence, score_sentences, select_evidence
from qa.extractive import ExtractiveReader
from qa.queries import Query, read_query
from qa.questions import check_question, check_turns
from qa.reading import Reader, check_citations
from qa.record import RecordPage, RecordReader, SectorPage
from qa.recorded import recall, rows_of
from qa.retrieval import Candidates, hits
from qa.settings import QaSettings
from qa.signals import Signals, read_signals
from qa.steps import Found, Resolved, Step, last_answer
from qa.talk import retrieve_in_talk
from qa.timing import newest_day
from qa.whynot import Asked, Verdict, why_not

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class SearchResult:
    """Passages found for a question, and the generation they were found in."""

    resolved_question: str
    generation: int
    hits: tuple[Hit, ...]


class Answerer:
    """Asks one open generation; safe to use from several threads, a reply never mixes two."""

    def __init__(
        self,
        store: GenerationStore,
        library: Library,
        analyser: Analyser,
        embedder: Embedder,
        settings: QaSettings,
        *,
        generation: int | None = None,
        reader: Reader | None = None,
        calibration: Calibration | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> None:
        self._store, self._library = store, library
        self._analyser, self._embedder = analyser, embedder
        self._reads = languages_read(embedder, analyser.table)
        self._settings = settings
        self._reader: Reader = reader or ExtractiveReader(settings.max_citations)
        self._calibration = calibration or packaged_calibration()
        self._taxonomy = taxonomy or load_taxonomy()
        self._pinned = generation is not None
        self._refreshing = threading.Lock()
        self._asking = threading.Condition()  # guards the next two
        self._under_way, self._is_closed = 0, False
        if generation is None:
            self._named = store.current()
            self._snapshot = self._open_current()
        else:
            self._named = generation
            self._snapshot = self._matching(open_snapshot(store, generation, library))

    @property
    def generation(self) -> int:
        """The number of the generation that is being asked."""
        return self._snapshot.number

    @property
    def manifest(self) -> Manifest:
        """What the generation that is being asked is made of."""
        return self._snapshot.manifest

    @property
    def sources(self) -> tuple[Source, ...]:
        """The articles of the generation that is being asked, in the order of their ids."""
        return self._snapshot.tables.sources

    def ask(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> Answer:
        """The answer to a question, or an abstention with the `k` nearest passages.

        Raises:
            BadQuestionError: the question cannot be asked as it is.
        """
        return self._on_snapshot(
            lambda snapshot: last_answer(self._steps(snapshot, question, turns, where, k, explain))
        )

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> Generator[Step, None, None]:
        """The same answer in steps, as they are ready: Resolved, Found, Sentences, the Answer.

        When what it quotes is deleted meanwhile, it begins anew with another Resolved. To leave
        early, close the iterator.

        Raises:
            BadQuestionError: the question cannot be asked as it is.
        """
        with self._at_work() as snapshot:
            try:
                yield from self._steps(snapshot, question, turns, where, k, explain)
            except ArticleNotFoundError as error:
                newer = self._newer_than(snapshot, error)
                yield from self._steps(newer, question, turns, where, k, explain)

    def ask_with_hits(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        depth: int = 50,
    ) -> tuple[Answer, tuple[Hit, ...]]:
        """The answer, and the first `depth` passages that it was chosen from."""

        def read(snapshot: Snapshot) -> tuple[Answer, tuple[Hit, ...]]:
            _, found, *_, answer = self._steps(snapshot, question, turns, where, depth=depth)
            assert isinstance(found, Found)
            assert isinstance(answer, Answer)
            return answer, found.look_up()

        return self._on_snapshot(read)

    def search(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> SearchResult:
        """The `k` best passages for a question, best first."""

        def find(snapshot: Snapshot) -> SearchResult:
            query = self._read(snapshot, question, turns)
            found = self._retrieve(snapshot, query, where)
            best = hits(snapshot, found, k or self._settings.k, explain=explain, collapse=True)
            return SearchResult(query.text, snapshot.number, best)

        return self._on_snapshot(find)

    def examine(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
    ) -> tuple[Signals, tuple[Evidence, ...]] | None:
        """The signals of the best evidence and what would be cited, whether or not it is enough.

        None when nothing is found.
        """
        snapshot = self._snapshot
        query = self._read(snapshot, question, turns)
        found = self._retrieve(snapshot, query, where)
        sentences = score_sentences(snapshot, query, found)
        if not len(sentences.rows):
            return None
        evidence = select_evidence(snapshot, query, sentences, limit=self._settings.max_citations)
        return read_signals(snapshot, query, found, sentences), evidence

    def why_not(self, question: str, article_id: str, where: Facets | None = None) -> Verdict:
        """The stage at which the reply to a question loses an article, if it does."""
        snapshot = self._snapshot
        quoting = ExtractiveReader(self._settings.max_citations)
        answer = last_answer(self._steps(snapshot, question, (), where, reader=quoting))
        query = self._read(snapshot, question, ())
        asked = Asked(
            snapshot, self._library, self._settings, query, where, answer, self._calibration.answer
        )
        return why_not(asked, article_id)

    def leaders(
        self, where: RecordFilter | None = None, offset: int = 0, limit: int = 20
    ) -> RecordPage[PersonRow]:
        """People on record, `limit` at most from `offset` on, most statements first."""
        return self._on_record(lambda record: record.leaders(where, offset, limit))

    def commitments(
        self, where: RecordFilter | None = None, offset: int = 0, limit: int = 20
    ) -> RecordPage[StatementRow]:
        """Statements on record, `limit` at most from `offset` on, newest first."""
        return self._on_record(lambda record: record.commitments(where, offset, limit))

    def sectors(self, where: RecordFilter | None = None) -> SectorPage:
        """Sectors that anything on record is about, most statements first."""
        return self._on_record(lambda record: record.sectors(where))

    def coverage(self, where: RecordFilter | None = None) -> Coverage:
        """Who made how many statements on which sector."""
        return self._on_record(lambda record: record.coverage(where))

    def refresh(self) -> bool:
        """Move to the generation that CURRENT names; True when it moved. Cheap when it need not."""
        if self._pinned:
            return False
        with self._refreshing:
            named = self._store.current()
            if named == self._named:
                return False
            self._named = named
            before = self._snapshot.number
            self._snapshot = self._open_current()
            return self._snapshot.number != before

    def close(self) -> None:
        """Answer the questions under way, and no more, then close the library.

        The generation's files are released with the last reply.
        """
        with self._asking:
            self._is_closed = True
            self._asking.wait_for(lambda: not self._under_way)
            self._library.close()

    def _on_snapshot(self, work: Callable[[Snapshot], T]) -> T:
        """What `work` returns of the generation that serves, which stays the same in it.

        When a wording that it quotes was deleted meanwhile, because later builds have replaced the
        generation or the article was purged, the work is done once more on the one that serves now.
        """
        with self._at_work() as snapshot:
            try:
                return work(snapshot)
            except ArticleNotFoundError as error:
                return work(self._newer_than(snapshot, error))

    def _on_record(self, work: Callable[[RecordReader], T]) -> T:
        return self._on_snapshot(lambda snapshot: work(RecordReader(snapshot, self._library)))

    @contextmanager
    def _at_work(self) -> Iterator[Snapshot]:
        """The generation that serves; `close` waits until whoever uses it is done."""
        with self._asking:
            if self._is_closed:
                raise LibraryError("nothing can be asked any more: the answerer was closed")
            self._under_way += 1
        try:
            yield self._snapshot
        finally:
            with self._asking:
                self._under_way -= 1
                self._asking.notify_all()

    def _newer_than(self, snapshot: Snapshot, error: ArticleNotFoundError) -> Snapshot:
        """The generation that serves now; raises `error` when that is still the same."""
        self.refresh()
        if self._snapshot is snapshot:
            raise error
        return self._snapshot

    def _steps(
        self,
        snapshot: Snapshot,
        question: str,
        turns: Sequence[Turn],
        where: Facets | None,
        k: int | None = None,
        explain: bool = False,
        *,
        depth: int | None = None,
        reader: Reader | None = None,
    ) -> Iterator[Step]:
        """See `stream`; with `depth` the passages found are the first so many, copies and all."""
        clock, reader = Clock(), reader or self._reader
        with clock.stage("encode"):
            query = self._read(snapshot, question, turns)
        yield Resolved(query.text, snapshot.number)
        with clock.stage("search"):
            found = self._retrieve(snapshot, query, where)
        with clock.stage("evidence"):
            sentences = score_sentences(snapshot, query, found)
            judgement = judge(snapshot, query, found, sentences, self._calibration)
            recalled = recall(
                snapshot,
                query,
                where,
                self._taxonomy,
                best=partial(best_sentence, snapshot, sentences),
                covered=float(sentences.coverage[:1].sum()),
            )
            if recalled is not None:
                if judgement.reason or recalled.alone:
                    sentences = sentences.first(0)
                judgement = judge_recalled(judgement, recalled, query)
        n = k or self._settings.k
        nearest = cache(partial(hits, snapshot, found, n, explain=explain, collapse=True))
        yield Found(partial(hits, snapshot, found, depth) if depth else nearest)
        said: list[Sentence] = []
        with clock.stage("read"):
            if judgement.reason is None:
                recorded = rows_of(snapshot, recalled.places) if recalled else NONE
                limit = max(reader.limit, min(len(recorded), self._settings.max_recorded))
                evidence = select_evidence(
                    snapshot, query, sentences, limit=limit, recorded=recorded
                )
                for step in reader.read(query.text, evidence):
                    if isinstance(step, Sentence):
                        said.append(check_citations(step, self._library))
                    yield step
            shown = () if said else nearest()
        cited = {each.number: each for sentence in said for each in sentence.citations}
        yield Answer(
            question=question,
            resolved_question=query.text,
            answered=bool(said),
            reason=judgement.reason,
            missing=judgement.missing,
            message=explain_silence(judgement),
            confidence=judgement.confidence,
            answer=" ".join(sentence.text for sentence in said),
            citations=tuple(cited[number] for number in sorted(cited)),
            nearest=shown,
            mode=said[0].mode if said else "extractive",
            generation=snapshot.number,
            took_ms=clock.total(),
        )

    def _read(self, snapshot: Snapshot, question: str, turns: Sequence[Turn]) -> Query:
        asked = check_question(question, limit=self._settings.max_question_chars)
        today = newest_day(snapshot)
        return read_query(
            asked,
            self._analyser,
            self._embedder,
            turns=check_turns(turns),
            today=today,
            reads=self._reads,
            outlets=snapshot.outlets,
        )

    def _retrieve(self, snapshot: Snapshot, query: Query, where: Facets | None) -> Candidates:
        settings = self._settings
        return retrieve_in_talk(
            snapshot, query, where, candidates=settings.candidates, judged=settings.judged
        )

    def _open_current(self) -> Snapshot:
        snapshot, refused = open_current(self._store, self._library)
        for error in refused:
            logger.warning("%s; generation %d serves", error, snapshot.number)
        return self._matching(snapshot)

    def _matching(self, snapshot: Snapshot) -> Snapshot:
        if snapshot.manifest.fingerprint != self._embedder.fingerprint:
            raise EmbedderMismatchError(snapshot.manifest.encoder, self._embedder.name)
        return snapshot
