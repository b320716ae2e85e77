"""Signals: what the evidence says of itself before fusion.

A fused score tells which passage is best and not how good it is, so each signal is taken raw, in
[0, 1]: words, names and numbers of the question that are met, and how nearly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from index import QueryTerm, Snapshot
from qa.asking import answer_type
from qa.evidence import PASSAGES, ScoredSentences
from qa.marks import marks
from qa.queries import Query
from qa.retrieval import Candidates

_LONG = 24  # words of a long question
_READ = 3  # best sentences in which an answer of the wanted type is looked for


@dataclass(frozen=True)
class Signals:
    """How well the evidence meets the question.

    Coverage is the share of the question's words, weighted by rarity: in the best sentence, in one
    of the best passages, in the article of the best sentence. `names` is the same share over names
    and numbers alone, in that article; `known` is 0 when one of them is in no article at all.
    `typed` is 1 when the best sentences hold the date, number or name that the question wants, or
    it wants none; `late` and `cosine` say how nearly passage and sentence are meant. `length` grows
    with the number of words, to 1 at 24: of a long question less is ever met at once.
    """

    sentence: float
    passage: float
    article: float
    names: float
    known: float
    typed: float
    late: float
    cosine: float
    length: float


SIGNALS = tuple(field.name for field in fields(Signals))


def read_signals(
    snapshot: Snapshot, query: Query, found: Candidates, sentences: ScoredSentences
) -> Signals:
    """The signals of the best evidence; `sentences` must not be empty."""
    rarity = found.sentences.term_rarity
    article = int(snapshot.tables.sentences[sentences.rows[0]]["article"])
    held = article_holds(snapshot, query.terms, article)
    named = np.array([term.named for term in query.terms], dtype=bool)
    return Signals(
        sentence=float(sentences.coverage[0]),
        passage=_best_passage(snapshot, found),
        article=_share(held, rarity),
        names=_share(held[named], rarity[named]),
        known=float(not unknown_names(snapshot, query.terms)),
        typed=_typed(snapshot, query, sentences),
        late=float(np.clip(found.late[:PASSAGES].max(), 0, 1)),
        cosine=float(np.clip(sentences.cosine.max(), 0, 1)),
        length=min(1.0, len(query.terms) / _LONG),
    )


def article_holds(
    snapshot: Snapshot, terms: Sequence[QueryTerm], article: int
) -> NDArray[np.bool_]:
    """Which words of a question an article holds, title included; bool, one a word."""
    row = snapshot.tables.articles[article]
    ranges = np.array([[row["first_token"], row["last_token"]]])
    held: NDArray[np.bool_] = snapshot.tokens.counts([term.forms for term in terms], ranges)[0] > 0
    return held


def unknown_names(snapshot: Snapshot, terms: Sequence[QueryTerm]) -> tuple[str, ...]:
    """The names and numbers of a question that no article holds."""
    tokens = snapshot.tokens
    return tuple(term.text for term in terms if term.named and not len(tokens.ids(term.forms)))


def _best_passage(snapshot: Snapshot, found: Candidates) -> float:
    read = found.sentences
    best = 0.0
    for passage in snapshot.tables.passages[found.rows[:PASSAGES]]:
        first = int(np.searchsorted(read.rows, passage["first_sentence"]))
        last = first + int(passage["last_sentence"] - passage["first_sentence"])
        held = np.asarray((read.held[first:last] > 0).any(axis=0))
        best = max(best, _share(held, read.term_rarity))
    return best


def _share(held: NDArray[np.bool_], rarity: NDArray[np.float32]) -> float:
    """The share of `rarity` that is held; 1 when there is nothing to hold."""
    total = float(rarity.sum())
    return float(rarity[held].sum()) / total if total > 0 else 1.0


def _typed(snapshot: Snapshot, query: Query, sentences: ScoredSentences) -> float:
    if answer_type(query.text) is None:
        return 1.0
    for row in sentences.rows[:_READ]:
        article = int(snapshot.tables.sentences[row]["article"])
        quote = snapshot.sentence_span(int(row)).slice(snapshot.text(article))
        if marks(query.text, quote, snapshot.tables.sources[article].lang):
            return 1.0
    return 0.0
