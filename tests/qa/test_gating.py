import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from index import Article, GateRefusedError
from qa import BadQuestionError, Gate, GateReport, LabelledQuestion, Turn
from qa.comparison import MAIN
from qa.errors import UnjudgedError
from qa.gating import Shift
from tests.qa.homes import Home

FERRY = LabelledQuestion(
    "ferry", "When does the Gdańsk ferry resume?", relevant=("ferry",), answerable=True
)
HARVEST = LabelledQuestion(
    "harvest", "la récolte de blé en avril", relevant=("harvest",), answerable=True
)
FOOTBALL = LabelledQuestion("football", "Who won the football match?", answerable=False)
QUESTIONS = (FERRY, HARVEST, FOOTBALL)

NEWS = Article("news", "A lighthouse opens. Visitors climb 99 steps.", lang="en")
DECOY = Article("decoy", "When does the Gdańsk ferry resume?", lang="en")
MATCH = Article("match", "Who won the football match?", lang="en")


def gate_of(home: Home, *questions: LabelledQuestion, **options: Any) -> Gate:
    return Gate(
        home.store,
        home.library,
        lambda number: home.answerer(generation=number),
        questions or QUESTIONS,
        **({"max_drop": 0.02, "max_question_chars": 100} | options),
    )


def found(gate: Gate) -> GateReport:
    assert gate.report is not None
    return gate.report


def test_a_generation_that_is_no_worse_passes(home: Home) -> None:
    gate = gate_of(home)
    assert home.build(NEWS, gate=gate).generation == 2
    assert home.store.current() == 2
    report = found(gate)
    assert (report.generation, report.live, report.passed, report.questions) == (2, 1, True, 3)
    assert (report.regressions, report.worse, report.note) == ((), (), "")
    assert tuple(report.measures) == MAIN
    assert report.measures["Success@1"] == Shift(1.0, 1.0)


def test_a_generation_that_is_worse_is_refused_with_the_questions_that_got_worse(
    home: Home,
) -> None:
    gate = gate_of(home)
    with pytest.raises(GateRefusedError, match=r"Success@1 1\.000 → 0\.500") as caught:
        home.build(DECOY, gate=gate)
    assert (caught.value.number, caught.value.live) == (2, 1)
    assert (home.store.current(), home.store.aside()) == (1, (2,))
    report = found(gate)
    assert not report.passed
    assert [each.measure for each in report.regressions][:2] == ["Success@1", "nDCG@10"]
    assert report.regressions[0].drop == 0.5
    [worse] = report.worse
    assert (worse.id, worse.question) == ("ferry", FERRY.question)
    assert worse.shifts["Success@1"] == Shift(1.0, 0.0)


def test_as_much_worse_as_is_allowed_passes(home: Home) -> None:
    gate = gate_of(home, max_drop=0.5)
    assert home.build(DECOY, gate=gate).generation == 2
    report = found(gate)
    assert report.passed
    assert [each.id for each in report.worse] == ["ferry"]


def test_a_new_false_answer_is_named_with_the_confidence_behind_it(home: Home) -> None:
    gate = gate_of(home)
    with pytest.raises(GateRefusedError, match=r"false_answer_rate 0\.000 → 1\.000"):
        home.build(MATCH, gate=gate)
    report = found(gate)
    assert {each.measure for each in report.regressions} >= {"right", "false_answer_rate", "AUROC"}
    [worse] = report.worse
    assert worse.id == "football"
    assert worse.shifts["false_answer_rate"] == Shift(0.0, 1.0)
    assert worse.shifts["right"] == Shift(None, 0.0)
    before, after = worse.shifts["confidence"].before, worse.shifts["confidence"].after
    assert before is not None
    assert after is not None
    assert before < 0.5 < after


def test_without_a_live_generation_the_first_one_passes_with_a_note(
    home_of: Callable[..., Home],
) -> None:
    home = home_of()
    list(home.library.put_many([NEWS]))
    gate = gate_of(home, FOOTBALL)
    assert home.build(gate=gate).generation == 1
    report = found(gate)
    assert (report.live, report.passed, report.measures) == (None, True, {})
    assert report.note.startswith("nothing to compare with: no index in ")


def test_an_article_that_was_removed_is_missed_by_neither_side(home: Home) -> None:
    home.library.remove("ferry")
    gate = gate_of(home)
    assert home.build(gate=gate).generation == 2
    assert found(gate).passed


def test_a_damaged_live_generation_is_stood_in_for_by_the_one_before_it(home: Home) -> None:
    home.build(NEWS)
    (home.store.folder(2) / "tokens.npy").unlink()
    home.library.put(DECOY)
    gate = gate_of(home)
    with pytest.raises(GateRefusedError, match="generation 3 is worse than generation 1"):
        home.build(gate=gate)


def test_a_gate_tells_how_many_replies_of_both_are_in(home: Home) -> None:
    told: list[tuple[int, int]] = []
    home.build(NEWS, gate=gate_of(home, progress=lambda *counts: told.append(counts)))
    assert told == [(n, 6) for n in range(1, 7)]


def test_questions_that_nobody_can_judge_are_refused_before_anything_is_built(
    built: Home,
) -> None:
    unlabelled = dataclasses.replace(FERRY, relevant=(), answerable=None)
    elsewhere = dataclasses.replace(HARVEST, relevant=("gone",))
    with pytest.raises(UnjudgedError, match="none of the 2 questions can be judged"):
        gate_of(built, unlabelled, elsewhere)


@pytest.mark.parametrize(
    "question",
    [
        dataclasses.replace(FERRY, question="a" * 101),
        dataclasses.replace(FERRY, turns=(Turn("a\0b"),)),
    ],
)
def test_a_question_that_cannot_be_asked_is_named_before_anything_is_built(
    built: Home, question: LabelledQuestion
) -> None:
    with pytest.raises(BadQuestionError, match="question 'ferry': "):
        gate_of(built, HARVEST, question)
