"""Two runs are compared question by question, and chance is told from change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

import pytest

from qa.comparison import Change, Moved, Regression, compare, regressions
from qa.evaluation import Evaluation
from qa.outcomes import Outcome


def outcome(
    qid: str,
    scores: Mapping[str, float],
    *,
    confidence: float = 0.5,
    answered: bool = True,
    answerable: bool | None = True,
    orphans: tuple[str, ...] = (),
) -> Outcome:
    return Outcome(
        id=qid,
        lang="en",
        kind=None,
        answerable=answerable,
        answered=answered,
        confidence=confidence,
        reason=None if answered else "weak_evidence",
        resolved_question=qid,
        articles=(),
        citations=(),
        orphans=orphans,
        scores=scores,
    )


def evaluation(*run: Outcome) -> Evaluation:
    return Evaluation(generation=1, settings={}, figures={}, run=run)


def success(**scores: float) -> Evaluation:
    return evaluation(*(outcome(qid, {"Success@1": score}) for qid, score in scores.items()))


def test_a_change_is_after_less_before_over_the_questions_of_both() -> None:
    comparison = compare(success(a=1, b=1, c=1, new=0), success(old=1, c=0, b=0, a=0))
    change = comparison.measures["Success@1"]
    assert (change.before, change.after, change.difference, change.n) == (0.0, 1.0, 1.0, 3)
    assert change.p == pytest.approx(2 / 2**3, abs=0.02)
    assert (comparison.only_before, comparison.only_after) == (("old",), ("new",))


def test_equal_runs_differ_in_nothing() -> None:
    comparison = compare(success(a=1, b=0), success(a=1, b=0), permutations=99)
    assert comparison.measures["Success@1"] == Change(0.5, 0.5, 0.0, 1.0, 2)
    assert comparison.measures["AUROC"] == Change(None, None, None, None, 0)
    assert comparison.moved == ()
    assert regressions(comparison, 0.0) == []


def test_questions_that_moved_are_listed_with_their_measure_and_whether_they_are_answered() -> None:
    before = evaluation(
        outcome("same", {"Success@1": 1, "answer_rate": 1}),
        outcome("lost", {"Success@1": 1, "answer_rate": 1, "right": 1}),
    )
    after = evaluation(
        outcome("same", {"Success@1": 1, "answer_rate": 1}),
        outcome("lost", {"Success@1": 1, "answer_rate": 0}, answered=False),
    )
    assert compare(after, before, permutations=9).moved == (
        Moved("lost", "right", 1, None, True, False),
        Moved("lost", "answer_rate", 1, 0, True, False),
    )


def test_auroc_is_compared_over_the_same_questions() -> None:
    def run(*confidence: float) -> Evaluation:
        return evaluation(
            *(
                outcome(f"q{n}", {"answerable": float(n < 2)}, confidence=value)
                for n, value in enumerate(confidence)
            )
        )

    comparison = compare(run(0.9, 0.8, 0.1, 0.2), run(0.9, 0.1, 0.8, 0.2), permutations=999)
    change = comparison.measures["AUROC"]
    assert (change.before, change.after, change.difference, change.n) == (0.5, 1.0, 0.5, 4)
    assert change.p is not None
    assert change.p > 0.2  # four questions prove nothing


def test_questions_that_lost_gold_articles_are_named_not_compared() -> None:
    before = evaluation(
        outcome("kept", {"R@10": 1}),
        outcome("partly", {"R@10": 0.5}),
        outcome("same", {"R@10": 0.5}, orphans=("long_gone",)),
        outcome("lost", {"R@10": 1}),
    )
    after = evaluation(
        outcome("kept", {"R@10": 1}),
        outcome("partly", {"R@10": 1}, orphans=("gone",)),
        outcome("same", {"R@10": 0.5}, orphans=("long_gone",)),
        outcome("lost", {}, answerable=None, orphans=("gone",)),
    )
    comparison = compare(after, before, permutations=9)
    assert comparison.orphaned == {"partly": ("gone",), "lost": ("gone",)}
    assert comparison.measures["R@10"] == Change(0.75, 0.75, 0.0, 1.0, 2)
    assert comparison.moved == ()


def test_a_drop_beyond_the_limit_is_a_regression_and_one_within_is_not() -> None:
    comparison = compare(success(a=1, b=1, c=1, d=0), success(a=1, b=1, c=1, d=1), permutations=9)
    assert regressions(comparison, 0.2) == [Regression("Success@1", 1.0, 0.75, 0.25)]
    assert regressions(comparison, 0.25) == []


def test_more_false_answers_are_a_regression_and_fewer_are_not() -> None:
    def run(rate: float) -> Evaluation:
        return evaluation(outcome("q", {"false_answer_rate": rate}, answerable=False))

    worse, better = (compare(run(a), run(b), permutations=9) for a, b in ((1, 0), (0, 1)))
    assert regressions(worse, 0.5) == [Regression("false_answer_rate", 0.0, 1.0, 1.0)]
    assert regressions(better, 0.5) == []


def test_the_same_comparison_gives_the_same_p_and_writes_as_json() -> None:
    pair = success(a=1, b=0, c=1), success(a=0, b=0, c=1)
    first, second = compare(*pair), compare(*pair)
    assert first == second
    assert json.loads(json.dumps(asdict(first)))["measures"]["Success@1"]["n"] == 3
