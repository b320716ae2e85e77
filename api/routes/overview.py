"""`GET /v1/overview`: what the index that serves holds."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from api.overview_schemas import OverviewOut
from api.parts import parts_of
from api.problems import declared
from api.security import KEY_SCHEMES, ReadingRoute

router = APIRouter(
    prefix="/v1/overview",
    tags=["generations"],
    route_class=ReadingRoute,
    responses=declared(400, 500, 503),
    dependencies=[Depends(scheme) for scheme in KEY_SCHEMES],
)
routers = (router,)


@router.get("", summary="See what there is")
async def read_overview(request: Request) -> OverviewOut:
    """Articles, dates, languages and outlets of the index that serves, and questions it answers.

    It is made once for each index; the first to ask waits for it, and keeps nobody waiting.
    """
    parts = parts_of(request)
    answerer = parts.desk.answerer
    return await parts.gate.wait(lambda: parts.overviews.of(answerer))
