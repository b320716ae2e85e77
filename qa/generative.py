"""GenerativeReader: a language model writes the answer, and only what its evidence says is sent.

The model gets the evidence as data and gives back sentences with the number and the words of their
sources. Each is checked as soon as it is whole; what is not borne out is dropped. Where nothing is
left, whatever went wrong, the answer is quoted as without a model.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from qa.answers import Citation, Evidence, Sentence
from qa.errors import ModelError
from qa.models import LanguageModel, Message
from qa.prompt import messages_for
from qa.reading import Reader, Working
from qa.support import LONGEST_SOURCE, Lack, lack_of_support

logger = logging.getLogger(__name__)

Check = Literal["unreadable", "foreign_source", "invented_quote", "repeated"] | Lack

_MOST_SENTENCES = 6
_LONGEST_LINE = 8_000  # characters
_TELL_AFTER = 60.0  # seconds between two lines of the log about failures


class ModelObserver(Protocol):
    """Counts what becomes of a model's replies; every value is one of a few."""

    def model_called(self, outcome: str) -> None:
        """The model was asked: "ok", or the kind of its failure."""
        ...

    def sentence_dropped(self, check: str) -> None:
        """A sentence was not sent, for the check that failed."""
        ...


@dataclass
class GenerativeReader:
    """Reads with `model`, at most `concurrency` replies at a time, and else with `fallback`."""

    model: LanguageModel
    fallback: Reader
    limit: int = 8
    concurrency: int = 4
    observer: ModelObserver | None = None
    _told: float = field(default=-_TELL_AFTER, init=False)

    def __post_init__(self) -> None:
        self._places = threading.BoundedSemaphore(self.concurrency)

    def read(
        self, question: str, evidence: Sequence[Evidence]
    ) -> Generator[Sentence | Working, None, None]:
        """See `Reader.read`."""
        has_said = False
        for step in self._written(question, evidence):
            has_said = has_said or isinstance(step, Sentence)
            yield step
        if not has_said:
            yield from self.fallback.read(question, evidence)

    def _written(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Sentence | Working]:
        """What the model says that holds, and nothing more once it fails."""
        if not self._places.acquire(blocking=False):
            self._count("busy")
            return
        try:
            yield from self._checked(question, evidence)
            self._count("ok")
        except ModelError as error:
            self._count(error.kind)
            self._tell(error)
        finally:
            self._places.release()

    def _checked(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Sentence | Working]:
        shown = [each for each in evidence if len(each.quote) <= LONGEST_SOURCE][: self.limit]
        if not shown:
            return
        draft = _Draft(shown)
        with closing(_lines(self.model, messages_for(question, shown))) as lines:
            for line in lines:
                said = None if line is None else draft.check(line)
                if said is None:
                    yield Working()
                elif isinstance(said, Sentence):
                    yield said
                    if len(draft.said) == _MOST_SENTENCES:
                        return
                elif self.observer:
                    self.observer.sentence_dropped(said)

    def _count(self, outcome: str) -> None:
        if self.observer:
            self.observer.model_called(outcome)

    def _tell(self, error: ModelError) -> None:
        """One line a minute at most."""
        now = time.monotonic()
        if now - self._told >= _TELL_AFTER:
            self._told = now
            logger.warning("the language model failed (%s); sentences are quoted", error)


class _Draft:
    """The reply as far as it is written: which sentences hold, and the citations they share."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._evidence = evidence
        self._citations: dict[int, Citation] = {}
        self.said: set[str] = set()

    def check(self, line: str) -> Sentence | Check | None:
        """The sentence of a line with its marks, or the check that it fails; None for no sentence.

        Every source has to bear out all of the sentence. The whole of it is cited, not the slice
        that was quoted: what is around a slice may turn it.
        """
        line = line.strip().strip("[], \t")
        if not line.startswith("{"):
            return None  # a fence, or words around the objects
        if (read := _read(line)) is None:
            return "unreadable"
        text, sources = read
        if not sources or not all(1 <= number <= len(self._evidence) for number, _ in sources):
            return "foreign_source"
        for number, quote in sources:
            known = self._evidence[number - 1].quote
            if not quote.strip() or quote not in known:
                return "invented_quote"
            if lack := lack_of_support(text, known):
                return lack
        if text in self.said:
            return "repeated"
        self.said.add(text)
        cited = [self._cite(number) for number in dict.fromkeys(number for number, _ in sources)]
        marks = " ".join(f"[{citation.number}]" for citation in cited)
        return Sentence(f"{text} {marks}", tuple(cited), "generated")

    def _cite(self, number: int) -> Citation:
        if number not in self._citations:
            piece = self._evidence[number - 1]
            self._citations[number] = Citation(
                len(self._citations) + 1,
                piece.source,
                piece.span,
                piece.quote,
                marks=piece.marks,
                copies=piece.copies,
            )
        return self._citations[number]


def _read(line: str) -> tuple[str, list[tuple[int, str]]] | None:
    """A sentence and its sources, each a number and a quote; None when it is no such object."""
    try:
        said: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match said:
        case {"sentence": str(text), "sources": list(sources)}:
            pass
        case _:
            return None
    read = []
    for source in sources:
        match source:
            case {"number": int(number), "quote": str(quote)} if not isinstance(number, bool):
                read.append((number, quote))
            case _:
                return None
    return text.strip(), read


def _lines(model: LanguageModel, messages: Sequence[Message]) -> Generator[str | None, None, None]:
    """The lines that a model writes, each once it is whole; None while there is none.

    Raises:
        ModelError: it fails; also when a line has no end.
    """
    begun = ""
    with closing(model.write(messages)) as pieces:
        for piece in pieces:
            *whole, begun = (begun + piece).split("\n")
            if len(begun) > _LONGEST_LINE:
                raise ModelError("garbage", "a line without an end")
            yield from whole
            if not whole:
                yield None
    if begun.strip():
        yield begun
