"""Two evaluations of the same questions, side by side: what moved, and was it chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qa.evaluation import Evaluation, columns, rounded
from qa.measures import LOWER_IS_BETTER, STATISTICS, randomisation_test
from qa.outcomes import Outcome

# The measures that a regression is declared on; the others repeat them, or swing with the bins.
MAIN = (
    "Success@1",
    "nDCG@10",
    "R@10",
    "evidence@1",
    "evidence@3",
    "right",
    "verbatim",
    "answer_rate",
    "false_answer_rate",
    "AUROC",
)


@dataclass(frozen=True, slots=True)
class Change:
    """A measure before and after, over the `n` questions of both runs that it concerns.

    `p` is that of a two-sided paired randomisation test; None where a side is undefined.
    """

    before: float | None
    after: float | None
    difference: float | None
    p: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A question whose score in a measure changed; None where the measure said nothing of it."""

    id: str
    measure: str
    before: float | None
    after: float | None
    was_answered: bool
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Regression:
    """A main measure that got worse by `drop`, counted so that worse is positive."""

    measure: str
    before: float
    after: float
    drop: float


@dataclass(frozen=True)
class Comparison:
    """Changes by measure, and the questions behind them in the order they were asked.

    Questions in only one run, and those whose gold articles the library lost (`orphaned`: question
    id to the articles that are gone from either), are named here and compared nowhere.
    """

    measures: Mapping[str, Change]
    moved: tuple[Moved, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    orphaned: Mapping[str, tuple[str, ...]]


def compare(
    ours: Evaluation, theirs: Evaluation, *, permutations: int = 10_000, seed: int = 0
) -> Comparison:
    """What changed from `theirs` (before) to `ours` (after), questions matched by id."""
    before = {outcome.id: outcome for outcome in theirs.run}
    after = {outcome.id: outcome for outcome in ours.run}
    both = [(before[qid], outcome) for qid, outcome in after.items() if qid in before]
    # With other gold articles the same ranking scores differently: such pairs prove nothing.
    orphaned = {
        now.id: tuple(sorted({*was.orphans, *now.orphans}))
        for was, now in both
        if was.orphans != now.orphans or (now.orphans and now.answerable is None)
    }
    pairs = [(was, now) for was, now in both if now.id not in orphaned]
    return Comparison(
        measures={name: _change(pairs, name, permutations, seed) for name in STATISTICS},
        moved=tuple(
            Moved(now.id, name, old, new, was.answered, now.answered)
            for was, now in pairs
            for name in STATISTICS
            if (old := was.scores.get(name)) != (new := now.scores.get(name))
        ),
        only_before=tuple(qid for qid in before if qid not in after),
        only_after=tuple(qid for qid in after if qid not in before),
        orphaned=orphaned,
    )


def regressions(comparison: Comparison, max_drop: float) -> list[Regression]:
    """The `MAIN` measures that got worse by more than `max_drop`, in the order of `MAIN`."""
    worse = []
    for name in MAIN:
        change = comparison.measures[name]
        if change.before is None or change.after is None:
            continue
        drop = round(change.before - change.after, 6)
        drop = -drop if name in LOWER_IS_BETTER else drop
        if drop > max_drop:
            worse.append(Regression(name, change.before, change.after, drop))
    return worse


def _change(
    pairs: list[tuple[Outcome, Outcome]], measure: str, permutations: int, seed: int
) -> Change:
    before = columns([was for was, _ in pairs], measure)
    after = columns([now for _, now in pairs], measure)
    concerned = ~(np.isnan(before[1]) & np.isnan(after[1]))
    theirs, ours = (
        (confidence[concerned], score[concerned]) for confidence, score in (before, after)
    )
    statistic = STATISTICS[measure]
    was, now = rounded(statistic(*theirs)), rounded(statistic(*ours))
    if was is None or now is None:
        return Change(was, now, None, None, int(concerned.sum()))
    p = randomisation_test(statistic, theirs, ours, permutations=permutations, seed=seed)
    return Change(was, now, round(now - was, 6), round(p, 6), int(concerned.sum()))
