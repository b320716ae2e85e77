"""Small honest stand-ins: an encoder that hashes words, a vector store that sorts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index import Rows, Scores, Vectors, words


class WordEmbedder:
    """Texts that share folded words are near: each word adds one to a place that its hash gives."""

    name = "words"
    fingerprint = "words-64"
    dim = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        self.encoded += texts
        if progress:
            progress(len(texts))
        return np.stack([self.encode_question(text) for text in texts]) if texts else np.zeros(
            (0, self.dim), np.float32
        )

    def encode_question(self, question: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dim, np.float32)
        for word in words(question):
            vector[int(hashlib.md5(word.folded.encode()).hexdigest(), 16) % self.dim] += 1
        norm = float(np.linalg.norm(vector))
        if norm == 0:
            vector[0] = norm = 1.0
        return vector / np.float32(norm)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return [len(words(text)) for text in texts]


class MemoryStore:
    """Exact search by sorting every cosine."""

    def __init__(self, vectors: NDArray[np.float16]) -> None:
        self._vectors = vectors.astype(np.float32)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[Rows, Scores]:
        scores = self._vectors @ vector
        rows = np.arange(len(scores)) if allowed is None else np.flatnonzero(allowed)
        best = rows[np.lexsort((rows, -scores[rows]))][:k]
        return best, scores[best]
