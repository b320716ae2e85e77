"""Question sets are read as they are written, and a broken line is named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from qa.answers import Turn
from qa.errors import QuestionSetError
from qa.questionset import Gold, LabelledQuestion, load_questions, select

FULL = {
    "id": "q1",
    "question": "Và khi nào?",
    "lang": "vi",
    "relevant": ["a", "b"],
    "evidence": [{"doc_id": "a", "text": "Tháng Năm."}],
    "answer": "Tháng Năm",
    "answerable": True,
    "history": [{"question": "Phà chạy lại?", "answer": None}],
    "setting": "vi-en",
    "corpus_lang": "en",
    "split": "test",
    "rewrite": "Khi nào phà chạy lại?",
    "turn": 2,
    "answers": ["Tháng Năm"],
}


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_every_key_of_a_line_has_its_place(tmp_path: Path) -> None:
    assert load_questions(written(tmp_path / "q.jsonl", FULL)) == [
        LabelledQuestion(
            id="q1",
            question="Và khi nào?",
            lang="vi",
            kind="vi-en",
            relevant=("a", "b"),
            evidence=(Gold("a", "Tháng Năm."),),
            answerable=True,
            turns=(Turn("Phà chạy lại?", None),),
            corpus_lang="en",
            split="test",
            rewrite="Khi nào phà chạy lại?",
            labels={
                "id": "q1",
                "lang": "vi",
                "answerable": "true",
                "setting": "vi-en",
                "corpus_lang": "en",
                "split": "test",
                "turn": "2",
                "kind": "vi-en",
            },
        )
    ]


def test_a_compressed_set_reads_like_a_plain_one(tmp_path: Path) -> None:
    plain = written(tmp_path / "q.jsonl", FULL, {"id": "q2", "question": "Who?"})
    packed = tmp_path / "q.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert load_questions(packed) == load_questions(plain)


def test_a_byte_order_mark_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "q1", "question": "Who?"}\r\n\r\n')
    assert [question.id for question in load_questions(path)] == ["q1"]


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ({}, None),
        ({"answerability": "partial"}, "partial"),
        ({"answerability": "partial", "part": "mtrag"}, "mtrag"),
        ({"part": "mtrag", "setting": "en-vi"}, "en-vi"),
        ({"setting": "en-vi", "question_type": "null_query"}, "null_query"),
        ({"question_type": "null_query", "kind": "fact"}, "fact"),
    ],
)
def test_the_kind_is_the_first_key_that_names_one(
    tmp_path: Path, keys: dict[str, str], kind: str | None
) -> None:
    path = written(tmp_path / "q.jsonl", {"id": "q", "question": "Who?", **keys})
    assert load_questions(path)[0].kind == kind


@pytest.mark.parametrize(
    ("keys", "relevant", "answerable"),
    [
        ({}, (), None),
        ({"answerable": None, "relevant": ["a"]}, ("a",), None),
        ({"relevant": ["a", "a"]}, ("a",), True),
        ({"evidence": [{"doc_id": "b", "text": "So."}]}, ("b",), True),
        ({"answerable": False}, (), False),
    ],
)
def test_what_is_not_said_follows_from_the_gold_articles(
    tmp_path: Path, keys: dict[str, object], relevant: tuple[str, ...], answerable: bool | None
) -> None:
    [question] = load_questions(written(tmp_path / "q", {"id": "q", "question": "Who?", **keys}))
    assert (question.relevant, question.answerable) == (relevant, answerable)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "q2"', "not JSON: Expecting ',' delimiter at column 12"),
        ("[]", "a question is an object, not list"),
        ('{"question": "Who?"}', "'id' is missing or empty"),
        ('{"id": "q2", "question": " "}', "'question' is missing or empty"),
        ('{"id": 2, "question": "Who?"}', "'id' is a text, not 2"),
        ('{"id": "q1", "question": "Who?"}', "id 'q1' is already that of line 1"),
        (
            '{"id": "q2", "question": "Who?", "answerable": 1}',
            "'answerable' is true, false or null, not 1",
        ),
        (
            '{"id": "q2", "question": "Who?", "answerable": false, "relevant": ["a"]}',
            "'answerable' is false, yet there are relevant articles",
        ),
        (
            '{"id": "q2", "question": "Who?", "relevant": [1]}',
            "'relevant' is a list of article ids, not [1]",
        ),
        ('{"id": "q2", "question": "Who?", "relevant": "a"}', "'relevant' is a list, not 'a'"),
        (
            '{"id": "q2", "question": "Who?", "evidence": [{"doc_id": "a", "text": ""}]}',
            "'text' is missing or empty",
        ),
        ('{"id": "q2", "question": "Who?", "history": ["x"]}', "'history' is a list of objects"),
    ],
)
def test_a_broken_line_is_named_with_its_reason(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": "q1", "question": "Who?"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(QuestionSetError) as caught:
        load_questions(path)
    assert (caught.value.path, caught.value.line) == (str(path), 2)
    assert caught.value.reason == reason


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="cannot be read"):
        load_questions(tmp_path / "missing.jsonl")
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(b'{"id": "q", "question": "Who?"}\n' * 9)[:-12])
    with pytest.raises(QuestionSetError, match="cannot be read"):
        load_questions(cut)
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"id": "q", "question": "Où ?"}\n'.encode("latin-1"))
    with pytest.raises(QuestionSetError, match=r"latin.jsonl:1: not UTF-8"):
        load_questions(latin)
    empty = written(tmp_path / "empty.jsonl")
    with pytest.raises(QuestionSetError, match=r"empty.jsonl:1: the file holds no question"):
        load_questions(empty)


@pytest.fixture
def labelled() -> list[LabelledQuestion]:
    labels = [
        {"split": "test", "setting": "en-en"},
        {"split": "test", "setting": "en-vi"},
        {"split": "dev", "setting": "en-en"},
    ]
    return [LabelledQuestion(f"q{n}", "Who?", labels=label) for n, label in enumerate(labels)]


def test_selecting_keeps_the_questions_with_every_value(labelled: list[LabelledQuestion]) -> None:
    chosen = select(labelled, {"split": "test", "setting": "en-en"})
    assert [question.id for question in chosen] == ["q0"]
    assert select(labelled, {}) == labelled


def test_selecting_by_what_is_not_there_lists_what_is(labelled: list[LabelledQuestion]) -> None:
    with pytest.raises(ValueError, match="no question has the key 'part'; there are: setting, sp"):
        select(labelled, {"part": "mtrag"})
    with pytest.raises(ValueError, match="no question has split=tset; there are: dev, test"):
        select(labelled, {"split": "tset"})
