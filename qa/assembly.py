"""open_answerer(): settings become an Answerer; the one place that picks implementations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index import (
    Embedder,
    GenerationStore,
    IndexSettings,
    Library,
    load_analyser,
    load_embedder,
    open_current,
)
from qa.answering import Answerer
from qa.calibration import read_calibration
from qa.extractive import ExtractiveReader
from qa.generative import GenerativeReader, ModelObserver
from qa.models import OpenAIModel
from qa.reading import Reader
from qa.record import RecordReader
from qa.settings import QaSettings


def open_answerer(
    index_settings: IndexSettings,
    qa_settings: QaSettings,
    generation: int | None = None,
    observer: ModelObserver | None = None,
) -> Answerer:
    """An answerer over the home that the settings name, at CURRENT or at a given generation.

    Where they name a language model, it writes the answers, and `observer` is told how it does.

    Raises:
        NoGenerationError: nothing has been built, or no such generation is kept.
        GenerationError: it cannot be used.
        EncoderError: the encoder cannot be loaded.
        MissingModelClientError: a language model is set, and the extra `llm` is not installed.
    """
    store = GenerationStore(index_settings.home)
    # What is missing is told before the encoder is loaded, which takes a while.
    if generation is None:
        store.current()
    else:
        store.manifest(generation)
    reader = _choose_reader(qa_settings, observer)
    library = Library(index_settings.home / "library.sqlite", read_only=True)
    return Answerer(
        store,
        library,
        load_analyser(index_settings.terms),
        _load_embedder(index_settings),
        qa_settings,
        generation=generation,
        reader=reader,
        calibration=read_calibration(index_settings.home),
    )


@contextmanager
def open_record(home: Path) -> Iterator[RecordReader]:
    """The record of the generation that serves; needs no encoder.

    Raises:
        NoGenerationError: nothing has been built.
        GenerationError: it cannot be used.
        LibraryError: the library cannot be opened.
    """
    with Library(home / "library.sqlite", read_only=True) as library:
        snapshot, _ = open_current(GenerationStore(home), library)
        yield RecordReader(snapshot, library)


class Opener:
    """Opens generations of one home side by side, each with the encoder that it was built with.

    An encoder is loaded once, and not at all when it is among `embedders`. They quote, also where a
    language model is set: what is compared here is what the indexes find, and a removed article is
    shown to nobody.
    """

    def __init__(
        self,
        index_settings: IndexSettings,
        qa_settings: QaSettings,
        library: Library,
        embedders: Iterable[Embedder] = (),
    ) -> None:
        self._index_settings, self._qa_settings = index_settings, qa_settings
        self._library = library
        self._store = GenerationStore(index_settings.home)
        self._embedders = {each.fingerprint: each for each in embedders}

    def __call__(self, generation: int) -> Answerer:
        """An answerer over a kept generation; the library stays the caller's to close.

        Raises:
            GenerationError: it is not there, or cannot be used.
            EncoderError: its encoder cannot be loaded.
        """
        manifest = self._store.manifest(generation)
        embedder = self._embedders.get(manifest.fingerprint)
        if embedder is None:
            named = self._index_settings.model_copy(update={"encoder": manifest.encoder})
            embedder = self._embedders[manifest.fingerprint] = _load_embedder(named)
        return Answerer(
            self._store,
            self._library,
            load_analyser(self._index_settings.terms),
            embedder,  # of other weights than the manifest's it is refused
            self._qa_settings,
            generation=generation,
            calibration=read_calibration(self._index_settings.home),
        )


def _choose_reader(settings: QaSettings, observer: ModelObserver | None) -> Reader:
    """Who writes the answers: the language model that is set, before the reader that quotes."""
    quoting = ExtractiveReader(settings.max_citations)
    if not settings.llm_base_url:
        return quoting
    model = OpenAIModel(
        settings.llm_base_url,
        settings.llm_model,
        settings.llm_api_key.get_secret_value() if settings.llm_api_key else "",
        seconds=settings.llm_timeout_seconds,
        max_tokens=settings.llm_max_tokens,
    )
    return GenerativeReader(
        model,
        quoting,
        limit=settings.llm_evidence,
        concurrency=settings.llm_concurrency,
        observer=observer,
    )


def _load_embedder(settings: IndexSettings) -> Embedder:
    """The encoder, on one thread: quickest for one short text."""
    return load_embedder(settings.model_copy(update={"threads": 1}))
