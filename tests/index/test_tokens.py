import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.lexical import QueryTerm
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


def rarity(table: TokenTable, *forms: str, share: float = 0.0) -> float:
    return table.rarity(QueryTerm(forms, share=share))


def test_rarity_is_the_inverse_passage_frequency_of_bm25_with_a_thousand_passages_more(
    table: TokenTable,
) -> None:
    assert rarity(table, "rice") == pytest.approx(math.log(1 + 1002.5 / 1.5))
    assert rarity(table, "port") == pytest.approx(math.log(1 + 1000.5 / 3.5))


def test_the_rarer_a_word_the_higher_and_an_unknown_word_is_the_rarest(table: TokenTable) -> None:
    by_rarity = sorted(["port", "tea", "ferry", "rice"], key=lambda term: rarity(table, term))
    assert by_rarity == ["port", "ferry", "rice", "tea"]


def test_a_word_of_several_forms_is_as_frequent_as_the_most_frequent(table: TokenTable) -> None:
    assert rarity(table, "rice", "port", "tea") == rarity(table, "port")


def test_a_word_that_is_common_in_its_language_is_not_rare_in_a_few_passages(
    table: TokenTable,
) -> None:
    assert rarity(table, "rice", share=0.25) == pytest.approx(math.log(1 + 752.5 / 251.5))
    assert rarity(table, "tea", share=1.0) == pytest.approx(math.log(1 + 3.5 / 1000.5))


def test_a_table_of_no_texts_can_be_read(tmp_path: Path) -> None:
    assert TokenTable.write(tmp_path, [], []).tolist() == [0]
    table = TokenTable(tmp_path, 0)
    assert (len(table.tokens), table.vocabulary, table.id("rice")) == (0, [], None)


# -- how often words stand in ranges of tokens: rice port | port port ferry | port


def ranges(*borders: tuple[int, int]) -> NDArray[np.int64]:
    return np.array(borders, dtype=np.int64).reshape(-1, 2)


def test_words_are_counted_in_each_range(table: TokenTable) -> None:
    counts = table.counts([["port"], ["rice"], ["ferry"]], ranges((0, 2), (2, 5), (0, 6)))
    assert counts.dtype == np.int32
    assert counts.tolist() == [[1, 1, 0], [2, 0, 1], [4, 1, 1]]


def test_a_word_of_several_forms_is_counted_by_all_of_them(table: TokenTable) -> None:
    counts = table.counts([["rice", "ferry", "tea"], ["ferry", "ferry"]], ranges((0, 2), (0, 6)))
    assert counts.tolist() == [[1, 0], [2, 1]]


def test_ranges_may_overlap_and_come_in_any_order(table: TokenTable) -> None:
    assert table.counts([["port"]], ranges((4, 6), (1, 4), (3, 4))).tolist() == [[1], [3], [1]]


def test_an_empty_range_holds_no_word(table: TokenTable) -> None:
    empty_amid = ranges((2, 2), (0, 2), (6, 6), (5, 6), (0, 0))
    assert table.counts([["port"]], empty_amid).tolist() == [[0], [1], [0], [1], [0]]


def test_a_word_that_no_text_holds_is_counted_nowhere(table: TokenTable) -> None:
    assert table.counts([["tea"], [], ["port"]], ranges((0, 6))).tolist() == [[0, 0, 4]]


def test_no_words_or_no_ranges_give_no_counts(table: TokenTable) -> None:
    assert table.counts([], ranges((0, 6), (1, 2))).shape == (2, 0)
    assert table.counts([["port"], ["rice"]], ranges()).shape == (0, 2)
