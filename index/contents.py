"""The files of a generation, written from articles that were read and vectors that were made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.analysis import Analysis
from index.articles import Article, Passage
from index.dense import FaissStore
from index.lexical import LexicalIndex, LexicalRow
from index.tables import ARTICLE, PASSAGE, SENTENCE, Tables, rows
from index.tokens import TokenTable
from index.vectors import VectorTables


@dataclass(frozen=True)
class IndexedArticle:
    """An article as it is indexed: its reading, and the passages it was cut into."""

    article: Article
    analysis: Analysis
    passages: list[Passage]


@dataclass(frozen=True)
class Contents:
    """What was written: how much of each, and a digest that two clean builds share."""

    counts: dict[str, int]
    digest: str


def write_contents(
    folder: Path, articles: Sequence[IndexedArticle], vectors: VectorTables
) -> Contents:
    """Write every file of a generation but its manifest.

    The digest leaves out the lexical index, whose engine names its files at random; it is made of
    the same terms as the token table.
    """
    tables = _write_tables(folder, articles)
    sentences = [tables.passages[column] for column in ("first_sentence", "last_sentence")]
    vectors.write(folder, np.stack(sentences, axis=1).astype(np.int64))
    FaissStore.write(folder / "passages.faiss", vectors.passage_table())
    digest = _digest(folder)
    LexicalIndex.write(folder / "lexical", _lexical_rows(articles))
    counts = {
        "articles": len(tables.sources),
        "passages": len(tables.passages),
        "sentences": len(tables.sentences),
    }
    return Contents(counts, digest)


def _write_tables(folder: Path, indexed: Sequence[IndexedArticle]) -> Tables:
    """Number articles, passages, sentences and tokens, and write their tables.

    The tokens of an article are those of its title, then of its sentences in order.
    """
    texts: list[tuple[str, ...]] = []
    held: list[range] = []
    articles: list[tuple[int, ...]] = []
    passages: list[tuple[int, ...]] = []
    sentences: list[tuple[int, ...]] = []
    for number, one in enumerate(indexed):
        first_text, first_sentence, first_passage = len(texts), len(sentences), len(passages)
        texts.append(one.analysis.title.terms)
        for passage in one.passages:
            start, end = first_sentence + passage.first, first_sentence + passage.last
            passages.append((number, passage.span.start, passage.span.end, start, end))
            held.append(range(first_text + 1 + passage.first, first_text + 1 + passage.last))
        for span, of in zip(one.analysis.sentences, one.analysis.of, strict=True):
            sentences.append((number, span.start, span.end, len(texts), len(texts) + 1))
            texts.append(of.terms)
        ranges = (first_passage, len(passages), first_sentence, len(sentences), first_text)
        day = one.article.date.toordinal() if one.article.date else 0
        articles.append((*ranges, len(texts), day))
    offsets = TokenTable.write(folder, texts, held)
    tables = Tables(
        tuple(one.article.source for one in indexed),
        rows(articles, ARTICLE),
        rows(passages, PASSAGE),
        rows(sentences, SENTENCE),
    )
    for table in (tables.articles, tables.sentences):  # numbers of texts become those of tokens
        for column in ("first_token", "last_token"):
            table[column] = offsets[table[column]]
    tables.write(folder)
    return tables


def _lexical_rows(indexed: Sequence[IndexedArticle]) -> Iterator[LexicalRow]:
    """Each passage's words, with those of its title once."""
    for one in indexed:
        for passage in one.passages:
            parts = [one.analysis.title, *one.analysis.of[passage.first : passage.last]]
            yield LexicalRow(
                one.article,
                [term for part in parts for term in part.terms],
                [word for part in parts for word in part.marked],
            )


def _digest(folder: Path) -> str:
    """Hex SHA-256 over the names and digests of the files in `folder`."""
    digests = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            digests[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(json.dumps(digests).encode()).hexdigest()
