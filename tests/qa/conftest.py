"""Homes that tests share, and calls that make more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from index import Article
from qa import Answerer
from tests.qa.homes import APRIL, FERRY, HARVEST, MARS, NOVEMBER, RICE, UNDATED, Home


@pytest.fixture(scope="session")
def home_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Home]]:
    """A call with articles builds a home of them; without any it is empty, and nothing is built."""
    with ExitStack() as stack:

        def made(*articles: Article) -> Home:
            home = Home(tmp_path_factory.mktemp("home"), stack)
            if articles:
                home.build(*articles)
            return home

        yield made


@pytest.fixture(scope="session")
def built(home_of: Callable[..., Home]) -> Home:
    """The three articles, each one passage of two sentences; nobody may change it."""
    return home_of(FERRY, HARVEST, RICE)


@pytest.fixture(scope="session")
def answerer(built: Home) -> Answerer:
    return built.answerer()


@pytest.fixture(scope="session")
def on_record(home_of: Callable[..., Home]) -> Home:
    """Four articles with leaders in them; nobody may change it."""
    return home_of(APRIL, NOVEMBER, MARS, UNDATED)


@pytest.fixture
def home(home_of: Callable[..., Home]) -> Home:
    """The three articles, built; to be changed."""
    return home_of(FERRY, HARVEST, RICE)
