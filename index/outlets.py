"""OutletNames: which articles come from an outlet that a question names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.articles import Source
from index.text import Word, is_stop_word, words

_SECTION = re.compile(r"\s+[|–—-]\s+")  # "The Independent - Travel"


class OutletNames:
    """The names of the outlets of a generation, to be found in a text.

    A name counts where its words follow each other, and those that are more than "the" begin with
    a capital: "The Age" is a paper, "the age" is none. A section goes by its paper's name too.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._n = len(sources)
        rows = defaultdict(list)
        for row, source in enumerate(sources):
            rows[source.outlet or ""].append(row)
        self._rows_of: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for outlet, own in rows.items():
            for name in {outlet, _SECTION.split(outlet)[0]}:
                self._rows_of[tuple(word.folded for word in words(name))] += own
        self._rows_of.pop((), None)
        self._longest = max(map(len, self._rows_of), default=0)

    def named_in(self, text: str) -> NDArray[np.bool_] | None:
        """Which articles come from an outlet that `text` names, bool, one an article.

        None when it names none.
        """
        named = np.zeros(self._n, dtype=np.bool_)
        for _, rows in self._names_in(text):
            named[rows] = True
        return named if named.any() else None

    def words_in(self, text: str) -> frozenset[str]:
        """The words by which `text` names an outlet, folded."""
        return frozenset(word.folded for run, _ in self._names_in(text) for word in run)

    def _names_in(self, text: str) -> Iterator[tuple[list[Word], list[int]]]:
        """Each name that stands in the text, and the rows of the articles of its outlets."""
        typed = words(text)
        for first in range(len(typed)):
            for last in range(first + 1, min(first + self._longest, len(typed)) + 1):
                run = typed[first:last]
                rows = self._rows_of.get(tuple(word.folded for word in run))
                if rows and all(
                    not text[word.span.start].islower() or is_stop_word(word, "en") for word in run
                ):
                    yield run, rows
