"""Evidence: the sentences of the best passages that may answer, best first.

A sentence is judged by four things: the question's words that it holds, weighted by rarity; how
near its vector is; how well each word-piece of the question is met in it; how good its passage
is. Going through passages beats ranking sentences alone, for a sentence often leaves its subject
to the one before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import Snapshot, mean_by_rarity
from qa.answers import Evidence
from qa.fusion import Floats, from_cosine
from qa.retrieval import Candidates, Sentences

PASSAGES = 10  # passages whose sentences are read
COVERAGE, COSINE, LATE, PASSAGE = 0.25, 0.15, 0.3, 0.3  # shares of the four signals


@dataclass(frozen=True)
class ScoredSentences:
    """Sentence rows with their scores in [0, 1], best first, and the signals behind them."""

    rows: NDArray[np.int64]
    score: Floats
    coverage: Floats
    cosine: Floats
    late: Floats


def score_sentences(snapshot: Snapshot, found: Candidates) -> ScoredSentences:
    """Every sentence of the best passages, each once, best first, ties by row."""
    best_passage: dict[int, float] = {}
    for row, score in zip(found.rows[:PASSAGES], found.score[:PASSAGES], strict=True):
        passage = snapshot.tables.passages[row]
        for sentence in range(passage["first_sentence"], passage["last_sentence"]):
            best_passage[sentence] = max(float(score), best_passage.get(sentence, 0.0))
    rows = np.array(sorted(best_passage), dtype=np.int64)
    read = found.sentences
    at = np.searchsorted(read.rows, rows)
    passages = np.array([best_passage[int(row)] for row in rows], dtype=np.float32)
    covered = coverage(read)[at]
    late = np.maximum(mean_by_rarity(read.aligned[at], read.rarity), 0)
    cosine = read.cosine[at]
    score = COVERAGE * covered + COSINE * from_cosine(cosine) + LATE * late + PASSAGE * passages
    order = np.lexsort((rows, -score))
    return ScoredSentences(
        rows=rows[order],
        score=score[order].astype(np.float32),
        coverage=covered[order],
        cosine=cosine[order],
        late=late[order],
    )


def coverage(sentences: Sentences) -> Floats:
    """Share of the question's words, weighted by rarity, that each sentence holds, in [0, 1]."""
    return mean_by_rarity((sentences.held > 0).astype(np.float32), sentences.term_rarity)


def select_evidence(
    snapshot: Snapshot, sentences: ScoredSentences, *, limit: int, near: float = 0.85
) -> tuple[Evidence, ...]:
    """The best sentence and those nearly as good, at most `limit`, no quote twice, best first.

    `near` is the share of the best score that another sentence must reach.
    """
    chosen: list[Evidence] = []
    for row, score in zip(sentences.rows, sentences.score, strict=True):
        if len(chosen) == limit or score < near * sentences.score[0]:
            break
        article = int(snapshot.tables.sentences[row]["article"])
        span = snapshot.sentence_span(int(row))
        quote = span.slice(snapshot.text(article))
        if all(quote != other.quote for other in chosen):
            source = snapshot.tables.sources[article]
            chosen.append(Evidence(source, span, quote, float(score)))
    return tuple(chosen)
