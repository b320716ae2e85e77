"""Query: a question that stands alone, read once for every search that follows."""

from __future__ import annotations

from dataclasses import dataclass

from index import Embedder, QueryTerm, Vectors, detect_language, encoder_text, query_terms


@dataclass(frozen=True)
class Query:
    """What is searched: the text, its language where it tells, its terms and its vector.

    `vector` is float32 of shape (dim,) and norm 1; `terms` are in the order of the text.
    """

    text: str
    lang: str | None
    terms: tuple[QueryTerm, ...]
    vector: Vectors


def read_query(text: str, embedder: Embedder) -> Query:
    """The query of a question that stands alone."""
    lang = detect_language(text)
    vector = embedder.encode_question(encoder_text(text))
    return Query(text, lang, query_terms(text, lang), vector)
