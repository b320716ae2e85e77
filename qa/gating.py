"""Gate: a new generation is asked an operator's questions beside the one that serves.

The measures and the rule are those of a comparison of two evaluations: the new one is refused when
a main measure is worse by more than is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index import GateRefusedError, GenerationError, GenerationStore, Library, open_current
from qa.answering import Answerer
from qa.comparison import MAIN, Comparison, Regression, compare, regressions
from qa.errors import BadQuestionError, UnjudgedError
from qa.evaluation import Evaluation, evaluate
from qa.measures import LOWER_IS_BETTER
from qa.outcomes import without_orphans
from qa.questions import check_question, check_turns
from qa.questionset import LabelledQuestion

_UNSURE = 0.05  # confidence that moved less says nothing about one question


@dataclass(frozen=True, slots=True)
class Shift:
    """A figure of the live generation beside that of the new one; None where it says nothing."""

    before: float | None
    after: float | None


@dataclass(frozen=True)
class WorseQuestion:
    """A question that the new generation does worse at: the shifts to the worse, by measure."""

    id: str
    question: str
    shifts: Mapping[str, Shift]


@dataclass(frozen=True)
class GateReport:
    """What a gate found: main measures, those that are too much worse, and questions behind it.

    Without a live generation `live` is None, nothing is compared, and `note` says so.
    """

    generation: int
    live: int | None
    passed: bool
    questions: int
    measures: Mapping[str, Shift]
    regressions: tuple[Regression, ...]
    worse: tuple[WorseQuestion, ...]
    note: str = ""


class Gate:
    """Called with the number of a new generation, it returns or refuses; `report` says why.

    `opener` opens a generation to be asked; `progress` is told how many replies of how many are in.

    Raises:
        BadQuestionError: a question cannot be asked; the message names it.
        UnjudgedError: of no question it can be said whether a reply to it is right.
    """

    def __init__(
        self,
        store: GenerationStore,
        library: Library,
        opener: Callable[[int], Answerer],
        questions: Sequence[LabelledQuestion],
        *,
        max_drop: float,
        max_question_chars: int,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._store, self._library, self._opener = store, library, opener
        self._questions, self._max_drop = questions, max_drop
        self._tell = progress or (lambda done, total: None)
        self.report: GateReport | None = None
        _check_usable(questions, set(library.article_ids()), max_question_chars)

    def __call__(self, number: int) -> None:
        """Score the generation `number` beside the live one.

        Raises:
            GateRefusedError: a main measure is worse by more than is allowed.
            GenerationError: one of the two cannot be asked.
        """
        try:
            live = open_current(self._store, self._library)[0].number
        except GenerationError as error:
            self.report = self._unopposed(number, str(error))
            return
        before = self._evaluate(live, 0)
        after = self._evaluate(number, len(self._questions))
        comparison = compare(after, before, permutations=0)
        worse = tuple(regressions(comparison, self._max_drop))
        measures = {name: comparison.measures[name] for name in MAIN}
        self.report = GateReport(
            number,
            live,
            passed=not worse,
            questions=len(self._questions),
            measures={name: Shift(each.before, each.after) for name, each in measures.items()},
            regressions=worse,
            worse=_worse_questions(self._questions, before, after, comparison, worse),
        )
        if worse:
            reasons = (f"{each.measure} {each.before:.3f} → {each.after:.3f}" for each in worse)
            raise GateRefusedError(number, live, tuple(reasons))

    def _evaluate(self, number: int, done_before: int) -> Evaluation:
        return evaluate(
            self._opener(number),
            self._questions,
            by=(),
            texts=self._library,
            known=set(self._library.article_ids()).__contains__,
            progress=lambda done, _: self._tell(done_before + done, 2 * len(self._questions)),
            resamples=0,
        )

    def _unopposed(self, number: int, why: str) -> GateReport:
        note = f"nothing to compare with: {why}"
        return GateReport(number, None, True, len(self._questions), {}, (), (), note)


def _check_usable(questions: Sequence[LabelledQuestion], known: set[str], limit: int) -> None:
    """Before the work of a build, what would stop the gate after it."""
    for each in questions:
        try:
            check_question(each.question, limit=limit)
            check_turns(each.turns)
        except BadQuestionError as error:
            raise BadQuestionError(f"question {each.id!r}: {error.reason}") from error
    judged = (without_orphans(each, known.__contains__)[0] for each in questions)
    if all(each.answerable is None for each in judged):
        raise UnjudgedError(len(questions))


def _worse_questions(
    questions: Sequence[LabelledQuestion],
    before: Evaluation,
    after: Evaluation,
    comparison: Comparison,
    worse: Sequence[Regression],
) -> tuple[WorseQuestion, ...]:
    """The questions that got worse in a main measure, in the order they were asked."""
    shifts: dict[str, dict[str, Shift]] = {}
    for moved in comparison.moved:
        if moved.measure in MAIN and _is_worse(moved.measure, moved.before, moved.after):
            shifts.setdefault(moved.id, {})[moved.measure] = Shift(moved.before, moved.after)
    if any(each.measure == "AUROC" for each in worse):  # made of confidence, which has no score
        for was, now in zip(before.run, after.run, strict=True):
            rise = now.confidence - was.confidence
            if now.answerable is not None and (-rise if now.answerable else rise) > _UNSURE:
                shift = Shift(was.confidence, now.confidence)
                shifts.setdefault(now.id, {})["confidence"] = shift
    return tuple(
        WorseQuestion(each.id, each.question, shifts[each.id])
        for each in questions
        if each.id in shifts
    )


def _is_worse(measure: str, before: float | None, after: float | None) -> bool:
    """True for a lower score, and for a new one that is not the best; silence is no score."""
    if after is None:
        return False
    worst_first = measure in LOWER_IS_BETTER
    best = 0.0 if worst_first else 1.0
    old = best if before is None else before
    return after > old if worst_first else after < old
