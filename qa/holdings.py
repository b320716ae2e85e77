"""holdings(): what an index holds, in one sentence, for who asked for something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from index import Snapshot

_MOST = 5  # languages or outlets that are named


def holdings(snapshot: Snapshot) -> str:
    """How many articles, in which languages, from when to when, by which outlets."""
    sources = snapshot.tables.sources
    if not sources:
        return "The index holds no articles."
    parts = [f"{len(sources):,} article{'s' if len(sources) > 1 else ''}"]
    parts += _counted("lang", (source.lang for source in sources))
    days = sorted(source.date for source in sources if source.date)
    if days:
        parts.append(f"dated {days[0]} to {days[-1]}")
    parts += _counted("outlet", (source.outlet for source in sources))
    return f"The index holds {'; '.join(parts)}."


def _counted(name: str, values: Iterable[str | None]) -> list[str]:
    """`lang en 4, fr 1`, the most frequent first; empty when no article has one."""
    counts = Counter(value for value in values if value)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{value} {count:,}" for value, count in ordered[:_MOST])
    return [f"{name} {told}{', …' if len(ordered) > _MOST else ''}"] if told else []
