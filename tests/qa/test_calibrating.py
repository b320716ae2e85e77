"""Questions become labels: each judged one is asked once, as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from index import Facets, Source, Span
from qa import Evidence, LabelledQuestion, Turn, calibrate
from qa.calibration import fit
from qa.questionset import Gold
from qa.signals import SIGNALS, Signals
from tests.qa.homes import Home

Call = tuple[str, tuple[Turn, ...], Facets | None]


def signals(every: float) -> Signals:
    return Signals(**dict.fromkeys(SIGNALS, every))


def evidence(article_id: str, quote: str) -> Evidence:
    return Evidence(Source(article_id, "0" * 64), Span(0, len(quote)), quote, 1.0)


@dataclass
class Script:
    """An examiner that finds what it was told: the level of the signals, and the evidence.

    For a question that it was not told of it finds nothing.
    """

    found: dict[str, tuple[float, tuple[Evidence, ...]]]
    asked: list[Call] = field(default_factory=list)

    def examine(
        self, question: str, turns: Sequence[Turn] = (), where: Facets | None = None
    ) -> tuple[Signals, tuple[Evidence, ...]] | None:
        self.asked.append((question, tuple(turns), where))
        if question not in self.found:
            return None
        level, best = self.found[question]
        return signals(level), best


RESUMES, BLUE = "The ferry resumes on Monday.", "The cabin is blue."
WHEN = LabelledQuestion(
    "1", "When?", relevant=("ferry",), evidence=(Gold("ferry", RESUMES),), answerable=True
)
WHAT = LabelledQuestion("2", "What?", relevant=("ferry", "cabin"), answerable=True)
NEVER = LabelledQuestion("3", "Never?", answerable=False)
NOWHERE = LabelledQuestion("4", "Nowhere?", relevant=("ferry",), answerable=False)
UNJUDGED = LabelledQuestion("5", "Unjudged?")
LEVELS = [0.9, 0.7, 0.4, 0.2]


def script(
    when: Evidence | None = None, what: Evidence | None = None, beside: tuple[Evidence, ...] = ()
) -> Script:
    """Five questions, asked in this order; what is not given is right."""
    ferry = evidence("ferry", RESUMES)
    return Script(
        {
            "When?": (0.9, (*beside, when or ferry)),
            "What?": (0.7, (*beside, what or evidence("cabin", BLUE))),
            "Never?": (0.4, (ferry,)),
            "Nowhere?": (0.2, (ferry,)),
            "Unjudged?": (0.5, (ferry,)),
        }
    )


def test_each_judged_question_is_asked_once_and_an_unanswerable_one_is_never_right() -> None:
    examiner = script()
    fitted = calibrate(examiner, [WHEN, WHAT, NEVER, NOWHERE, UNJUDGED], answered=0.5)
    assert [question for question, _, _ in examiner.asked] == [
        "When?",
        "What?",
        "Never?",
        "Nowhere?",
    ]
    table = [signals(level) for level in LEVELS]
    assert fitted == fit(table, [True, True, False, False], answered=0.5)
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
    table = [signals(level) for level in LEVELS]
    fitted = calibrate(script(when, what), [WHEN, WHAT, NEVER, NOWHERE])
    assert fitted == fit(table, [*right, False, False])


def test_a_right_piece_counts_wherever_it_stands_in_the_evidence() -> None:
    questions = [WHEN, WHAT, NEVER]
    beside = (evidence("yacht", BLUE), evidence("ferry", BLUE))
    assert calibrate(script(beside=beside), questions) == calibrate(script(), questions)


def test_a_question_is_asked_with_its_turns_and_in_its_language() -> None:
    turn = Turn("Which ferry?")
    examiner = script()
    limited = LabelledQuestion(
        "1", "When?", relevant=("ferry",), answerable=True, turns=(turn,), corpus_lang="en"
    )
    calibrate(examiner, [limited, NEVER])
    assert examiner.asked == [
        ("When?", (turn,), Facets(lang="en")),
        ("Never?", (), Facets()),
    ]


def test_the_threshold_is_the_one_that_was_asked_for() -> None:
    def fitted(answered: float = 0.97, max_false: float | None = None) -> float:
        questions = [WHEN, WHAT, NEVER, NOWHERE]
        return calibrate(script(), questions, answered=answered, max_false=max_false).answer

    # Right at 0.9 and 0.7; wrong at 0.4 and 0.2.
    assert fitted(max_false=0.5) < fitted(max_false=0.0) < fitted(answered=1.0)
    assert fitted(answered=1.0) < fitted(answered=0.5)


def test_progress_counts_every_question_asked_or_passed_over() -> None:
    seen: list[tuple[int, int]] = []
    questions = [WHEN, UNJUDGED, WHAT, NEVER]
    calibrate(script(), questions, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("questions", [[], [UNJUDGED], [NEVER], [WHAT], [WHEN, WHAT, UNJUDGED]])
def test_questions_of_one_kind_are_not_enough(questions: list[LabelledQuestion]) -> None:
    with pytest.raises(ValueError, match="questions with an answer and questions without one"):
        calibrate(script(), questions)


def test_what_finds_nothing_is_no_label() -> None:
    unfound = LabelledQuestion("6", "Unfound?", relevant=("ferry",), answerable=True)
    assert calibrate(script(), [unfound, WHEN, NEVER]) == calibrate(script(), [WHEN, NEVER])


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
    assert fitted.questions == 3
    again = built.answerer(calibration=fitted)
    assert again.ask("Who painted the cabin?").answered
    assert not again.ask("Who won the football?").answered
    assert calibrate(again, questions) == fitted


def test_what_is_examined_is_what_would_be_cited_and_how_well_it_meets_the_question(
    built: Home,
) -> None:
    answerer = built.answerer(max_citations=1)
    met, found = answerer.examine("Who painted the cabin?") or (None, ())
    assert met is not None
    assert (met.sentence, met.article, met.known, met.foreign) == (1, 1, 1, 0)
    assert [piece.quote for piece in found] == ["Captain Anna Nowak painted every cabin blue."]
    assert answerer.examine("Who painted the cabin?", where=Facets(lang="de")) is None
    asked_on = answerer.examine("Who painted it?", [Turn("What is the cabin?")])
    assert asked_on is not None
    assert [piece.quote for piece in asked_on[1]] == [piece.quote for piece in found]
