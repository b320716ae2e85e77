"""open_answerer(): settings become an Answerer; the one place that picks implementations."""

from __future__ import annotations

from index import GenerationStore, IndexSettings, Library, load_analyser, load_embedder
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
    store.manifest(generation if generation is not None else store.current())
    library = Library(index_settings.home / "library.sqlite")
    one_thread = index_settings.model_copy(update={"threads": 1})  # quickest for one short text
    return Answerer(
        store,
        library,
        load_analyser(index_settings.terms),
        load_embedder(one_thread),
        qa_settings,
        generation=generation,
        calibration=read_calibration(index_settings.home),
    )
