"""Snapshot: one open generation, never changed; each kind of search over it, and its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.articles import Facets, Span
from index.dense import FaissStore, Rows, Scores, VectorStore
from index.errors import DamagedGenerationError, GenerationError
from index.generations import GenerationStore, Manifest
from index.late import PieceTable
from index.lexical import LexicalIndex, QueryTerm
from index.outlets import OutletNames
from index.reach import Reach
from index.record import RECORD_FILE, Record
from index.tables import Tables
from index.tokens import TokenTable


class Texts(Protocol):
    """Where the stored text of an article's revision is read; the library is one."""

    def text(self, article_id: str, sha256: str) -> str:
        """The text, exactly as stored."""
        ...


class Snapshot:
    """A verified generation with its searches; safe to read from several threads.

    Scores of the two searches are raw: cosines, and BM25. Mixing them is the caller's business.
    """

    def __init__(self, folder: Path, manifest: Manifest, texts: Texts) -> None:
        self.manifest = manifest
        self.number = manifest.number
        self._texts = texts
        self.tables = Tables.read(folder)
        self.tokens = TokenTable(folder, len(self.tables.passages))
        self.pieces = PieceTable(folder, len(self.tables.passages))
        self.passage_vectors: NDArray[np.float16] = np.load(
            folder / "passage_vectors.npy", mmap_mode="r"
        )
        self.sentence_vectors: NDArray[np.float16] = np.load(
            folder / "sentence_vectors.npy", mmap_mode="r"
        )
        self.outlets = OutletNames(self.tables.sources)
        self._dense: VectorStore = FaissStore(folder / "passages.faiss")
        self._lexical = LexicalIndex(folder / "lexical")
        # Empty for a generation of an earlier version, until the next build.
        recorded = folder / RECORD_FILE if RECORD_FILE in manifest.files else None
        self.record = Record(recorded, self.tables.sources, manifest.number)
        self._reach = Reach(self.record, self.tables)

    def dense(
        self, vector: NDArray[np.float32], k: int, where: Facets | None = None
    ) -> tuple[Rows, Scores]:
        """Passage rows and cosines of the `k` nearest to a question's vector, best first."""
        return self._dense.search(vector, k, self.within(where) if where else None)

    def lexical(
        self, query: Sequence[QueryTerm], k: int, where: Facets | None = None
    ) -> tuple[Rows, Scores]:
        """Passage rows and BM25 scores of the `k` best for a query's terms, best first."""
        if not where:
            return self._lexical.search(query, k)
        recorded, rest = self._recorded(where)
        return self._lexical.search(query, k, rest, recorded)

    def within(self, where: Facets) -> NDArray[np.bool_]:
        """Which passages the facets let through; bool, one a passage."""
        allowed = self.tables.articles_within(where)[self.tables.passages["article"]]
        recorded, rest = self._recorded(where)
        if recorded is not None:
            allowed &= recorded
        if rest.speaker or rest.sector:
            named = np.zeros(len(allowed), dtype=np.bool_)
            named[self._lexical.rows_within(rest)] = True
            allowed &= named
        return np.asarray(allowed, dtype=np.bool_)

    def _recorded(self, where: Facets) -> tuple[NDArray[np.bool_] | None, Facets]:
        """The passages of a person or a sector that the record knows; and the limits left."""
        speaks = self._reach.speaker(where.speaker) if where.speaker else None
        about = self._reach.sector(where.sector) if where.sector else None
        rest = replace(
            where,
            speaker=where.speaker if speaks is None else None,
            sector=where.sector if about is None else None,
        )
        return (about if speaks is None else speaks if about is None else speaks & about), rest

    def text(self, article: int) -> str:
        """The text of the article in that row, as it was when the generation was built."""
        source = self.tables.sources[article]
        return self._texts.text(source.article_id, source.sha256)

    def passage_span(self, row: int) -> Span:
        """Where a passage lies in its article."""
        passage = self.tables.passages[row]
        return Span(int(passage["start"]), int(passage["end"]))

    def sentence_span(self, row: int) -> Span:
        """Where a sentence lies in its article."""
        sentence = self.tables.sentences[row]
        return Span(int(sentence["start"]), int(sentence["end"]))


def open_snapshot(store: GenerationStore, number: int, texts: Texts) -> Snapshot:
    """Verify a generation and open it.

    Raises:
        GenerationError: it is not there, damaged, or of a newer format.
    """
    return open_folder(store.folder(number), store.verify(number), texts)


def open_folder(folder: Path, manifest: Manifest, texts: Texts) -> Snapshot:
    """Open a generation in the folder where it lies or is being built; nothing is hashed.

    Raises:
        DamagedGenerationError: it cannot be opened.
    """
    try:
        return Snapshot(folder, manifest, texts)
    except (OSError, ValueError, RuntimeError) as error:
        reason = f"cannot be opened: {error}"
        raise DamagedGenerationError(manifest.number, "its files", reason) from error


def open_current(
    store: GenerationStore, texts: Texts
) -> tuple[Snapshot, tuple[GenerationError, ...]]:
    """The generation that CURRENT names, or the newest older one that is whole.

    Also says why newer ones were refused; empty when the current one opened. One that is kept
    aside is opened only when CURRENT names it.

    Raises:
        NoGenerationError: nothing has been built.
        UnreadableCurrentError: CURRENT names no generation, though there are some.
        GenerationError: no kept generation can be used; the current one's own fault.
    """
    current = store.current()
    refused: list[GenerationError] = []
    for number in (current, *(n for n in reversed(store.kept()) if n < current)):
        try:
            return open_snapshot(store, number, texts), tuple(refused)
        except GenerationError as error:
            refused.append(error)
    raise refused[0]
