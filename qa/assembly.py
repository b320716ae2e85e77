"""open_answerer(): settings become an Answerer; the one place that picks implementations."""

from __future__ import annotations

from collections.abc import Iterable

from index import (
    Embedder,
    GenerationStore,
    IndexSettings,
    Library,
    load_analyser,
    load_embedder,
)
from qa.answering import Answerer
from qa.calibration import read_calibration
from qa.settings import QaSettings


def open_answerer(
    index_settings: IndexSettings, qa_settings: QaSettings, generation: int | None = None
) -> Answerer:
    """An answerer over the home that the settings name, at CURRENT or at a given generation.

    Raises:
        NoGenerationError: nothing has been built, or no such generation is kept.
        GenerationError: it cannot be used.
        EncoderError: the encoder cannot be loaded.
    """
    store = GenerationStore(index_settings.home)
    # What is missing is told before the encoder is loaded, which takes a while.
    if generation is None:
        store.current()
    else:
        store.manifest(generation)
    library = Library(index_settings.home / "library.sqlite", read_only=True)
    return Answerer(
        store,
        library,
        load_analyser(index_settings.terms),
        _load_embedder(index_settings),
        qa_settings,
        generation=generation,
        calibration=read_calibration(index_settings.home),
    )


class Opener:
    """Opens generations of one home side by side, each with the encoder that it was built with.

    An encoder is loaded once, and not at all when it is among `embedders`.
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


def _load_embedder(settings: IndexSettings) -> Embedder:
    """The encoder, on one thread: quickest for one short text."""
    return load_embedder(settings.model_copy(update={"threads": 1}))
