"""A build worker with the encoder that hashes words, slowed down by what stands in an article.

The words "slowly", "greedy" and "deaf" make it take its time, take memory, and hear no request to
stop.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence

from api.build_worker import main
from index import IndexSettings, Vectors
from tests.fakes import WordEmbedder


class MoodyEmbedder(WordEmbedder):
    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        said = " ".join(texts)
        if "deaf" in said:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if "greedy" in said:
            bytearray(1 << 40)
        for _ in range(400 if "slowly" in said else 0):
            time.sleep(0.05)
            if progress:
                progress(0)
        return super().encode(texts, progress)


def load(settings: IndexSettings) -> WordEmbedder:
    return MoodyEmbedder()


if __name__ == "__main__":
    main(load)
