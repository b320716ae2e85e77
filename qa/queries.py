"""Query: a question made to stand alone, read once for every search that follows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index import (
    Analyser,
    Embedder,
    Encoded,
    OutletNames,
    QueryTerm,
    detect_language,
    encoder_text,
    fold,
    words,
)
from qa.answers import Turn
from qa.followups import earlier_questions, resolve
from qa.timeframe import Timeframe, parse_timeframe

ENGLISH = frozenset({"en"})
_COMMON_SHARE = 0.5  # of passages, taken to be of the time and the outlet asked about


@dataclass(frozen=True)
class Query:
    """What is searched: the text, its language where it tells, its terms and its encoding.

    `terms` are in the order of the text. `when` is the time that it names; its words stay in the
    text, for articles tell dates too. `asked` is the question as it was typed, where it had to be
    made whole, and `before` the questions before it, read as one. `reads` are the languages that
    the encoder reads as it reads English. `outlets` says which articles come from an outlet that is
    named, bool, one an article, None when none is; `common` are the words, folded, by which period
    and outlet are named.
    """

    text: str
    lang: str | None
    terms: tuple[QueryTerm, ...]
    encoded: Encoded
    reads: frozenset[str] = ENGLISH
    outlets: NDArray[np.bool_] | None = None
    when: Timeframe | None = None
    common: frozenset[str] = frozenset()
    asked: Query | None = None
    before: Query | None = None


def read_query(
    question: str,
    analyser: Analyser,
    embedder: Embedder,
    *,
    turns: Sequence[Turn] = (),
    today: date | None = None,
    reads: frozenset[str] = ENGLISH,
    outlets: OutletNames | None = None,
) -> Query:
    """The query of a question, made whole from the turns before it.

    `today` is what "last month" counts from; without it no time is read, and without `outlets`
    none is found in it.
    """
    resolution, before = resolve(question, turns), earlier_questions(turns)
    text = resolution.resolved

    def read(text: str) -> Query:
        lang = detect_language(text)
        encoded = embedder.encode_question(encoder_text(text))
        named = outlets.named_in(text) if outlets else None
        return Query(text, lang, analyser.query_terms(text, lang), encoded, reads, named)

    query = read(text)
    when = parse_timeframe(text, query.lang, today=today) if today else None
    common = frozenset(word.folded for word in words(when.written)) if when else frozenset()
    common |= outlets.words_in(text) if outlets else frozenset()
    asked = read(question) if resolution.changed else None
    return replace(
        query,
        terms=_with_common(query.terms, common),
        when=when,
        common=common,
        asked=asked and replace(asked, when=when),
        before=read(before) if before else None,
    )


def _with_common(terms: tuple[QueryTerm, ...], folded: Collection[str]) -> tuple[QueryTerm, ...]:
    """The terms, those of the period and the outlet that are named common and no names.

    Few articles write their own date, or who publishes them.
    """
    return tuple(
        replace(term, named=False, share=max(term.share, _COMMON_SHARE))
        if fold(term.text) in folded
        else term
        for term in terms
    )
