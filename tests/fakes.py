"""Small honest stand-ins: an encoder that hashes words, a vector store that sorts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index import Encoded, Rows, Scores, Vectors, words
from qa.errors import ModelError


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
        table = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            table[row] = self.encode_question(text).vector
        return table

    def encode_sentences(self, texts: Sequence[str]) -> Iterator[tuple[int, Encoded]]:
        self.encoded += texts
        return enumerate(map(self.encode_question, texts))

    def encode_question(self, question: str) -> Encoded:
        places = [_place(word.folded, self.dim) for word in words(question)]
        vector = np.zeros(self.dim, np.float32)
        np.add.at(vector, places, 1)
        if not places:
            vector[0] = 1
        unit = vector / np.float32(np.linalg.norm(vector))
        return Encoded(unit, np.array(places, np.int32), np.eye(self.dim, dtype=np.float32)[places])

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


class ScriptedModel:
    """Writes the text it was given in pieces of a few characters, then fails if it has to.

    `asked` are the messages of each call; `is_closed` is True once the last one has ended.
    """

    def __init__(self, text: str, *, failure: ModelError | None = None, size: int = 7) -> None:
        self.text, self.failure, self.size = text, failure, size
        self.asked: list[Sequence[Mapping[str, str]]] = []
        self.is_closed = False

    def write(self, messages: Sequence[Mapping[str, str]]) -> Generator[str, None, None]:
        self.asked.append(messages)
        self.is_closed = False
        try:
            yield ""
            for at in range(0, len(self.text), self.size):
                yield self.text[at : at + self.size]
            if self.failure:
                raise self.failure
        finally:
            self.is_closed = True


def _place(word: str, dim: int) -> int:
    return int(hashlib.md5(word.encode()).hexdigest(), 16) % dim
