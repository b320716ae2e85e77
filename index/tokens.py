"""The terms of every sentence of a generation as numbers, in the order of the text.

The forward side of the index: evidence and abstention ask which words of a question a sentence or
an article holds, and how rare they are, without reading any text again.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.commonness import PRIOR_PASSAGES
from index.durable import save_array
from index.lexical import QueryTerm

TokenIds = NDArray[np.int32]


class TokenTable:
    """Token ids of a generation and the vocabulary that numbers them, in sorted order.

    `tokens` is int32 of shape (t,), ids in the order of the texts; `frequency[id]` says how many
    passages hold the term, of `n_passages`.
    """

    def __init__(self, folder: Path, n_passages: int) -> None:
        self.tokens: TokenIds = np.load(folder / "tokens.npy", mmap_mode="r")
        self.frequency: NDArray[np.int32] = np.load(folder / "frequency.npy")
        self.vocabulary = (folder / "vocabulary.txt").read_text("utf-8").split("\n")[:-1]
        self.n_passages = n_passages

    @staticmethod
    def write(
        folder: Path, texts: Sequence[Sequence[str]], passages: Iterable[Sequence[int]]
    ) -> NDArray[np.int64]:
        """Write the tables of `texts` and give back where each begins, int64 of shape (n + 1,).

        `passages` gives, for each passage, the numbers of the texts it holds.
        """
        vocabulary = sorted({term for text in texts for term in text})
        ids = {term: number for number, term in enumerate(vocabulary)}
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in texts], out=offsets[1:])
        tokens = np.fromiter(
            (ids[term] for text in texts for term in text), dtype=np.int32, count=int(offsets[-1])
        )
        frequency = np.zeros(len(vocabulary), dtype=np.int32)
        for held in passages:
            parts = [tokens[offsets[number] : offsets[number + 1]] for number in held]
            frequency[np.unique(np.concatenate(parts))] += 1
        save_array(folder / "tokens.npy", tokens)
        save_array(folder / "frequency.npy", frequency)
        (folder / "vocabulary.txt").write_text("".join(term + "\n" for term in vocabulary), "utf-8")
        return offsets

    def id(self, term: str) -> int | None:
        """The number of a term, or None when no text holds it."""
        at = bisect_left(self.vocabulary, term)
        return at if at < len(self.vocabulary) and self.vocabulary[at] == term else None

    def ids(self, terms: Iterable[str]) -> TokenIds:
        """The numbers of those terms that some text holds, int32, in the order given."""
        found = (self.id(term) for term in terms)
        return np.array([number for number in found if number is not None], dtype=np.int32)

    def rarity(self, word: QueryTerm) -> float:
        """Inverse passage frequency of a word that may stand as any of its forms.

        `ln(1 + (n - f + 0.5) / (f + 0.5))` as in BM25, where `f` is the frequency of the most
        frequent form, `PRIOR_PASSAGES` of the language at large counted in.
        """
        held = int(self.frequency[self.ids(word.forms)].max(initial=0))
        frequency = held + PRIOR_PASSAGES * word.share
        n = self.n_passages + PRIOR_PASSAGES
        return math.log(1 + (n - frequency + 0.5) / (frequency + 0.5))

    def counts(
        self, words: Sequence[Sequence[str]], ranges: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        """How often each word of a query stands in each range of tokens, int32 (ranges, words).

        A word is given by the forms it may stand as; `ranges` is int64 of shape (m, 2), half-open.
        """
        found = np.zeros((len(ranges), len(words)), dtype=np.int32)
        spoken = np.flatnonzero(ranges[:, 1] > ranges[:, 0])
        if not len(spoken) or not words:
            return found
        ids = [self.ids(forms) for forms in words]
        meant = np.unique(np.concatenate(ids))
        if not len(meant):
            return found
        means = np.zeros((len(meant) + 1, len(words)), dtype=np.int32)  # the last row: no word
        for number, own in enumerate(ids):
            means[np.searchsorted(meant, own), number] = 1
        every = np.concatenate([self.tokens[first:last] for first, last in ranges[spoken]])
        at = np.searchsorted(meant, every).clip(max=len(meant) - 1)
        at = np.where(meant[at] == every, at, len(meant))
        lengths = ranges[spoken, 1] - ranges[spoken, 0]
        borders = np.concatenate([[0], np.cumsum(lengths[:-1])])
        found[spoken] = np.add.reduceat(means[at], borders, axis=0)
        return found
