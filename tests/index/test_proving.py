from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import (
    Article,
    DamagedGenerationError,
    FaissStore,
    GenerationStore,
    IndexSettings,
    LexicalIndex,
    Library,
    Manifest,
    build,
)
from index.lexical import LexicalRow
from index.manifest import file_names, file_sha256, read_manifest
from index.proving import prove
from tests.fakes import WordEmbedder


@pytest.fixture
def folder(
    library: Library, store: GenerationStore, embedder: WordEmbedder, settings: IndexSettings
) -> Path:
    """A generation of five passages, to be changed."""
    return store.folder(build(library, store, embedder, settings).generation)


def resealed(folder: Path) -> Manifest:
    """A manifest of the files as they are, so that every hash is right."""
    files = {name: file_sha256(folder / name) for name in file_names(folder)}
    manifest = replace(read_manifest(folder, 1), files=files)
    manifest.write(folder)
    return manifest


def test_what_was_built_as_it_was_meant_passes(folder: Path, library: Library) -> None:
    prove(folder, read_manifest(folder, 1), library)


def test_a_manifest_other_than_the_one_meant_is_refused(folder: Path, library: Library) -> None:
    meant = replace(read_manifest(folder, 1), library_revision=99)
    with pytest.raises(DamagedGenerationError, match=r"manifest\.json is not the one written"):
        prove(folder, meant, library)


def test_a_bit_that_flipped_on_the_way_to_the_disk_is_refused(
    folder: Path, library: Library
) -> None:
    path = folder / "tokens.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedGenerationError, match=r"tokens\.npy has changed"):
        prove(folder, read_manifest(folder, 1), library)


def wrong_vectors(folder: Path) -> None:
    FaissStore.write(folder / "passages.faiss", np.eye(5, 64, dtype=np.float16))


def no_vectors(folder: Path) -> None:
    FaissStore.write(folder / "passages.faiss", np.empty((0, 64), dtype=np.float16))


def wrong_words(folder: Path) -> None:
    for path in (folder / "lexical").iterdir():
        path.unlink()
    (folder / "lexical").rmdir()
    nothing = LexicalRow(Article("a", "x"), ["nothing"], ["-"])
    LexicalIndex.write(folder / "lexical", [nothing] * 5)


def torn_table(folder: Path) -> None:
    path = folder / "passages.npy"
    path.write_bytes(path.read_bytes()[:-8])


def longer_passage(folder: Path) -> None:
    table = np.load(folder / "passages.npy")
    table["end"][0] = 9999
    np.save(folder / "passages.npy", table)


def other_wording(folder: Path) -> None:
    path = folder / "articles.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"sha256": "', b'"sha256": "0'))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (wrong_vectors, r"passages\.faiss does not find passage 0 by its own vector"),
        (no_vectors, r"passages\.faiss does not find passage 0 by its own vector"),
        (wrong_words, "lexical does not find passage 0 by its own word"),
        (torn_table, "its files cannot be opened"),
        (longer_passage, r"passages\.npy names a place beyond its text \(row 0\)"),
        (other_wording, r"articles\.jsonl names a wording that is not there"),
    ],
)
def test_files_that_were_written_wrong_are_refused_though_every_hash_is_right(
    folder: Path, library: Library, damage: Callable[[Path], None], told: str
) -> None:
    damage(folder)
    with pytest.raises(DamagedGenerationError, match=told):
        prove(folder, resealed(folder), library)


def test_counts_other_than_those_of_the_tables_are_refused(folder: Path, library: Library) -> None:
    manifest = replace(resealed(folder), counts={"articles": 3, "passages": 6, "sentences": 8})
    manifest.write(folder)
    with pytest.raises(DamagedGenerationError, match=r"passages\.npy holds 5 passages"):
        prove(folder, manifest, library)


def test_a_passage_without_a_word_is_no_canary_of_the_words(
    store: GenerationStore, embedder: WordEmbedder, settings: IndexSettings
) -> None:
    with Library(settings.home / "library.sqlite") as library:
        library.put(Article("dots", "? !", lang="en"))
        assert build(library, store, embedder, settings).articles == 1
