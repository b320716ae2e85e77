"""A calibration: its confidence, how labels draw it, its thresholds, and its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa import Calibration, CalibrationError, packaged_calibration, read_calibration
from qa.calibration import FILE, START, fit, passed_by_few, reached_by
from qa.signals import SIGNALS, Signals

BY_ARTICLE = Calibration(
    weights=dict.fromkeys(SIGNALS, 0.0) | {"article": 2.0}, bias=-1.0, answer=0.6, doubt=0.3
)


def signals(every: float, **given: float) -> Signals:
    """Signals that are all the same, but for those given."""
    return Signals(**(dict.fromkeys(SIGNALS, every) | given))


def labelled(*levels: tuple[float, bool]) -> tuple[list[Signals], list[bool]]:
    """Signals of these levels and whether the evidence answers."""
    return [signals(level) for level, _ in levels], [right for _, right in levels]


# -- confidence


@pytest.mark.parametrize(("article", "confidence"), [(0, 0.2689), (0.5, 0.5), (1, 0.7311)])
def test_confidence_is_the_logistic_of_the_weighted_signals(
    article: float, confidence: float
) -> None:
    assert BY_ARTICLE.confidence(signals(0.3, article=article)) == confidence


@pytest.mark.parametrize("name", SIGNALS)
def test_more_of_a_signal_is_more_confidence(name: str) -> None:
    fitted = fit(*labelled((0.9, True), (0.7, True), (0.6, False), (0.2, False)))
    for calibration in (START, fitted, packaged_calibration()):
        less, more = (calibration.confidence(signals(0.4, **{name: at})) for at in (0.2, 0.8))
        assert less < more


def test_the_shipped_calibration_answers_what_is_met_and_not_what_is_missed() -> None:
    shipped = packaged_calibration()
    assert 0 < shipped.doubt < shipped.answer < 1
    assert shipped.confidence(signals(1)) > 0.9
    assert shipped.confidence(signals(0)) < shipped.doubt
    assert shipped.questions > 0


# -- drawn by labels


def moved(fitted: Calibration) -> float:
    """How far the weights are from where they began, at the farthest."""
    return max(abs(fitted.weights[name] - START.weights[name]) for name in SIGNALS)


def test_few_labels_move_the_weights_little_and_many_move_them_much() -> None:
    # The opposite of what the start holds: the less is met, the better.
    table, right = labelled((0.3, True), (0.7, False))
    few, many = fit(table * 2, right * 2), fit(table * 500, right * 500)
    assert few.weights["dense"] / few.weights["late"] == pytest.approx(2, abs=0.1)
    assert moved(many) > 2
    assert few.confidence(signals(0.7)) > few.confidence(signals(0.3))
    assert many.confidence(signals(0.7)) < many.confidence(signals(0.3))


def test_labels_that_say_what_the_start_says_leave_it_alone() -> None:
    levels = [level / 10 for level in range(11)]
    table = [signals(level) for level in levels for _ in range(100)]
    right = [n < 100 * START.confidence(signals(level)) for level in levels for n in range(100)]
    assert moved(fit(table, right)) < 0.3


def test_with_many_labels_confidence_is_the_share_that_was_right() -> None:
    often = [(0.8, n % 4 > 0) for n in range(2000)]
    seldom = [(0.2, n % 10 == 0) for n in range(2000)]
    fitted = fit(*labelled(*often, *seldom))
    assert fitted.confidence(signals(0.8)) == pytest.approx(0.75, abs=0.01)
    assert fitted.confidence(signals(0.2)) == pytest.approx(0.1, abs=0.01)
    assert fitted.questions == 4000


def test_a_signal_that_never_differs_keeps_its_weight_nearly() -> None:
    table = [signals(level, late=0.0) for level in (0.1, 0.2, 0.8, 0.9)]
    kept = fit(table, [False, False, True, True]).weights["late"]
    assert kept == pytest.approx(START.weights["late"], abs=0.1)


@pytest.mark.parametrize("every", [0.0, 1.0])
def test_labels_that_all_look_alike_are_fitted_all_the_same(every: float) -> None:
    fitted = fit(*labelled((every, True), (every, False), (every, False), (every, False)))
    assert fitted.confidence(signals(every)) == pytest.approx(0.25, abs=0.02)


def test_another_start_is_another_end() -> None:
    table, right = labelled((0.9, True), (0.1, False))
    assert fit(table, right, start=BY_ARTICLE).weights["dense"] < 0.5
    assert fit(table, right).weights["dense"] > 3.5


@pytest.mark.parametrize("right", [[], [True, True], [False, False]])
def test_one_kind_of_label_is_not_enough(right: list[bool]) -> None:
    with pytest.raises(ValueError, match="questions with an answer and questions without one"):
        fit([signals(0.5)] * len(right), right)


# -- thresholds

LEVELS = labelled(
    (1.0, True), (0.9, True), (0.7, True), (0.5, True), (0.8, False), (0.4, False), (0.1, False)
)


@pytest.mark.parametrize(
    ("answered", "lowest"), [(1.0, 0.5), (0.97, 0.5), (0.75, 0.7), (0.5, 0.9), (0.25, 1.0)]
)
def test_the_threshold_is_the_highest_that_still_answers_the_share_asked_for(
    answered: float, lowest: float
) -> None:
    fitted = fit(*LEVELS, answered=answered)
    assert fitted.answer == fitted.confidence(signals(lowest))
    assert fitted.doubt == round(fitted.answer / 2, 4)


@pytest.mark.parametrize(("max_false", "highest"), [(0.0, 0.8), (0.34, 0.4), (0.67, 0.1)])
def test_the_threshold_is_just_above_the_wrong_ones_that_may_not_pass(
    max_false: float, highest: float
) -> None:
    fitted = fit(*LEVELS, max_false=max_false)
    assert fitted.answer == round(fitted.confidence(signals(highest)) + 1e-4, 4)
    assert fitted.doubt == round(fitted.answer / 2, 4)


def test_where_all_may_pass_there_is_no_threshold() -> None:
    assert fit(*LEVELS, max_false=1.0).answer == 0


def test_weights_do_not_depend_on_the_threshold_that_is_asked_for() -> None:
    strict, loose = fit(*LEVELS, max_false=0), fit(*LEVELS, answered=1.0)
    assert (strict.weights, strict.bias) == (loose.weights, loose.bias)
    assert strict.answer > loose.answer


@pytest.mark.parametrize(
    ("share", "threshold"), [(1.0, 0.2), (0.99, 0.2), (0.75, 0.4), (0.5, 0.6), (0.01, 0.8)]
)
def test_a_share_reaches_the_threshold(share: float, threshold: float) -> None:
    assert reached_by(np.array([0.6, 0.2, 0.8, 0.4]), share) == threshold


@pytest.mark.parametrize(
    ("share", "threshold"), [(0, 0.8001), (0.24, 0.8001), (0.25, 0.6001), (0.99, 0.2001), (1, 0)]
)
def test_a_share_passes_the_threshold(share: float, threshold: float) -> None:
    assert passed_by_few(np.array([0.6, 0.2, 0.8, 0.4]), share) == threshold


def test_shares_are_counted_and_not_rounded() -> None:
    tenths, hundredths = np.arange(1, 11) / 10, np.arange(100) / 1000
    for n in range(1, 11):
        assert (tenths >= reached_by(tenths, n / 10)).sum() == n
    for n in range(101):
        assert (hundredths >= passed_by_few(hundredths, n / 100)).sum() == n


def test_to_reach_nothing_is_to_ask_for_the_highest() -> None:
    assert reached_by(np.array([0.6, 0.2, 0.8, 0.4]), 0.0) == 0.8


def test_equal_confidences_pass_together_or_not_at_all() -> None:
    equal = np.array([0.5, 0.5, 0.5, 0.1])
    assert reached_by(equal, 0.5) == 0.5
    assert passed_by_few(equal, 0.5) == 0.5001


# -- the file


def test_a_home_without_a_file_has_the_shipped_calibration(tmp_path: Path) -> None:
    assert read_calibration(tmp_path) == packaged_calibration()


def test_what_a_home_keeps_is_read_as_it_was_written(tmp_path: Path) -> None:
    fitted = fit(*LEVELS)
    (tmp_path / FILE).write_text(fitted.to_json(), "utf-8")
    assert read_calibration(tmp_path) == fitted
    assert fitted != packaged_calibration()


def test_a_signal_that_is_no_more_is_passed_over(tmp_path: Path) -> None:
    kept = Calibration({**BY_ARTICLE.weights, "moon": 3.0}, -1.0, 0.6, 0.3)
    (tmp_path / FILE).write_text(kept.to_json(), "utf-8")
    assert read_calibration(tmp_path) == BY_ARTICLE


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"", "Expecting value"),
        (b'{"weights": ', "Expecting value"),
        (b"\xff\xfe", "can't decode"),
        (b"[]", "list indices"),
        (b"{}", "'weights'"),
        (b'{"weights": {"sentence": 1}}', "'article'"),
        (BY_ARTICLE.to_json().replace("-1.0", '"much"').encode(), "could not convert"),
        (BY_ARTICLE.to_json().replace("-1.0", "NaN").encode(), "not a number of at most 50"),
        (BY_ARTICLE.to_json().replace("-1.0", "-800").encode(), "not a number of at most 50"),
        (BY_ARTICLE.to_json().replace('"answer"', '"reply"').encode(), "'answer'"),
    ],
)
def test_a_broken_file_is_named_with_the_way_out(
    tmp_path: Path, written: bytes, reason: str
) -> None:
    (tmp_path / FILE).write_bytes(written)
    with pytest.raises(CalibrationError, match="remove the file") as caught:
        read_calibration(tmp_path)
    assert caught.value.path == tmp_path / FILE
    assert str(caught.value).startswith(f"{tmp_path / FILE}: ")
    assert reason in caught.value.reason


def test_a_file_that_cannot_be_read_is_an_error_and_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(CalibrationError, match=FILE):
        read_calibration(tmp_path)
