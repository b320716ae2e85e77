"""Build some of a corpus, then read all of it for the record: nothing fails, and it costs little.

    python -m tests.campaigns.record DATA [--articles 12000] [--sample 250] [--share 0.25]

DATA is a folder with a corpus.jsonl, plain or .gz. `seeds/` and a sample are indexed with the
packaged encoder; the record may take that share of the time. Then so many articles are read for the
record, with the memory told along the way; every row must be word for word in its text, and a
second record that takes all over must have the same bytes.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index import (
    Article,
    BuildReport,
    GenerationStore,
    IndexSettings,
    Library,
    RecordFilter,
    Span,
    build,
    load_embedder,
    load_taxonomy,
    read_paths,
)
from index.record import Extractor, Record, record_faults, write_record
from index.sentences import sentence_spans
from tests.campaigns.driving import ROOT
from tests.campaigns.expecting import Fault
from tests.campaigns.reporting import Campaign, campaign, options

GROWTH = 32.0  # MB that the second half of the articles may add

Read = Sequence[tuple[Article, list[Span]]]


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=12_000)
    parser.add_argument("--sample", type=int, default=250, help="articles that are indexed")
    parser.add_argument("--share", type=float, default=0.25, help="of a build, for the record")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.articles, chosen.sample = chosen.articles // 10, chosen.sample // 10
    with campaign("record", chosen) as running:
        corpus = articles_in(next(chosen.data.glob("corpus.*")))
        articles = sorted(itertools.islice(corpus, chosen.articles), key=lambda one: one.id)
        build_some(running, articles[: chosen.sample], chosen)  # first, so that nothing is warm
        read_all(running, [(one, sentence_spans(one.text, one.lang)) for one in articles])


def read_all(running: Campaign, read: Read) -> None:
    """The record of all articles, twice, and what is wrong with it."""
    first, again = running.folder / "first.sqlite", running.folder / "again.sqlite"
    extractor = Extractor(load_taxonomy())
    memory = Memory(running, len(read))
    begun = time.perf_counter()
    written = write_record(first, read, extractor, tell=memory.tell)
    took = time.perf_counter() - begun
    running.count("articles read", written.extracted)
    running.judge("reading", [Fault("wrong", f"nothing of {id!r}") for id in written.failed])
    running.judge("memory", memory.faults())
    merged = took - memory.took
    running.say(f"{len(read) / memory.took:.0f} articles a second, then {merged:.1f} s to merge")
    running.say(f"{megabytes():.0f} MB after merging; {first.stat().st_size / 1e6:.1f} MB written")
    begun = time.perf_counter()
    write_record(again, read, extractor, [first])
    running.say(f"taken over in {time.perf_counter() - begun:.1f} s")
    if first.read_bytes() != again.read_bytes():
        running.judge("taken over", [Fault("wrong", "the bytes differ")])
    sources, sentences = [one.source for one, _ in read], [spans for _, spans in read]
    faults = record_faults(first, sources, sentences, Texts(read))
    running.judge("rows", [Fault("wrong", fault) for fault in faults])
    record = Record(first, sources, 1)
    people, leading = record.persons()
    statements, _ = record.statements()
    running.count("people", people)
    running.count("statements", statements)
    if leading:
        where = RecordFilter(person=leading[0].id)
        running.say(
            f"people in {milliseconds(record.persons):.0f} ms, statements in "
            f"{milliseconds(record.statements):.0f} ms, those of one person in "
            f"{milliseconds(lambda: record.statements(where)):.0f} ms, sectors in "
            f"{milliseconds(record.sectors):.0f} ms"
        )


def build_some(running: Campaign, sample: Sequence[Article], chosen: argparse.Namespace) -> None:
    """Indexes of `seeds/` and of a sample, with the packaged encoder."""
    for name, articles in (("seeds", list(articles_in(ROOT / "seeds"))), ("sample", sample)):
        begun = time.perf_counter()
        load_taxonomy()
        loaded = time.perf_counter()
        report = built(running.folder / name, articles)
        whole = time.perf_counter() - begun
        record = report.seconds["record"] + loaded - begun
        running.say(
            f"{name}: {len(articles)} articles in {whole:.1f} s, the record {record:.2f} s, "
            f"{record / whole:.1%} of it; {len(articles) / record:.0f} articles a second, the "
            f"encoder {len(articles) / report.seconds['embed']:.1f}"
        )
        running.count("articles indexed", report.articles)
        if record > chosen.share * whole:
            running.judge(name, [Fault("wrong", f"the record takes {record / whole:.0%}")])


def built(home: Path, articles: Sequence[Article]) -> BuildReport:
    settings = IndexSettings(home=home)
    with Library(home / "library.sqlite") as library:
        list(library.put_many(articles))
        return build(library, GenerationStore(home), load_embedder(settings), settings)


class Memory:
    """The memory of this process while articles are read."""

    def __init__(self, running: Campaign, total: int) -> None:
        self._running, self._begun = running, time.perf_counter()
        self._steps = {total * tenth // 10 for tenth in range(1, 11)}
        self._seen: list[float] = []
        self.took = 0.0
        running.say(f"{megabytes():.0f} MB with {total:,} articles and their sentences")

    def tell(self, done: int, total: int) -> None:
        if done in self._steps:
            self._seen.append(megabytes())
            self._running.say(f"{done:,} of {total:,}: {self._seen[-1]:.0f} MB")
        if done == total:
            self.took = time.perf_counter() - self._begun

    def faults(self) -> list[Fault]:
        grown = self._seen[-1] - self._seen[len(self._seen) // 2 - 1]
        return [Fault("wrong", f"{grown:.0f} MB more at the end")] if grown > GROWTH else []


class Texts:
    """The texts of the articles that were read."""

    def __init__(self, read: Read) -> None:
        self._texts = {article.id: article.text for article, _ in read}

    def text(self, article_id: str, sha256: str) -> str:
        return self._texts[article_id]


def articles_in(path: Path) -> Iterator[Article]:
    return (one for one in read_paths([path]) if isinstance(one, Article))


def megabytes() -> float:
    """What this process holds in memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


def milliseconds(ask: Callable[[], object]) -> float:
    """The median of five."""
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        ask()
        times.append(time.perf_counter() - begun)
    return sorted(times)[2] * 1000


if __name__ == "__main__":
    main()
