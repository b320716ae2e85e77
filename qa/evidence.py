"""Evidence: the sentences of the best passages that may answer, best first.

A sentence is judged by the question's words that it holds, weighted by rarity, and by those that it
leaves to its title and to the sentence before, where its "he" is named; how near its vector is; how
well each word-piece of the question is met in it; how good its passage is; and whether it holds a
number or a date where one is wanted. All of it counts less where the passage is of another time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import Snapshot, Span, fold, mean_by_rarity
from qa.answers import Evidence
from qa.asking import wants_figure, wants_several
from qa.copies import stories
from qa.fusion import Floats, from_cosine
from qa.marks import marks
from qa.queries import Query
from qa.retrieval import Candidates, Ints, Sentences
from qa.softfilter import soft_filter

PASSAGES = 10  # passages whose sentences are read
COVERAGE, COSINE, LATE, PASSAGE = 0.25, 0.15, 0.3, 0.3  # shares of the four signals
LEFT = 0.2  # for words of the question that only the title or the sentence before holds
FIGURE = 0.1  # for a number or date, where the question wants one
NEAR, NEAR_IN_LIST = 0.75, 0.5  # share of the best score that a runner-up must reach

_READ = 12  # best sentences that are looked at for a figure
_FEW = 3  # sentences of a language, so few that it is lifted by half
NONE: Ints = np.empty(0, np.int64)
_ALIKE = 0.9  # share of terms that makes two sentences near-copies


@dataclass(frozen=True)
class ScoredSentences:
    """Sentence rows with their scores, best first, and the signals behind them."""

    rows: Ints
    score: Floats
    coverage: Floats
    cosine: Floats
    late: Floats

    def first(self, n: int) -> ScoredSentences:
        """The best `n` of them."""
        return ScoredSentences(
            rows=self.rows[:n],
            score=self.score[:n],
            coverage=self.coverage[:n],
            cosine=self.cosine[:n],
            late=self.late[:n],
        )


def score_sentences(snapshot: Snapshot, query: Query, found: Candidates) -> ScoredSentences:
    """Every sentence of the best passages, each once, best first, ties by row."""
    best_passage: dict[int, float] = {}
    kept: dict[int, float] = {}
    best = found.rows[:PASSAGES]
    left = soft_filter(snapshot, best, query).weights
    for row, score, share in zip(best, found.score[:PASSAGES], left, strict=True):
        passage = snapshot.tables.passages[row]
        for sentence in range(passage["first_sentence"], passage["last_sentence"]):
            best_passage[sentence] = max(float(score), best_passage.get(sentence, 0.0))
            kept[sentence] = max(float(share), kept.get(sentence, 0.0))
    rows = np.array(sorted(best_passage), dtype=np.int64)
    read = found.sentences
    at = np.searchsorted(read.rows, rows)
    passages = np.array([best_passage[int(row)] for row in rows], dtype=np.float32)
    covered = coverage(read)[at]
    late = np.maximum(mean_by_rarity(read.aligned[at], read.rarity), 0)
    cosine = read.cosine[at]
    langs = _languages(snapshot, rows)
    score = (
        COVERAGE * covered
        + LEFT * _left_to_others(snapshot, query, read, at)
        + COSINE * from_cosine(cosine)
        + LATE * _levelled(late, langs)
        + PASSAGE * _levelled(passages, langs)
    )
    if wants_figure(query.text):
        for place in np.lexsort((rows, -score))[:_READ]:
            score[place] += FIGURE * bool(marks_of(snapshot, query, int(rows[place])))
    score = score * np.array([kept[int(row)] for row in rows], dtype=np.float32)
    order = np.lexsort((rows, -score))
    return ScoredSentences(
        rows=rows[order],
        score=score[order].astype(np.float32),
        coverage=covered[order],
        cosine=cosine[order],
        late=late[order],
    )


def coverage(sentences: Sentences) -> Floats:
    """Share of the question's words, weighted by rarity, that each sentence holds, in [0, 1]."""
    return mean_by_rarity((sentences.held > 0).astype(np.float32), sentences.term_rarity)


def _left_to_others(
    snapshot: Snapshot, query: Query, sentences: Sentences, at: NDArray[np.int64]
) -> Floats:
    """As `coverage`, of the words that a sentence leaves to title or predecessor; float32 (n,)."""
    table, rows = snapshot.tables, sentences.rows[at]
    article = table.articles[table.sentences["article"][rows]]
    before = table.sentences[np.maximum(rows - 1, article["first_sentence"])]
    title_end = table.sentences["first_token"][article["first_sentence"]]
    ranges = [
        np.stack([before["first_token"], before["last_token"]], axis=1),
        np.stack([article["first_token"], title_end], axis=1),
    ]
    forms = [term.forms for term in query.terms]
    told = snapshot.tokens.counts(forms, np.concatenate(ranges)).reshape(2, len(at), len(forms))
    left = (told > 0).any(axis=0) & (sentences.held[at] == 0)
    return mean_by_rarity(left.astype(np.float32), sentences.term_rarity)


def _levelled(signal: Floats, langs: Sequence[str | None]) -> Floats:
    """The signal with the best of each language lifted towards the best of all.

    An encoder of one language finds any two texts near that are in the same other one, so that a
    question is nearest to what is written in its own language. A language with few sentences is
    lifted less: there may be nothing good among them.
    """
    levelled = signal.copy()
    for lang in dict.fromkeys(langs):
        own = np.array([other == lang for other in langs])
        share = own.sum() / (own.sum() + _FEW)
        levelled[own] += np.float32(share) * (signal.max() - signal[own].max())
    return levelled


def _languages(snapshot: Snapshot, sentences: Ints) -> list[str | None]:
    articles = snapshot.tables.sentences["article"][sentences]
    return [snapshot.tables.sources[article].lang for article in articles]


def marks_of(snapshot: Snapshot, query: Query, row: int) -> tuple[Span, ...]:
    """The words of a sentence that answer, in code points of its article."""
    article = int(snapshot.tables.sentences[row]["article"])
    span = snapshot.sentence_span(row)
    found = marks(
        query.text, span.slice(snapshot.text(article)), snapshot.tables.sources[article].lang
    )
    return tuple(Span(span.start + mark.start, span.start + mark.end) for mark in found)


def best_sentence(snapshot: Snapshot, sentences: ScoredSentences) -> str:
    """The words of the best of them; "" when there is none."""
    if not len(sentences.rows):
        return ""
    row = int(sentences.rows[0])
    article = int(snapshot.tables.sentences[row]["article"])
    return snapshot.sentence_span(row).slice(snapshot.text(article))


def select_evidence(
    snapshot: Snapshot,
    query: Query,
    sentences: ScoredSentences,
    *,
    limit: int,
    recorded: Ints = NONE,
) -> tuple[Evidence, ...]:
    """The sentences on record, then the best one and those nearly as good, at most `limit`.

    For a list, more are good enough. No quote is given twice: not the same words, nor a part of
    others, nor nearly the same terms, nor a sentence from a copy of an article.
    """
    rows = np.concatenate([recorded, sentences.rows])
    best = sentences.score[:1] if len(sentences.rows) else np.ones(1, np.float32)
    scores = np.concatenate([best.repeat(len(recorded)), sentences.score])
    of = snapshot.tables.sentences["article"][rows]
    originals = stories(snapshot, of)
    near = NEAR_IN_LIST if wants_several(query.text) else NEAR
    chosen: list[Evidence] = []
    said: list[_Said] = []
    for at, (row, article, score) in enumerate(zip(rows, of, scores, strict=True)):
        if len(chosen) == limit or score < near * best[0]:
            break
        if int(article) not in originals:
            continue
        span = snapshot.sentence_span(int(row))
        quote = span.slice(snapshot.text(int(article)))
        says = _Said(" ".join(fold(quote).split()), _terms(snapshot, int(row)))
        if any(says.repeats(other) for other in said):
            continue
        said.append(says)
        chosen.append(
            Evidence(
                snapshot.tables.sources[article],
                span,
                quote,
                float(score),
                marks=marks_of(snapshot, query, int(row)),
                copies=originals[int(article)],
                recorded=at < len(recorded),
            )
        )
    return tuple(chosen)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a sentence says: its folded text and its terms."""

    folded: str
    terms: frozenset[int]

    def repeats(self, other: _Said) -> bool:
        """True when one of the two adds next to nothing to the other."""
        if self.folded in other.folded or other.folded in self.folded:
            return True
        most = max(len(self.terms), len(other.terms))
        return len(self.terms & other.terms) >= _ALIKE * most


def _terms(snapshot: Snapshot, row: int) -> frozenset[int]:
    sentence = snapshot.tables.sentences[row]
    return frozenset(
        snapshot.tokens.tokens[sentence["first_token"] : sentence["last_token"]].tolist()
    )
