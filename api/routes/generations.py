"""`GET /v1/generations`: the index that serves, and those that are kept."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Depends, Request

from api.parts import parts_of
from api.problems import declared
from api.schemas import GenerationOut, GenerationsOut
from api.security import KEY_SCHEMES, ReadingRoute
from index import GenerationError

logger = logging.getLogger(__name__)

router = APIRouter(
    prefix="/v1/generations",
    tags=["generations"],
    route_class=ReadingRoute,
    responses=declared(400, 401, 500, 503),
    dependencies=[Depends(scheme) for scheme in KEY_SCHEMES],
)
routers = (router,)


@router.get("", summary="List generations")
def list_generations(request: Request) -> GenerationsOut:
    """The kept generations, oldest first; `live` is the one that this server answers from."""
    parts = parts_of(request)
    live = parts.desk.generation
    generations = []
    for number in parts.store.kept():
        try:
            generations.append(GenerationOut.of(parts.store.manifest(number), number == live))
        except GenerationError as error:  # damaged, or pruned a moment ago
            logger.warning("not listed: %s", error)
    return GenerationsOut(live=live, generations=generations)
