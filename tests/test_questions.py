"""The question set: true to the seed articles, balanced over languages, kinds and splits."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parent
SEEDS = TESTS.parent / "seeds"
KEYS = {
    "id", "question", "lang", "kind", "relevant", "evidence", "answerable", "history", "split",
    "text_lang",
}  # fmt: skip
KINDS = {
    "leader", "commitment", "sector", "fact", "number", "date", "list", "follow_up", "unanswerable",
    "near_miss",
}  # fmt: skip
FRENCH = "001_8c345e074a1b6c40"  # the one seed article in French

Question = dict[str, Any]


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    """Every question of the set, in file order."""
    lines = (TESTS / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def articles() -> dict[str, str]:
    """The seed articles as written, by file stem."""
    return {path.stem: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt")}


def cites_only_french(question: Question) -> bool:
    """True when the French article alone answers the question."""
    return bool(question["relevant"] == [FRENCH])


def cites_only_english(question: Question) -> bool:
    """True when the question has an answer, and none of it is in the French article."""
    return bool(question["answerable"]) and FRENCH not in question["relevant"]


def test_there_are_enough_questions_with_unique_ids_and_the_agreed_keys(
    questions: list[Question],
) -> None:
    assert len(questions) >= 120
    assert len({question["id"] for question in questions}) == len(questions)
    for question in questions:
        assert set(question) == KEYS
        assert question["kind"] in KINDS
        assert question["lang"] in {"en", "fr", "vi"}
        assert question["split"] in {"dev", "test"}
        assert question["question"] == question["question"].strip() != ""


def test_no_question_is_asked_twice_with_the_same_history(questions: list[Question]) -> None:
    asked = Counter(
        (question["question"].casefold(), json.dumps(question["history"])) for question in questions
    )
    assert [text for text, times in asked.items() if times > 1] == []


def test_every_evidence_text_is_a_trimmed_verbatim_slice_of_its_article(
    questions: list[Question], articles: dict[str, str]
) -> None:
    for question in questions:
        for evidence in question["evidence"]:
            assert evidence["text"] == evidence["text"].strip() != "", question["id"]
            assert evidence["text"] in articles[evidence["doc_id"]], question["id"]


def test_every_answer_in_a_history_is_a_verbatim_slice_of_some_article(
    questions: list[Question], articles: dict[str, str]
) -> None:
    for question in questions:
        for turn in question["history"]:
            assert turn["question"].strip(), question["id"]
            if turn["answer"] is not None:
                assert any(turn["answer"] in text for text in articles.values()), question["id"]


def test_relevant_articles_are_exactly_those_of_the_evidence(questions: list[Question]) -> None:
    for question in questions:
        cited = {evidence["doc_id"] for evidence in question["evidence"]}
        assert set(question["relevant"]) == cited, question["id"]
        assert question["answerable"] == bool(cited), question["id"]
        if question["kind"] in {"unanswerable", "near_miss"}:
            assert not question["answerable"], question["id"]


def test_the_text_language_is_one_in_which_the_evidence_is_written(
    questions: list[Question],
) -> None:
    for question in questions:
        written = {"fr" if doc == FRENCH else "en" for doc in question["relevant"]}
        allowed = written if written else {None}
        assert question["text_lang"] in allowed, question["id"]


def test_follow_ups_and_only_they_have_one_to_three_turns_of_history(
    questions: list[Question],
) -> None:
    for question in questions:
        turns = len(question["history"])
        assert 1 <= turns <= 3 if question["kind"] == "follow_up" else turns == 0, question["id"]
    follow_ups = [question for question in questions if question["history"]]
    assert len(follow_ups) >= 15
    assert sum(not question["answerable"] for question in follow_ups) >= 3


def test_at_least_thirty_questions_have_no_answer_and_half_of_them_are_near_misses(
    questions: list[Question],
) -> None:
    unanswerable = [question for question in questions if not question["answerable"]]
    near = [question for question in unanswerable if question["kind"] == "near_miss"]
    assert len(unanswerable) >= 30
    assert 2 * len(near) >= len(unanswerable)


def test_all_kinds_and_languages_are_asked_and_languages_are_crossed(
    questions: list[Question],
) -> None:
    asked = Counter(question["lang"] for question in questions)
    assert asked["en"] >= 90
    assert asked["fr"] >= 40
    assert asked["vi"] >= 30
    assert {question["kind"] for question in questions} == KINDS
    french = Counter(question["lang"] for question in questions if cites_only_french(question))
    english = Counter(question["lang"] for question in questions if cites_only_english(question))
    assert french["en"] >= 15
    assert french["fr"] >= 15
    assert english["fr"] >= 15
    assert english["vi"] + french["vi"] >= 15


def test_unanswerable_questions_and_follow_ups_come_in_every_language(
    questions: list[Question],
) -> None:
    languages = {"en", "fr", "vi"}
    assert {question["lang"] for question in questions if question["history"]} == languages
    assert {question["lang"] for question in questions if not question["answerable"]} == languages


@pytest.mark.parametrize("lang", ["en", "fr", "vi"])
def test_each_split_holds_about_half_of_the_questions_in_each_language(
    questions: list[Question], lang: str
) -> None:
    splits = [question["split"] for question in questions if question["lang"] == lang]
    assert 0.45 <= splits.count("dev") / len(splits) <= 0.55


def test_each_split_holds_about_half_of_all_and_of_the_unanswerable_questions(
    questions: list[Question],
) -> None:
    for group in (questions, [question for question in questions if not question["answerable"]]):
        dev = sum(question["split"] == "dev" for question in group)
        assert 0.45 <= dev / len(group) <= 0.55


def test_no_evidence_sentence_serves_both_splits(questions: list[Question]) -> None:
    splits: dict[str, set[str]] = defaultdict(set)
    for question in questions:
        for evidence in question["evidence"]:
            splits[evidence["text"]].add(question["split"])
    assert [text for text, found in splits.items() if len(found) > 1] == []
