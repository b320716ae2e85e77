"""What can go wrong on the read road; silence for want of evidence is a value, not an error.

AnsweringError
├── BadQuestionError      the question cannot be asked as it is
├── UnverifiedQuoteError  a quote is not the slice it claims to be (a defect, never shown)
├── BadReplyError         a saved reply cannot be read
├── QuestionSetError      a line of a question set cannot be read
├── UnjudgedError         no question of a set says what a right reply is
├── CalibrationError      a home's calibration cannot be read
├── ModelError            the language model did not answer, or not in full (never shown)
└── MissingModelClientError  a language model is set, and its client is not installed
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

ModelFailure = Literal[
    "busy", "timeout", "unreachable", "refused", "rate_limited", "cut_off", "garbage"
]


class AnsweringError(Exception):
    """Root of the family."""


class BadQuestionError(AnsweringError):
    """The question is empty, too long, or holds characters that no text has."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnverifiedQuoteError(AnsweringError):
    """A reply was about to leave with a quote that is not `text[start:end]` of its article."""

    def __init__(self, article_id: str, start: int, end: int) -> None:
        super().__init__(f"the quote at [{start}, {end}) is not the text of article {article_id!r}")
        self.article_id, self.start, self.end = article_id, start, end


class BadReplyError(AnsweringError):
    """A saved reply is not JSON, or has not the shape of an answer."""


class QuestionSetError(AnsweringError):
    """A question set has a line that cannot be used; `line` counts from 1."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


class UnjudgedError(AnsweringError):
    """No question of a set can be judged: none has a label, or their articles are not there."""

    def __init__(self, questions: int) -> None:
        super().__init__(
            f"none of the {questions:,} questions can be judged: give them `relevant` articles of "
            "this library, or `answerable`: false"
        )
        self.questions = questions


class CalibrationError(AnsweringError):
    """The calibration of a home cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}; remove the file; `onrecord calibrate` writes a new one"
        )
        self.path, self.reason = path, reason


class ModelError(AnsweringError):
    """The language model did not answer, or not in full; `kind` is one of a few."""

    def __init__(self, kind: ModelFailure, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind: ModelFailure = kind
        self.detail = detail


class MissingModelClientError(AnsweringError):
    """A language model is set, and the package that talks to it is not there."""

    def __init__(self) -> None:
        super().__init__(
            "ONRECORD_LLM_BASE_URL is set, which needs more packages: pip install 'onrecord[llm]'"
        )
