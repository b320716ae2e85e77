"""Evidence: the sentences of the found passages that may answer, best first.

A sentence is judged by three things: how many of the question's words it holds, weighted by their
rarity; how near its vector is; how good its passage is. Going through passages beats ranking
sentences alone, for a sentence often leaves its subject to the one before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import Snapshot
from qa.answers import Evidence
from qa.fusion import Floats
from qa.queries import Query
from qa.retrieval import Candidates

PASSAGES = 10  # passages whose sentences are read
COVERAGE, COSINE, PASSAGE = 0.4, 0.3, 0.3  # shares of the three signals


@dataclass(frozen=True)
class ScoredSentences:
    """Sentence rows with their scores in [0, 1] and the raw coverage behind them, best first."""

    rows: NDArray[np.int64]
    score: Floats
    coverage: Floats


def score_sentences(snapshot: Snapshot, query: Query, found: Candidates) -> ScoredSentences:
    """Every sentence of the best passages, each once, best first, ties by row."""
    best_passage: dict[int, float] = {}
    for row, score in zip(found.rows[:PASSAGES], found.score[:PASSAGES], strict=True):
        passage = snapshot.tables.passages[row]
        for sentence in range(passage["first_sentence"], passage["last_sentence"]):
            best_passage[sentence] = max(float(score), best_passage.get(sentence, 0.0))
    rows = np.array(sorted(best_passage), dtype=np.int64)
    if not len(rows):
        return ScoredSentences(rows, *(np.empty(0, np.float32) for _ in range(2)))
    passage_scores = np.array([best_passage[int(row)] for row in rows], dtype=np.float32)
    cosine = snapshot.sentence_vectors[rows].astype(np.float32) @ query.vector
    covered = coverage(snapshot, query, rows)
    score = COVERAGE * covered + COSINE * (cosine + 1) / 2 + PASSAGE * passage_scores
    order = np.lexsort((rows, -score))
    return ScoredSentences(rows[order], score[order].astype(np.float32), covered[order])


def coverage(snapshot: Snapshot, query: Query, rows: NDArray[np.int64]) -> Floats:
    """Share of the question's words, weighted by rarity, that each sentence holds, in [0, 1]."""
    tokens = snapshot.tokens
    weights = np.array([tokens.rarity(term.forms) for term in query.terms], dtype=np.float32)
    ids = [tokens.ids(term.forms) for term in query.terms]
    held = np.zeros((len(rows), len(ids)), dtype=np.float32)
    for at, row in enumerate(rows):
        sentence = snapshot.tables.sentences[row]
        present = tokens.tokens[sentence["first_token"] : sentence["last_token"]]
        held[at] = [bool(np.isin(forms, present).any()) for forms in ids]
    total = float(weights.sum())
    return held @ weights / np.float32(total) if total > 0 else held.sum(axis=1)


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
