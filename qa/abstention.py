"""Abstention: how sure the evidence makes us, and the reason for silence when it does not.

The signals are taken before fusion, for a fused score says which passage is best and not how good
it is: the share of the question's words found in the best sentence and its passage, and the
nearest cosine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from qa.evidence import ScoredSentences
from qa.retrieval import Candidates

Reason = Literal["no_passage", "weak_evidence"]

THRESHOLD = 0.5
_BIAS, _COVERAGE, _COSINE = -4.2, 4.5, 4.0


@dataclass(frozen=True)
class Judgement:
    """Whether the evidence is enough; `reason` is None when it is."""

    confidence: float
    reason: Reason | None


def judge(found: Candidates, sentences: ScoredSentences) -> Judgement:
    """The confidence that the best sentence answers, in [0, 1], and the reason if it is too low."""
    if not len(found) or not len(sentences.rows):
        return Judgement(0.0, "no_passage")
    nearest = float(found.sentence.max())
    evidence = _BIAS + _COVERAGE * float(sentences.coverage[0]) + _COSINE * nearest
    confidence = round(1 / (1 + math.exp(-evidence)), 4)
    return Judgement(confidence, None if confidence >= THRESHOLD else "weak_evidence")
