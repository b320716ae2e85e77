"""build(): a new generation of the library's articles; what did not change keeps its vectors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from index.analysis import Analyser, load_analyser
from index.chunking import chunk
from index.contents import IndexedArticle, write_contents
from index.embedding import Embedder
from index.errors import GateRefusedError, GenerationError, LibraryError
from index.generations import GenerationStore, Manifest
from index.library import Library
from index.proving import prove
from index.record import RECORD_FILE, Extractor, load_taxonomy, rules_digest, write_record
from index.settings import IndexSettings
from index.text import encoder_text
from index.vectors import KnownVectors, VectorTables, read_keys, read_vectors

Progress = Callable[[str, int, int], None]
Gate = Callable[[int], None]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class BuildReport:
    """What a build did; `embedded` and `reused` count vectors of passages and of sentences.

    `removed` counts passages of the last generation that are gone; `extracted` articles that were
    read anew for the record, `unrecorded` the ids of those of which it holds nothing, as reading
    them failed. `seconds` maps each stage to its time; `unchanged` is True when the live generation
    already held everything.
    """

    generation: int
    articles: int
    passages: int
    sentences: int
    embedded: int
    reused: int
    removed: int
    digest: str
    extracted: int = 0
    unrecorded: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    unchanged: bool = False


def build(
    library: Library,
    store: GenerationStore,
    embedder: Embedder,
    settings: IndexSettings,
    *,
    full: bool = False,
    progress: Progress | None = None,
    gate: Gate | None = None,
) -> BuildReport:
    """Build a generation of all articles, prove it whole and make it the current one.

    Nothing is built when the current generation already holds this state of the library with
    this encoder and these settings; `full` builds all the same and embeds every text anew.
    `progress` is told stage, done and total. `gate` is called with the number of the new
    generation before it goes live, and raises GateRefusedError to have it kept aside.

    Raises:
        BuildLockedError: another build is running.
        LibraryError: the library cannot be read.
        TermTableError: a table of the operator's own has a broken line.
        DamagedGenerationError: what was written is not what was meant; CURRENT stays.
        WriteFailedError: the disk does not take it; CURRENT stays, and nothing is left of it.
        GateRefusedError: the gate refused it; it is kept aside, CURRENT stays.
    """
    tell = progress or (lambda stage, done, total: None)
    clock = _Clock()
    analyser = load_analyser(settings.terms)
    content = content_settings(settings, analyser)
    extractor = Extractor(load_taxonomy(settings.sectors, settings.terms))

    def check(folder: Path, manifest: Manifest) -> None:
        clock.begin("verify")
        tell("verify", 0, 1)
        prove(folder, manifest, library)
        tell("verify", 1, 1)

    with store.writing() as building:
        last = _last_manifest(store)
        with library.snapshot() as articles_now:
            revision = articles_now.revision
            if last and not full and _holds(last, revision, embedder, content):
                return _unchanged(last)
            clock.begin("read")
            articles, sentences = _read(articles_now, analyser, embedder, settings, tell)
        clock.begin("record")
        recorded = write_record(
            building / RECORD_FILE,
            [(one.article, one.analysis.sentences) for one in articles],
            extractor,
            () if full else _records(store, last),
            lambda done, total: tell("record", done, total),
        )
        clock.begin("embed")
        known = KnownVectors() if full else _known_vectors(store, last, embedder)
        vectors = VectorTables(_passages(articles), sentences, embedder, known)
        vectors.embed(lambda done, total: tell("embed", done, total))
        clock.begin("write")
        tell("write", 0, 1)
        contents = write_contents(building, articles, vectors)
        tell("write", 1, 1)
        manifest = Manifest(
            number=0,
            encoder=embedder.name,
            fingerprint=embedder.fingerprint,
            dim=embedder.dim,
            settings=content,
            counts=contents.counts,
            library_revision=revision,
            digest=contents.digest,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            files={},
        )
        sealed = store.seal(building, manifest, check, aside=gate is not None)
        try:
            if gate:
                clock.begin("gate")
                gate(sealed.number)
            clock.begin("publish")
            store.publish(sealed.number)
        except GateRefusedError:
            _clear_old(store, library, settings.keep_generations, spare=sealed.number)
            raise
        except BaseException:
            _withdraw(store, sealed.number)
            raise
        removed = _removed(store, last, vectors)
        _clear_old(store, library, settings.keep_generations)
    return BuildReport(
        generation=sealed.number,
        embedded=vectors.embedded,
        reused=vectors.reused,
        removed=removed,
        extracted=recorded.extracted,
        unrecorded=recorded.failed,
        digest=sealed.digest,
        seconds=clock.end(),
        articles=contents.counts["articles"],
        passages=contents.counts["passages"],
        sentences=contents.counts["sentences"],
    )


def _last_manifest(store: GenerationStore) -> Manifest | None:
    """The manifest of the current generation, when it is whole."""
    try:
        return store.verify(store.current())
    except GenerationError:
        return None


def _holds(
    last: Manifest, revision: int, embedder: Embedder, content: dict[str, int | str]
) -> bool:
    return (
        last.library_revision == revision
        and last.fingerprint == embedder.fingerprint
        and last.settings == content
    )


def content_settings(settings: IndexSettings, analyser: Analyser) -> dict[str, int | str]:
    """The settings on which the content of a generation depends."""
    return {
        "encoder": settings.encoder,
        "passage_pieces": settings.passage_pieces,
        "overlap_pieces": settings.overlap_pieces,
        "terms": analyser.table.digest,
        "sectors": load_taxonomy(settings.sectors, settings.terms).fingerprint,
        "record": rules_digest(),
    }


def _unchanged(last: Manifest) -> BuildReport:
    return BuildReport(
        generation=last.number,
        embedded=0,
        reused=last.counts["passages"] + last.counts["sentences"],
        removed=0,
        digest=last.digest,
        unchanged=True,
        articles=last.counts["articles"],
        passages=last.counts["passages"],
        sentences=last.counts["sentences"],
    )


def _read(
    library: Library,
    analyser: Analyser,
    embedder: Embedder,
    settings: IndexSettings,
    tell: Progress,
) -> tuple[list[IndexedArticle], list[str]]:
    """The articles as they are indexed, and all their sentences as the encoder reads them."""
    total = library.count()
    read, sentences = [], []
    for done, article in enumerate(library.articles(), start=1):
        analysis = analyser.analyse(article)
        texts = [encoder_text(span.slice(article.text)) for span in analysis.sentences]
        passages = chunk(
            article.id,
            analysis.sentences,
            embedder.count_pieces(texts),
            limit=settings.passage_pieces,
            overlap=settings.overlap_pieces,
        )
        read.append(IndexedArticle(article, analysis, passages))
        sentences += texts
        tell("read", done, total)
    return read, sentences


def _passages(articles: list[IndexedArticle]) -> list[str]:
    """Every passage as the encoder reads it."""
    return [
        encoder_text(passage.span.slice(indexed.article.text))
        for indexed in articles
        for passage in indexed.passages
    ]


def _known_vectors(
    store: GenerationStore, last: Manifest | None, embedder: Embedder
) -> KnownVectors:
    """The vectors of the live generation and of the newest one, which may be kept aside."""
    known = KnownVectors()
    for number in dict.fromkeys((last.number if last else 0, *_newest(store))):
        try:
            if number and store.manifest(number).fingerprint == embedder.fingerprint:
                if last is None or number != last.number:  # the last has been verified
                    store.verify(number)
                more = read_vectors(store.folder(number))
                known.passages |= more.passages
                known.sentences |= more.sentences
        except (GenerationError, OSError, ValueError) as error:
            logger.warning("no vectors are taken over: %s", error)
    return known


def _records(store: GenerationStore, last: Manifest | None) -> list[Path]:
    """The records of the live generation and of the newest one, which may be kept aside."""
    numbers = [last.number] if last else []
    for number in _newest(store):
        with suppress(GenerationError):
            if number not in numbers:
                store.verify(number)
                numbers.append(number)
    return [path for number in numbers if (path := store.folder(number) / RECORD_FILE).exists()]


def _newest(store: GenerationStore) -> list[int]:
    return sorted((*store.kept(), *store.aside()))[-1:]


def _withdraw(store: GenerationStore, number: int) -> None:
    """Remove a generation that never went live; the next build does where the disk refuses."""
    with suppress(OSError, GenerationError):
        if store.current() == number:
            return
    with suppress(OSError, GenerationError):
        store.discard(number)


def _clear_old(
    store: GenerationStore, library: Library, keep: int, *, spare: int | None = None
) -> None:
    """Remove the generations beyond the newest `keep`, and the revisions that only they quoted.

    What serves is settled by now, so a disk that refuses this does not undo the build.
    """
    try:
        store.prune(keep, spare=spare)
        on_disk = (*store.kept(), *store.aside())
        library.prune_revisions({pair for number in on_disk for pair in store.quoted(number)})
    except (OSError, GenerationError, LibraryError) as error:
        logger.warning("what is old stays until the next build: %s", error)


def _removed(store: GenerationStore, last: Manifest | None, vectors: VectorTables) -> int:
    if last is None:
        return 0
    before = read_keys(store.folder(last.number), "passage")
    return len(set(before) - set(vectors.passage_keys))


class _Clock:
    """Seconds of each stage of one build; a stage ends where the next begins."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._stage, self._began = "", 0.0

    def begin(self, stage: str) -> None:
        """Begin a stage."""
        self.end()
        self._stage, self._began = stage, time.perf_counter()

    def end(self) -> dict[str, float]:
        """End the last stage; the seconds of all, in their order."""
        if self._stage:
            self._seconds[self._stage] = round(time.perf_counter() - self._began, 3)
        self._stage = ""
        return self._seconds
