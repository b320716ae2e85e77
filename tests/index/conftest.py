"""A home with three small articles in three languages, and indexes of whatever a test writes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index import (
    Article,
    GenerationStore,
    IndexSettings,
    Library,
    Snapshot,
    build,
    open_snapshot,
)
from tests.fakes import WordEmbedder

FERRY = Article(
    "ferry",
    "The Gdańsk ferry resumes on Monday after a long winter of repairs in the harbour. "
    "Captain Anna Nowak said that every cabin had been painted blue for the summer. "
    "Tickets cost forty złoty and are sold at the old customs house near the bridge. "
    "Fishermen had asked for the crossing since the storm closed the coastal road.",
    title="Ferry back in service",
    date=datetime.date(2025, 4, 28),
    outlet="Baltic Wire",
    lang="en",
)
HARVEST = Article(
    "recolte",
    "La récolte de blé a doublé en avril. La ministre Claire Dubois a signé un accord.",
    title="Récolte record",
    date=datetime.date(2025, 5, 2),
    outlet="Agence France",
    lang="fr",
)
RICE = Article(
    "gao",
    "Giá gạo xuất khẩu tăng mạnh. Ông Trần Văn Minh cho biết kho đã đầy.",
    title="Giá gạo",
    outlet="Việt Nam News",
    lang="vi",
)


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    return IndexSettings(home=tmp_path / "home", passage_pieces=32, overlap_pieces=16)


@pytest.fixture
def library(settings: IndexSettings) -> Iterator[Library]:
    with Library(settings.home / "library.sqlite") as library:
        list(library.put_many([FERRY, HARVEST, RICE]))
        yield library


@pytest.fixture
def store(settings: IndexSettings) -> GenerationStore:
    return GenerationStore(settings.home)


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture(scope="session")
def index_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Snapshot]]:
    """A call with articles builds a home of them and opens its index; nobody may change it."""
    with ExitStack() as stack:

        def opened(*articles: Article) -> Snapshot:
            settings = IndexSettings(
                home=tmp_path_factory.mktemp("home"), passage_pieces=32, overlap_pieces=16
            )
            library = stack.enter_context(Library(settings.home / "library.sqlite"))
            list(library.put_many(articles))
            store = GenerationStore(settings.home)
            report = build(library, store, WordEmbedder(), settings)
            return open_snapshot(store, report.generation, library)

        yield opened


@pytest.fixture(scope="session")
def snapshot(index_of: Callable[..., Snapshot]) -> Snapshot:
    """The three articles, indexed: ferry in three passages, gao and recolte in one each."""
    return index_of(FERRY, HARVEST, RICE)
