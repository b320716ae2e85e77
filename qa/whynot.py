"""why_not(): the first stage of the read road that lost an article somebody expected to see.

Every stage is asked in the order of the road, by the same functions that made the reply; the
searches alone are repeated deeper, to tell how far they were from handing the article over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

import numpy as np

from index import ArticleNotFoundError, Facets, Library, Rows, Snapshot
from qa.answers import Answer, Hit
from qa.copies import stories
from qa.evidence import ScoredSentences, score_sentences
from qa.queries import Query
from qa.retrieval import Candidates, hits
from qa.settings import QaSettings
from qa.talk import retrieve_in_talk

Numbers = Mapping[str, float]


class Stage(StrEnum):
    """Where an article can be lost, in the order of the road, and that it was not."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> Stage:
        """The stage of that code; `meaning` says in a sentence what happened there."""
        stage = str.__new__(cls, code)
        stage._value_, stage.meaning = code, meaning
        return stage

    ABSENT = "absent", "The library has no article with this id."
    NOT_INDEXED = "not_indexed", "The article is in the library, but not in this generation."
    FILTERED = "filtered", "The filters let none of its passages through."
    LEXICAL_RANK = "lexical_rank", "It holds words of the question, but too far down both searches."
    DENSE_RANK = "dense_rank", "It holds no word of the question, and its vectors are too far away."
    CUT = "cut", "It was found, but more promising passages took the places of those judged."
    OUTRANKED = "outranked", "It was judged, but below the passages whose sentences are read."
    THRESHOLD = "threshold", "Its sentences were read, but the confidence was too low to answer."
    COPY = "copy", "It tells the story of another article that was read, and is named beside it."
    NOT_CHOSEN = "not_chosen", "Its sentences were read, but others were quoted."
    ANSWERED = "answered", "It is quoted: nothing was lost."


@dataclass(frozen=True)
class Verdict:
    """The stage that lost an article, and what is particular to this case.

    `numbers` are the article's own, `beside` has under the same names what they are measured
    against: a limit, or what the winner has. A number that does not exist is left out.
    """

    article_id: str
    resolved_question: str
    generation: int
    stage: Stage
    detail: str
    numbers: Numbers = field(default_factory=dict)
    beside: Numbers = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A question and its reply: where it was searched, and within which limits.

    `threshold` is the confidence from which there is an answer.
    """

    snapshot: Snapshot
    library: Library
    settings: QaSettings
    query: Query
    where: Facets | None
    answer: Answer
    threshold: float

    def retrieve(self, *, judged: int) -> Candidates:
        """The candidates of the reply, or more of them."""
        return retrieve_in_talk(
            self.snapshot,
            self.query,
            self.where,
            candidates=self.settings.candidates,
            judged=judged,
        )


def why_not(asked: Asked, article_id: str) -> Verdict:
    """The first stage at which the reply lost the article."""
    stage, detail, numbers, beside = _lost(asked, article_id)
    return Verdict(
        article_id=article_id,
        resolved_question=asked.query.text,
        generation=asked.snapshot.number,
        stage=stage,
        detail=detail,
        numbers=numbers,
        beside=beside,
    )


_Loss = tuple[Stage, str, Numbers, Numbers]


def _lost(asked: Asked, article_id: str) -> _Loss:
    snapshot = asked.snapshot
    rows = _passages(snapshot, article_id)
    if not len(rows):
        return _not_there(asked, article_id)
    if asked.where and not snapshot.within(asked.where)[rows].any():
        return Stage.FILTERED, _filters(snapshot, asked.where, rows), {}, {}
    every = asked.retrieve(judged=len(snapshot.tables.passages))
    if not np.isin(rows, every.rows).any():
        return _out_of_reach(asked, rows)
    deep = hits(snapshot, every, len(every), explain=True)
    found = asked.retrieve(judged=asked.settings.judged)
    if not np.isin(rows, found.rows).any():
        own = next(hit for hit in deep if hit.row in rows)
        last = next(hit for hit in reversed(deep) if hit.row in found.rows)
        counts = f"of {len(every)} passages found, {len(found)} were judged"
        return Stage.CUT, f"{counts}; ranks are as if all were", _parts(own), _parts(last)
    judged = hits(snapshot, found, len(found), explain=True)
    read = score_sentences(snapshot, asked.query, found)
    if not np.isin(_articles(snapshot, read), snapshot.tables.passages["article"][rows]).any():
        own = next(hit for hit in judged if hit.row in rows)
        detail = f"passage {own.passage_id} is beaten by {judged[0].passage_id}"
        return Stage.OUTRANKED, detail, _parts(own), _parts(judged[0])
    return _among_the_read(asked, article_id, read)


def _passages(snapshot: Snapshot, article_id: str) -> Rows:
    """The rows of an article's passages; none when it is not in the generation."""
    at = [n for n, s in enumerate(snapshot.tables.sources) if s.article_id == article_id]
    return np.flatnonzero(np.isin(snapshot.tables.passages["article"], at)).astype(np.int64)


def _articles(snapshot: Snapshot, read: ScoredSentences) -> Rows:
    """The row of the article that each sentence is from."""
    return np.asarray(snapshot.tables.sentences["article"][read.rows], dtype=np.int64)


def _not_there(asked: Asked, article_id: str) -> _Loss:
    try:
        asked.library.get(article_id)
    except ArticleNotFoundError:
        return Stage.ABSENT, "add it, then run `onrecord build`", {}, {}
    sources = asked.snapshot.tables.sources
    if any(source.article_id == article_id for source in sources):
        return Stage.NOT_INDEXED, "its text has no sentence that could be quoted", {}, {}
    number = asked.snapshot.number
    return Stage.NOT_INDEXED, f"generation {number} was built without it: `onrecord build`", {}, {}


def _filters(snapshot: Snapshot, where: Facets, rows: Rows) -> str:
    """The filters that would shut the article out alone; all of them when it takes several."""
    given = {one.name: getattr(where, one.name) for one in fields(where)}
    given = {name: value for name, value in given.items() if value}
    alone = [
        name
        for name, value in given.items()
        if not snapshot.within(Facets(**{name: value}))[rows].any()
    ]
    return "shut out by " + ", ".join(f"{name} {given[name]}" for name in alone or given)


def _out_of_reach(asked: Asked, rows: Rows) -> _Loss:
    """Neither search handed it over: its ranks in both, searched to the end."""
    snapshot, limit = asked.snapshot, asked.settings.candidates
    n_passages = len(snapshot.tables.passages)
    by_words, _ = snapshot.lexical(asked.query.terms, n_passages, asked.where)
    by_vector, _ = snapshot.dense(asked.query.encoded.vector, n_passages, asked.where)
    ranks = {"lexical_rank": _rank(by_words, rows), "dense_rank": _rank(by_vector, rows)}
    numbers = {name: rank for name, rank in ranks.items() if rank is not None}
    stage = Stage.LEXICAL_RANK if "lexical_rank" in numbers else Stage.DENSE_RANK
    detail = f"each search hands over its first {limit} passages"
    return stage, detail, numbers, dict.fromkeys(ranks, limit)


def _rank(found: Rows, rows: Rows) -> int | None:
    at = np.flatnonzero(np.isin(found, rows))
    return int(at[0]) + 1 if len(at) else None


def _parts(hit: Hit) -> Numbers:
    return {"rank": hit.rank, "score": hit.score, **hit.explain}


def _among_the_read(asked: Asked, article_id: str, read: ScoredSentences) -> _Loss:
    """Its sentences were read: silence, the quotes of others, or its own."""
    answer, snapshot = asked.answer, asked.snapshot
    own_quotes = [c for c in answer.citations if c.source.article_id == article_id]
    if own_quotes:
        marks = ", ".join(f"[{citation.number}]" for citation in own_quotes)
        return Stage.ANSWERED, f"see {marks} of the answer", {}, {}
    articles = _articles(snapshot, read)
    ids = [snapshot.tables.sources[article].article_id for article in articles]
    own = ids.index(article_id)
    span = snapshot.sentence_span(int(read.rows[own]))
    detail = f"its best sentence is “{span.slice(snapshot.text(int(articles[own])))}”"
    if not answer.answered:
        numbers = {"rank": own + 1, "confidence": answer.confidence}
        beside = {"rank": 1, "confidence": asked.threshold}
        return Stage.THRESHOLD, f"{answer.reason}; {detail}", numbers, beside
    for first, copies in stories(snapshot, articles).items():
        if any(copy.article_id == article_id for copy in copies):
            original = snapshot.tables.sources[first].article_id
            return Stage.COPY, f"the same story as {original}", {}, {}
    return Stage.NOT_CHOSEN, detail, _signals(read, own), _signals(read, 0)


def _signals(read: ScoredSentences, at: int) -> Numbers:
    names = ("score", "coverage", "cosine", "late")
    return {"rank": at + 1} | {name: float(getattr(read, name)[at]) for name in names}
