"""Messages become a question with its turns; an answer becomes a message."""

from __future__ import annotations

import pytest

from api.chat_schemas import ChatIn
from api.chat_talk import annotate, read_talk
from api.schemas import MAX_HISTORY
from index import Source, Span
from qa import Citation, Sentence

Turns = list[tuple[str, str | None]]


def turns(*messages: tuple[str, object]) -> Turns:
    """The turns before the question of a conversation, which ends with one more."""
    talk = [*messages, ("user", "And now?")]
    body = ChatIn.model_validate(
        {"messages": [{"role": role, "content": content} for role, content in talk]}
    )
    asked = read_talk(body)
    assert asked.question == "And now?"
    return [(turn.question, turn.answer) for turn in asked.history]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([], []),
        ([("user", "a"), ("assistant", "b")], [("a", "b")]),
        ([("system", "x"), ("developer", "y"), ("tool", "z"), ("function", "w")], []),
        ([("assistant", "Hello!"), ("user", "a"), ("assistant", "b")], [("a", "b")]),
        ([("user", "a"), ("user", "b"), ("assistant", "c")], [("a", None), ("b", "c")]),
        ([("user", "a"), ("assistant", "b"), ("assistant", "c")], [("a", "c")]),
        ([("user", "a"), ("assistant", None), ("tool", "t"), ("assistant", "c")], [("a", "c")]),
        ([("user", " "), ("assistant", "b"), ("user", "a"), ("assistant", "")], [("a", None)]),
        ([("user", [{"type": "text", "text": "a"}, {"type": "image_url"}])], [("a", None)]),
    ],
    ids=str,
)
def test_pairs_of_messages_become_turns(
    messages: list[tuple[str, object]], expected: Turns
) -> None:
    assert turns(*messages) == expected


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("One. [1] Two. [2]\n\nSources:\n- [1] A, B\n- [2] C", "One. Two."),
        ("One. [1]\n\nSources:\n- [1] A", "One."),
        ("Both. [1][2]", "Both."),
        ("The documents do not answer this. No article mentions “x”.", None),
        ("I saw:\n\nSources:\nnone", "I saw:\n\nSources:\nnone"),
    ],
)
def test_what_we_added_to_an_earlier_reply_is_taken_off_again(said: str, read: str | None) -> None:
    assert turns(("user", "a"), ("assistant", said)) == [("a", read)]


def test_what_stands_after_the_last_message_of_the_user_is_not_read() -> None:
    question, started = {"role": "user", "content": "Who?"}, {"role": "assistant", "content": "I …"}
    asked = read_talk(ChatIn.model_validate({"messages": [question, started]}))
    assert (asked.question, asked.history) == ("Who?", [])


def test_the_texts_of_the_parts_of_a_question_are_joined() -> None:
    parts = [{"type": "text", "text": "Who spoke"}, {"type": "text", "text": "in Osaka?"}]
    body = ChatIn.model_validate({"messages": [{"role": "user", "content": parts}]})
    assert read_talk(body).question == "Who spoke\nin Osaka?"


def test_a_conversation_without_end_keeps_its_last_turns_within_the_limits_of_ask() -> None:
    talk = [(role, f"{n} " + "x" * 90_000) for n in range(60) for role in ("user", "assistant")]
    kept = turns(*talk)
    assert [question.split()[0] for question, _ in kept] == [str(n) for n in range(10, 60)]
    assert sum(len(question) + len(answer or "") for question, answer in kept) <= MAX_HISTORY


def test_each_sentence_has_its_place_and_articles_without_address_are_left_out() -> None:
    def citation(number: int, url: str | None) -> Citation:
        source = Source(f"a{number}", "0" * 64, None, None, None, None, url)
        return Citation(number, source, Span(0, 1), "x")

    one, two, three = citation(1, "http://one/"), citation(2, None), citation(3, "http://three/")
    sentences = [
        Sentence("🚢 sails. [1][3]", (one, three), "generated"),
        Sentence("It rains. [2]", (two,), "generated"),
        Sentence("Again. [1]", (one,), "generated"),
    ]
    content = " ".join(sentence.text for sentence in sentences)
    cited = [note.url_citation for note in annotate(sentences)]
    assert [(each.number, each.title, each.url) for each in cited] == [
        (1, "a1", "http://one/"),
        (3, "a3", "http://three/"),
        (1, "a1", "http://one/"),
    ]
    assert [content[each.start_index : each.end_index] for each in cited] == [
        "🚢 sails. [1][3]",
        "🚢 sails. [1][3]",
        "Again. [1]",
    ]
