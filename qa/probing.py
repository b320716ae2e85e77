"""probe(): whether an article that was removed still comes back when its own sentences are asked.

Nothing is nearer to an article than its own words, so if they do not find it, no question does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from index import Probe
from qa.answering import SearchResult
from qa.answers import Answer, Citation, Hit
from qa.errors import BadQuestionError

_DEPTH = 50


class Asked(Protocol):
    """What is asked; `Answerer` is one."""

    def ask(self, question: str, /) -> Answer:
        """See `Answerer.ask`."""
        ...

    def search(self, question: str, /, *, k: int) -> SearchResult:
        """See `Answerer.search`."""
        ...


def probe(asked: Asked, article_id: str, sentences: Sequence[str]) -> Probe:
    """What comes back when each sentence is asked and searched for, 50 passages deep.

    A sentence that is no question, since it has no letter or digit, is passed over.
    """
    n_asked = hits = quotes = 0
    copies: set[str] = set()
    for sentence in sentences:
        try:
            answer, found = asked.ask(sentence), asked.search(sentence, k=_DEPTH)
        except BadQuestionError:
            continue
        n_asked += 1
        passages = (*found.hits, *answer.nearest)
        hits += sum(article_id in _ids(hit) for hit in passages)
        quotes += sum(article_id in _ids(citation) for citation in answer.citations)
        for hit in passages:
            if sentence in hit.text:
                copies.update(_ids(hit))
        for citation in answer.citations:
            if sentence in citation.quote:
                copies.update(_ids(citation))
    return Probe(n_asked, hits, quotes, tuple(sorted(copies - {article_id})))


def _ids(found: Hit | Citation) -> Iterator[str]:
    """The article that something was found in, and those with the same story."""
    yield found.source.article_id
    yield from (source.article_id for source in found.copies)
