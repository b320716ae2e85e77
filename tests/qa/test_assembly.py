"""An answerer is put together from settings alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import qa.assembly
from index import EmbedderMismatchError, EncoderError, IndexSettings, NoGenerationError
from qa import MissingModelClientError, Opener, QaSettings, open_answerer
from qa.extractive import ExtractiveReader
from qa.generative import GenerativeReader
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


LLM: dict[str, Any] = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "tiny"}


@pytest.mark.network
def test_a_language_model_that_is_set_reads_and_one_that_is_not_there_changes_no_answer(
    home: Home, asked_threads: list[int]
) -> None:
    asked = "Who painted every cabin blue?"
    replies = []
    for settings in (QaSettings(), QaSettings(**LLM, llm_evidence=5)):
        answerer = open_answerer(IndexSettings(home=home.path), settings)
        replies.append(answerer.ask(asked))
        answerer.close()
    assert replies[0] == replies[1]
    reader = qa.assembly._choose_reader(QaSettings(**LLM, llm_evidence=5, max_citations=2), None)
    assert isinstance(reader, GenerativeReader)
    assert (reader.limit, reader.fallback) == (5, ExtractiveReader(2))


def test_side_by_side_generations_are_quoted_whatever_model_is_set(
    home: Home, asked_threads: list[int]
) -> None:
    opener = Opener(IndexSettings(home=home.path), QaSettings(**LLM), home.library)
    assert isinstance(opener(1)._reader, ExtractiveReader)


def test_a_model_without_its_client_is_refused_before_the_encoder_is_loaded(
    home: Home, asked_threads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    monkeypatch.delitem(sys.modules, "qa.openai_chat", raising=False)
    with pytest.raises(MissingModelClientError, match=r"pip install 'onrecord\[llm\]'"):
        open_answerer(IndexSettings(home=home.path), QaSettings(**LLM))
    assert asked_threads == []


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


def test_a_home_whose_current_generation_is_gone_is_opened_on_the_one_before(
    home: Home, asked_threads: list[int]
) -> None:
    home.store.publish(5)
    answerer = open_answerer(IndexSettings(home=home.path), QaSettings())
    assert answerer.generation == 1
    answerer.close()


class Retrained(WordEmbedder):
    fingerprint = "words-64-retrained"


def test_generations_are_opened_side_by_side_with_one_encoder_each(
    home: Home, asked_threads: list[int]
) -> None:
    home.library.remove("rice")
    home.build()
    home.build(embedder=Retrained())
    opener = Opener(IndexSettings(home=home.path), QaSettings(), home.library, [Retrained()])
    assert [opener(number).generation for number in (3, 1, 2, 1)] == [3, 1, 2, 1]
    assert asked_threads == [1]  # of the first two generations: that of the third was given
    assert opener(1).search("Hà Nội").hits[0].source.article_id == "rice"


def test_an_encoder_of_other_weights_than_a_generation_was_built_with_is_refused(
    home: Home, asked_threads: list[int]
) -> None:
    home.build(embedder=Retrained())
    opener = Opener(IndexSettings(home=home.path), QaSettings(), home.library)
    for _ in range(2):
        with pytest.raises(EmbedderMismatchError, match="built with 'words'"):
            opener(2)


def test_a_generation_that_is_not_there_loads_no_encoder(
    home: Home, asked_threads: list[int]
) -> None:
    with pytest.raises(NoGenerationError, match="generation 9 is not in"):
        Opener(IndexSettings(home=home.path), QaSettings(), home.library)(9)
    assert asked_threads == []


def test_an_encoder_that_is_not_there_is_named(home: Home) -> None:
    settings = IndexSettings(home=home.path, encoder=str(home.path / "no-model"))
    with pytest.raises(EncoderError, match="no-model"):
        open_answerer(settings, QaSettings())
