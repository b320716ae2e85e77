import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from index.tokens import TokenTable

TEXTS = [["rice", "port"], [], ["port", "port", "ferry"], ["port"]]
PASSAGES = [[0, 1], [2], [2, 3]]


@pytest.fixture
def table(tmp_path: Path) -> TokenTable:
    TokenTable.write(tmp_path, TEXTS, PASSAGES)
    return TokenTable(tmp_path, len(PASSAGES))


def test_each_text_is_found_again_between_its_offsets(tmp_path: Path) -> None:
    offsets = TokenTable.write(tmp_path, TEXTS, PASSAGES)
    table = TokenTable(tmp_path, len(PASSAGES))
    assert offsets.tolist() == [0, 2, 2, 5, 6]
    assert [
        [table.vocabulary[token] for token in table.tokens[start:end]]
        for start, end in pairwise(offsets)
    ] == TEXTS


def test_terms_are_numbered_in_sorted_order(table: TokenTable) -> None:
    assert table.vocabulary == ["ferry", "port", "rice"]
    assert [table.id(term) for term in table.vocabulary] == [0, 1, 2]


@pytest.mark.parametrize("term", ["", "a", "por", "ports", "zz"])
def test_a_term_that_no_text_holds_has_no_number(table: TokenTable, term: str) -> None:
    assert table.id(term) is None


def test_numbers_of_terms_come_in_the_order_asked_without_the_unknown(table: TokenTable) -> None:
    ids = table.ids(["rice", "tea", "ferry"])
    assert ids.dtype == np.int32
    assert ids.tolist() == [2, 0]


def test_frequency_counts_the_passages_that_hold_a_term(table: TokenTable) -> None:
    assert dict(zip(table.vocabulary, table.frequency.tolist(), strict=True)) == {
        "ferry": 2,
        "port": 3,
        "rice": 1,
    }


def test_rarity_is_the_inverse_passage_frequency_of_bm25(table: TokenTable) -> None:
    assert table.rarity(["rice"]) == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert table.rarity(["port"]) == pytest.approx(math.log(1 + 0.5 / 3.5))


def test_the_rarer_a_word_the_higher_and_an_unknown_word_is_the_rarest(table: TokenTable) -> None:
    by_rarity = sorted(["port", "tea", "ferry", "rice"], key=lambda term: table.rarity([term]))
    assert by_rarity == ["port", "ferry", "rice", "tea"]


def test_a_word_of_several_forms_is_as_frequent_as_the_most_frequent(table: TokenTable) -> None:
    assert table.rarity(["rice", "port", "tea"]) == table.rarity(["port"])


def test_a_table_of_no_texts_can_be_read(tmp_path: Path) -> None:
    assert TokenTable.write(tmp_path, [], []).tolist() == [0]
    table = TokenTable(tmp_path, 0)
    assert (len(table.tokens), table.vocabulary, table.id("rice")) == (0, [], None)
