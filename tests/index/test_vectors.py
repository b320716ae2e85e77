from pathlib import Path

import numpy as np
import pytest

from index.vectors import VectorTables, read_keys, read_vectors
from tests.fakes import WordEmbedder

TEXTS = {"passage": ["rice port", "ferry"], "sentence": ["rice", "port", "ferry"]}


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


def embedded(embedder: WordEmbedder, texts: dict[str, list[str]], folder: Path) -> VectorTables:
    """The vectors of `texts`, those that lie in `folder` reused."""
    known = read_vectors(folder) if any(folder.iterdir()) else {}
    tables = VectorTables(texts, embedder, known)
    tables.embed(lambda done, total: None)
    return tables


def test_rows_stand_in_the_order_of_their_texts(embedder: WordEmbedder, tmp_path: Path) -> None:
    table = embedded(embedder, TEXTS, tmp_path).table("sentence")
    assert table.dtype == np.float16
    assert table.shape == (3, 64)
    assert table.tolist() == embedder.encode(["rice", "port", "ferry"]).astype("f2").tolist()


def test_a_text_that_occurs_twice_is_embedded_once(embedder: WordEmbedder, tmp_path: Path) -> None:
    tables = embedded(embedder, TEXTS, tmp_path)
    assert sorted(embedder.encoded) == ["ferry", "port", "rice", "rice port"]
    assert (tables.embedded, tables.reused) == (5, 0)
    assert tables.table("passage")[1].tolist() == tables.table("sentence")[2].tolist()


def test_vectors_come_back_by_the_text_they_stand_for(
    embedder: WordEmbedder, tmp_path: Path
) -> None:
    tables = embedded(embedder, TEXTS, tmp_path)
    tables.write(tmp_path)
    known = read_vectors(tmp_path)
    assert [read_keys(tmp_path, kind) for kind in ("passage", "sentence")] == [
        tables.keys["passage"],
        tables.keys["sentence"],
    ]
    assert len(known) == 4
    for kind in ("passage", "sentence"):
        for key, row in zip(tables.keys[kind], tables.table(kind), strict=True):
            assert known[key].tolist() == row.tolist()


def test_known_texts_are_not_embedded_again_wherever_they_stand(
    embedder: WordEmbedder, tmp_path: Path
) -> None:
    embedded(embedder, TEXTS, tmp_path).write(tmp_path)
    embedder.encoded.clear()
    moved = {"passage": ["port", "tea"], "sentence": ["rice port"]}
    tables = embedded(embedder, moved, tmp_path)
    assert embedder.encoded == ["tea"]
    assert (tables.embedded, tables.reused) == (1, 2)


def test_progress_ends_with_all_that_was_missing(embedder: WordEmbedder) -> None:
    told: list[tuple[int, int]] = []
    VectorTables(TEXTS, embedder, {}).embed(lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)


def test_no_texts_make_tables_of_no_rows(embedder: WordEmbedder, tmp_path: Path) -> None:
    tables = embedded(embedder, {"passage": [], "sentence": []}, tmp_path)
    tables.write(tmp_path)
    assert tables.table("passage").shape == (0, 64)
    assert read_vectors(tmp_path) == {}
