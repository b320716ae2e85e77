"""calibrate(): labelled questions become a calibration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from index import Facets
from qa.answers import Evidence, Turn
from qa.calibration import Calibration, fit
from qa.measures import same_place
from qa.questionset import LabelledQuestion
from qa.signals import Signals


class Examiner(Protocol):
    """What is asked; an `Answerer` is one."""

    def examine(
        self, question: str, turns: Sequence[Turn] = (), where: Facets | None = None
    ) -> tuple[Signals, tuple[Evidence, ...]] | None:
        """The signals and the evidence of a question; None when nothing is found."""
        ...


def calibrate(
    examiner: Examiner,
    questions: Sequence[LabelledQuestion],
    *,
    answered: float = 0.97,
    max_false: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Calibration:
    """A calibration drawn towards these questions; see `qa.calibration.fit`.

    Questions that nobody judged are passed over. An answerable one counts as right when its gold
    evidence, or a relevant article where it has none, is among the evidence.

    Raises:
        ValueError: the questions have no answers, or the evidence is never right.
    """
    signals: list[Signals] = []
    right: list[bool] = []
    for done, question in enumerate(questions, start=1):
        if question.answerable is not None:
            where = Facets(lang=question.corpus_lang)
            if examined := examiner.examine(question.question, question.turns, where):
                signals.append(examined[0])
                right.append(_is_right(question, examined[1]))
        if progress:
            progress(done, len(questions))
    return fit(signals, right, answered=answered, max_false=max_false)


def _is_right(question: LabelledQuestion, evidence: Sequence[Evidence]) -> bool:
    if not question.answerable:
        return False
    if not question.evidence:
        return any(piece.source.article_id in question.relevant for piece in evidence)
    return any(
        piece.source.article_id == gold.doc_id and same_place(piece.quote, gold.text)
        for piece in evidence
        for gold in question.evidence
    )
