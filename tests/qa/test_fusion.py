"""Scores of several kinds become one on [0, 1], by the weights of each text's language."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.fusion import OTHER, WEIGHTS, Floats, Weights, by_best, from_cosine, fuse, weights_of

SIGNALS = ("lexical", "context", "dense", "late")
HUNDREDTHS = st.integers(0, 100).map(lambda number: number / 100)


def floats(*numbers: float) -> Floats:
    return np.array(numbers, dtype=np.float32)


def test_the_weighted_mean_is_worked_out_passage_by_passage() -> None:
    signals = {"lexical": floats(1, 0, 0.5), "dense": floats(0.5, 1, 0.5)}
    weights = {"lexical": floats(0.25, 0.5, 0.9), "dense": floats(0.75, 0.5, 0.1)}
    assert fuse(signals, weights).tolist() == [0.625, 0.5, 0.5]


def test_a_signal_with_no_share_says_nothing_even_alone() -> None:
    assert fuse({"late": floats(0.9)}, {"late": floats(0)}).tolist() == [0]


def test_no_passages_give_no_scores() -> None:
    none = floats()
    assert fuse({"dense": none}, {"dense": none}).shape == (0,)
    assert by_best(none).shape == from_cosine(none).shape == (0,)


def test_equal_signals_get_equal_scores() -> None:
    one, other = fuse({"lexical": floats(0.3, 0.3)}, weights_of(["vi", "vi"]))
    assert one == other


@given(st.lists(HUNDREDTHS, min_size=4, max_size=4), st.sampled_from([*WEIGHTS]))
def test_a_fused_score_lies_between_the_worst_and_the_best_of_its_signals(
    values: list[float], lang: str
) -> None:
    signals = {name: floats(value) for name, value in zip(SIGNALS, values, strict=True)}
    [score] = fuse(signals, weights_of([lang]))
    assert min(values) - 1e-6 <= score <= max(values) + 1e-6


@given(st.sampled_from(SIGNALS), HUNDREDTHS)
def test_a_better_signal_never_makes_the_score_worse(name: str, value: float) -> None:
    level = {each: floats(0.5) for each in SIGNALS}
    [worse] = fuse(level | {name: floats(value)}, weights_of(["en"]))
    [better] = fuse(level | {name: floats(value + 0.1)}, weights_of(["en"]))
    assert better >= worse


def test_bm25_is_measured_against_the_best_and_nothing_found_is_zero() -> None:
    assert by_best(floats(4, 1, 0)).tolist() == [1, 0.25, 0]
    assert by_best(floats(0, 0)).tolist() == [0, 0]


def test_cosines_are_measured_from_minus_one() -> None:
    assert from_cosine(floats(-1, 0, 1)).tolist() == [0, 0.5, 1]


@pytest.mark.parametrize("shares", [(0.5, 0.5, 0.5, -0.5), (0.2, 0.2, 0.2, 0.2), (1, 1, 0, 0)])
def test_shares_that_are_no_convex_combination_are_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="no convex combination"):
        Weights(*shares)


def test_each_passage_has_the_weights_of_its_language_and_the_unknown_those_of_the_others() -> None:
    weights = weights_of(["vi", None, "de"])
    assert sorted(weights) == sorted(SIGNALS)
    for name in SIGNALS:
        rest = getattr(OTHER, name)
        assert weights[name] == pytest.approx([getattr(WEIGHTS["vi"], name), rest, rest])


def test_what_the_encoder_reads_is_weighed_as_english() -> None:
    langs: list[str | None] = ["en", "fr", "vi", None]
    read = weights_of(langs, frozenset({"en", "vi"}))
    plain = weights_of(langs)
    for name, weights in read.items():
        assert weights[2] == weights[0]
        assert weights[1] == plain[name][1]
        assert weights[3] == plain[name][3]
