import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.late import PieceTable, mean_by_rarity, pack, unpack

STEP = 0.15 / 7  # between two neighbouring values of four bits
SENTENCES = [
    [(7, [7, 0]), (2, [0, 7])],
    [],
    [(2, [-7, 0]), (2, [-3, 0])],
    [(9, [3, -2])],
]
PASSAGES = [(0, 2), (1, 3), (2, 4), (1, 2)]


def rows(*values: Sequence[float]) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def written(folder: Path, sentences: list[list[tuple[int, list[int]]]]) -> PieceTable:
    """A table of pieces, each a number and a vector of two numbers in steps."""
    PieceTable.write(
        folder,
        [np.array([piece for piece, _ in each], dtype=np.int32) for each in sentences],
        [pack(rows(*(v for _, v in each)).reshape(-1, 2) * np.float32(STEP)) for each in sentences],
        np.array(PASSAGES if sentences else [], dtype=np.int64).reshape(-1, 2),
        2,
    )
    return PieceTable(folder, len(PASSAGES))


@pytest.fixture
def table(tmp_path: Path) -> PieceTable:
    return written(tmp_path, SENTENCES)


# -- four bits


def test_two_numbers_share_a_byte() -> None:
    codes = pack(rows([0.15, -0.15, 0, STEP], [0, 0, -STEP, 0.15]))
    assert codes.dtype == np.uint8
    assert codes.tolist() == [[0xF1, 0x89], [0x88, 0x7F]]


def test_a_number_comes_back_to_half_a_step() -> None:
    numbers = np.linspace(-0.15, 0.15, 400, dtype=np.float32).reshape(8, 50)
    back = unpack(pack(numbers))
    assert back.dtype == np.float32
    assert back.shape == (8, 50)
    assert np.abs(back - numbers).max() <= STEP / 2 + 1e-6


def test_what_was_packed_once_comes_back_unchanged_the_second_time() -> None:
    codes = np.array([[0x11, 0x9F], [0x78, 0xE2]], dtype=np.uint8)
    assert pack(unpack(codes)).tolist() == codes.tolist()


def test_numbers_beyond_the_limit_are_cut() -> None:
    assert unpack(pack(rows([1.0, -1.0, 0.16, -0.151]))) == pytest.approx(
        rows([0.15, -0.15, 0.15, -0.15])
    )


def test_cosines_of_long_vectors_hardly_change() -> None:
    random = np.random.default_rng(3)
    vectors = random.normal(size=(200, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert np.abs(unpack(pack(vectors)) @ vectors.T - vectors @ vectors.T).max() < 0.03


def test_no_vectors_are_packed_to_nothing() -> None:
    codes = pack(np.empty((0, 4), dtype=np.float32))
    assert codes.shape == (0, 2)
    assert unpack(codes).shape == (0, 4)


# -- a table of sentences


def test_the_pieces_of_each_sentence_stand_between_its_offsets(table: PieceTable) -> None:
    assert table.offsets.tolist() == [0, 2, 2, 4, 5]
    assert table.ids.tolist() == [7, 2, 2, 2, 9]
    assert unpack(table.codes) == pytest.approx(
        rows([7, 0], [0, 7], [-7, 0], [-3, 0], [3, -2]) * STEP, abs=1e-6
    )


def test_each_piece_of_a_question_meets_its_best_piece_of_each_sentence(table: PieceTable) -> None:
    question = rows([1, 0], [0.6, 0.8], [0, -1])
    best = table.align(np.array([0, 2, 3]), question)
    assert best.dtype == np.float32
    assert best == pytest.approx(
        rows([7, 5.6, 0], [-3, -1.8, 0], [3, 0.2, 2]) * np.float32(STEP), abs=1e-6
    )


def test_sentences_are_compared_in_the_order_asked(table: PieceTable) -> None:
    question = rows([1, 0])
    assert table.align(np.array([3, 0, 3]), question) == pytest.approx(
        rows([3], [7], [3]) * np.float32(STEP), abs=1e-6
    )


def test_a_sentence_without_pieces_meets_nothing(table: PieceTable) -> None:
    question = rows([-1, 0], [0, 1])
    assert table.align(np.array([1]), question).tolist() == [[0, 0]]
    amid = table.align(np.array([1, 0, 1, 3, 1]), question)
    assert amid[[0, 2, 4]].tolist() == [[0, 0]] * 3
    assert amid[[1, 3]] == pytest.approx(rows([0, 7], [-3, -2]) * np.float32(STEP), abs=1e-6)


def test_no_sentences_or_no_question_give_no_cosines(table: PieceTable) -> None:
    assert table.align(np.empty(0, np.int64), rows([1, 0])).shape == (0, 1)
    assert table.align(np.array([0, 1]), np.empty((0, 2), np.float32)).shape == (2, 0)


def test_rarity_is_the_inverse_passage_frequency_of_bm25(table: PieceTable) -> None:
    rarity = table.rarity(np.array([2, 7, 9], dtype=np.int32))  # in three, one and one of four
    assert rarity.dtype == np.float32
    assert rarity == pytest.approx(
        [math.log(1 + 1.5 / 3.5), math.log(1 + 3.5 / 1.5), math.log(1 + 3.5 / 1.5)]
    )


@pytest.mark.parametrize("piece", [0, 8, 10, 30_000])
def test_a_piece_that_no_passage_holds_is_the_rarest(table: PieceTable, piece: int) -> None:
    assert table.rarity(np.array([piece], dtype=np.int32)) == pytest.approx(
        [math.log(1 + 4.5 / 0.5)]
    )


def test_no_pieces_have_no_rarity(table: PieceTable) -> None:
    assert table.rarity(np.empty(0, np.int32)).shape == (0,)


def test_a_table_of_no_sentences_can_be_read(tmp_path: Path) -> None:
    table = written(tmp_path, [])
    assert table.offsets.tolist() == [0]
    assert (table.ids.shape, table.codes.shape) == ((0,), (0, 1))
    assert table.align(np.empty(0, np.int64), rows([1, 0])).shape == (0, 1)
    assert table.rarity(np.array([0], dtype=np.int32)) == pytest.approx([math.log(10)])


def test_a_table_of_sentences_without_pieces_can_be_read(tmp_path: Path) -> None:
    table = written(tmp_path, [[], [], [], []])
    assert table.align(np.array([0, 3]), rows([1, 0])).tolist() == [[0], [0]]


# -- their mean


def test_the_mean_of_cosines_is_weighted_by_rarity() -> None:
    mean = mean_by_rarity(rows([1, 0.5], [0, -1]), np.array([1, 3], dtype=np.float32))
    assert mean.dtype == np.float32
    assert mean == pytest.approx([0.625, -0.75])


@pytest.mark.parametrize("rarity", [[0.0, 0.0], [math.inf, 1.0], [math.nan, 1.0]])
def test_a_mean_without_weights_is_nothing(rarity: list[float]) -> None:
    assert mean_by_rarity(rows([1, 0.5], [0, -1]), np.array(rarity, np.float32)).tolist() == [0, 0]


def test_the_mean_of_no_cosines_is_nothing() -> None:
    nothing = np.empty((2, 0), dtype=np.float32)
    assert mean_by_rarity(nothing, np.empty(0, np.float32)).tolist() == [0, 0]
