from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.late import pack
from index.vectors import KnownVectors, VectorTables, read_keys, read_vectors
from tests.fakes import WordEmbedder

PASSAGES = ["rice port", "ferry", "rice port"]
SENTENCES = ["rice", "port", "ferry", "rice port", "rice"]
HELD = np.array([[0, 2], [2, 3], [3, 5]], dtype=np.int64)  # the sentences of each passage


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


def embedded(
    embedder: WordEmbedder, passages: Sequence[str], sentences: Sequence[str], folder: Path
) -> VectorTables:
    """The vectors of the texts, those that lie in `folder` reused."""
    known = read_vectors(folder) if any(folder.iterdir()) else KnownVectors()
    tables = VectorTables(passages, sentences, embedder, known)
    tables.embed(lambda done, total: None)
    return tables


def test_rows_stand_in_the_order_of_their_texts(embedder: WordEmbedder, tmp_path: Path) -> None:
    tables = embedded(embedder, PASSAGES, SENTENCES, tmp_path)
    tables.write(tmp_path, HELD)
    for texts, table in (
        (PASSAGES, tables.passage_table()),
        (PASSAGES, np.load(tmp_path / "passage_vectors.npy")),
        (SENTENCES, np.load(tmp_path / "sentence_vectors.npy")),
    ):
        assert table.dtype == np.float16
        assert table.shape == (len(texts), 64)
        assert table.tolist() == embedder.encode(texts).astype("f2").tolist()


def test_a_text_that_occurs_twice_is_embedded_once_as_a_passage_and_once_as_a_sentence(
    embedder: WordEmbedder, tmp_path: Path
) -> None:
    tables = embedded(embedder, PASSAGES, SENTENCES, tmp_path)
    assert embedder.encoded == ["rice port", "ferry", "rice", "port", "ferry", "rice port"]
    assert (tables.embedded, tables.reused) == (8, 0)


def test_vectors_come_back_by_the_text_they_stand_for(
    embedder: WordEmbedder, tmp_path: Path
) -> None:
    tables = embedded(embedder, PASSAGES, SENTENCES, tmp_path)
    tables.write(tmp_path, HELD)
    known = read_vectors(tmp_path)
    assert read_keys(tmp_path, "passage") == tables.passage_keys
    assert read_keys(tmp_path, "sentence") == tables.sentence_keys
    assert (len(known.passages), len(known.sentences)) == (2, 4)
    for key, vector in zip(tables.passage_keys, tables.passage_table(), strict=True):
        assert known.passages[key].tolist() == vector.tolist()
    for key, text in zip(tables.sentence_keys, SENTENCES, strict=True):
        sentence, encoded = known.sentences[key], embedder.encode_question(text)
        assert sentence.vector.tolist() == encoded.vector.astype("f2").tolist()
        assert sentence.pieces.tolist() == encoded.pieces.tolist()
        assert sentence.codes.tolist() == pack(encoded.piece_vectors).tolist()


def test_known_texts_are_not_embedded_again_wherever_they_stand(
    embedder: WordEmbedder, tmp_path: Path
) -> None:
    embedded(embedder, PASSAGES, SENTENCES, tmp_path).write(tmp_path, HELD)
    embedder.encoded.clear()
    tables = embedded(embedder, ["tea", "ferry"], ["rice port", "steel", "rice"], tmp_path)
    assert embedder.encoded == ["tea", "steel"]
    assert (tables.embedded, tables.reused) == (2, 3)


def test_a_sentence_is_not_known_by_the_passage_of_its_words(
    embedder: WordEmbedder, tmp_path: Path
) -> None:
    embedded(embedder, PASSAGES, [], tmp_path).write(tmp_path, np.zeros((3, 2), np.int64))
    embedder.encoded.clear()
    tables = embedded(embedder, [], ["ferry"], tmp_path)
    assert embedder.encoded == ["ferry"]
    assert (tables.embedded, tables.reused) == (1, 0)


def test_what_was_reused_is_written_as_what_was_embedded(
    embedder: WordEmbedder, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    embedded(embedder, PASSAGES, SENTENCES, first).write(first, HELD)
    second.mkdir()
    tables = VectorTables(PASSAGES, SENTENCES, embedder, read_vectors(first))
    tables.embed(lambda done, total: None)
    tables.write(second, HELD)
    assert tables.embedded == 0
    written = {path.name: path.read_bytes() for path in first.iterdir()}
    assert {path.name: path.read_bytes() for path in second.iterdir()} == written


def test_progress_ends_with_all_that_was_missing(embedder: WordEmbedder) -> None:
    told: list[tuple[int, int]] = []
    tables = VectorTables(PASSAGES, SENTENCES, embedder, KnownVectors())
    tables.embed(lambda done, total: told.append((done, total)))
    assert told == [(2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]


def test_no_texts_make_tables_of_no_rows(embedder: WordEmbedder, tmp_path: Path) -> None:
    tables = embedded(embedder, [], [], tmp_path)
    tables.write(tmp_path, np.empty((0, 2), np.int64))
    assert tables.passage_table().shape == (0, 64)
    assert read_vectors(tmp_path) == KnownVectors()
