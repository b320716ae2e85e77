"""Homes of tiny articles, built with an encoder that hashes words, and who answers from them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index import (
    Article,
    BuildReport,
    Embedder,
    GenerationStore,
    IndexSettings,
    Library,
    build,
    load_analyser,
)
from qa import Answerer, Calibration, QaSettings
from qa.reading import Reader
from qa.signals import SIGNALS
from tests.fakes import WordEmbedder

FERRY = Article(
    "ferry",
    "The Gdańsk ferry resumes on Monday after a winter of repairs. "
    "Captain Anna Nowak painted every cabin blue.",
    title="Back in service",
    date=datetime.date(2025, 4, 28),
    outlet="Baltic Wire",
    lang="en",
)
HARVEST = Article(
    "harvest",
    "La récolte de blé a doublé en avril. La ministre Claire Dubois a signé un accord.",
    date=datetime.date(2025, 5, 2),
    outlet="Agence France",
    lang="fr",
)
RICE = Article(
    "rice",
    "Thủ tướng Phạm Minh Chính thăm Hà Nội. Giá gạo xuất khẩu tăng mạnh.",
    date=datetime.date(2025, 5, 6),
    outlet="Việt Nam News",
    lang="vi",
)

# Two prime ministers of one country, one prime minister in two languages, and no date.
APRIL = Article(
    "april",
    "Prime Minister Phạm Minh Chính asked Japan to train more engineers for the semiconductor "
    "industry. Chính visited three factories. Japanese Prime Minister Ishiba Shigeru pledged to "
    "support green energy projects in Việt Nam. The weather in Hà Nội was fine on Monday.",
    title="Two leaders",
    date=datetime.date(2025, 4, 28),
    outlet="Việt Nam News",
    lang="en",
    url="https://example.org/april",
)
NOVEMBER = Article(
    "november",
    "Japanese Prime Minister Takaichi Sanae promised to promote tourism. "
    "Ishiba Shigeru, former prime minister, attended the dinner.",
    date=datetime.date(2025, 11, 20),
    outlet="Baltic Wire",
    lang="en",
)
MARS = Article(
    "mars",
    "Le Premier ministre vietnamien Pham Minh Chinh a demandé au Japon de soutenir le tourisme. "
    "Il pleuvait à Hanoï.",
    date=datetime.date(2024, 3, 1),
    outlet="Agence France",
    lang="fr",
)
UNDATED = Article(
    "undated",
    "=Prime Minister Phạm Minh Chính proposed a new train\r\nline. Nobody else spoke.",
    lang="en",
)

# The share of the question's words in the best article decides, and whether its names are known:
# two thirds are enough to answer (all of them: 0.982), and about two fifths for a doubt.
BY_WORDS = Calibration(
    weights=dict.fromkeys(SIGNALS, 0.0) | {"article": 12.0, "known": 4.0},
    bias=-12.0,
    answer=0.5,
    doubt=0.05,
)


@dataclass
class Home:
    """A home folder: what is in its library, and the generations that were built of it."""

    path: Path
    stack: ExitStack
    library: Library = field(init=False)
    store: GenerationStore = field(init=False)

    def __post_init__(self) -> None:
        self.library = self.stack.enter_context(Library(self.path / "library.sqlite"))
        self.store = GenerationStore(self.path)

    def build(
        self,
        *articles: Article,
        gate: Callable[[int], None] | None = None,
        embedder: Embedder | None = None,
        pieces: int = 32,
    ) -> BuildReport:
        """A new generation of the library, with these articles put in before."""
        list(self.library.put_many(articles))
        settings = IndexSettings(home=self.path, passage_pieces=pieces, overlap_pieces=0)
        return build(self.library, self.store, embedder or WordEmbedder(), settings, gate=gate)

    def answerer(
        self,
        *,
        generation: int | None = None,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
        calibration: Calibration = BY_WORDS,
        **settings: Any,
    ) -> Answerer:
        """Who answers from the live generation, or from a given one."""
        return Answerer(
            self.store,
            self.library,
            load_analyser(),
            embedder or WordEmbedder(),
            QaSettings(**settings),
            generation=generation,
            reader=reader,
            calibration=calibration,
        )


def numbered(n: int, text: str) -> Iterator[Article]:
    """`n` English articles with that text and a word of their own."""
    return (Article(f"a{at:03}", f"{text} Number {at}.", lang="en") for at in range(n))
