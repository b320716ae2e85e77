"""Lexical search: BM25 over the terms of passages, kept by tantivy under our own tokens.

The engine is handed terms, never text: one normaliser serves every language, and folding cannot
disagree between index and question. A word typed with its marks is searched both folded and as
written, so that exact matches come first; one typed without finds every spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.articles import Article, Facets
from index.dense import Rows, Scores, by_score
from index.text import Word, fold, stem, words

CONCEPT_WEIGHT = 0.5  # of a concept that stands for a word, beside the word itself
OTHERWISE_WEIGHT = 0.4  # of a word typed with marks where a text writes it otherwise

_FEW_ROWS = 2000  # so many are looked up; of more, enough are among the best hits
_TERM_FIELDS = ("terms", "written")
_HEAP_BYTES = 512_000_000  # one segment for some 100,000 passages: no merge, no second order


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One word of a query: the terms that may stand for it, and how it was typed.

    A text counts as holding the word when it holds any of `forms`, and is scored by the best of
    them. `written` is set when the word was typed with marks; `share` says how common it is in the
    language at large: in which share of passages it stands; `named` is True for a name or a number,
    `text` is the word as it was typed.
    """

    forms: tuple[str, ...]
    written: str | None = None
    share: float = 0.0
    named: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class LexicalRow:
    """What is indexed of one passage: its article's facets, and the words of text and title.

    `terms` are stems and concepts, `marked` the words written with diacritics. A `-` for each of
    the others keeps the length of the text, by which BM25 weighs the exact words as the stems.
    """

    article: Article
    terms: Sequence[str]
    marked: Sequence[str]


class LexicalIndex:
    """A tantivy index over the passages of one generation, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        try:
            self._open(folder)
        except ValueError:  # to open, the engine makes a lock file, which a disk may not let it
            with TemporaryDirectory(prefix="onrecord-") as links:
                for path in folder.iterdir():
                    if path.suffix != ".lock":
                        Path(links, path.name).symlink_to(path.absolute())
                self._open(Path(links))

    def _open(self, folder: Path) -> None:
        """Open every file; the folder is not looked at again."""
        index = _tantivy().Index.open(str(folder))
        self._schema = index.schema
        self._searcher = index.searcher()

    @staticmethod
    def write(folder: Path, passages: Iterable[LexicalRow]) -> None:
        """Index passages in the order of their rows, and write the folder.

        Raises:
            OSError: the disk does not take the files.
        """
        folder.mkdir()
        try:
            LexicalIndex._write(folder, passages)
        except ValueError as error:  # what the engine makes of every error of the disk
            raise OSError(f"{folder.name}: {error}") from error

    @staticmethod
    def _write(folder: Path, passages: Iterable[LexicalRow]) -> None:
        tantivy = _tantivy()
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer("terms", _whitespace())
        writer = index.writer(_HEAP_BYTES, num_threads=1)
        for row, passage in enumerate(passages):
            article, document = passage.article, tantivy.Document()
            document.add_unsigned("row", row)
            document.add_text("terms", " ".join(passage.terms))
            document.add_text("written", " ".join(passage.marked))
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
        allowed: NDArray[np.bool_] | None = None,
    ) -> tuple[Rows, Scores]:
        """Rows and BM25 scores of the `k` best passages, best first, ties by row.

        `allowed` tells of each row whether it may be found. A query without terms finds nothing.
        """
        if not query:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        tantivy = _tantivy()
        any_of = [(tantivy.Occur.Should, self._term_clause(term)) for term in query]
        within = self._within(tantivy.Query.boolean_query(any_of), where)
        if allowed is None:
            return self._run(within, k)
        rows = np.flatnonzero(allowed)
        if len(rows) > _FEW_ROWS:
            return self._run_among(within, k, allowed)
        among = tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(self._schema, "row", rows.tolist()), 0.0
        )
        must = tantivy.Occur.Must
        return self._run(tantivy.Query.boolean_query([(must, within), (must, among)]), k)

    def rows_within(self, where: Facets) -> Rows:
        """Every row that the facets let through, in ascending order."""
        count = self._searcher.num_docs
        if count == 0:
            return np.empty(0, np.int64)
        rows, _ = self._run(self._within(_tantivy().Query.all_query(), where), count)
        return np.sort(rows)

    def _term_clause(self, term: QueryTerm) -> Any:
        """The best of a word's forms; of a word typed with marks the exact one leads.

        It is the rarer, and a text that only has the others, however often, is held back.
        """
        query = _tantivy().Query
        weight = 1.0 if term.written is None else OTHERWISE_WEIGHT
        forms = [self._form(form, weight) for form in dict.fromkeys(term.forms)]
        if term.written is not None:
            forms.append(self._term("written", term.written))
        return forms[0] if len(forms) == 1 else query.disjunction_max_query(forms)

    def _form(self, form: str, weight: float) -> Any:
        weight = CONCEPT_WEIGHT if form.startswith("=") else weight
        return _tantivy().Query.boost_query(self._term("terms", form), weight)

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

    def _run_among(self, query: Any, k: int, allowed: NDArray[np.bool_]) -> tuple[Rows, Scores]:
        """As `_run`, over allowed rows: as far down as it takes to find `k` of them."""
        depth = 2 * k / allowed.mean()
        while True:
            deepest = max(1, min(int(depth), len(allowed)))
            rows, scores = self._run(query, deepest)
            kept = allowed[rows]
            if len(rows) < deepest or deepest >= len(allowed) or kept.sum() >= k:
                return rows[kept][:k], scores[kept][:k]
            depth *= 4

    def _run(self, query: Any, k: int) -> tuple[Rows, Scores]:
        hits = self._searcher.search(query, k, count=False).hits
        if not hits:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        return by_score(np.array(rows, dtype=np.int64), scores)


def _tantivy() -> Any:
    """The library, imported where it is first used."""
    import tantivy

    return tantivy


def _whitespace() -> Any:
    tantivy = _tantivy()
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _schema() -> Any:
    builder = _tantivy().SchemaBuilder()
    builder.add_unsigned_field("row", fast=True, indexed=True)
    for field in _TERM_FIELDS:
        builder.add_text_field(field, tokenizer_name="terms", index_option="freq")
    for field in ("lang", "outlet"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True)
    return builder.build()
