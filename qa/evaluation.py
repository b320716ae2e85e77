"""A question set asked, every reply scored, and the figures that come of it.

What each measure is a mean over, and which questions it concerns:

- Success@1, Success@5, nDCG@10, RR@10, R@10, all@10: ranked articles, each standing where its best
  passage stands; answerable questions with relevant articles.
- evidence@1, evidence@3: a gold sentence lies in, or holds, one of the first 1 or 3 cited quotes of
  its article; answerable questions with evidence. A question left unanswered counts 0.
- answer_rate, false_answer_rate: share answered of the answerable, of the unanswerable questions.
- right: share of right replies among those given to a judged question. A reply is right when a gold
  sentence is cited (a relevant article, where the question has no evidence), wrong when the
  question is unanswerable.
- verbatim: share of a reply's citations that are the stored text, word for word; replies with any.
- AUROC: does `confidence` tell answerable from unanswerable questions. ECE: does it say how often
  the replies are right (10 bins).
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Protocol

import numpy as np

from index import Facets, Texts
from qa.answers import Answer, Hit, Turn
from qa.errors import AnsweringError, BadQuestionError
from qa.measures import SCORE_OF, STATISTICS, Column, bootstrap_interval, ranking_scores
from qa.outcomes import Outcome, judge, read_outcome, without_orphans
from qa.questionset import LabelledQuestion

FORMAT = 1
History = Literal["resolve", "ignore", "rewrite"]


class Asker(Protocol):
    """What is evaluated: something that answers, and shows what it found."""

    @property
    def generation(self) -> int:
        """The generation that answers."""
        ...

    def ask_with_hits(
        self, question: str, turns: Sequence[Turn], where: Facets, depth: int
    ) -> tuple[Answer, Sequence[Hit]]:
        """The reply, and the first `depth` passages, best first."""
        ...


class BadEvaluationError(AnsweringError):
    """A saved evaluation is not JSON, or was not written by `Evaluation.to_json`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over `n` questions with its 95 % bootstrap interval; None where it is undefined."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Evaluation:
    """Figures by group ("all", "lang=fr", …) and measure, and the run they were computed from.

    `timing` maps "total" and each stage of a reply to mean, median and p95 in milliseconds; it is
    all that differs between two evaluations of the same generation with the same settings.
    """

    generation: int
    settings: Mapping[str, Any]
    figures: Mapping[str, Mapping[str, Figure]]
    run: tuple[Outcome, ...]
    timing: Mapping[str, Mapping[str, float]] = field(default_factory=dict, compare=False)

    def to_json(self) -> str:
        """The whole evaluation as a JSON text; `from_json` gives it back."""
        body = {"format": FORMAT, **asdict(self)}
        return json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Evaluation:
        """The evaluation that was saved.

        Raises:
            BadEvaluationError: the text is no evaluation, or of another format.
        """
        try:
            body = json.loads(text)
            if body["format"] != FORMAT:
                raise BadEvaluationError(f"format {body['format']!r}; this version reads {FORMAT}")
            figures = {
                group: {measure: Figure(**figure) for measure, figure in measures.items()}
                for group, measures in body["figures"].items()
            }
            run = tuple(read_outcome(row) for row in body["run"])
            return cls(body["generation"], body["settings"], figures, run, body["timing"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadEvaluationError(f"not a saved evaluation: {error!r}") from error


def evaluate(
    asker: Asker,
    questions: Sequence[LabelledQuestion],
    *,
    depth: int = 50,
    by: Sequence[str] = ("lang", "kind"),
    history: History = "resolve",
    texts: Texts | None = None,
    known: Callable[[str], bool] | None = None,
    settings: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Ask every question and score the replies, overall and by each label of `by`.

    A question's `corpus_lang` limits the search to that language. `history` says what is made of
    earlier turns: given to the asker, ignored, or replaced by the question's human `rewrite` (a
    question without one is asked alone). Without `texts` nothing is said about verbatim; `known`
    tells whether the library has an article. `settings` is kept with the result, beside those given
    here; `progress` is called with (done, total).

    Raises:
        BadQuestionError: a question cannot be asked; the message names it.
    """
    outcomes, took = [], []
    for done, question in enumerate(questions, 1):
        judged, orphans = without_orphans(question, known)
        started = time.perf_counter()
        answer, hits = _ask(asker, judged, history, depth)
        took.append({**answer.took_ms, "total": (time.perf_counter() - started) * 1000})
        outcomes.append(judge(judged, orphans, answer, hits, texts))
        if progress:
            progress(done, len(questions))
    run = _with_ranking_scores(outcomes, questions)
    used = {"depth": depth, "history": history, "by": list(by)}
    used |= {"resamples": resamples, "seed": seed}
    return Evaluation(
        generation=asker.generation,
        settings={**(settings or {}), **used},
        figures={
            group: {name: figure(rows, name, resamples, seed) for name in STATISTICS}
            for group, rows in _groups(run, questions, by).items()
        },
        run=tuple(run),
        timing=_timing(took),
    )


def columns(run: Sequence[Outcome], measure: str) -> tuple[Column, Column]:
    """Confidence and score of every outcome, in order; nan where the measure says nothing."""
    name = SCORE_OF.get(measure, measure)
    scores = [outcome.scores.get(name, math.nan) for outcome in run]
    return np.array([outcome.confidence for outcome in run], dtype=float), np.array(scores)


def figure(run: Sequence[Outcome], measure: str, resamples: int, seed: int) -> Figure:
    """The measure over the outcomes it concerns, with its interval."""
    confidence, score = columns(run, measure)
    given = ~np.isnan(score)
    confidence, score = confidence[given], score[given]
    statistic = STATISTICS[measure]
    low, high = bootstrap_interval(statistic, confidence, score, resamples=resamples, seed=seed)
    value = statistic(confidence, score)
    return Figure(rounded(value), rounded(low), rounded(high), int(score.size))


def rounded(value: float) -> float | None:
    """Six digits, enough for any comparison and the same on every machine; None for nan."""
    return None if math.isnan(value) else round(float(value), 6)


def _ask(
    asker: Asker, question: LabelledQuestion, history: History, depth: int
) -> tuple[Answer, Sequence[Hit]]:
    asked = (question.rewrite if history == "rewrite" else None) or question.question
    turns = question.turns if history == "resolve" else ()
    try:
        return asker.ask_with_hits(asked, turns, Facets(lang=question.corpus_lang), depth)
    except BadQuestionError as error:
        raise BadQuestionError(f"question {question.id!r}: {error.reason}") from error


def _with_ranking_scores(
    outcomes: Sequence[Outcome], questions: Sequence[LabelledQuestion]
) -> list[Outcome]:
    relevant = {
        outcome.id: [article for article in question.relevant if article not in outcome.orphans]
        for outcome, question in zip(outcomes, questions, strict=True)
        if outcome.answerable and question.relevant
    }
    ranked = {outcome.id: outcome.articles for outcome in outcomes}
    scores = ranking_scores(relevant, ranked) if relevant else {}
    return [
        replace(outcome, scores=_in_order({**outcome.scores, **scores.get(outcome.id, {})}))
        for outcome in outcomes
    ]


def _in_order(scores: Mapping[str, float]) -> dict[str, float]:
    """The scores by the order of the measures, so that two equal runs are equal byte for byte."""
    return {name: round(scores[name], 6) for name in ("answerable", *STATISTICS) if name in scores}


def _groups(
    run: Sequence[Outcome], questions: Sequence[LabelledQuestion], by: Sequence[str]
) -> dict[str, list[Outcome]]:
    """ "all", then "key=value" for each value that the questions have, in order of the values."""
    groups: dict[str, list[Outcome]] = {}
    for key in by:
        for outcome, question in zip(run, questions, strict=True):
            if key in question.labels:
                groups.setdefault(f"{key}={question.labels[key]}", []).append(outcome)
    return {"all": list(run)} | dict(sorted(groups.items()))


def _timing(took: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    stages = ["total", *sorted({stage for one in took for stage in one} - {"total"})]
    timing = {}
    for stage in stages if took else []:
        ms = np.array([one[stage] for one in took if stage in one])
        parts = {"mean": ms.mean(), "median": np.median(ms), "p95": np.percentile(ms, 95)}
        timing[stage] = {name: round(float(value), 3) for name, value in parts.items()}
    return timing
