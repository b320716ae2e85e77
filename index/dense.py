"""Dense search: the passages whose vectors lie nearest to a question's.

Exact search to some 300,000 passages, an inverted file above; the choice is by measurement, not
by taste: exact search there takes a few milliseconds, and half-precision ranks as full does.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]

EXACT_UP_TO = 300_000
_PROBES = 32


class VectorStore(Protocol):
    """Vectors of one length under the rows of a generation, searched by cosine."""

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[Rows, Scores]:
        """Rows and cosines of the `k` nearest to `vector`, best first, ties by row.

        `vector` is float32 of shape (dim,) and norm 1. Only rows that `allowed` marks (bool,
        shape (n,)) come back; fewer than `k` when there are not so many.
        """
        ...


class FaissStore:
    """A FAISS index of inner products over unit vectors, read from one file."""

    def __init__(self, path: Path) -> None:
        faiss = _faiss()
        self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    @staticmethod
    def write(path: Path, vectors: NDArray[np.float16]) -> None:
        """Index `vectors` (shape (n, dim), rows of norm 1) and write the file; row i gets id i.

        Raises:
            OSError: the disk does not take the file.
        """
        faiss = _faiss()
        n, dim = vectors.shape
        faiss.omp_set_num_threads(1)  # the order of sums, and so the file, stays the same
        index = faiss.index_factory(dim, index_description(n), faiss.METRIC_INNER_PRODUCT)
        if n:
            full = np.ascontiguousarray(vectors, dtype=np.float32)
            index.train(full)
            index.add_with_ids(full, np.arange(n, dtype=np.int64))
        try:
            faiss.write_index(index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path.name}: {error}") from error

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[Rows, Scores]:
        """See `VectorStore.search`."""
        faiss = _faiss()
        k = min(k, self._index.ntotal)
        if k == 0 or (allowed is not None and not allowed.any()):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        selector = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.flatnonzero(allowed))
        scores, rows = self._index.search(
            vector.reshape(1, -1), k, params=_parameters(self._index, selector)
        )
        found = rows[0] >= 0
        return by_score(rows[0][found], scores[0][found])


def _faiss() -> Any:
    """The library, imported where it is first used; its stubs lag behind its code."""
    import faiss

    return faiss


def index_description(n: int) -> str:
    """The FAISS factory string for `n` vectors."""
    if n <= EXACT_UP_TO:
        return "IDMap2,SQfp16"
    return f"IVF{4 * math.isqrt(n)},SQ8"


def by_score(rows: NDArray[np.int64], scores: NDArray[np.float32]) -> tuple[Rows, Scores]:
    """Both arrays in the order of falling score, ties by row."""
    order = np.lexsort((rows, -scores))
    return rows[order].astype(np.int64), scores[order].astype(np.float32)


def _parameters(index: Any, selector: Any) -> Any:
    faiss = _faiss()

    if isinstance(index, faiss.IndexIVF):
        return faiss.SearchParametersIVF(nprobe=_PROBES, sel=selector)
    return faiss.SearchParameters(sel=selector) if selector is not None else None
