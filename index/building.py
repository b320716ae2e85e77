"""build(): a new generation of the library's articles; what did not change keeps its vectors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyser, load_analyser
from index.chunking import chunk
from index.contents import IndexedArticle, write_contents
from index.embedding import Embedder
from index.errors import DamagedGenerationError, GenerationError
from index.generations import GenerationStore, Manifest
from index.library import Library
from index.settings import IndexSettings
from index.snapshot import Snapshot, Texts, open_snapshot
from index.tables import Tables
from index.text import encoder_text
from index.vectors import KnownVectors, VectorTables, read_keys, read_vectors

Progress = Callable[[str, int, int], None]

_CANARIES = 20


@dataclass(frozen=True)
class BuildReport:
    """What a build did; `embedded` and `reused` count vectors of passages and of sentences.

    `removed` counts passages of the last generation that are gone; `seconds` maps each stage to
    its time; `unchanged` is True when the live generation already held everything.
    """

    generation: int
    articles: int
    passages: int
    sentences: int
    embedded: int
    reused: int
    removed: int
    digest: str
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
) -> BuildReport:
    """Build a generation of all articles, verify it and make it the current one.

    Nothing is built when the current generation already holds this state of the library with
    this encoder and these settings; `full` builds all the same and embeds every text anew.
    `progress` is told stage, done and total.

    Raises:
        BuildLockedError: another build is running.
        LibraryError: the library cannot be read.
        DamagedGenerationError: what was written is not what was meant; CURRENT stays.
    """
    tell = progress or (lambda stage, done, total: None)
    clock = _Clock()
    analyser = load_analyser(settings.terms)
    content = _content_settings(settings, analyser)
    with store.writing() as aside:
        last = _last_manifest(store)
        with library.snapshot() as articles_now:
            revision = articles_now.revision
            if last and not full and _holds(last, revision, embedder, content):
                return _unchanged(last)
            with clock.stage("read"):
                articles = _read(articles_now, analyser, embedder, settings, tell)
        with clock.stage("embed"):
            vectors = _vectors(articles, embedder, None if full else last, store)
            vectors.embed(lambda done, total: tell("embed", done, total))
        with clock.stage("write"):
            tell("write", 0, 1)
            contents = write_contents(aside, articles, vectors)
            tell("write", 1, 1)
        with clock.stage("publish"):
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
            sealed = store.seal(aside, manifest)
            _prove(store, sealed.number, library)
            store.publish(sealed.number)
            removed = _removed(store, last, vectors)
            store.prune(settings.keep_generations)
            library.prune_revisions(_quoted(store))
    return BuildReport(
        generation=sealed.number,
        embedded=vectors.embedded,
        reused=vectors.reused,
        removed=removed,
        digest=sealed.digest,
        seconds=clock.seconds,
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


def _content_settings(settings: IndexSettings, analyser: Analyser) -> dict[str, int | str]:
    """The settings on which the content of a generation depends."""
    return {
        "encoder": settings.encoder,
        "passage_pieces": settings.passage_pieces,
        "overlap_pieces": settings.overlap_pieces,
        "terms": analyser.table.digest,
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
) -> list[IndexedArticle]:
    total = library.count()
    read = []
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
        tell("read", done, total)
    return read


def _vectors(
    articles: list[IndexedArticle],
    embedder: Embedder,
    last: Manifest | None,
    store: GenerationStore,
) -> VectorTables:
    passages = [
        encoder_text(passage.span.slice(indexed.article.text))
        for indexed in articles
        for passage in indexed.passages
    ]
    sentences = [
        encoder_text(span.slice(indexed.article.text))
        for indexed in articles
        for span in indexed.analysis.sentences
    ]
    known = KnownVectors()
    if last and last.fingerprint == embedder.fingerprint:
        known = read_vectors(store.folder(last.number))
    return VectorTables(passages, sentences, embedder, known)


def _prove(store: GenerationStore, number: int, texts: Texts) -> None:
    """Open the sealed generation and ask it for passages by their own vectors and places.

    One that fails is removed again.
    """
    try:
        snapshot = open_snapshot(store, number, texts)
        n = len(snapshot.tables.passages)
        for row in np.unique(np.linspace(0, n - 1, min(n, _CANARIES)).astype(np.int64)):
            _prove_passage(snapshot, int(row))
    except GenerationError:
        store.discard(number)
        raise


def _prove_passage(snapshot: Snapshot, row: int) -> None:
    vector: NDArray[np.float32] = snapshot.passage_vectors[row].astype(np.float32)
    _, scores = snapshot.dense(vector, 1)
    if len(scores) == 0 or scores[0] < float(vector @ vector) - 0.01:
        raise DamagedGenerationError(
            snapshot.number, "passages.faiss", f"does not find passage {row} by its own vector"
        )
    span = snapshot.passage_span(row)
    if span.end > len(snapshot.text(int(snapshot.tables.passages[row]["article"]))):
        raise DamagedGenerationError(
            snapshot.number, "passages.npy", f"names a place beyond its text (row {row})"
        )


def _removed(store: GenerationStore, last: Manifest | None, vectors: VectorTables) -> int:
    if last is None:
        return 0
    before = read_keys(store.folder(last.number), "passage")
    return len(set(before) - set(vectors.passage_keys))


def _quoted(store: GenerationStore) -> set[tuple[str, str]]:
    """Every revision (article id, sha256) that a kept generation can quote; a damaged one none."""
    quoted = set()
    for number in store.kept():
        try:
            store.verify(number)
        except GenerationError:
            continue
        sources = Tables.read(store.folder(number)).sources
        quoted |= {(source.article_id, source.sha256) for source in sources}
    return quoted


class _Clock:
    """Seconds of each stage of one build."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)
