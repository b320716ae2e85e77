"""One reading of a text for every use: its sentences, their terms, the words written with marks.

Index and question go through here alike, so that what was folded, split or stemmed on one side
was so on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.articles import Article, Span
from index.lexical import QueryTerm
from index.sentences import sentence_spans
from index.text import Word, is_marked, is_stop_word, stem, words

_STEMMED = ("en", "fr")


@dataclass(frozen=True)
class Analysis:
    """An article cut into sentences, each with its terms in the order of the text.

    `terms[i]` and `marked[i]` belong to `sentences[i]`; `marked` holds the words that were written
    with diacritics, lower-cased as they stand.
    """

    sentences: tuple[Span, ...]
    terms: tuple[tuple[str, ...], ...]
    marked: tuple[tuple[str, ...], ...]
    title_terms: tuple[str, ...]
    title_marked: tuple[str, ...]


def analyse(article: Article) -> Analysis:
    """The sentences of an article with their terms, and the terms of its title."""
    sentences = sentence_spans(article.text, article.lang)
    by_sentence = _assign(words(article.text), sentences)
    title = words(article.title or "")
    return Analysis(
        tuple(sentences),
        tuple(_terms(group, article.lang) for group in by_sentence),
        tuple(_marked(group) for group in by_sentence),
        _terms(title, article.lang),
        _marked(title),
    )


def query_terms(question: str, lang: str | None) -> tuple[QueryTerm, ...]:
    """The words of a question that carry meaning, each with the terms it may stand as in a text.

    A text is stemmed in its own language, so a word is looked for under its stem in each; stop
    words of the question's language are left out, unless nothing else is left. In the order of the
    question, each once.
    """
    typed = words(question)
    content = [word for word in typed if not is_stop_word(word, lang)] or typed
    terms: dict[tuple[str, ...], QueryTerm] = {}
    for word in content:
        forms = _forms(word)
        terms.setdefault(forms, QueryTerm(forms, _exact(word) if is_marked(word) else None))
    return tuple(terms.values())


def _forms(word: Word) -> tuple[str, ...]:
    return tuple(dict.fromkeys([word.folded, *(stem(word, lang) for lang in _STEMMED)]))


def _exact(word: Word) -> str:
    """The word as written, as one term."""
    return word.written.replace(" ", "_")


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


def _terms(group: Sequence[Word], lang: str | None) -> tuple[str, ...]:
    return tuple(stem(word, lang) for word in group)


def _marked(group: Sequence[Word]) -> tuple[str, ...]:
    return tuple(_exact(word) for word in group if is_marked(word))
