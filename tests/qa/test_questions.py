"""What can be asked, and what is refused in a sentence."""

from __future__ import annotations

import pytest

from qa import BadQuestionError, check_question


@pytest.mark.parametrize("question", ["", " ", "\n\t\u00a0", "???", "— …", "\u200f\u200e"])
def test_a_question_without_a_letter_or_digit_is_empty(question: str) -> None:
    with pytest.raises(BadQuestionError, match="the question is empty; ask in a sentence or two"):
        check_question(question)


def test_surrounding_white_space_is_dropped_and_nothing_else() -> None:
    assert check_question(" \nWho  said “no”?\t") == "Who  said “no”?"


@pytest.mark.parametrize(
    "question",
    [
        "2030?",
        "ai",
        "習近平は何を言った？",
        "\u200fمن قال ذلك؟\u200e",  # between marks that turn the direction of writing
        "e\u0301te\u0301",  # decomposed
        "🚢 ferry",
    ],
)
def test_every_script_and_mark_may_be_asked_as_it_is(question: str) -> None:
    assert check_question(question) == question


def test_the_limit_is_the_last_length_that_passes() -> None:
    assert check_question("a" * 32_000) == "a" * 32_000
    with pytest.raises(BadQuestionError, match="has 32,001 characters, at most 32,000 are read"):
        check_question("a" * 32_001)
    with pytest.raises(BadQuestionError, match="has 100,000 characters"):
        check_question("a" * 100_000)
    with pytest.raises(BadQuestionError, match="has 6 characters, at most 5 are read"):
        check_question("abcdef", limit=5)


@pytest.mark.parametrize("question", ["a\0b", "half \ud83d of a ship", "\udc00 what?"])
def test_characters_that_are_no_text_are_refused(question: str) -> None:
    with pytest.raises(BadQuestionError, match="characters that are no text; type it anew"):
        check_question(question)
