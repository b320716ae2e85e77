"""Signals: what the evidence says of itself before fusion.

A fused score tells which passage is best and not how good it is, so each signal is taken raw, in
[0, 1]: words, names and numbers of the question that are met, and how nearly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from index import STOP_WORDS, QueryTerm, Snapshot
from qa.asking import wants_figure
from qa.evidence import PASSAGES, ScoredSentences, marks_of
from qa.queries import Query
from qa.retrieval import Candidates
from qa.timing import in_period

_LONG = 24  # words of a long question


@dataclass(frozen=True)
class Signals:
    """How well the evidence meets the question.

    `sentence` and `article` are the share of the question's words, weighted by rarity, that the
    best sentence and its article hold; `known` is 0 when a name or number is in no article at all.
    `dense` and `late` say how nearly the best passages are meant: by the mean of the cosines of
    passage and best sentence, and by late interaction. `figure` is 0 when a number, a sum or a
    date is asked for and the best sentence holds none that the question does not say itself.
    `period` is 1 when the article is of the time asked about, or none is asked about, and a half
    when it has no date. `length` grows with the number of words, to 1 at 24: of a long question
    less is ever met at once. So it is across languages, where `foreign` is 1.
    """

    sentence: float
    article: float
    known: float
    dense: float
    late: float
    figure: float
    period: float
    length: float
    foreign: float


SIGNALS = tuple(field.name for field in fields(Signals))


def read_signals(
    snapshot: Snapshot, query: Query, found: Candidates, sentences: ScoredSentences
) -> Signals:
    """The signals of the best evidence; `sentences` must not be empty."""
    article = int(snapshot.tables.sentences[sentences.rows[0]]["article"])
    held = article_holds(snapshot, query.terms, article)
    dense = (found.passage + found.sentence) / 2
    return Signals(
        sentence=float(sentences.coverage[0]),
        article=_share(held, found.sentences.term_rarity),
        known=float(not unknown_names(snapshot, query.terms)),
        dense=float(np.clip(dense.max(), 0, 1)),
        late=float(np.clip(found.late[:PASSAGES].max(), 0, 1)),
        figure=float(
            not wants_figure(query.text) or bool(marks_of(snapshot, query, int(sentences.rows[0])))
        ),
        period=in_period(snapshot, article, query.when),
        length=min(1.0, len(query.terms) / _LONG),
        foreign=float(_is_foreign(query.lang, snapshot.tables.sources[article].lang)),
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


def _is_foreign(asked: str | None, written: str | None) -> bool:
    """True when question and text are of two languages; few words may seem to be of any other."""
    return asked in STOP_WORDS and written is not None and asked != written


def _share(held: NDArray[np.bool_], rarity: NDArray[np.float32]) -> float:
    """The share of `rarity` that is held; 1 when there is nothing to hold."""
    total = float(rarity.sum())
    return float(rarity[held].sum()) / total if total > 0 else 1.0
