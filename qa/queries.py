"""Query: a question that stands alone, read once for every search that follows."""

from __future__ import annotations

from dataclasses import dataclass

from index import Analyser, Embedder, Encoded, QueryTerm, detect_language, encoder_text


@dataclass(frozen=True)
class Query:
    """What is searched: the text, its language where it tells, its terms and its encoding.

    `terms` are in the order of the text.
    """

    text: str
    lang: str | None
    terms: tuple[QueryTerm, ...]
    encoded: Encoded


def read_query(text: str, analyser: Analyser, embedder: Embedder) -> Query:
    """The query of a question that stands alone."""
    lang = detect_language(text)
    encoded = embedder.encode_question(encoder_text(text))
    return Query(text, lang, analyser.query_terms(text, lang), encoded)
