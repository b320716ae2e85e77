"""Abstention: whether the evidence is enough, and which check failed on which words when not.

There are three states: answered; the closest passages, of which we are not sure; and not in the
documents. Silence is never the fused score's doing, but that of calibrated signals of the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index import Snapshot, fold
from qa.calibration import Calibration
from qa.evidence import ScoredSentences
from qa.holdings import holdings
from qa.queries import Query
from qa.recorded import SURE, Recalled
from qa.retrieval import Candidates
from qa.signals import article_holds, read_signals, unknown_names

Reason = Literal[
    "common_words",
    "no_passage",
    "unknown_name",
    "outside_period",
    "weak_evidence",
    "not_in_documents",
]

_TOLD = 8  # words of the question that a message names
_COMMON = 0.5  # a word in more passages of its language tells no article from another


@dataclass(frozen=True)
class Judgement:
    """How sure the evidence makes us; `reason` is None when that is enough to answer.

    `missing` are the words of the question that the check named by `reason` did not find, `there`
    what the index holds, where the limits of the question left nothing of it.
    """

    confidence: float
    reason: Reason | None = None
    missing: tuple[str, ...] = ()
    there: str = ""


def judge(
    snapshot: Snapshot,
    query: Query,
    found: Candidates,
    sentences: ScoredSentences,
    calibration: Calibration,
) -> Judgement:
    """The confidence that the best evidence answers, in [0, 1], and what speaks against it."""
    if all(term.share > _COMMON for term in query.terms):
        return Judgement(0.0, "common_words")
    if not len(found) or not len(sentences.rows):
        return Judgement(0.0, "no_passage", there=holdings(snapshot))
    confidence = calibration.confidence(read_signals(snapshot, query, found, sentences))
    if confidence >= calibration.answer:
        return Judgement(confidence)
    unknown = unknown_names(snapshot, query.terms)
    if unknown:
        return Judgement(confidence, "unknown_name", unknown)
    if found.outside and query.when:
        return Judgement(confidence, "outside_period", (query.when.written,))
    article = int(snapshot.tables.sentences[sentences.rows[0]]["article"])
    held = article_holds(snapshot, query.terms, article)
    missing = tuple(
        term.text
        for term, is_held in zip(query.terms, held, strict=True)
        if not is_held and fold(term.text) not in query.common
    )
    doubt = confidence >= calibration.doubt
    return Judgement(confidence, "weak_evidence" if doubt else "not_in_documents", missing)


def judge_recalled(judgement: Judgement, recalled: Recalled, query: Query) -> Judgement:
    """The same once the record was asked: sure of what it tells, and that it names nobody."""
    if recalled.places:
        return Judgement(max(judgement.confidence, SURE))
    confidence = min(judgement.confidence, 1 - SURE)
    if query.when:
        return Judgement(confidence, "outside_period", (query.when.written,))
    return Judgement(confidence, "not_in_documents")


def explain_silence(judgement: Judgement) -> str:
    """One sentence for the reader of an abstention; empty when there was an answer."""
    named = [f"“{word}”" for word in judgement.missing]
    missing = ", ".join(named[:_TOLD]) + (", …" if len(named) > _TOLD else "")
    sentences = {
        None: "",
        "common_words": "The question has no word that tells one article from another.",
        "no_passage": f"No article passes the limits of this question. {judgement.there}".rstrip(),
        "unknown_name": f"No article mentions {missing}.",
        "outside_period": f"No article is from the time asked about ({missing}).",
        "weak_evidence": "The closest passages do not clearly say"
        + (f"; not found beside the rest: {missing}." if missing else "."),
        "not_in_documents": "The documents do not say"
        + (f"; not found: {missing}." if missing else "."),
    }
    return sentences[judgement.reason]
