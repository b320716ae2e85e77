"""One reading of a text for every use: its sentences, their terms, the words written with marks.

Index and question go through one Analyser, so that what was folded, split, stemmed or taken for a
concept on one side was so on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.articles import Article, Span
from index.commonness import passage_share
from index.concepts import TermTable
from index.lexical import QueryTerm
from index.sentences import sentence_spans
from index.text import Word, is_marked, is_stop_word, stem, words

_STEMMED = ("en", "fr")
_MOST_TERMS = 128  # of a long question, the rarest words
_NAME_SHARE = 2e-4  # a word in fewer passages of its language is taken for a name


@dataclass(frozen=True)
class TextTerms:
    """A stretch of text as the lexical side sees it, each in the order of the text.

    `terms` are the stems of its words, then its concepts, which begin with `=`; `marked` the words
    that were written with diacritics, as they stand, and a `-` for each of the others.
    """

    terms: tuple[str, ...]
    marked: tuple[str, ...]


@dataclass(frozen=True)
class Analysis:
    """An article cut into sentences; `of[i]` belongs to `sentences[i]`, `title` to its title."""

    sentences: tuple[Span, ...]
    of: tuple[TextTerms, ...]
    title: TextTerms


class Analyser:
    """Reads articles and questions with one term table."""

    def __init__(self, table: TermTable) -> None:
        self.table = table

    def analyse(self, article: Article) -> Analysis:
        """The sentences of an article with their terms, and the terms of its title."""
        sentences = sentence_spans(article.text, article.lang)
        groups = _assign(words(article.text), sentences)
        return Analysis(
            tuple(sentences),
            tuple(self._terms(group, article.lang) for group in groups),
            self._terms(words(article.title or ""), article.lang),
        )

    def query_terms(self, question: str, lang: str | None) -> tuple[QueryTerm, ...]:
        """The words of a question that carry meaning, each with the terms it may stand as.

        A text is stemmed in its own language, so a word is looked for under its stem in each, and
        under the concepts that it belongs to, alone or with its neighbours. Stop words of the
        question's language are left out, unless nothing else is left. In the order of the question,
        each once.
        """
        typed = words(question)
        content = [word for word in typed if not is_stop_word(word, lang)] or typed
        concepts = self.table.concepts(typed, lang)
        cased = any(question[word.span.start].isupper() for word in typed[1:])
        terms: dict[tuple[str, ...], QueryTerm] = {}
        for word in content:
            shared = [_concept_term(name) for name, span in concepts if span.overlaps(word.span)]
            forms = tuple(dict.fromkeys([*_forms(word), *shared]))
            exact = _exact(word) if is_marked(word) else None
            share = passage_share(word.written, lang)
            text = word.span.slice(question)
            named = _is_named(text, share, cased=cased, first=word is typed[0])
            terms.setdefault(forms, QueryTerm(forms, exact, share, named, text))
        rarest = sorted(terms.values(), key=lambda term: term.share)[:_MOST_TERMS]
        return tuple(term for term in terms.values() if term in rarest)

    def _terms(self, group: Sequence[Word], lang: str | None) -> TextTerms:
        concepts = (_concept_term(concept) for concept, _ in self.table.concepts(group, lang))
        return TextTerms(
            (*(stem(word, lang) for word in group), *concepts),
            tuple(_exact(word) if is_marked(word) else "-" for word in group),
        )


@lru_cache(maxsize=4)
def load_analyser(extra: Path | None = None) -> Analyser:
    """An analyser with the packaged term table and an operator's own, read once.

    Raises:
        TermTableError: a line of a table is broken.
    """
    return Analyser(TermTable.load(extra))


def _is_named(text: str, share: float, *, cased: bool, first: bool) -> bool:
    """True for a number, a word with a capital inside a question, and one that language hardly has.

    All questions begin with a capital. Who writes names with one, writes the rest without: a rare
    word in lower case is then an inflection or a slip, seldom a name.
    """
    if any(character.isdigit() for character in text):
        return True
    rare = share < _NAME_SHARE
    return (rare or not first) if text[0].isupper() else (rare and not cased)


def _forms(word: Word) -> tuple[str, ...]:
    return (word.folded, *(stem(word, lang) for lang in _STEMMED))


def _exact(word: Word) -> str:
    """The word as written, as one term."""
    return word.written.replace(" ", "_")


def _concept_term(concept: str) -> str:
    """A concept as a term; no word begins with this sign."""
    return f"={concept}"


def _assign(text_words: Sequence[Word], sentences: Sequence[Span]) -> list[list[Word]]:
    groups: list[list[Word]] = [[] for _ in sentences]
    at = 0
    for word in text_words:
        while at < len(sentences) and sentences[at].end <= word.span.start:
            at += 1
        if at == len(sentences):
            break
        if sentences[at].start <= word.span.start:
            groups[at].append(word)
    return groups
