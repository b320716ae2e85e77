"""Vectors of passages and sentences: embedded once, kept for as long as their text is unchanged.

Each vector is stored beside a key, the hash of the text that the encoder read, so that a later
generation with the same encoder finds it again whatever moved around it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.durable import save_array
from index.embedding import Embedder
from index.late import Codes, PieceTable, pack

Table = NDArray[np.float16]

_KEY_BYTES = 16


@dataclass(frozen=True)
class SentenceVectors:
    """A sentence's vector, float16 (dim,), and its word-pieces: int32 (m,), uint8 (m, dim / 2)."""

    vector: Table
    pieces: NDArray[np.int32]
    codes: Codes


@dataclass
class KnownVectors:
    """Vectors by the key of their text."""

    passages: dict[bytes, Table] = field(default_factory=dict)
    sentences: dict[bytes, SentenceVectors] = field(default_factory=dict)


class VectorTables:
    """The vectors of one generation to be; `embedded` and `reused` count rows, not texts."""

    def __init__(
        self,
        passages: Sequence[str],
        sentences: Sequence[str],
        embedder: Embedder,
        known: KnownVectors,
    ) -> None:
        self._texts = {"passage": passages, "sentence": sentences}
        self._embedder, self._known = embedder, known
        self.passage_keys = [_key(text) for text in passages]
        self.sentence_keys = [_key(text) for text in sentences]
        self.reused = sum(key in known.passages for key in self.passage_keys)
        self.reused += sum(key in known.sentences for key in self.sentence_keys)
        self.embedded = len(self.passage_keys) + len(self.sentence_keys) - self.reused

    def embed(self, tell: Callable[[int, int], None]) -> None:
        """Embed every text that is not known, each different text once; tells done and total."""
        known = self._known
        passages = _missing(self.passage_keys, self._texts["passage"], known.passages)
        sentences = _missing(self.sentence_keys, self._texts["sentence"], known.sentences)
        total = len(passages) + len(sentences)
        vectors = self._embedder.encode(list(passages.values()), lambda done: tell(done, total))
        known.passages.update(zip(passages, vectors.astype(np.float16), strict=True))
        keys = list(sentences)
        encodings = self._embedder.encode_sentences(list(sentences.values()))
        for done, (number, encoded) in enumerate(encodings, start=len(passages) + 1):
            known.sentences[keys[number]] = SentenceVectors(
                encoded.vector.astype(np.float16), encoded.pieces, pack(encoded.piece_vectors)
            )
            tell(done, total)

    def passage_table(self) -> Table:
        """The vectors of the passages in the order of their rows, float16 of shape (n, dim)."""
        return self._table([self._known.passages[key] for key in self.passage_keys])

    def write(self, folder: Path, passages: NDArray[np.int64]) -> None:
        """Write vectors, keys and word-pieces; `passages` are sentence rows, as in `PieceTable`."""
        sentences = [self._known.sentences[key] for key in self.sentence_keys]
        save_array(folder / "passage_vectors.npy", self.passage_table())
        save_array(folder / "sentence_vectors.npy", self._table([s.vector for s in sentences]))
        for kind, keys in (("passage", self.passage_keys), ("sentence", self.sentence_keys)):
            table = np.frombuffer(b"".join(keys), dtype=f"V{_KEY_BYTES}")
            save_array(folder / f"{kind}_keys.npy", table)
        PieceTable.write(
            folder,
            [s.pieces for s in sentences],
            [s.codes for s in sentences],
            passages,
            self._embedder.dim,
        )

    def _table(self, vectors: Sequence[Table]) -> Table:
        table = np.empty((len(vectors), self._embedder.dim), dtype=np.float16)
        for row, vector in enumerate(vectors):
            table[row] = vector
        return table


def read_vectors(folder: Path) -> KnownVectors:
    """The vectors of a generation's folder by key; memory-mapped."""
    passages: Table = np.load(folder / "passage_vectors.npy", mmap_mode="r")
    sentences: Table = np.load(folder / "sentence_vectors.npy", mmap_mode="r")
    pieces = PieceTable(folder, len(passages))
    known = KnownVectors(dict(zip(read_keys(folder, "passage"), passages, strict=True)))
    for row, key in enumerate(read_keys(folder, "sentence")):
        held = slice(pieces.offsets[row], pieces.offsets[row + 1])
        known.sentences[key] = SentenceVectors(sentences[row], pieces.ids[held], pieces.codes[held])
    return known


def read_keys(folder: Path, kind: str) -> list[bytes]:
    """The keys of a generation's passages or sentences, in the order of their rows."""
    keys: NDArray[np.void] = np.load(folder / f"{kind}_keys.npy")
    return [key.tobytes() for key in keys]


def _missing(
    keys: Sequence[bytes], texts: Sequence[str], known: Container[bytes]
) -> dict[bytes, str]:
    return {key: text for key, text in zip(keys, texts, strict=True) if key not in known}


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()[:_KEY_BYTES]
