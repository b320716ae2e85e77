"""Calibration: a small logistic model from the signals of the evidence to how sure we are.

It starts from weights that hold anywhere and is drawn towards an operator's own questions as far
as these speak (a Gaussian prior, so sixty labels move it a little and six hundred a lot). Above one
threshold a question is answered, below the other the documents are said to be silent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import CalibrationError
from qa.signals import SIGNALS, Signals

FILE = "calibration.json"
_LARGEST = 50  # weight: many times what any fit gives, and no sum of them overflows
_PULL = 5.0  # how many labels the starting weights are worth, for each unit of weight
_SLOPE_PULL = 5.0  # the same for how fast confidence grows with the evidence
_FLATTEST = 0.1  # slope: more evidence is never less confidence


@dataclass(frozen=True)
class Calibration:
    """The weight of each signal, the bias, and the two thresholds of `confidence`.

    `answer` is the confidence from which a question is answered, `doubt` the one under which the
    documents are said to be silent; `questions` says how many it was fitted on.
    """

    weights: Mapping[str, float]
    bias: float
    answer: float
    doubt: float
    questions: int = 0

    def confidence(self, signals: Signals) -> float:
        """The probability that the best evidence answers, in [0, 1], to four digits."""
        evidence = self.bias + sum(self.weights[name] * getattr(signals, name) for name in SIGNALS)
        return round(1 / (1 + math.exp(-evidence)), 4)

    def to_json(self) -> str:
        """The calibration as it is kept in a home."""
        return json.dumps(asdict(self), indent=1) + "\n"


# Set by hand: what counts wherever it was tried, words and names above all, meaning beside them.
START = Calibration(
    weights={
        "sentence": 1.75,
        "article": 2.0,
        "known": 1.5,
        "dense": 4.0,
        "late": 2.0,
        "figure": 3.0,
        "period": 1.0,
        "length": 1.5,
        "foreign": 2.5,
    },
    bias=-11.0,
    answer=0.5,
    doubt=0.25,
)


def read_calibration(home: Path) -> Calibration:
    """The home's own calibration, or the one that is shipped.

    Raises:
        CalibrationError: the home's file cannot be read.
    """
    own = home / FILE
    if not own.exists():
        return packaged_calibration()
    try:
        return _parse(own.read_text("utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CalibrationError(own, str(error)) from error


@lru_cache(maxsize=1)
def packaged_calibration() -> Calibration:
    """The calibration that is shipped, fitted on the development half of our own questions."""
    return _parse((resources.files("qa") / "data" / FILE).read_text("utf-8"))


def fit(
    signals: Sequence[Signals],
    right: Sequence[bool],
    *,
    start: Calibration = START,
    answered: float = 0.97,
    max_false: float | None = None,
) -> Calibration:
    """A calibration drawn from `start` towards these labelled signals.

    `right` says of each whether the evidence answers. The threshold to answer is the highest that
    leaves at least the share `answered` of those that do; with `max_false` it is the lowest that at
    most that share of the others would pass. Half of it is the threshold of doubt.

    Raises:
        ValueError: there are no labels of one of the two kinds.
    """
    labels = np.array(right, dtype=float)
    if not 0 < labels.sum() < len(labels):
        raise ValueError("calibration needs questions with an answer and questions without one")
    table = np.array([[getattr(one, name) for name in SIGNALS] for one in signals])
    prior = np.array([*(start.weights[name] for name in SIGNALS), start.bias])
    table = np.column_stack([table, np.ones(len(table))])
    pull = np.append(np.full(len(SIGNALS), _PULL), 1e-3)  # the bias is hardly pulled
    weights = _maximum_a_posteriori(table, labels, prior, pull)
    # The pull keeps what ranks; how sure that makes is for the labels alone to say (Platt, 1999).
    evidence = np.column_stack([table @ weights, np.ones(len(table))])
    slope, offset = _maximum_a_posteriori(
        evidence, labels, np.array([1.0, 0.0]), np.array([_SLOPE_PULL, 0.0])
    )
    weights *= max(float(slope), _FLATTEST)
    weights[-1] += offset
    fitted = Calibration(
        weights={name: round(float(w), 4) for name, w in zip(SIGNALS, weights, strict=False)},
        bias=round(float(weights[-1]), 4),
        answer=0.5,
        doubt=0.25,
        questions=len(labels),
    )
    confidence = np.array([fitted.confidence(one) for one in signals])
    if max_false is None:
        answer = reached_by(confidence[labels == 1], answered)
    else:
        answer = passed_by_few(confidence[labels == 0], max_false)
    return replace(fitted, answer=answer, doubt=round(answer / 2, 4))


def reached_by(confidence: NDArray[np.float64], share: float) -> float:
    """The highest confidence that at least `share` of these reach."""
    needed = math.ceil(round(share * len(confidence), 6))  # 0.9 * 10 is not 9 to a float
    return float(np.sort(confidence)[::-1][max(needed, 1) - 1])


def passed_by_few(confidence: NDArray[np.float64], share: float) -> float:
    """The lowest confidence, to four digits, that at most `share` of these reach."""
    allowed = math.floor(round(share * len(confidence), 6))
    highest = np.sort(confidence)[::-1]
    return round(float(highest[allowed]) + 1e-4, 4) if allowed < len(highest) else 0.0


def _maximum_a_posteriori(
    table: NDArray[np.float64],
    labels: NDArray[np.float64],
    prior: NDArray[np.float64],
    pull: NDArray[Any],
) -> NDArray[np.float64]:
    """The weights of the least log-loss and pull towards `prior`."""
    from scipy.optimize import minimize

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        evidence, away = table @ weights, weights - prior
        fit = np.logaddexp(0, evidence) - labels * evidence
        gradient = table.T @ (1 / (1 + np.exp(-evidence)) - labels) + pull * away
        return float(fit.sum() + (pull * away**2).sum() / 2), gradient

    best: NDArray[np.float64] = minimize(loss, prior, jac=True, method="L-BFGS-B").x
    return best


def _parse(text: str) -> Calibration:
    fields = json.loads(text)
    weights = {name: float(fields["weights"][name]) for name in SIGNALS}
    bias, answer, doubt = (float(fields[name]) for name in ("bias", "answer", "doubt"))
    if not all(abs(number) <= _LARGEST for number in (*weights.values(), bias, answer, doubt)):
        raise ValueError(f"a weight or threshold is not a number of at most {_LARGEST}")
    return Calibration(weights, bias, answer, doubt, int(fields["questions"]))
