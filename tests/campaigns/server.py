"""A real server over a home whose encoder hashes words, so that it starts and builds quickly.

    python -m tests.campaigns.server HOME SOCKET

SOCKET is the descriptor of a bound socket that the server inherits. Its builds run in processes of
their own, as those of `onrecord serve` do.
"""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from pathlib import Path

from api.app import create_app
from api.build_worker import main as build_one
from api.builder import Builder
from api.server import Server
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, Library, load_analyser
from qa import Answerer, QaSettings
from tests.fakes import WordEmbedder
from tests.qa.homes import BY_WORDS

WILLING = replace(BY_WORDS, bias=4.0)  # answers whatever it finds
BUILDER = (sys.executable, "-c", "from tests.campaigns.server import build; build()")


def main() -> None:
    home, listening = Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))
    index = IndexSettings(home=home, passage_pieces=32, overlap_pieces=0)
    settings = ApiSettings(build_after_seconds=0, min_free_mb=0, drain_seconds=0.3)
    store = GenerationStore(home)
    with Library(home / "library.sqlite") as library, Jobs(library.path) as jobs:
        answerer = Answerer(
            store,
            library,
            load_analyser(),
            WordEmbedder(),
            QaSettings(),
            calibration=WILLING,
        )
        builder = Builder(jobs, library, store, index, settings, BUILDER)
        app = create_app(answerer, library, store, settings, builder)
        Server(app, settings).run(sockets=[listening])


def build() -> None:
    """One build, in a process of its own."""
    build_one(lambda settings: WordEmbedder())


if __name__ == "__main__":
    main()
