"""Copies: one wire story that several outlets carry counts once, with its outlets named.

Two articles are copies when the larger of their sets of word 5-shingles shares at least four fifths
with the other (Broder, 1997), counted on the terms of the generation; no text is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from index import Snapshot, Source

Shingles = NDArray[np.uint64]

SHARED = 0.8
_LONG = 5  # terms of a shingle
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def stories(snapshot: Snapshot, articles: Iterable[int]) -> Mapping[int, tuple[Source, ...]]:
    """The first article of each story, in the order given, with its copies among `articles`.

    `articles` are rows, best first; one that is a copy of an earlier one is no key.
    """
    rows = [int(row) for row in dict.fromkeys(articles)]
    shingles = {row: _shingles(snapshot, row) for row in rows}
    maybe = _sharing(shingles)
    told: dict[int, list[Source]] = {}
    for row in rows:
        first = next(
            (one for one in told if {one, row} <= maybe and _alike(shingles[one], shingles[row])),
            None,
        )
        if first is None:
            told[row] = []
        else:
            told[first].append(snapshot.tables.sources[row])
    return {row: tuple(copies) for row, copies in told.items()}


def _shingles(snapshot: Snapshot, article: int) -> Shingles:
    """The distinct hashes of every five terms in a row, in order; a short text is one shingle."""
    row = snapshot.tables.articles[article]
    first, last = row["first_sentence"], row["last_sentence"]
    if first == last:
        return np.empty(0, dtype=np.uint64)
    begin = snapshot.tables.sentences[first]["first_token"]
    terms = snapshot.tokens.tokens[begin : row["last_token"]].astype(np.uint64)
    hashes = np.zeros(max(1, len(terms) - _LONG + 1), dtype=np.uint64)
    for at in range(min(_LONG, len(terms))):
        hashes = hashes * _FACTOR + terms[at : at + len(hashes)] + np.uint64(1)
    return np.unique(hashes)


def _sharing(shingles: Mapping[int, Shingles]) -> set[int]:
    """The articles that have most of their shingles in common with others: few ever are."""
    if len(shingles) < 2:
        return set()
    every, times = np.unique(np.concatenate([*shingles.values()]), return_counts=True)
    common = every[times > 1]
    if not len(common):
        return set()
    return {row for row, own in shingles.items() if _shared(own, common) >= SHARED * len(own) > 0}


def _alike(one: Shingles, other: Shingles) -> bool:
    return _shared(one, other) >= SHARED * max(len(one), len(other))


def _shared(own: Shingles, others: Shingles) -> int:
    """How many of `own` are among `others`; both distinct and sorted, `others` not empty."""
    at = np.minimum(np.searchsorted(others, own), len(others) - 1)
    return int((others[at] == own).sum())
