"""check_question(): the question as it will be searched, or a clear refusal."""

from __future__ import annotations

from qa.errors import BadQuestionError

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
    if "\0" in asked or any("\ud800" <= character <= "\udfff" for character in asked):
        raise BadQuestionError("the question holds characters that are no text; type it anew")
    return asked
