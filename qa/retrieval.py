"""retrieve(): a query and its limits become candidates, the raw scores of each kept beside it.

Both searches hand over their best. The most promising of these passages then get every signal, so
that none is judged by one side alone: BM25 of the passage and of its whole article, the vectors of
passage and best sentence, and late interaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index import Facets, Snapshot, mean_by_rarity
from qa.answers import Hit
from qa.copies import stories
from qa.fusion import Floats, by_best, from_cosine, fuse, weights_of
from qa.queries import Query
from qa.softfilter import soft_filter

Ints = NDArray[np.int64]

PARTS = ("lexical", "context", "passage", "sentence", "late", "boost")  # of a candidate's score

_PROMISE = np.float32(0.7)  # share of the dense side in what is worth judging
_K1, _B = 0.9, 0.4  # of BM25 over whole articles


@dataclass(frozen=True)
class Sentences:
    """The sentences of the candidates, each once, by row; arrays are aligned.

    `cosine` is float32 of shape (s,); `held` int32 of shape (s, words of the query): how often each
    stands in it; `aligned` float32 of shape (s, word-pieces of the question): the best cosine of
    each; `rarity` weighs these pieces, `term_rarity` the words. `words` are these, as typed.
    """

    words: tuple[str, ...]
    rows: Ints
    cosine: Floats
    held: NDArray[np.int32]
    aligned: Floats
    rarity: Floats
    term_rarity: Floats


@dataclass(frozen=True)
class Candidates:
    """Passages judged for one query, best first; arrays are aligned, one entry a passage.

    `lexical` is BM25 of the passage, 0 where no word matched, `context` of its article; `passage`
    and `sentence` are cosines of the passage and its best sentence; `late` is the mean by rarity of
    the best cosines of the question's word-pieces; `score` is the fusion, in [0, 1], times `boost`:
    1 where the passage is of the time and the outlet that the question names, less where it is not.
    `outside` is True when none of them is of that time.
    """

    rows: Ints
    lexical: Floats
    context: Floats
    passage: Floats
    sentence: Floats
    late: Floats
    boost: Floats
    score: Floats
    sentences: Sentences
    outside: bool = False

    def __len__(self) -> int:
        return len(self.rows)


def retrieve(
    snapshot: Snapshot,
    query: Query,
    where: Facets | None,
    *,
    candidates: int,
    judged: int,
    also: Ints | None = None,
) -> Candidates:
    """The best `judged` passages of the union of both searches, best first, ties by row.

    `candidates` is what each search hands over; the passages in `also` are judged besides.
    """
    lexical_rows, lexical_scores = snapshot.lexical(query.terms, candidates, where)
    dense_rows, _ = snapshot.dense(query.encoded.vector, candidates, where)
    beside = np.empty(0, dtype=np.int64) if also is None else also
    rows = np.union1d(np.union1d(lexical_rows, dense_rows), beside)
    lexical = np.zeros(len(rows), dtype=np.float32)
    lexical[np.searchsorted(rows, lexical_rows)] = lexical_scores
    passage: Floats = snapshot.passage_vectors[rows].astype(np.float32) @ query.encoded.vector
    promise = (1 - _PROMISE) * by_best(lexical) + _PROMISE * from_cosine(passage)
    promise *= soft_filter(snapshot, rows, query).weights
    kept = np.union1d(np.lexsort((rows, -promise))[:judged], np.searchsorted(rows, beside))
    return _judge(snapshot, query, rows[kept], lexical[kept], passage[kept])


def _judge(
    snapshot: Snapshot, query: Query, rows: Ints, lexical: Floats, passage: Floats
) -> Candidates:
    sentences = _read_sentences(snapshot, query, rows)
    held = _sentences_of(snapshot, rows, sentences.rows)
    sentence = np.array([sentences.cosine[own].max() for own in held], dtype=np.float32)
    aligned = np.zeros((len(rows), len(sentences.rarity)), dtype=np.float32)
    for at, own in enumerate(held):
        aligned[at] = sentences.aligned[own].max(axis=0)
    late = mean_by_rarity(aligned, sentences.rarity)
    context = _context(snapshot, query, rows, sentences.term_rarity)
    signals = {
        "lexical": by_best(lexical),
        "context": by_best(context),
        "dense": from_cosine((passage + sentence) / np.float32(2)),
        "late": np.maximum(late, 0),
    }
    left = soft_filter(snapshot, rows, query)
    score = fuse(signals, weights_of(_languages(snapshot, rows), query.reads)) * left.weights
    best = np.lexsort((rows, -score))
    return Candidates(
        rows=rows[best],
        lexical=lexical[best],
        context=context[best],
        passage=passage[best],
        sentence=sentence[best],
        late=late[best],
        boost=left.weights[best],
        score=score[best],
        sentences=sentences,
        outside=left.outside,
    )


def _read_sentences(snapshot: Snapshot, query: Query, passages: Ints) -> Sentences:
    ranges = snapshot.tables.passages[passages]
    rows = np.unique(
        np.concatenate(
            [np.arange(p["first_sentence"], p["last_sentence"]) for p in ranges]
            or [np.empty(0, np.int64)]
        )
    )
    table = snapshot.tables.sentences[rows]
    tokens = np.stack([table["first_token"], table["last_token"]], axis=1)
    forms = [term.forms for term in query.terms]
    return Sentences(
        words=tuple(term.text for term in query.terms),
        rows=rows,
        cosine=snapshot.sentence_vectors[rows].astype(np.float32) @ query.encoded.vector,
        held=snapshot.tokens.counts(forms, tokens),
        aligned=snapshot.pieces.align(rows, query.encoded.piece_vectors),
        rarity=snapshot.pieces.rarity(query.encoded.pieces),
        term_rarity=np.array(
            [snapshot.tokens.rarity(term) for term in query.terms], dtype=np.float32
        ),
    )


def _sentences_of(snapshot: Snapshot, passages: Ints, sentences: Ints) -> list[slice]:
    """Where the sentences of each passage stand in the sorted rows `sentences`."""
    table = snapshot.tables.passages[passages]
    starts = np.searchsorted(sentences, table["first_sentence"])
    return [
        slice(int(start), int(start + p["last_sentence"] - p["first_sentence"]))
        for start, p in zip(starts, table, strict=True)
    ]


def _context(snapshot: Snapshot, query: Query, passages: Ints, rarity: Floats) -> Floats:
    """BM25 of each passage's whole article, title included; float32 of shape (n,).

    A long article often names the person in one paragraph and the answer in another.
    """
    articles, of = np.unique(snapshot.tables.passages["article"][passages], return_inverse=True)
    table = snapshot.tables.articles[articles]
    ranges = np.stack([table["first_token"], table["last_token"]], axis=1)
    counts = snapshot.tokens.counts([term.forms for term in query.terms], ranges)
    every = snapshot.tables.articles
    mean = max(1.0, float((every["last_token"] - every["first_token"]).mean())) if len(every) else 1
    length = (ranges[:, 1] - ranges[:, 0])[:, None] / mean
    saturated = counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * length))
    scores: Floats = (saturated @ rarity).astype(np.float32)[of]
    return scores


def hits(
    snapshot: Snapshot, found: Candidates, k: int, *, explain: bool = False, collapse: bool = False
) -> tuple[Hit, ...]:
    """The first `k` candidates as hits with their texts, ranks from 1.

    With `collapse` an article that is a copy of a better one is left out and named by its hits.
    """
    told = None
    if collapse:
        told = stories(snapshot, snapshot.tables.passages["article"][found.rows])
    best: list[Hit] = []
    for at, row in enumerate(found.rows):
        if len(best) == k:
            break
        article = int(snapshot.tables.passages[row]["article"])
        if told is None or article in told:
            hit = _hit(snapshot, found, at, explain)
            copies = told[article] if told else ()
            best.append(replace(hit, rank=len(best) + 1, copies=copies))
    return tuple(best)


def _hit(snapshot: Snapshot, found: Candidates, at: int, explain: bool) -> Hit:
    row = int(found.rows[at])
    article = int(snapshot.tables.passages[row]["article"])
    span = snapshot.passage_span(row)
    parts = {name: float(getattr(found, name)[at]) for name in PARTS}
    return Hit(
        rank=at + 1,
        source=snapshot.tables.sources[article],
        span=span,
        text=span.slice(snapshot.text(article)),
        score=float(found.score[at]),
        row=row,
        explain=parts if explain else {},
        matched=_matched(snapshot, found.sentences, row) if explain else (),
    )


def _matched(snapshot: Snapshot, sentences: Sentences, row: int) -> tuple[str, ...]:
    """The words of the query that a passage holds, in the order of the query."""
    [own] = _sentences_of(snapshot, np.array([row]), sentences.rows)
    return tuple(sentences.words[at] for at in np.flatnonzero(sentences.held[own].sum(axis=0)))


def _languages(snapshot: Snapshot, rows: Ints) -> list[str | None]:
    sources = snapshot.tables.sources
    return [sources[article].lang for article in snapshot.tables.passages["article"][rows]]
