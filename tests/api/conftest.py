"""The app over a real library and a real store of generations, with one article in them."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.builder import Builder
from api.settings import ApiSettings
from index import Article, GenerationStore, IndexSettings, Jobs, Library, Manifest
from tests.api.browsing import CHROMIUM, FLAGS, Readers
from tests.api.serving import serving
from tests.api.standins import TEXT, TITLE, LookupAnswerer

LOCAL = "http://127.0.0.1"
WORKER = (sys.executable, str(Path(__file__).with_name("word_worker.py")))


@pytest.fixture
def article() -> Article:
    return Article(
        "vns/gunma-1",
        TEXT,
        TITLE,
        datetime.date(2023, 12, 15),
        "Việt Nam News",
        "en",
        "https://example.org/gunma",
    )


@pytest.fixture
def library(tmp_path: Path, article: Article) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as library:
        library.put(article)
        yield library


@pytest.fixture
def store(tmp_path: Path, library: Library) -> GenerationStore:
    store = GenerationStore(tmp_path)
    manifest = Manifest(
        number=0,
        encoder="words",
        fingerprint="words-64",
        dim=64,
        settings={},
        counts={"articles": 1, "passages": 1, "sentences": 3},
        library_revision=library.revision,
        digest="d" * 64,
        created="2025-01-01T00:00:00+00:00",
        files={},
    )
    with store.writing() as aside:
        store.publish(store.seal(aside, manifest).number)
    return store


@pytest.fixture
def answerer(library: Library) -> LookupAnswerer:
    return LookupAnswerer(library)


@pytest.fixture
def settings() -> ApiSettings:
    return ApiSettings(
        max_body_bytes=64 * 1024,
        max_concurrency=1,
        queue=1,
        refresh_seconds=0.05,
        build_after_seconds=0,
    )


@pytest.fixture
def jobs(library: Library) -> Iterator[Jobs]:
    with Jobs(library.path) as jobs:
        yield jobs


@pytest.fixture
def builder(jobs: Jobs, library: Library, store: GenerationStore, settings: ApiSettings) -> Builder:
    return Builder(jobs, library, store, IndexSettings(home=store.home), settings, WORKER)


@pytest.fixture
def app(
    answerer: LookupAnswerer,
    library: Library,
    store: GenerationStore,
    settings: ApiSettings,
    builder: Builder,
) -> FastAPI:
    return create_app(answerer, library, store, settings, builder)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture
def serve(browser: Browser) -> Iterator[Callable[[Any], Readers]]:
    """Serves an app to readers."""
    with ExitStack() as stack:
        served: list[Readers] = []

        def to_readers(app: Any) -> Readers:
            port = stack.enter_context(serving(app))
            readers = Readers(browser, f"http://127.0.0.1:{port}")
            served.append(readers)
            return readers

        yield to_readers
        for readers in served:
            readers.check()
        for context in browser.contexts:
            context.close()


@pytest.fixture
def readers(app: FastAPI, serve: Callable[[Any], Readers]) -> Readers:
    return serve(app)
