"""Retriever: a query and its limits become fused hits, the raw scores kept beside them.

Both searches hand over their best; each of these passages then gets both scores, so that none
is judged by one side alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import Facets, Snapshot
from qa.answers import Hit
from qa.fusion import Floats, fuse
from qa.queries import Query

# Share of the dense side by the language of the text: the packaged encoder reads English well,
# French a little and Vietnamese hardly.
DENSE_WEIGHTS = {"en": 0.5, "fr": 0.25, "vi": 0.15}
OTHER_WEIGHT = 0.25


@dataclass(frozen=True)
class Candidates:
    """Passages worth judging for one query, best first; arrays are aligned, one entry a passage.

    `rows` are int64; `lexical` is BM25, 0 where no word matched; `passage` and `sentence` are
    cosines of the passage and of its best sentence; `score` is the fusion, in [0, 1].
    """

    rows: NDArray[np.int64]
    lexical: Floats
    passage: Floats
    sentence: Floats
    score: Floats

    def __len__(self) -> int:
        return len(self.rows)


def retrieve(snapshot: Snapshot, query: Query, where: Facets, *, candidates: int) -> Candidates:
    """The union of the best `candidates` of each search, fused, best first, ties by row."""
    lexical_rows, lexical_scores = snapshot.lexical(query.terms, candidates, where)
    dense_rows, _ = snapshot.dense(query.vector, candidates, where)
    rows = np.union1d(lexical_rows, dense_rows)
    lexical = np.zeros(len(rows), dtype=np.float32)
    lexical[np.searchsorted(rows, lexical_rows)] = lexical_scores
    passage: Floats = snapshot.passage_vectors[rows].astype(np.float32) @ query.vector
    sentence = best_sentence_cosines(snapshot, rows, query)
    weight = _dense_weights(snapshot, rows)
    score = fuse(lexical, (passage + sentence) / np.float32(2), weight=weight)
    best = np.lexsort((rows, -score))
    return Candidates(rows[best], lexical[best], passage[best], sentence[best], score[best])


def best_sentence_cosines(snapshot: Snapshot, rows: NDArray[np.int64], query: Query) -> Floats:
    """For each passage the highest cosine of one of its sentences, float32 of shape (n,)."""
    if not len(rows):
        return np.empty(0, dtype=np.float32)
    passages = snapshot.tables.passages[rows]
    ranges = [
        np.arange(first, last)
        for first, last in zip(passages["first_sentence"], passages["last_sentence"], strict=True)
    ]
    vectors = snapshot.sentence_vectors[np.concatenate(ranges)].astype(np.float32)
    starts = np.cumsum([0, *(len(sentences) for sentences in ranges[:-1])])
    best: Floats = np.maximum.reduceat(vectors @ query.vector, starts)
    return best


def hits(
    snapshot: Snapshot, found: Candidates, k: int, *, explain: bool = False
) -> tuple[Hit, ...]:
    """The first `k` candidates as hits with their texts, ranks from 1."""
    return tuple(_hit(snapshot, found, at, explain) for at in range(min(k, len(found))))


def _hit(snapshot: Snapshot, found: Candidates, at: int, explain: bool) -> Hit:
    row = int(found.rows[at])
    article = int(snapshot.tables.passages[row]["article"])
    span = snapshot.passage_span(row)
    parts = {
        "lexical": float(found.lexical[at]),
        "dense_passage": float(found.passage[at]),
        "dense_sentence": float(found.sentence[at]),
    }
    return Hit(
        rank=at + 1,
        source=snapshot.tables.sources[article],
        span=span,
        text=span.slice(snapshot.text(article)),
        score=float(found.score[at]),
        row=row,
        explain=parts if explain else {},
    )


def _dense_weights(snapshot: Snapshot, rows: NDArray[np.int64]) -> Floats:
    sources = snapshot.tables.sources
    return np.array(
        [
            DENSE_WEIGHTS.get(sources[article].lang or "", OTHER_WEIGHT)
            for article in snapshot.tables.passages["article"][rows]
        ],
        dtype=np.float32,
    )
