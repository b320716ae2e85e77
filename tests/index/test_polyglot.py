"""Which languages an encoder reads, found by a trial over the term table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from index.analysis import load_analyser
from index.concepts import TermTable
from index.embedding import PACKAGED_SHA256, Vectors
from index.polyglot import languages_read
from tests.fakes import WordEmbedder

TABLE = load_analyser().table


class Interpreter(WordEmbedder):
    """Reads a text as the English form of its concept, in the languages that it was taught."""

    fingerprint = "interpreter"
    dim = 512

    def __init__(self, *columns: int) -> None:
        super().__init__()
        self._english = {
            forms[column][0]: forms[0][0]
            for column in columns
            for forms in TABLE.rows.values()
            if forms[0] and forms[column]
        }

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        return super().encode([self._english.get(text, text) for text in texts], progress)


@pytest.mark.parametrize(
    ("columns", "read"),
    [((), {"en"}), ((1,), {"en", "fr"}), ((2,), {"en", "vi"}), ((1, 2), {"en", "fr", "vi"})],
)
def test_a_language_is_read_when_concepts_are_nearest_to_their_translations(
    columns: tuple[int, ...], read: set[str]
) -> None:
    assert languages_read(Interpreter(*columns), TABLE) == read


def test_a_table_without_translations_tells_nothing() -> None:
    assert languages_read(Interpreter(1, 2), TermTable({"rice": (("rice",), (), ())})) == {"en"}


def test_the_packaged_encoder_is_not_tried() -> None:
    class Packaged(Interpreter):
        fingerprint = PACKAGED_SHA256

    assert languages_read(Packaged(1, 2), TABLE) == {"en"}
