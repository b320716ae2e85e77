"""Late interaction: how well each word-piece of a question is met by some piece of a sentence.

The encoder's own word-piece vectors, compared one by one and not only in their mean, are the best
single signal in English (Khattab and Zaharia, SIGIR 2020, without their training). Each number is
kept in four bits, which cost nothing in the measurements; a piece takes dim / 2 bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.durable import save_array
from index.embedding import Vectors

Codes = NDArray[np.uint8]

_LIMIT = 0.15  # numbers of a unit vector of some 384 lie within; what lies beyond is cut
_STEPS = 7
_VALUES = ((np.arange(16) - 8) * (_LIMIT / _STEPS)).astype(np.float32)
_PAIRS = np.stack([np.repeat(_VALUES, 16), np.tile(_VALUES, 16)], axis=1)


def pack(vectors: Vectors) -> Codes:
    """Four bits a number, uint8 of shape (m, dim / 2); `vectors` float32 (m, dim), dim even."""
    steps = np.rint(vectors * (_STEPS / _LIMIT)).clip(-_STEPS, _STEPS).astype(np.int8) + 8
    packed: Codes = (steps[:, 0::2].astype(np.uint8) << 4) | steps[:, 1::2].astype(np.uint8)
    return packed


def unpack(codes: Codes) -> Vectors:
    """The vectors of `pack`, to its precision: float32 of shape (m, dim)."""
    vectors: Vectors = _PAIRS[codes].reshape(len(codes), 2 * codes.shape[1])
    return vectors


class PieceTable:
    """The word-pieces of every sentence of a generation, memory-mapped.

    `offsets` is int64 of shape (sentences + 1,): where each sentence's pieces begin; `ids` int32
    and `codes` uint8 hold the pieces; `frequency[id]` says how many of `n_passages` hold a piece.
    """

    def __init__(self, folder: Path, n_passages: int) -> None:
        self.offsets: NDArray[np.int64] = np.load(folder / "piece_offsets.npy")
        self.ids: NDArray[np.int32] = np.load(folder / "piece_ids.npy", mmap_mode="r")
        self.codes: Codes = np.load(folder / "piece_codes.npy", mmap_mode="r")
        self._frequency: NDArray[np.int32] = np.load(folder / "piece_frequency.npy")
        self._n_passages = n_passages

    @staticmethod
    def write(
        folder: Path,
        ids: Sequence[NDArray[np.int32]],
        codes: Sequence[Codes],
        passages: NDArray[np.int64],
        dim: int,
    ) -> None:
        """Write the pieces of sentences in the order of their rows.

        `passages` is int64 of shape (n, 2): the half-open rows of the sentences of each.
        """
        offsets = np.zeros(len(ids) + 1, dtype=np.int64)
        np.cumsum([len(pieces) for pieces in ids], out=offsets[1:])
        every = np.concatenate([*ids, np.empty(0, np.int32)]).astype(np.int32)
        frequency = np.zeros(int(every.max(initial=-1)) + 1, dtype=np.int32)
        for first, last in passages:
            frequency[np.unique(every[offsets[first] : offsets[last]])] += 1
        save_array(folder / "piece_offsets.npy", offsets)
        save_array(folder / "piece_ids.npy", every)
        save_array(folder / "piece_frequency.npy", frequency)
        # Row by row: the table is large, and through a memory map a full disk would be a SIGBUS.
        header = {"descr": "|u1", "fortran_order": False, "shape": (len(every), dim // 2)}
        with (folder / "piece_codes.npy").open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            for packed in codes:
                file.write(packed.tobytes())

    def rarity(self, pieces: NDArray[np.int32]) -> NDArray[np.float32]:
        """Inverse passage frequency of each word-piece, as in BM25; float32 of shape (q,)."""
        seen = len(self._frequency)
        held = np.array([self._frequency[p] if p < seen else 0 for p in pieces], dtype=np.float32)
        return np.log1p((self._n_passages - held + 0.5) / (held + 0.5))

    def align(self, sentences: NDArray[np.int64], question: Vectors) -> NDArray[np.float32]:
        """The best cosine of each piece of a question with a piece of each sentence.

        float32 of shape (sentences, q), 0 for a sentence without pieces; `sentences` are rows,
        `question` float32 of shape (q, dim), norm 1.
        """
        best = np.zeros((len(sentences), len(question)), dtype=np.float32)
        starts, ends = self.offsets[sentences], self.offsets[sentences + 1]
        spoken = np.flatnonzero(ends > starts)
        if not len(spoken) or not len(question):
            return best
        pieces = np.concatenate([np.arange(starts[i], ends[i]) for i in spoken])
        cosines = unpack(self.codes[pieces]) @ question.T
        borders = np.cumsum(np.concatenate([[0], (ends - starts)[spoken][:-1]]))
        best[spoken] = np.maximum.reduceat(cosines, borders, axis=0)
        return best


def mean_by_rarity(
    cosines: NDArray[np.float32], rarity: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The mean of each row of `cosines`, (n, q), weighted by `rarity`, (q,); float32 (n,)."""
    total = float(rarity.sum())
    if not math.isfinite(total) or total <= 0:
        return np.zeros(len(cosines), dtype=np.float32)
    return (cosines @ rarity / np.float32(total)).astype(np.float32)
