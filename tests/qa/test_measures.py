"""The measures agree with what a person counts on a few questions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.measures import (
    Column,
    auroc,
    bootstrap_interval,
    calibration_error,
    mean,
    randomisation_test,
    ranking_scores,
    same_place,
)

NAN = math.nan


def column(*values: float) -> Column:
    return np.array(values, dtype=float)


def test_rankings_are_scored_as_counted_by_hand() -> None:
    relevant = {"first": ["a"], "third": ["c"], "half": ["a", "z"], "none": ["a"]}
    ranked = {"first": ["a", "b"], "third": ["b", "a", "c"], "half": ["b", "a"], "none": []}
    scores = ranking_scores(relevant, ranked)
    assert scores["first"] == {
        "Success@1": 1,
        "Success@5": 1,
        "nDCG@10": 1,
        "RR@10": 1,
        "R@10": 1,
        "all@10": 1,
    }
    assert scores["third"]["Success@1"] == 0
    assert scores["third"]["Success@5"] == 1
    assert scores["third"]["RR@10"] == pytest.approx(1 / 3)
    assert scores["third"]["nDCG@10"] == pytest.approx(1 / math.log2(4))
    assert (scores["half"]["R@10"], scores["half"]["all@10"]) == (0.5, 0)
    ideal = 1 + 1 / math.log2(3)
    assert scores["half"]["nDCG@10"] == pytest.approx(1 / math.log2(3) / ideal)
    assert set(scores["none"].values()) == {0}


def test_an_article_after_the_tenth_is_too_late() -> None:
    ranked = [f"other{n}" for n in range(10)] + ["a"]
    assert set(ranking_scores({"q": ["a"]}, {"q": ranked})["q"].values()) == {0}


@pytest.mark.parametrize(
    ("confidence", "label", "expected"),
    [
        ([0.9, 0.8, 0.1], [1, 1, 0], 1.0),
        ([0.1, 0.9], [1, 0], 0.0),
        ([0.5, 0.5], [1, 0], 0.5),
        ([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0], 3.5 / 4),
        ([0.9, 0.5, 0.7], [1, 1, 0], 0.5),
    ],
)
def test_auroc_is_the_share_of_pairs_in_the_right_order(
    confidence: list[float], label: list[float], expected: float
) -> None:
    assert auroc(column(*confidence), column(*label)) == expected


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=30))
def test_auroc_equals_counting_every_pair(rows: list[tuple[int, bool]]) -> None:
    ones = [score for score, label in rows if label]
    zeros = [score for score, label in rows if not label]
    value = auroc(column(*(score for score, _ in rows)), column(*(label for _, label in rows)))
    if not (ones and zeros):
        assert math.isnan(value)
        return
    won = sum((one > zero) + 0.5 * (one == zero) for one in ones for zero in zeros)
    assert value == pytest.approx(won / len(ones) / len(zeros))


def test_calibration_error_weighs_the_gap_of_each_bin_by_its_size() -> None:
    confidence, right = column(0.91, 0.93, 0.15, 1.0), column(1, 0, 0, NAN)
    # Bin 0.9-1.0: mean 0.92, half right, two of three; bin 0.1-0.2: 0.15, none right, one of three.
    assert calibration_error(confidence, right) == pytest.approx(0.42 * 2 / 3 + 0.15 / 3)


def test_confidence_one_belongs_to_the_last_bin_and_can_be_right() -> None:
    assert calibration_error(column(1.0), column(1)) == 0


def test_statistics_of_nothing_are_undefined() -> None:
    assert math.isnan(mean(column(0.5), column(NAN)))
    assert math.isnan(calibration_error(column(0.5), column(NAN)))
    assert math.isnan(auroc(column(0.5), column(1)))
    low, high = bootstrap_interval(auroc, column(0.5), column(1), resamples=9, seed=0)
    assert math.isnan(low)
    assert math.isnan(high)


@pytest.mark.parametrize(
    ("quote", "gold"),
    [
        ("She said it.", "Yesterday she said it. Twice."),
        ("Yesterday “she said” it.", 'yesterday  "She Said"\nit.'),
        ("L’accord — signé", "l'accord - signé"),
        ("Hà Nội", "ha\u0300 no\u0302\u0323i"),
    ],
)
def test_a_quote_and_a_gold_sentence_that_hold_one_another_are_one_place(
    quote: str, gold: str
) -> None:
    assert same_place(quote, gold)
    assert same_place(gold, quote)


@pytest.mark.parametrize(
    ("quote", "gold"), [("He said it.", "She did it."), (" ", "She did it."), ("hà", "ha")]
)
def test_other_words_are_another_place(quote: str, gold: str) -> None:
    assert not same_place(quote, gold)


def test_a_bootstrap_interval_holds_the_mean_and_repeats_itself() -> None:
    score = column(*([1] * 60 + [0] * 40))
    first = bootstrap_interval(mean, score, score, resamples=1000, seed=7)
    assert first == bootstrap_interval(mean, score, score, resamples=1000, seed=7)
    # The standard error of a share of 0.6 over 100 is 0.049.
    assert first == pytest.approx((0.6 - 1.96 * 0.049, 0.6 + 1.96 * 0.049), abs=0.02)


def test_three_wins_of_three_happen_by_chance_one_time_in_four() -> None:
    zeros, ones = column(0, 0, 0), column(1, 1, 1)
    p = randomisation_test(mean, (zeros, zeros), (zeros, ones))
    assert p == pytest.approx(2 / 2**3, abs=0.02)


def test_no_difference_has_p_one_and_a_clear_one_a_small_p_that_is_never_zero() -> None:
    zeros, ones = column(*[0] * 20), column(*[1] * 20)
    assert randomisation_test(mean, (zeros, ones), (zeros, ones), permutations=99) == 1
    assert randomisation_test(mean, (zeros, zeros), (zeros, ones), permutations=99) == 0.01
