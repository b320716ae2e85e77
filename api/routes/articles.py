"""`/v1/articles`: the library over HTTP. What is written is kept at once, found after a build."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response

from api.article_schemas import (
    MAX_ARTICLES,
    ArticleBody,
    ArticleHead,
    ArticleId,
    ArticleIn,
    ArticleOut,
    ArticlePage,
    ArticlesIn,
    ProofOut,
    RefusedOut,
    WrittenManyOut,
    WrittenOut,
)
from api.erasing import prove_serving
from api.lookup import look_up
from api.parts import Parts, parts_of
from api.problems import declared
from api.room import check_writable
from api.schemas import Day, Lang, Name
from api.security import KEY_SCHEMES, ReadingRoute, WritingRoute
from index import ArticleNotFoundError, Erasure, ImportRefusedError

_SCHEMES = [Depends(scheme) for scheme in KEY_SCHEMES]
reading = APIRouter(
    prefix="/v1/articles",
    tags=["articles"],
    route_class=ReadingRoute,
    responses=declared(400, 401, 413, 422, 500, 503),
    dependencies=_SCHEMES,
)
writing = APIRouter(
    prefix="/v1/articles",
    tags=["articles"],
    route_class=WritingRoute,
    responses=declared(400, 401, 403, 413, 422, 500, 503, 507),
    dependencies=_SCHEMES,
)
routers = (reading, writing)

_EXAMPLE = {
    "title": "Việt Nam, Japan enhance cooperation",
    "text": "HÀ NỘI — Việt Nam and Japan agreed on Monday to enhance cooperation.",
    "date": "2025-04-28",
    "source": "Việt Nam News",
    "lang": "en",
    "url": "https://example.org/a/4711",
}
OneArticle = Annotated[ArticleBody, Body(openapi_examples={"an article": {"value": _EXAMPLE}})]
ManyArticles = Annotated[
    list[Any] | ArticlesIn,
    Body(
        openapi_examples={
            "a list": {"value": [{"id": "vns-4711", **_EXAMPLE}]},
            "an object": {"value": {"articles": [{"id": "vns-4711", **_EXAMPLE}]}},
        }
    ),
]
Id = Annotated[ArticleId, Path(description="The article's id; it may hold slashes.")]


@reading.get("", summary="List articles")
def list_articles(
    request: Request,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    date_from: Annotated[Day | None, Query(alias="from")] = None,
    date_to: Annotated[Day | None, Query(alias="to")] = None,
    lang: Annotated[Lang | None, Query()] = None,
    outlet: Annotated[Name | None, Query()] = None,
    query: Annotated[Name | None, Query(description="Part of the title or of the id.")] = None,
) -> ArticlePage:
    """Articles in order of their ids, without their texts."""
    total, articles = parts_of(request).library.page(
        offset,
        limit,
        lang=lang,
        outlet=outlet,
        date_from=date_from,
        date_to=date_to,
        query=query,
    )
    heads = [ArticleHead.of(article) for article in articles]
    return ArticlePage(total=total, offset=offset, limit=limit, articles=heads)


@reading.get("/{article_id:path}", summary="Read an article", responses=declared(404))
def read_article(
    request: Request,
    article_id: Id,
    sha256: Annotated[
        str | None,
        Query(
            pattern="^[0-9a-f]{64}$",
            description="The wording a citation names; without it, the newest.",
        ),
    ] = None,
) -> ArticleOut:
    """An article with its text: the newest wording, or the one that a citation was made from."""
    parts = parts_of(request)
    return look_up(parts.desk, parts.library, article_id, sha256)


@writing.post("", summary="Add articles")
def add_articles(request: Request, body: ManyArticles) -> WrittenManyOut:
    """Each article is taken in or refused on its own; the reply names both.

    The body is a list of articles, or an object with that list under `articles`. Only `text` is
    required.
    """
    entries = body.articles if isinstance(body, ArticlesIn) else body
    if len(entries) > MAX_ARTICLES:
        raise ImportRefusedError("list", f"at most {MAX_ARTICLES} articles at once")
    parts = parts_of(request)
    articles, refused = [], []
    for index, entry in enumerate(entries):
        try:
            articles.append(ArticleIn.read(entry, str(index)))
        except ImportRefusedError as error:
            refused.append(RefusedOut(index=index, reason=error.reason))
    check_writable(parts.library, request.app.state.settings)
    written = [
        WrittenOut.of(article, outcome, parts.desk.source(article.id) == article.source)
        for article, outcome in parts.library.put_many(articles)
    ]
    return WrittenManyOut(written=written, refused=refused)


@writing.put(
    "/{article_id:path}",
    summary="Write an article",
    responses={201: {"model": WrittenOut, "description": "Added"}},
)
def write_article(
    request: Request, response: Response, article_id: Id, body: OneArticle
) -> WrittenOut:
    """201 when the article is new, 200 when it was there, changed or not."""
    parts = parts_of(request)
    article = body.article(article_id)
    check_writable(parts.library, request.app.state.settings)
    outcome = parts.library.put(article)
    if outcome == "added":
        response.status_code = 201
    return WrittenOut.of(article, outcome, parts.desk.source(article.id) == article.source)


@writing.delete(
    "/{article_id:path}",
    summary="Remove an article",
    response_model=ProofOut,
    responses={
        200: {"description": "With `prove` or `purge`: removed, and what is left of it"},
        204: {"description": "Removed"},
        **declared(404),
    },
)
async def remove_article(
    request: Request,
    article_id: Id,
    prove: Annotated[
        bool, Query(description="Build now, then count what is left and ask for it.")
    ] = False,
    purge: Annotated[
        bool, Query(description="As `prove`, and erase the text from indexes, library and disk.")
    ] = False,
) -> ProofOut | Response:
    """The article leaves the library now, and the answers with the next build.

    The proof is given once a build without the article serves here, so it may take a while. An
    article that was removed before can be proved gone, and purged, as well. Out of reach are
    backups, replies that were saved, and indexes that another server still has open.
    """
    parts = parts_of(request)
    # A proof waits for a build, and must not hold one of the few threads that others read in.
    return await parts.gate.wait(lambda: _removed(parts, article_id, prove or purge, purge))


def _removed(parts: Parts, article_id: str, prove: bool, purge: bool) -> ProofOut | Response:
    if not prove:
        if not parts.library.remove(article_id):
            raise ArticleNotFoundError(article_id)
        return Response(status_code=204)
    erasure = Erasure(parts.library, parts.store, [article_id], purge=purge)
    if erasure.unknown:
        raise ArticleNotFoundError(article_id)
    erasure.remove()
    [proof] = prove_serving(erasure, parts)
    return ProofOut.of(proof)
