"""A question set: questions with the articles and sentences that a person says answer them.

One JSON object a line (`DESIGN.md`, section 5), plain or gzip. Labels are anchored to article ids
and sentences, never to passages, so they survive another chunking.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.answers import Turn
from qa.errors import QuestionSetError

KIND_KEYS = ("kind", "question_type", "setting", "part", "answerability")
TEXT_KEYS = ("question", "answer", "rewrite")  # free text: nothing to group by


@dataclass(frozen=True, slots=True)
class Gold:
    """A sentence of an article that answers the question, as a person marked it."""

    doc_id: str
    text: str


@dataclass(frozen=True)
class LabelledQuestion:
    """A question with what is known about its answer.

    `kind` is the first of the keys `kind`, `question_type`, `setting`, `part`, `answerability` that
    the line has. `answerable` is None when nobody judged it. `corpus_lang` limits the articles that
    count to one language. `rewrite` is the question as a person made it stand alone. `labels` holds
    every plain value of the line (and `kind`) as text, true and false as JSON writes them.
    """

    id: str
    question: str
    lang: str | None = None
    kind: str | None = None
    relevant: tuple[str, ...] = ()
    evidence: tuple[Gold, ...] = ()
    answerable: bool | None = None
    turns: tuple[Turn, ...] = ()
    corpus_lang: str | None = None
    split: str | None = None
    rewrite: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


def load_questions(path: Path | str) -> list[LabelledQuestion]:
    """The questions of a `.jsonl` or `.jsonl.gz` file, in file order; blank lines are skipped.

    `id` and `question` are required. Without `relevant` the articles of `evidence` are the relevant
    ones; without `answerable` a question that has relevant articles is answerable.

    Raises:
        QuestionSetError: a line cannot be read or used, repeats an id, or the file holds none.
    """
    questions: list[LabelledQuestion] = []
    seen: dict[str, int] = {}
    number = 0
    for number, line in _numbered_lines(Path(path)):
        if not line.strip():
            continue
        try:
            question = _read_question(json.loads(line.strip()))
            if question.id in seen:
                raise ValueError(f"id {question.id!r} is already that of line {seen[question.id]}")
        except json.JSONDecodeError as error:
            reason = f"not JSON: {error.msg} at column {error.pos + 1}"
            raise QuestionSetError(str(path), number, reason) from error
        except ValueError as error:
            raise QuestionSetError(str(path), number, str(error)) from error
        seen[question.id] = number
        questions.append(question)
    if not questions:
        raise QuestionSetError(str(path), number + 1, "the file holds no question")
    return questions


def select(
    questions: Sequence[LabelledQuestion], where: Mapping[str, str]
) -> list[LabelledQuestion]:
    """The questions whose labels have every value of `where`, in order.

    Raises:
        ValueError: no question has the key, or none has the value; the message lists what there is.
    """
    for key, value in where.items():
        values = {question.labels[key] for question in questions if key in question.labels}
        if not values:
            keys = sorted({key for question in questions for key in question.labels})
            raise ValueError(f"no question has the key {key!r}; there are: {', '.join(keys)}")
        if value not in values:
            some = ", ".join(sorted(values)[:20])
            raise ValueError(f"no question has {key}={value}; there are: {some}")
    return [
        question
        for question in questions
        if all(question.labels.get(key) == value for key, value in where.items())
    ]


def _numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise QuestionSetError(str(path), number, f"not UTF-8 ({error.reason})") from error
    except (OSError, EOFError, zlib.error) as error:
        raise QuestionSetError(str(path), number + 1, f"cannot be read ({error})") from error


def _read_question(row: Any) -> LabelledQuestion:
    if not isinstance(row, dict):
        raise ValueError(f"a question is an object, not {type(row).__name__}")
    evidence = tuple(
        Gold(_text(gold, "doc_id"), _text(gold, "text")) for gold in _objects(row, "evidence")
    )
    relevant = _names(row, "relevant") or tuple(dict.fromkeys(gold.doc_id for gold in evidence))
    answerable = row.get("answerable", True if relevant else None)
    if not (answerable is None or isinstance(answerable, bool)):
        raise ValueError(f"'answerable' is true, false or null, not {answerable!r}")
    if answerable is False and relevant:
        raise ValueError("'answerable' is false, yet there are relevant articles")
    kind = next((str(row[key]) for key in KIND_KEYS if row.get(key) is not None), None)
    labels = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in {**row, "kind": kind}.items()
        if isinstance(value, str | int | float) and key not in TEXT_KEYS
    }
    return LabelledQuestion(
        id=_text(row, "id"),
        question=_text(row, "question"),
        lang=_text_or_none(row, "lang"),
        kind=kind,
        relevant=relevant,
        evidence=evidence,
        answerable=answerable,
        turns=tuple(
            Turn(_text(turn, "question"), _text_or_none(turn, "answer"))
            for turn in _objects(row, "history")
        ),
        corpus_lang=_text_or_none(row, "corpus_lang"),
        split=_text_or_none(row, "split"),
        rewrite=_text_or_none(row, "rewrite"),
        labels=labels,
    )


def _text_or_none(row: dict[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key!r} is a text, not {value!r}")
    return value


def _text(row: dict[str, Any], key: str) -> str:
    value = _text_or_none(row, key)
    if value is None or not value.strip():
        raise ValueError(f"{key!r} is missing or empty")
    return value


def _list(row: dict[str, Any], key: str) -> list[Any]:
    value = row.get(key)
    if value is not None and not isinstance(value, list):
        raise ValueError(f"{key!r} is a list, not {value!r}")
    return value or []


def _names(row: dict[str, Any], key: str) -> tuple[str, ...]:
    names = _list(row, key)
    if not all(isinstance(name, str) and name for name in names):
        raise ValueError(f"{key!r} is a list of article ids, not {names!r}")
    return tuple(dict.fromkeys(names))


def _objects(row: dict[str, Any], key: str) -> list[dict[str, Any]]:
    objects = _list(row, key)
    if not all(isinstance(one, dict) for one in objects):
        raise ValueError(f"{key!r} is a list of objects")
    return objects
