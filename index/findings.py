"""Finding: what a check of a home found; each check stands alone, whatever it runs into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """What one check found, in a sentence, and `remedy`: what to do, where there is anything.

    With a warning nothing wrong is served; a problem should not be left.
    """

    check: str
    state: State
    message: str
    remedy: str = ""


def stand_alone(name: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check; whatever it raises becomes one, a problem."""
    try:
        yield from check()
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        yield Finding(name, "problem", reason)
