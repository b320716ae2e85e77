"""Vectors of passages and sentences: embedded once, kept for as long as their text is unchanged.

Each vector is stored beside a key, the hash of the text that the encoder read, so that a later
generation with the same encoder finds it again whatever moved around it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder

Table = NDArray[np.float16]

KINDS = ("passage", "sentence")
_KEY_BYTES = 16


class VectorTables:
    """The vectors of one generation to be; `embedded` and `reused` count rows, not texts.

    `texts` gives for each kind the texts of its rows in order, `known` the vectors of an earlier
    generation by key.
    """

    def __init__(
        self,
        texts: Mapping[str, Sequence[str]],
        embedder: Embedder,
        known: Mapping[bytes, NDArray[np.float16]],
    ) -> None:
        self._texts, self._embedder, self._known = texts, embedder, dict(known)
        self.keys = {kind: [_key(text) for text in texts[kind]] for kind in KINDS}
        rows = [key for kind in KINDS for key in self.keys[kind]]
        self.reused = sum(key in known for key in rows)
        self.embedded = len(rows) - self.reused

    def embed(self, tell: Callable[[int, int], None]) -> None:
        """Embed every text that is not known, each different text once; tells done and total."""
        missing = {
            key: text
            for kind in KINDS
            for key, text in zip(self.keys[kind], self._texts[kind], strict=True)
            if key not in self._known
        }
        vectors = self._embedder.encode(
            list(missing.values()), lambda done: tell(done, len(missing))
        )
        self._known.update(zip(missing, vectors.astype(np.float16), strict=True))

    def table(self, kind: str) -> Table:
        """The vectors of a kind in the order of their rows, float16 of shape (n, dim)."""
        table = np.empty((len(self.keys[kind]), self._embedder.dim), dtype=np.float16)
        for row, key in enumerate(self.keys[kind]):
            table[row] = self._known[key]
        return table

    def write(self, folder: Path) -> None:
        """Write the vectors of each kind, and their keys."""
        for kind in KINDS:
            np.save(folder / f"{kind}_vectors.npy", self.table(kind))
            keys = np.frombuffer(b"".join(self.keys[kind]), dtype=f"V{_KEY_BYTES}")
            np.save(folder / f"{kind}_keys.npy", keys)


def read_vectors(folder: Path) -> dict[bytes, NDArray[np.float16]]:
    """The vectors of a generation's folder by key; memory-mapped."""
    known: dict[bytes, NDArray[np.float16]] = {}
    for kind in KINDS:
        vectors: Table = np.load(folder / f"{kind}_vectors.npy", mmap_mode="r")
        known.update(zip(read_keys(folder, kind), vectors, strict=True))
    return known


def read_keys(folder: Path, kind: str) -> list[bytes]:
    """The keys of a kind in the order of their rows."""
    keys: NDArray[np.void] = np.load(folder / f"{kind}_keys.npy")
    return [key.tobytes() for key in keys]


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()[:_KEY_BYTES]
