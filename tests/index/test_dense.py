from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.dense import EXACT_UP_TO, FaissStore, VectorStore, by_score, index_description
from tests.fakes import MemoryStore

Opened = Callable[[list[list[float]]], VectorStore]

EAST, NORTH = [1.0, 0.0], [0.0, 1.0]
NEAR_EAST, NEAR_NORTH = [0.8, 0.6], [0.6, 0.8]


def vector(values: list[float]) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


class TestEveryVectorStore:
    @pytest.fixture(params=[MemoryStore, FaissStore])
    def opened(self, request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
        def of(rows: list[list[float]]) -> VectorStore:
            vectors = np.array(rows, dtype=np.float16).reshape(-1, 2)
            if request.param is MemoryStore:
                return MemoryStore(vectors)
            FaissStore.write(tmp_path / "vectors.faiss", vectors)
            return FaissStore(tmp_path / "vectors.faiss")

        return of

    def test_the_nearest_come_first_with_their_cosines(self, opened: Opened) -> None:
        rows, scores = opened([NORTH, NEAR_NORTH, EAST, NEAR_EAST]).search(vector(EAST), 3)
        assert rows.tolist() == [2, 3, 1]
        assert scores == pytest.approx([1.0, 0.8, 0.6], abs=1e-3)

    def test_rows_are_int64_and_scores_float32(self, opened: Opened) -> None:
        rows, scores = opened([EAST]).search(vector(EAST), 1)
        assert rows.dtype == np.int64
        assert scores.dtype == np.float32

    def test_equal_scores_come_in_the_order_of_rows(self, opened: Opened) -> None:
        rows, _ = opened([NEAR_EAST, EAST, NEAR_EAST, EAST, NEAR_EAST]).search(vector(EAST), 5)
        assert rows.tolist() == [1, 3, 0, 2, 4]

    def test_the_lowest_rows_of_many_equals_are_kept(self, opened: Opened) -> None:
        rows, _ = opened([NEAR_EAST] * 40).search(vector(EAST), 3)
        assert rows.tolist() == [0, 1, 2]

    def test_only_allowed_rows_come_back(self, opened: Opened) -> None:
        allowed = np.array([True, False, True, False])
        rows, scores = opened([NORTH, EAST, NEAR_EAST, NEAR_NORTH]).search(vector(EAST), 4, allowed)
        assert rows.tolist() == [2, 0]
        assert scores == pytest.approx([0.8, 0.0], abs=1e-3)

    def test_a_mask_that_allows_nothing_finds_nothing(self, opened: Opened) -> None:
        rows, scores = opened([EAST, NORTH]).search(vector(EAST), 2, np.zeros(2, dtype=np.bool_))
        assert (rows.shape, scores.shape) == ((0,), (0,))

    def test_asking_for_more_than_there_are_gives_all(self, opened: Opened) -> None:
        rows, _ = opened([NORTH, EAST]).search(vector(EAST), 99)
        assert rows.tolist() == [1, 0]

    def test_an_empty_store_finds_nothing(self, opened: Opened) -> None:
        rows, scores = opened([]).search(vector(EAST), 5)
        assert (rows.shape, scores.shape) == ((0,), (0,))

    def test_opposite_vectors_are_found_with_negative_cosines(self, opened: Opened) -> None:
        rows, scores = opened([[-1.0, 0.0]]).search(vector(EAST), 1)
        assert rows.tolist() == [0]
        assert scores == pytest.approx([-1.0], abs=1e-3)


def test_both_stores_agree_on_random_vectors(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(500, 16))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    FaissStore.write(tmp_path / "vectors.faiss", vectors)
    allowed = random.random(500) < 0.3
    asked = vectors[3].astype(np.float32)
    rows, scores = FaissStore(tmp_path / "vectors.faiss").search(asked, 20, allowed)
    expected_rows, expected_scores = MemoryStore(vectors).search(asked, 20, allowed)
    assert rows.tolist() == expected_rows.tolist()
    assert scores == pytest.approx(expected_scores, abs=1e-3)


def test_writing_the_same_vectors_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    vectors = np.array([EAST, NEAR_EAST], dtype=np.float16)
    for name in ("one", "two"):
        FaissStore.write(tmp_path / name, vectors)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_search_is_exact_up_to_a_size_and_by_inverted_lists_above() -> None:
    assert index_description(EXACT_UP_TO) == "IDMap2,SQfp16"
    assert index_description(1_000_000) == "IVF4000,SQ8"


def test_rows_are_sorted_by_falling_score_then_by_row() -> None:
    rows, scores = by_score(np.array([9, 4, 1]), np.array([0.5, 0.5, 0.9], dtype=np.float32))
    assert rows.tolist() == [1, 4, 9]
    assert scores == pytest.approx([0.9, 0.5, 0.5])
