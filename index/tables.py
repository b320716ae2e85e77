"""The tables of a generation: articles, passages and sentences, each row a place in a text.

Rows are positions in these arrays and live as long as their generation; ids live longer.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.articles import Facets, Source
from index.durable import save_array
from index.text import fold

# Ranges are half-open rows of the other tables; `day` is a proleptic ordinal, 0 when not known.
ARTICLE = np.dtype(
    [(name, np.int64) for name in ("first_passage", "last_passage", "first_sentence")]
    + [(name, np.int64) for name in ("last_sentence", "first_token", "last_token", "day")]
)
PASSAGE = np.dtype(
    [(name, np.int32) for name in ("article", "start", "end", "first_sentence", "last_sentence")]
)
SENTENCE = np.dtype(
    [(name, np.int32) for name in ("article", "start", "end")]
    + [(name, np.int64) for name in ("first_token", "last_token")]
)


@dataclass(frozen=True)
class Tables:
    """`articles`, `passages` and `sentences` as structured arrays, and each article's source."""

    sources: tuple[Source, ...]
    articles: NDArray[Any]
    passages: NDArray[Any]
    sentences: NDArray[Any]

    def write(self, folder: Path) -> None:
        """Write the tables into `folder`."""
        lines = (json.dumps(_source_fields(s), ensure_ascii=False) + "\n" for s in self.sources)
        (folder / "articles.jsonl").write_text("".join(lines), "utf-8", newline="\n")
        for name in ("articles", "passages", "sentences"):
            save_array(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def read(cls, folder: Path) -> Tables:
        """The tables that `write` left in `folder`; the arrays are memory-mapped."""
        arrays = (
            np.load(folder / f"{name}.npy", mmap_mode="r")
            for name in ("articles", "passages", "sentences")
        )
        return cls(read_sources(folder), *arrays)

    def articles_within(self, where: Facets) -> NDArray[np.bool_]:
        """Which articles pass the limits on language, outlet and date; bool, one an article."""
        allowed = np.ones(len(self.sources), dtype=np.bool_)
        if where.lang:
            allowed &= self._sources_with(lambda s: s.lang or "", where.lang.lower())
        if where.outlet:
            allowed &= self._sources_with(lambda s: fold(s.outlet or ""), fold(where.outlet))
        days = self.articles["day"]
        if where.date_from:
            allowed &= days >= where.date_from.toordinal()
        if where.date_to:
            allowed &= (days > 0) & (days <= where.date_to.toordinal())
        return allowed

    def passages_holding(self, sentences: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which passages hold one of these sentences, as article, start, end; bool, one a passage.

        Neighbours share sentences, so one sentence may be in several.
        """
        article, start, end = sentences.T
        own = self.passages["article"].astype(np.int64) << 32
        first = np.searchsorted(own + self.passages["end"], (article << 32) + end, "left")
        last = np.searchsorted(own + self.passages["start"], (article << 32) + start, "right")
        # +1 where a run of passages begins, -1 behind it: the sum tells how many runs are open.
        change = np.zeros(len(self.passages) + 1, dtype=np.int64)
        held = first < last
        np.add.at(change, first[held], 1)
        np.add.at(change, last[held], -1)
        return np.asarray(np.cumsum(change)[:-1] > 0, dtype=np.bool_)

    def _sources_with(self, value: Any, wanted: str) -> NDArray[np.bool_]:
        return np.fromiter((value(s) == wanted for s in self.sources), np.bool_, len(self.sources))


def read_sources(folder: Path) -> tuple[Source, ...]:
    """The source of each article of the generation in `folder`, in the order of their rows."""
    with (folder / "articles.jsonl").open(encoding="utf-8", newline="\n") as lines:
        return tuple(_source(json.loads(line)) for line in lines)


def rows(values: Sequence[tuple[int, ...]], dtype: np.dtype[Any]) -> NDArray[Any]:
    """A structured array of `dtype` from one tuple a row."""
    return np.array(values, dtype=dtype)


def _source_fields(source: Source) -> dict[str, str | None]:
    return {
        "id": source.article_id,
        "sha256": source.sha256,
        "title": source.title,
        "outlet": source.outlet,
        "date": source.date.isoformat() if source.date else None,
        "lang": source.lang,
        "url": source.url,
    }


def _source(fields: dict[str, Any]) -> Source:
    date = datetime.date.fromisoformat(fields["date"]) if fields["date"] else None
    return Source(
        fields["id"],
        fields["sha256"],
        fields["title"],
        fields["outlet"],
        date,
        fields["lang"],
        fields["url"],
    )
