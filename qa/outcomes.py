"""What became of one question: the reply beside its labels, scored.

`qa.evaluation` says what each score means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from index import Texts
from qa.answers import Answer, Citation, Hit
from qa.measures import same_place
from qa.questionset import LabelledQuestion
from qa.verification import Quotation, quote_fault


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation as it was given, without what the library knows anyway."""

    article_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Outcome:
    """What became of one question: the reply, the ranked articles, the score in each measure.

    `orphans` are gold articles that the library no longer has: they count for nothing, and a
    question that has lost all of them is no longer judged (`answerable` is None).
    """

    id: str
    lang: str | None
    kind: str | None
    answerable: bool | None
    answered: bool
    confidence: float
    reason: str | None
    resolved_question: str
    articles: tuple[str, ...]
    citations: tuple[Quoted, ...]
    orphans: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)


def without_orphans(
    question: LabelledQuestion, known: Callable[[str], bool] | None
) -> tuple[LabelledQuestion, tuple[str, ...]]:
    """The question without the gold articles that are not `known`, and the ids of those."""
    golds = dict.fromkeys([*question.relevant, *(gold.doc_id for gold in question.evidence)])
    orphans = tuple(article for article in golds if known and not known(article))
    if not orphans:
        return question, ()
    judged = replace(
        question,
        relevant=tuple(article for article in question.relevant if article not in orphans),
        evidence=tuple(gold for gold in question.evidence if gold.doc_id not in orphans),
    )
    return (judged if judged.relevant else replace(judged, answerable=None)), orphans


def judge(
    question: LabelledQuestion,
    orphans: tuple[str, ...],
    answer: Answer,
    hits: Sequence[Hit],
    texts: Texts | None,
) -> Outcome:
    """The outcome of one question, with every score but those of the ranking.

    Without `texts` nothing is said about verbatim.
    """
    cited = answer.citations
    return Outcome(
        id=question.id,
        lang=question.lang,
        kind=question.kind,
        answerable=question.answerable,
        answered=answer.answered,
        confidence=answer.confidence,
        reason=answer.reason,
        resolved_question=answer.resolved_question,
        articles=tuple(dict.fromkeys(hit.source.article_id for hit in hits)),
        citations=tuple(
            Quoted(one.source.article_id, one.span.start, one.span.end, one.quote) for one in cited
        ),
        orphans=orphans,
        scores=_scores(question, answer) | _verbatim(cited, texts),
    )


def _scores(question: LabelledQuestion, answer: Answer) -> dict[str, float]:
    """The scores that rest on the reply and its citations."""
    if question.answerable is None:
        return {}
    scores = {"answerable": float(question.answerable)}
    if not question.answerable:
        scores["false_answer_rate"] = float(answer.answered)
        return scores | ({"right": 0.0} if answer.answered else {})
    scores["answer_rate"] = float(answer.answered)
    found = [_is_gold(citation, question) for citation in answer.citations]
    if question.evidence:
        scores |= {f"evidence@{k}": float(any(found[:k])) for k in (1, 3)}
    if answer.answered and question.relevant:
        scores["right"] = float(any(found))
    return scores


def _is_gold(citation: Citation, question: LabelledQuestion) -> bool:
    article = citation.source.article_id
    if not question.evidence:
        return article in question.relevant
    return any(
        gold.doc_id == article and same_place(citation.quote, gold.text)
        for gold in question.evidence
    )


def _verbatim(cited: Sequence[Citation], texts: Texts | None) -> dict[str, float]:
    if not cited or texts is None:
        return {}
    quotations = (
        Quotation(c.number, c.source.article_id, c.source.sha256, c.span.start, c.span.end, c.quote)
        for c in cited
    )
    faults = [quote_fault(one, texts) for one in quotations]
    return {"verbatim": faults.count(None) / len(faults)}


def read_outcome(row: Mapping[str, Any]) -> Outcome:
    """The outcome that `dataclasses.asdict` and JSON made a plain object of."""
    lists = {
        "articles": tuple(row["articles"]),
        "citations": tuple(Quoted(**one) for one in row["citations"]),
        "orphans": tuple(row["orphans"]),
    }
    return Outcome(**{**row, **lists})
