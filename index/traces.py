"""Traces of one article: how much of it the library and a generation hold, table by table.

A generation's own word about the article is not believed. In each of its tables the rows of all
other articles are taken off, and what is left is counted: a row that belongs to nobody counts too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.articles import Facets
from index.dense import FaissStore
from index.late import PieceTable
from index.lexical import LexicalIndex, QueryTerm
from index.library import Library
from index.record import RECORD_FILE, TRACED, RecordShelf
from index.tables import Tables
from index.tokens import TokenTable
from index.vectors import read_keys

IN_LIBRARY = ("articles", "revisions", "texts")
IN_GENERATION = (
    "entries",  # what the generation knows of the article: id, title, outlet, date, address
    "passages",
    "sentences",
    "passage_vectors",
    "sentence_vectors",
    "searched_vectors",  # in the dense index
    "word_pieces",
    "cached_vectors",  # keys under which the next build would find a vector again
    "documents",  # in the lexical index
    "postings",  # documents there, by terms that no other article has
    "terms",  # of the vocabulary, that no other article has
    "tokens",  # of the forward index
    *TRACED,
)


@dataclass(frozen=True)
class Subject:
    """An article to be traced: its id, and what can be looked for besides.

    `sentences` are those of all its kept wordings, each once, in the order of the text; `heads` its
    titles and addresses. `terms` and `keys` (of texts, hex) are those that generations held of it,
    the terms those of no other article.
    """

    id: str
    sentences: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    terms: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()

    def __or__(self, other: Subject) -> Subject:
        """What is known of it from two sides."""
        return Subject(
            self.id,
            tuple(dict.fromkeys(self.sentences + other.sentences)),
            tuple(dict.fromkeys(self.heads + other.heads)),
            self.terms | other.terms,
            self.keys | other.keys,
        )

    def fields(self) -> dict[str, list[str]]:
        """All but the id, as JSON can hold it."""
        return {
            "sentences": list(self.sentences),
            "heads": list(self.heads),
            "terms": sorted(self.terms),
            "keys": sorted(self.keys),
        }

    @classmethod
    def of(cls, article_id: str, fields: Mapping[str, list[str]]) -> Subject:
        """What `fields` gave.

        Raises:
            KeyError: a field is missing.
        """
        sentences, heads = tuple(fields["sentences"]), tuple(fields["heads"])
        return cls(
            article_id, sentences, heads, frozenset(fields["terms"]), frozenset(fields["keys"])
        )


@dataclass(frozen=True)
class Held:
    """What a generation holds of an article: counts by `IN_GENERATION`, and what they were of.

    `wordings` are the SHA-256 of the texts it quotes, `shared` the ids of other articles that hold
    a sentence or a passage of it, with a vector of their own.
    """

    counts: Mapping[str, int]
    wordings: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()


class Shelf:
    """The tables of one generation, opened to be counted."""

    def __init__(self, folder: Path) -> None:
        self._tables = Tables.read(folder)
        n_passages = len(self._tables.passages)
        self._tokens = TokenTable(folder, n_passages)
        self._pieces = PieceTable(folder, n_passages)
        self._vectors = {
            kind: len(np.load(folder / f"{kind}_vectors.npy", mmap_mode="r"))
            for kind in ("passage", "sentence")
        }
        self._keys = {kind: read_keys(folder, kind) for kind in self._vectors}
        self._dense = FaissStore(folder / "passages.faiss")
        self._lexical = LexicalIndex(folder / "lexical")
        self._documents = self._lexical.rows_within(Facets())
        recorded = folder / RECORD_FILE
        self._record = RecordShelf(recorded if recorded.exists() else None)

    def names(self, article_id: str) -> bool:
        """True when the generation was built with the article."""
        return any(source.article_id == article_id for source in self._tables.sources)

    def trace(self, subject: Subject) -> Held:
        """What is held of an article, also of what earlier generations held of it."""
        tables, pieces = self._tables, self._pieces
        own = np.array([s.article_id == subject.id for s in tables.sources], dtype=np.bool_)
        others = tables.articles[~own]
        passages = _left(others, "passage", len(tables.passages))
        sentences = _left(others, "sentence", len(tables.sentences))
        tokens = _left(others, "token", len(self._tokens.tokens))
        terms = self._terms_of_none(~tokens)
        keys, shared = self._keys_left(others, subject)
        gone = {term for term in subject.terms if self._tokens.id(term) is None}
        known = self._documents[self._documents < len(passages)]
        counts = {
            "entries": int(own.sum()),
            "passages": int(passages.sum()),
            "sentences": int(sentences.sum()),
            "passage_vectors": _rows_left(others, "passage", self._vectors["passage"]),
            "sentence_vectors": _rows_left(others, "sentence", self._vectors["sentence"]),
            "searched_vectors": len(self._dense) - int((~passages).sum()),
            "word_pieces": int(np.diff(pieces.offsets)[sentences].sum()),
            "cached_vectors": sum(
                _rows_left(others, kind, len(found)) for kind, found in self._keys.items()
            ),
            "documents": len(self._documents) - int((~passages)[known].sum()),
            "postings": sum(map(self._found_by, sorted(terms | gone))),
            "terms": len(terms),
            "tokens": int(tokens.sum()),
            **self._record.count({s.article_id for s in tables.sources} - {subject.id}),
        }
        wordings = (tables.sources[row].sha256 for row in np.flatnonzero(own))
        return Held(counts, frozenset(wordings), terms, keys, shared)

    def _terms_of_none(self, of_others: NDArray[np.bool_]) -> frozenset[str]:
        """The terms of the vocabulary that stand in no token of another article."""
        used = np.zeros(len(self._tokens.vocabulary), dtype=np.bool_)
        used[self._tokens.tokens[of_others]] = True
        return frozenset(self._tokens.vocabulary[term] for term in np.flatnonzero(~used))

    def _keys_left(
        self, others: NDArray[Any], subject: Subject
    ) -> tuple[frozenset[str], frozenset[str]]:
        """The keys of the article's texts, hex, and the ids of others with one of them."""
        left = {kind: _left(others, kind, len(found)) for kind, found in self._keys.items()}
        wanted, shared = set(map(bytes.fromhex, subject.keys)), set()
        for kind, found in self._keys.items():
            wanted |= {found[row] for row in np.flatnonzero(left[kind])}
        for kind, found in self._keys.items():
            firsts = self._tables.articles[f"first_{kind}"]
            for row, key in enumerate(found):
                if key in wanted and not left[kind][row]:
                    article = int(np.searchsorted(firsts, row, side="right")) - 1
                    shared.add(self._tables.sources[article].article_id)
        return frozenset(key.hex() for key in wanted), frozenset(shared)

    def _found_by(self, term: str) -> int:
        if not len(self._documents):
            return 0
        return len(self._lexical.search([QueryTerm((term,))], len(self._documents))[0])


def trace_library(
    library: Library, article_id: str, live: Collection[str], kept: Collection[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """What the library holds of an article, by `IN_LIBRARY`: what is live, what is only kept.

    `live` and `kept` are the wordings (SHA-256) that the generation that serves and the others
    quote. Kept is a revision that is neither current nor quoted by the first, but by one of the
    others; a text that another article has as well is not counted.
    """
    current = article_id in library
    revisions = library.revisions(article_id)
    newest = revisions[-1].number if current else None
    only_kept = [
        revision.number != newest and revision.sha256 in kept and revision.sha256 not in live
        for revision in revisions
    ]
    texts: dict[str, bool] = {}  # sha256 → True when all its revisions are only kept
    for revision, is_kept in zip(revisions, only_kept, strict=True):
        texts[revision.sha256] = texts.get(revision.sha256, True) and is_kept
    alone = [is_kept for sha256, is_kept in texts.items() if library.owners(sha256) == [article_id]]
    return (
        {
            "articles": int(current),
            "revisions": only_kept.count(False),
            "texts": alone.count(False),
        },
        {"articles": 0, "revisions": only_kept.count(True), "texts": alone.count(True)},
    )


def _left(others: NDArray[Any], kind: str, n: int) -> NDArray[np.bool_]:
    """Which of `n` rows belong to none of the `others`; `kind` names their range of rows."""
    edges = np.zeros(n + 1, dtype=np.int64)
    np.add.at(edges, others[f"first_{kind}"], 1)
    np.add.at(edges, others[f"last_{kind}"], -1)
    return np.asarray(np.cumsum(edges[:-1]) == 0, dtype=np.bool_)


def _rows_left(others: NDArray[Any], kind: str, n: int) -> int:
    return int(_left(others, kind, n).sum())
