"""look_up(): one article as every face shows it."""

from __future__ import annotations

import dataclasses

from api.article_schemas import ArticleOut
from api.desk import Desk
from index import Article, ArticleNotFoundError, Library


def look_up(desk: Desk, library: Library, article_id: str, sha256: str | None) -> ArticleOut:
    """An article with its text: the newest wording, or the one that a citation names by its hash.

    Raises:
        ArticleNotFoundError: there is no such article, or no such wording of it.
    """
    article = _article(library, article_id, sha256)
    served = desk.source(article_id)
    if sha256 is None:
        return ArticleOut.of_text(article, served == article.source)
    return ArticleOut.of_text(article, served is not None and served.sha256 == sha256)


def _article(library: Library, article_id: str, sha256: str | None) -> Article:
    """The newest wording, or the one named; a removed article has only its text left."""
    if sha256 is None:
        return library.get(article_id)
    try:
        newest = library.get(article_id)
    except ArticleNotFoundError:
        newest = Article(article_id, "")
    if newest.sha256 == sha256:
        return newest
    return dataclasses.replace(newest, text=library.text(article_id, sha256))
