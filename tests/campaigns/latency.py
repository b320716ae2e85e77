"""Time searches of `onrecord serve` at rest and while it rebuilds its index, in one run.

    python -m tests.campaigns.latency DATA [--articles 500] [--home F] [--ratio 2]

DATA is a folder with a corpus.jsonl, plain or .gz; so many of its articles are indexed with the
packaged encoder, then embedded anew in the background as POST /v1/builds has it done. Two clients
search for titles meanwhile, with a pause after each reply. The 95th percentile of their times may
be so many times that at rest.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index import (
    Article,
    GenerationStore,
    IndexSettings,
    Library,
    build,
    load_embedder,
    read_paths,
)
from tests.campaigns.expecting import Fault
from tests.campaigns.reporting import campaign, options
from tests.campaigns.serving import Connection
from tests.campaigns.shipped import shipped

CLIENTS, PAUSE = 2, 0.1
AT_REST = 30.0  # seconds


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--home", type=Path, help="kept for the next run; default: a temporary one")
    parser.add_argument("--ratio", type=float, default=2.0, help="of the two 95th percentiles")
    chosen = parser.parse_args()
    n = chosen.articles // 10 if chosen.quick else chosen.articles
    with campaign("latency", chosen) as running:
        home = chosen.home or running.folder / "home"
        titles = index_articles(home, next(chosen.data.glob("corpus.*")), n)
        with shipped(home) as (_, port):
            searches = Searches(port, titles, running.lot)
            searches.during(lambda: time.sleep(5))  # warm
            before = searches.during(lambda: time.sleep(AT_REST))
            begun = time.monotonic()
            during = searches.during(lambda: rebuild(port))
            took = time.monotonic() - begun
            after = searches.during(lambda: time.sleep(AT_REST))
        running.say(f"{n} articles, rebuilt in {took:.0f} s")
        for name, times in (("at rest", before), ("rebuilding", during), ("at rest again", after)):
            low, high = np.percentile(times, [50, 95]) * 1000
            running.say(f"{name}: median {low:.0f} ms, 95th percentile {high:.0f} ms")
            running.count(f"searches {name}", len(times))
        ratio = float(np.percentile(during, 95) / np.percentile(before, 95))
        running.say(f"95th percentile while rebuilding: {ratio:.2f} times that at rest")
        running.judge("searches", [Fault("wrong", words) for words in searches.failures])
        if ratio > chosen.ratio:
            running.judge("ratio", [Fault("wrong", f"{ratio:.2f} is more than {chosen.ratio}")])


def index_articles(home: Path, corpus: Path, n: int) -> list[str]:
    """The titles of the first `n` articles of a corpus, once the home has an index of them."""
    read = (one for one in read_paths([corpus]) if isinstance(one, Article))
    articles = list(itertools.islice(read, n))
    settings = IndexSettings(home=home)
    with Library(home / "library.sqlite") as library:
        list(library.put_many(articles))
        build(library, GenerationStore(home), load_embedder(settings), settings)
    return [article.title for article in articles if article.title]


def rebuild(port: int) -> None:
    """Everything is embedded anew; returns when the build has ended."""
    http = Connection(port)
    job = http.call("POST", "/v1/builds", {"full": True}, expect=(202,))
    while job["state"] in ("queued", "running"):
        time.sleep(0.2)
        job = http.call("GET", f"/v1/builds/{job['id']}")
    if job["state"] != "succeeded":
        raise RuntimeError(f"the build ended otherwise: {job}")


class Searches:
    """Clients that search while something is done."""

    def __init__(self, port: int, titles: Sequence[str], lot: random.Random) -> None:
        self._port, self._titles, self._lot = port, titles, lot
        self.failures: list[str] = []

    def during(self, work: Callable[[], object]) -> list[float]:
        """The seconds that each search took while `work` ran."""
        times: list[float] = []
        done = threading.Event()
        threads = [
            threading.Thread(target=self._search, args=(done, times, random.Random(seed)))
            for seed in (self._lot.random() for _ in range(CLIENTS))
        ]
        for thread in threads:
            thread.start()
        try:
            work()
        finally:
            done.set()
            for thread in threads:
                thread.join()
        return times

    def _search(self, done: threading.Event, times: list[float], lot: random.Random) -> None:
        http = Connection(self._port)
        while not done.is_set():
            begun = time.perf_counter()
            try:
                http.call("POST", "/v1/search", {"question": lot.choice(self._titles)})
            except (OSError, RuntimeError) as error:
                self.failures.append(str(error))
                http = Connection(self._port)
            else:
                times.append(time.perf_counter() - begun)
            time.sleep(PAUSE)


if __name__ == "__main__":
    main()
