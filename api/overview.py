"""overview(): what an index holds, in figures; Overviews keeps it while the index serves."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from api.desk import Asker
from api.examples import examples
from api.overview_schemas import CountedOut, ExampleOut, OverviewOut

EXAMPLES = 5
OUTLETS = 200


def overview(answerer: Asker) -> OverviewOut:
    """The figures of the generation that is asked, and questions that it answers.

    Equal generations give equal overviews. The questions are asked, so this takes as long as some
    replies do.
    """
    generation, sources = answerer.generation, answerer.sources
    dates = sorted(source.date for source in sources if source.date)
    languages = counted(source.lang for source in sources)
    asked = examples(answerer, [each.name for each in languages])
    return OverviewOut(
        generation=generation,
        articles=len(sources),
        undated=len(sources) - len(dates),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        languages=languages,
        outlets=counted(source.outlet for source in sources)[:OUTLETS],
        examples=[ExampleOut(question=words, lang=lang) for words, lang in islice(asked, EXAMPLES)],
    )


def counted(values: Iterable[str | None]) -> list[CountedOut]:
    """How often each value occurs, the most frequent first, then by name; None does not count."""
    counts = Counter(value for value in values if value)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [CountedOut(name=name, articles=count) for name, count in ranked]


class Overviews:
    """The overview of the generation that serves, made when it is first asked for; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OverviewOut | None = None

    def of(self, answerer: Asker) -> OverviewOut:
        """The overview of what is asked now."""
        with self._lock:
            if self._kept is None or self._kept.generation != answerer.generation:
                self._kept = overview(answerer)
            return self._kept
