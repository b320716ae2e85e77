"""check_question(): the question as it will be searched, or a clear refusal; turns likewise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answers import Turn
from qa.errors import BadQuestionError

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_WAY_OUT = "ask in a sentence or two"


def check_question(question: str, *, limit: int = 32_000) -> str:
    """The question without surrounding white space.

    Raises:
        BadQuestionError: it is empty, holds no letter or digit, has more than `limit` characters,
            or holds characters that are no text (NUL, unpaired surrogates).
    """
    asked = question.strip()
    if not any(character.isalnum() for character in asked):
        raise BadQuestionError(f"the question is empty; {_WAY_OUT}")
    if len(asked) > limit:
        raise BadQuestionError(
            f"the question has {len(asked):,} characters, at most {limit:,} are read; {_WAY_OUT}"
        )
    if not _is_text(asked):
        raise BadQuestionError("the question holds characters that are no text; type it anew")
    return asked


def check_turns(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The same turns. Neither empty nor long ones are refused: of each, what helps is read.

    Raises:
        BadQuestionError: a turn, counted from 1, holds characters that are no text.
    """
    for number, turn in enumerate(turns, start=1):
        if not (_is_text(turn.question) and _is_text(turn.answer or "")):
            raise BadQuestionError(
                f"turn {number} of the history holds characters that are no text; leave it out"
            )
    return turns


def _is_text(typed: str) -> bool:
    return _NO_TEXT.search(typed) is None
