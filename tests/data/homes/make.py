"""Makes a home as this version writes it: how each folder beside this file was made, once.

    PYTHONPATH=. python tests/data/homes/make.py tests/data/homes/NAME

Two articles, indexed with the word-hash encoder of the tests; then one of them is corrected, so
that the index quotes a wording that is no longer current. `NAME/reply.json` is what was answered.
A folder is never made again: it shows that what an older version wrote can still be opened.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

from api.schemas import AnswerOut
from index import Article, GenerationStore, IndexSettings, Library, build, load_analyser
from qa import Answerer, Calibration, QaSettings
from qa.signals import SIGNALS
from tests.fakes import WordEmbedder

QUESTION = "Who repaired the ferry in Gdańsk?"
FERRY = Article(
    "ferry",
    "Anna Nowak repaired the ferry in Gdańsk. Tickets cost forty złoty.",
    title="Ferry back in service",
    date=datetime.date(2025, 4, 28),
    outlet="Baltic Wire",
    lang="en",
    url="https://example.org/ferry",
)
RICE = Article("gao", "Giá gạo tăng mạnh. Ông Trần Văn Minh cho biết kho đã đầy.", lang="vi")
# Whatever is found is an answer: how sure one must be belongs to no format.
CERTAIN = Calibration(weights=dict.fromkeys(SIGNALS, 0.0), bias=5.0, answer=0.5, doubt=0.25)


def make(folder: Path) -> None:
    """Write `folder/home` and `folder/reply.json`."""
    home = folder / "home"
    settings = IndexSettings(home=home, encoder="words")
    store, embedder = GenerationStore(home), WordEmbedder()
    with Library(home / "library.sqlite") as library:
        list(library.put_many([FERRY, RICE]))
        build(library, store, embedder, settings)
        library.put(replace(FERRY, text=FERRY.text.replace("forty", "fifty")))
        answerer = Answerer(
            store, library, load_analyser(None), embedder, QaSettings(), calibration=CERTAIN
        )
        reply = AnswerOut.of(answerer.ask(QUESTION)).model_dump(mode="json")
    del reply["took_ms"]
    words = json.dumps(reply, ensure_ascii=False, indent=1)
    (folder / "reply.json").write_text(words + "\n", "utf-8")
    with sqlite3.connect(home / "library.sqlite") as database:
        database.execute("VACUUM")
    for lock in home.rglob("*.lock"):
        lock.unlink()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
