"""Lexical search: BM25 over the terms of passages, kept by tantivy under our own tokens.

The engine is handed terms, never text: one normaliser serves every language, and folding cannot
disagree between index and question. A word typed with its marks is searched both folded and as
written, so that exact matches come first; one typed without finds every spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.articles import Article, Facets
from index.dense import Rows, Scores, by_score
from index.text import Word, fold, stem, words

WRITTEN_WEIGHT = 2.0  # of an exact match of a word typed with marks, beside its folded match
CONCEPT_WEIGHT = 0.5  # of a concept that stands for a word, beside the word itself

_TERM_FIELDS = ("terms", "written", "grams")
_HEAP_BYTES = 512_000_000  # one segment for some 100,000 passages: no merge, no second order


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One word of a query: the terms that may stand for it, and how it was typed.

    A text counts as holding the word when it holds any of `forms`, and is scored by the best of
    them. `written` is set when the word was typed with marks; `folded` is the word without.
    """

    forms: tuple[str, ...]
    written: str | None = None
    folded: str = ""


@dataclass(frozen=True, slots=True)
class LexicalRow:
    """What is indexed of one passage: its article's facets, and the words of text and title.

    `terms` are stems and concepts, `marked` the words written with diacritics, `folded` the words
    whose character 4-grams are indexed.
    """

    article: Article
    terms: Sequence[str]
    marked: Sequence[str]
    folded: Sequence[str]


class LexicalIndex:
    """A tantivy index over the passages of one generation, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        tantivy = _tantivy()
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    @staticmethod
    def write(folder: Path, passages: Iterable[LexicalRow]) -> None:
        """Index passages in the order of their rows, and write the folder."""
        tantivy = _tantivy()
        folder.mkdir()
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer("terms", _whitespace())
        writer = index.writer(_HEAP_BYTES, num_threads=1)
        for row, passage in enumerate(passages):
            article, document = passage.article, tantivy.Document()
            document.add_unsigned("row", row)
            document.add_text("terms", " ".join(passage.terms))
            document.add_text("written", " ".join(passage.marked))
            document.add_text("grams", " ".join(map(grams, passage.folded)))
            document.add_text("lang", article.lang or "")
            document.add_text("outlet", fold(article.outlet or ""))
            document.add_integer("day", article.date.toordinal() if article.date else 0)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def search(
        self,
        query: Sequence[QueryTerm],
        k: int,
        where: Facets | None = None,
    ) -> tuple[Rows, Scores]:
        """Rows and BM25 scores of the `k` best passages, best first, ties by row.

        A query without terms finds nothing.
        """
        return self._any_of([self._term_clause(term) for term in query], k, where)

    def search_grams(
        self, query: Sequence[QueryTerm], k: int, where: Facets | None, *, not_in: str
    ) -> tuple[Rows, Scores]:
        """As `search`, by character 4-grams, among passages in another language than `not_in`.

        Words of one origin share most of them, whatever the ending: `coopération`, `cooperation`.
        """
        every = dict.fromkeys(gram for term in query for gram in grams(term.folded).split())
        clauses = [self._term("grams", gram) for gram in every]
        tantivy = _tantivy()
        other = (tantivy.Occur.MustNot, self._term("lang", not_in))
        return self._any_of(clauses, k, where, other)

    def rows_within(self, where: Facets) -> Rows:
        """Every row that the facets let through, in ascending order."""
        count = self._searcher.num_docs
        if count == 0:
            return np.empty(0, np.int64)
        rows, _ = self._run(self._within(_tantivy().Query.all_query(), where), count)
        return np.sort(rows)

    def _any_of(
        self, clauses: Sequence[Any], k: int, where: Facets | None, *more: tuple[Any, Any]
    ) -> tuple[Rows, Scores]:
        if not clauses:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        tantivy = _tantivy()
        should = [(tantivy.Occur.Should, clause) for clause in clauses]
        any_of = tantivy.Query.boolean_query(should)
        if more:
            any_of = tantivy.Query.boolean_query([(tantivy.Occur.Must, any_of), *more])
        return self._run(self._within(any_of, where), k)

    def _term_clause(self, term: QueryTerm) -> Any:
        query, should = _tantivy().Query, _tantivy().Occur.Should
        forms = [self._form(form) for form in dict.fromkeys(term.forms)]
        clause = forms[0] if len(forms) == 1 else query.disjunction_max_query(forms)
        if term.written is None:
            return clause
        exact = query.boost_query(self._term("written", term.written), WRITTEN_WEIGHT)
        return query.boolean_query([(should, clause), (should, exact)])

    def _form(self, form: str) -> Any:
        term = self._term("terms", form)
        return _tantivy().Query.boost_query(term, CONCEPT_WEIGHT) if form[0] == "=" else term

    def _within(self, query: Any, where: Facets | None) -> Any:
        if not where:
            return query
        tantivy = _tantivy()
        must = tantivy.Occur.Must
        filters = [
            (must, tantivy.Query.const_score_query(clause, 0.0)) for clause in self._filters(where)
        ]
        return tantivy.Query.boolean_query([(must, query), *filters])

    def _filters(self, where: Facets) -> list[Any]:
        tantivy = _tantivy()
        filters = []
        if where.lang:
            filters.append(self._term("lang", where.lang.lower()))
        if where.outlet:
            filters.append(self._term("outlet", fold(where.outlet)))
        if where.date_from or where.date_to:
            first = where.date_from.toordinal() if where.date_from else 1
            last = where.date_to.toordinal() if where.date_to else 4_000_000
            filters.append(
                tantivy.Query.range_query(
                    self._schema, "day", tantivy.FieldType.Integer, first, last
                )
            )
        for phrase in (where.speaker, where.sector):
            if phrase:
                named = [self._any_language(word) for word in words(phrase)]
                filters += named or [tantivy.Query.empty_query()]
        return filters

    def _any_language(self, word: Word) -> Any:
        """Passages that hold the word, by its stem in any of the languages."""
        stems = {stem(word, lang) for lang in ("en", "fr", None)}
        return _tantivy().Query.disjunction_max_query(
            [self._term("terms", stem) for stem in sorted(stems)]
        )

    def _term(self, field: str, value: str) -> Any:
        option = "freq" if field in _TERM_FIELDS else "basic"
        return _tantivy().Query.term_query(self._schema, field, value, option)

    def _run(self, query: Any, k: int) -> tuple[Rows, Scores]:
        hits = self._searcher.search(query, k, count=False).hits
        if not hits:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        return by_score(np.array(rows, dtype=np.int64), scores)


@lru_cache(maxsize=100_000)
def grams(word: str) -> str:
    """The character 4-grams of a word and its borders, separated by spaces; short words whole."""
    framed = f"_{word.replace(' ', '_')}_"
    return " ".join(framed[at : at + 4] for at in range(max(1, len(framed) - 3)))


def _tantivy() -> Any:
    """The library, imported where it is first used."""
    import tantivy

    return tantivy


def _whitespace() -> Any:
    tantivy = _tantivy()
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _schema() -> Any:
    builder = _tantivy().SchemaBuilder()
    builder.add_unsigned_field("row", fast=True)
    for field in _TERM_FIELDS:
        builder.add_text_field(field, tokenizer_name="terms", index_option="freq")
    for field in ("lang", "outlet"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True)
    return builder.build()
