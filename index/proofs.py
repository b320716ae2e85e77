"""The proof that an article is gone: counts before and after, and what came back when asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.remains import Remains
from index.traces import IN_GENERATION, IN_LIBRARY

PLACES = IN_LIBRARY + IN_GENERATION


@dataclass(frozen=True)
class Probe:
    """What came back when an article's own sentences were asked as questions.

    `hits` and `quotes` of the article itself must be 0; `copies` are the ids of other articles that
    hold one of the sentences and were found with it.
    """

    asked: int
    hits: int
    quotes: int
    copies: tuple[str, ...] = ()


Ask = Callable[[str, Sequence[str]], Probe]


@dataclass(frozen=True)
class Count:
    """How much of an article there is in one place of `PLACES`, each before and after.

    `live` is what answers can come from, and what should have been deleted; `kept` what is held
    for rollback: older generations and the revisions that they quote.
    """

    place: str
    live: tuple[int, int]
    kept: tuple[int, int]


@dataclass(frozen=True)
class Proof:
    """What was there of an article, and what is left of it.

    `generation` serves now; `kept_in` are the others that hold the article, `unreadable` those of
    which nobody can tell. `shared_with` are articles that have a sentence or passage in common with
    it and so rightly keep its vector, and are found in its stead. After a purge `remains` names the
    files of the home with words that no other article has, and `named` counts the cells of the
    library's file that name the article.
    """

    article_id: str
    generation: int
    counts: tuple[Count, ...]
    kept_in: tuple[int, ...]
    unreadable: tuple[int, ...]
    shared_with: tuple[str, ...]
    probe: Probe
    remains: Remains | None = None
    named: int = 0

    @property
    def is_purged(self) -> bool:
        """True when more was asked for than that no answer can come from it."""
        return self.remains is not None

    @property
    def ok(self) -> bool:
        """True when every figure that was asked for is 0."""
        if self.probe.hits or self.probe.quotes or any(count.live[1] for count in self.counts):
            return False
        if self.remains is None:
            return True
        left = self.remains.found or self.named or self.kept_in or self.unreadable
        return not left and not any(count.kept[1] for count in self.counts)
