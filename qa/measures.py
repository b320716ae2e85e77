"""The measures, each by the name and definition the field gives it.

Ranking measures come from ir-measures. Every other one is a statistic over two columns with an
entry per question: the confidence of its reply, and a score (nan where the measure says nothing
about the question). Bootstrap and permutation then need no knowledge of the measure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = NDArray[np.float64]
Statistic: TypeAlias = Callable[[Column, Column], float]

RANKING = ("Success@1", "Success@5", "nDCG@10", "RR@10", "R@10")
LOWER_IS_BETTER = frozenset({"false_answer_rate", "ECE"})

_ALIKE = str.maketrans(dict.fromkeys("‘’‚‛`´′", "'") | dict.fromkeys("“”„‟«»″", '"'))
_DASHES = re.compile(r"[‐‑‒–—―−]")


def ranking_scores(
    relevant: Mapping[str, Sequence[str]], ranked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """The `RANKING` measures and all@10 of each question of `relevant`, which must not be empty.

    `relevant` gives each question's relevant articles, `ranked` what was found for it, best first.
    all@10 is 1 when every relevant article is among the first ten.
    """
    import ir_measures

    measures = [ir_measures.parse_measure(name) for name in RANKING]
    qrels = {qid: dict.fromkeys(ids, 1) for qid, ids in relevant.items()}
    run = {
        qid: {article: -float(rank) for rank, article in enumerate(ranked[qid])} for qid in relevant
    }
    scores: dict[str, dict[str, float]] = {qid: {} for qid in relevant}
    for metric in ir_measures.iter_calc(measures, qrels, run):
        scores[metric.query_id][str(metric.measure)] = float(metric.value)
    for score in scores.values():
        score["all@10"] = float(score["R@10"] == 1)
    return scores


def same_place(quote: str, gold: str) -> bool:
    """True when one of the two texts holds the other, however spaced, quoted, dashed or cased."""
    ours, theirs = _plain(quote), _plain(gold)
    return bool(ours and theirs) and (ours in theirs or theirs in ours)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(_ALIKE).casefold()
    return " ".join(_DASHES.sub("-", text).split())


def mean(confidence: Column, score: Column) -> float:
    """The mean of the scores there are; nan when there is none."""
    given = score[~np.isnan(score)]
    return float(given.mean()) if given.size else np.nan


def auroc(confidence: Column, label: Column) -> float:
    """The chance that a question labelled 1 gets more confidence than one labelled 0.

    Equal confidences count half (the Mann-Whitney statistic); nan when either side is empty.
    """
    ones, zeros = confidence[label == 1], np.sort(confidence[label == 0])
    if not (ones.size and zeros.size):
        return np.nan
    below = np.searchsorted(zeros, ones, "left") + np.searchsorted(zeros, ones, "right")
    return float(below.sum() / (2 * ones.size * zeros.size))


def calibration_error(confidence: Column, right: Column, bins: int = 10) -> float:
    """Expected calibration error: |mean confidence - share right| per bin, weighted by its size.

    The bins are of equal width on [0, 1]; nan when no question has a judgement.
    """
    judged = ~np.isnan(right)
    if not judged.any():
        return np.nan
    confidence, right = confidence[judged], right[judged]
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(bin_of, weights=confidence - right, minlength=bins)
    return float(np.abs(gaps).sum() / confidence.size)


# A measure is the mean of its own scores, but for the last two, which pair another score with the
# confidence: whether the question is answerable, and whether the reply was right.
SCORE_OF = {"AUROC": "answerable", "ECE": "right"}
STATISTICS: dict[str, Statistic] = dict.fromkeys(
    (*RANKING, "all@10", "evidence@1", "evidence@3", "right", "verbatim"), mean
) | {
    "answer_rate": mean,
    "false_answer_rate": mean,
    "AUROC": auroc,
    "ECE": calibration_error,
}


def bootstrap_interval(
    statistic: Statistic, confidence: Column, score: Column, *, resamples: int, seed: int
) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of the statistic over resampled questions (nan, nan if none).

    Resamples on which the statistic is undefined are left out.
    """
    rng, n = np.random.default_rng(seed), score.size
    if not n:
        return np.nan, np.nan
    drawn = (rng.integers(0, n, n) for _ in range(resamples))
    values = np.array([statistic(confidence[rows], score[rows]) for rows in drawn])
    values = values[~np.isnan(values)]
    if not values.size:
        return np.nan, np.nan
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def randomisation_test(
    statistic: Statistic,
    before: tuple[Column, Column],
    after: tuple[Column, Column],
    *,
    permutations: int = 10_000,
    seed: int = 0,
) -> float:
    """Two-sided p of the difference: how often swapping sides by chance does as much.

    Each side is (confidence, score), the same question in the same place. One is added to both
    counts, so p is never 0 (Smucker, Allan and Carterette, CIKM 2007).
    """
    ours, theirs = np.stack(after), np.stack(before)
    seen = abs(statistic(*ours) - statistic(*theirs))
    if seen == 0:
        return 1.0
    rng, as_far = np.random.default_rng(seed), 0
    for _ in range(permutations):
        swap = rng.random(ours.shape[1]) < 0.5
        one, other = np.where(swap, theirs, ours), np.where(swap, ours, theirs)
        # A difference of equal size may differ in its last bits, as it is summed in another order.
        as_far += abs(statistic(*one) - statistic(*other)) >= seen - 1e-12
    return (as_far + 1) / (permutations + 1)
