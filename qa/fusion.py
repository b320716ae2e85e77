"""Convex fusion: several scores of the same passages become one.

BM25 has no upper end and cosine lies in [-1, 1], so each is first put on [0, 1] from its
theoretical minimum, 0 and -1. Bruch, Gai and Ingber, TOIS 2023. Ranks alone would lose how good
the best is, and lose ground to BM25 wherever the encoder reads a language badly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """The share of each signal; together 1.

    Raises:
        ValueError: a share is negative, or they do not add up to 1.
    """

    lexical: float
    context: float
    dense: float
    late: float

    def __post_init__(self) -> None:
        shares = (self.lexical, self.context, self.dense, self.late)
        if min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
            raise ValueError(f"shares {shares} are no convex combination")


# Tuned on development questions by the language of the text. The packaged encoder reads English
# well, French a little and Vietnamese hardly; its word-pieces still carry names in any language.
WEIGHTS = {
    "en": Weights(lexical=0.05, context=0.15, dense=0.5, late=0.3),
    "fr": Weights(lexical=0.2, context=0.3, dense=0.2, late=0.3),
    "vi": Weights(lexical=0.3, context=0.2, dense=0.1, late=0.4),
}
OTHER = WEIGHTS["fr"]


def weights_of(
    langs: list[str | None], reads: frozenset[str] = frozenset({"en"})
) -> dict[str, Floats]:
    """The weights of passages in these languages: one float32 array of shape (n,) a signal.

    What the encoder `reads` as it reads English is weighed as English is.
    """
    chosen = [WEIGHTS["en"] if lang in reads else WEIGHTS.get(lang or "", OTHER) for lang in langs]
    return {
        name: np.array([getattr(weights, name) for weights in chosen], dtype=np.float32)
        for name in ("lexical", "context", "dense", "late")
    }


def fuse(signals: dict[str, Floats], weights: dict[str, Floats]) -> Floats:
    """The sum of all four signals, each on [0, 1], by their shares; float32 of shape (n,)."""
    shares = [weights[name] * signal for name, signal in signals.items()]
    mixed: Floats = np.sum(shares, axis=0, dtype=np.float32)
    return mixed


def by_best(scores: Floats) -> Floats:
    """BM25 on [0, 1]: from its theoretical minimum 0 to the best score found."""
    best = scores.max(initial=0)
    return scores / best if best > 0 else np.zeros_like(scores)


def from_cosine(cosines: Floats) -> Floats:
    """Cosines on [0, 1], from their theoretical minimum -1."""
    return (cosines + np.float32(1)) / np.float32(2)
