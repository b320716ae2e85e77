"""A query within its talk: what was typed and what was asked before have a say in the ranking.

A question made whole may have been made whole wrongly, so each passage gets the better of its
scores for the question as typed and as made whole. And talk stays with its matter: of passages
that suit the question alike, those that suit the questions before it come first.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from index import Facets, Snapshot
from qa.fusion import Floats
from qa.queries import Query
from qa.retrieval import Candidates, Ints, retrieve

_PULL = 0.15  # more loses where the talk moves on to something else


def retrieve_in_talk(
    snapshot: Snapshot, query: Query, where: Facets | None, *, candidates: int, judged: int
) -> Candidates:
    """As `retrieve`, with the candidates of the question as typed among them, best first.

    All signals are those of the question made whole; only `score` knows of the talk.
    """
    asked = (
        retrieve(snapshot, query.asked, where, candidates=candidates, judged=judged)
        if query.asked
        else None
    )
    also = asked.rows if asked else None
    found = retrieve(snapshot, query, where, candidates=candidates, judged=judged, also=also)
    score = found.score
    if asked:
        score = np.maximum(score, _scores_of(found.rows, asked, otherwise=0))
    if query.before and len(found):
        before = retrieve(snapshot, query.before, where, candidates=candidates, judged=judged)
        suits = _scores_of(found.rows, before, otherwise=float(before.score.min(initial=1)))
        score = np.maximum(score - np.float32(_PULL) * (suits.max() - suits), 0)
    return _rescored(found, score)


def _scores_of(rows: Ints, found: Candidates, *, otherwise: float) -> Floats:
    """The score of each row among the candidates, float32 of shape (n,)."""
    scores = dict(zip(found.rows.tolist(), found.score.tolist(), strict=True))
    return np.array([scores.get(row, otherwise) for row in rows.tolist()], dtype=np.float32)


def _rescored(found: Candidates, score: Floats) -> Candidates:
    """The candidates with other scores, best first, ties by row."""
    best = np.lexsort((found.rows, -score))
    arrays = {
        field.name: getattr(found, field.name)[best]
        for field in fields(found)
        if isinstance(getattr(found, field.name), np.ndarray)
    }
    return replace(found, **{**arrays, "score": score[best]})
