"""Questions become labels: each asked as it is, and again with its answer hidden."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pytest

from index import Facets, Source, Span
from qa import Evidence, LabelledQuestion, Turn, calibrate
from qa.calibration import fit
from qa.questionset import Gold
from qa.signals import SIGNALS, Signals
from tests.qa.homes import Home

Call = tuple[str, tuple[Turn, ...], Facets | None, tuple[str, ...]]


def signals(every: float) -> Signals:
    return Signals(**dict.fromkeys(SIGNALS, every))


def evidence(article_id: str, quote: str) -> Evidence:
    return Evidence(Source(article_id, "0" * 64), Span(0, len(quote)), quote, 1.0)


@dataclass
class Script:
    """An examiner that finds what it was told, and nothing once that article is hidden.

    `found` has the level of the signals and the evidence of a question; with something hidden the
    level is that of `tempted`, or there is nothing.
    """

    found: dict[str, tuple[float, Evidence]]
    tempted: dict[str, float] = field(default_factory=dict)
    asked: list[Call] = field(default_factory=list)

    def examine(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        where: Facets | None = None,
        hidden: Collection[str] = (),
    ) -> tuple[Signals, tuple[Evidence, ...]] | None:
        self.asked.append((question, tuple(turns), where, tuple(hidden)))
        level, best = self.found[question]
        if not hidden:
            return signals(level), (best,)
        if question not in self.tempted:
            return None
        return signals(self.tempted[question]), (evidence("sibling", "Something near."),)


RESUMES, BLUE = "The ferry resumes on Monday.", "The cabin is blue."
WHEN = LabelledQuestion(
    "1", "When?", relevant=("ferry",), evidence=(Gold("ferry", RESUMES),), answerable=True
)
WHAT = LabelledQuestion("2", "What?", relevant=("ferry", "cabin"), answerable=True)
NEVER = LabelledQuestion("3", "Never?", answerable=False)
UNJUDGED = LabelledQuestion("4", "Unjudged?")


def script(when: Evidence, what: Evidence) -> Script:
    """Four questions; only the first finds something once its answer is hidden."""
    return Script(
        {
            "When?": (0.9, when),
            "What?": (0.7, what),
            "Never?": (0.2, evidence("ferry", RESUMES)),
            "Unjudged?": (0.5, evidence("ferry", RESUMES)),
        },
        {"When?": 0.4},
    )


def test_each_question_is_asked_as_it_is_and_with_its_answer_hidden() -> None:
    examiner = script(evidence("ferry", RESUMES), evidence("cabin", BLUE))
    fitted = calibrate(examiner, [WHEN, WHAT, NEVER, UNJUDGED], answered=0.5)
    assert [(question, hidden) for question, _, _, hidden in examiner.asked] == [
        ("When?", ()),
        ("When?", ("ferry",)),
        ("What?", ()),
        ("What?", ("ferry", "cabin")),
        ("Never?", ()),
    ]
    table = [signals(level) for level in (0.9, 0.4, 0.7, 0.2)]
    assert fitted == fit(table, [True, False, True, False], answered=0.5)
    assert fitted.questions == 4


@pytest.mark.parametrize(
    ("when", "what", "right"),
    [
        (evidence("ferry", RESUMES), evidence("cabin", BLUE), (True, True)),
        (evidence("ferry", RESUMES), evidence("yacht", BLUE), (True, False)),
        (evidence("ferry", BLUE), evidence("ferry", BLUE), (False, True)),
        (evidence("copy", RESUMES), evidence("ferry", RESUMES), (False, True)),
    ],
)
def test_gold_sentences_decide_what_is_right_and_articles_where_there_are_none(
    when: Evidence, what: Evidence, right: tuple[bool, bool]
) -> None:
    table = [signals(level) for level in (0.9, 0.4, 0.7, 0.2)]
    fitted = calibrate(script(when, what), [WHEN, WHAT, NEVER])
    assert fitted == fit(table, [right[0], False, right[1], False])


def test_a_question_is_asked_with_its_turns_and_in_its_language() -> None:
    turn = Turn("Which ferry?")
    examiner = script(evidence("ferry", RESUMES), evidence("cabin", BLUE))
    limited = LabelledQuestion(
        "1", "When?", relevant=("ferry",), answerable=True, turns=(turn,), corpus_lang="en"
    )
    calibrate(examiner, [limited])
    assert examiner.asked == [
        ("When?", (turn,), Facets(lang="en"), ()),
        ("When?", (turn,), Facets(lang="en"), ("ferry",)),
    ]


def test_the_threshold_is_the_one_that_was_asked_for() -> None:
    def fitted(answered: float = 0.97, max_false: float | None = None) -> float:
        examiner = script(evidence("ferry", RESUMES), evidence("cabin", BLUE))
        questions = [WHEN, WHAT, NEVER]
        return calibrate(examiner, questions, answered=answered, max_false=max_false).answer

    # Right at 0.9 and 0.7; wrong at 0.4 and 0.2.
    assert fitted(max_false=0.5) < fitted(max_false=0.0) < fitted(answered=1.0)
    assert fitted(answered=1.0) < fitted(answered=0.5)


def test_progress_counts_questions_and_not_how_often_they_are_asked() -> None:
    seen: list[tuple[int, int]] = []
    examiner = script(evidence("ferry", RESUMES), evidence("cabin", BLUE))
    questions = [WHEN, WHAT, NEVER, UNJUDGED]
    calibrate(examiner, questions, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("questions", [[], [UNJUDGED], [NEVER], [WHAT]])
def test_questions_of_one_kind_are_not_enough(questions: list[LabelledQuestion]) -> None:
    examiner = script(evidence("ferry", RESUMES), evidence("cabin", BLUE))
    with pytest.raises(ValueError, match="questions with an answer and questions without one"):
        calibrate(examiner, questions)


@pytest.fixture
def questions() -> list[LabelledQuestion]:
    """Two questions that the articles answer, and one that they do not."""
    return [
        LabelledQuestion("1", "Who painted the cabin?", relevant=("ferry",), answerable=True),
        LabelledQuestion("2", "Ai thăm Hà Nội?", relevant=("rice",), answerable=True),
        LabelledQuestion("3", "Who won the football?", answerable=False),
    ]


def test_an_answerer_can_be_examined_whatever_it_would_answer(
    built: Home, questions: list[LabelledQuestion]
) -> None:
    answerer = built.answerer()
    fitted = calibrate(answerer, questions)
    assert fitted.questions == 5
    again = built.answerer(calibration=fitted)
    assert again.ask("Who painted the cabin?").answered
    assert not again.ask("Who won the football?").answered
    assert calibrate(again, questions) == fitted


def test_what_is_hidden_is_neither_evidence_nor_signal(built: Home) -> None:
    asked = "Who painted the cabin?"
    examined = built.answerer().examine(asked, hidden=("ferry",))
    assert examined is not None
    met, found = examined
    assert (met.sentence, met.passage, met.article) == (0, 0, 0)
    assert {piece.source.article_id for piece in found} <= {"harvest", "rice"}
    assert built.answerer().examine(asked, hidden=("ferry", "harvest", "rice")) is None


def test_what_finds_nothing_is_no_label(built: Home, questions: list[LabelledQuestion]) -> None:
    abroad = LabelledQuestion("4", "ferry", relevant=("ferry",), answerable=True, corpus_lang="de")
    answerer = built.answerer()
    assert calibrate(answerer, [*questions, abroad]) == calibrate(answerer, questions)
