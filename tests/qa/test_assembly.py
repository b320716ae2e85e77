"""An answerer is put together from settings alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import qa.assembly
from index import EncoderError, IndexSettings, NoGenerationError
from qa import QaSettings, open_answerer
from tests.fakes import WordEmbedder
from tests.qa.homes import Home


@pytest.fixture
def asked_threads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The encoder is the one that hashes words; the list has the threads it was given."""
    threads: list[int] = []

    def load(settings: IndexSettings) -> WordEmbedder:
        threads.append(settings.threads)
        return WordEmbedder()

    monkeypatch.setattr(qa.assembly, "load_embedder", load)
    return threads


def test_the_live_generation_of_the_home_is_asked(home: Home, asked_threads: list[int]) -> None:
    home.library.remove("rice")
    home.build()
    answerer = open_answerer(IndexSettings(home=home.path, threads=8), QaSettings(k=1))
    assert (answerer.generation, len(answerer.search("ferry").hits)) == (2, 1)
    assert asked_threads == [1]
    answerer.close()


def test_a_kept_generation_is_asked_when_it_is_named(home: Home, asked_threads: list[int]) -> None:
    home.library.remove("rice")
    home.build()
    answerer = open_answerer(IndexSettings(home=home.path), QaSettings(), generation=1)
    assert answerer.search("Hà Nội").hits[0].source.article_id == "rice"
    answerer.close()


def test_without_an_index_nothing_is_loaded_or_created(
    tmp_path: Path, asked_threads: list[int]
) -> None:
    with pytest.raises(NoGenerationError, match="run `onrecord build`"):
        open_answerer(IndexSettings(home=tmp_path / "none"), QaSettings())
    assert asked_threads == []
    assert not (tmp_path / "none").exists()


def test_a_generation_that_is_not_kept_is_refused_before_the_encoder_is_loaded(
    home: Home, asked_threads: list[int]
) -> None:
    with pytest.raises(NoGenerationError, match="generation 9 is not in"):
        open_answerer(IndexSettings(home=home.path), QaSettings(), generation=9)
    assert asked_threads == []


def test_an_encoder_that_is_not_there_is_named(home: Home) -> None:
    settings = IndexSettings(home=home.path, encoder=str(home.path / "no-model"))
    with pytest.raises(EncoderError, match="no-model"):
        open_answerer(settings, QaSettings())
