"""The steps of a reply, in the order in which they are ready; the last is the Answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.answers import Answer, Hit, Sentence
from qa.reading import Working


@dataclass(frozen=True, slots=True)
class Resolved:
    """The question as it is searched, standing alone, and the generation that is asked."""

    question: str
    generation: int


@dataclass(frozen=True, slots=True)
class Found:
    """All that costs computing is done; `look_up` gives the nearest passages, best first."""

    look_up: Callable[[], tuple[Hit, ...]]


Step = Resolved | Found | Working | Sentence | Answer


def last_answer(steps: Iterator[Step]) -> Answer:
    """The reply that the steps lead to."""
    *_, answer = steps
    assert isinstance(answer, Answer)
    return answer
