"""Convex fusion: lexical and dense scores of the same passages become one.

BM25 has no upper end and cosine lies in [-1, 1], so each is first put on [0, 1]: BM25 from its
theoretical minimum 0 to the best score found, cosine from its theoretical minimum -1. Bruch,
Gai and Ingber, TOIS 2023. Ranks alone would lose how good the best is, and lose ground to BM25
wherever the encoder reads a language badly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def fuse(lexical: Floats, dense: Floats, *, weight: Floats) -> Floats:
    """One score a passage: weight · dense + (1 - weight) · lexical, both on [0, 1].

    All are float32 of shape (n,), aligned: `lexical` BM25 (0 where no word matched), `dense`
    cosines, `weight` the share of the dense side for the language each passage is written in.

    Raises:
        ValueError: a weight lies outside [0, 1].
    """
    if weight.size and not (weight.min() >= 0 and weight.max() <= 1):
        raise ValueError("a fusion weight lies outside [0, 1]")
    best = lexical.max(initial=0)
    scaled = lexical / best if best > 0 else np.zeros_like(lexical)
    return (weight * (dense + 1) / 2 + (1 - weight) * scaled).astype(np.float32)
