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
    """The kept generations, oldest first; `live` is the one that this server answers from.

    One that is `aside` was found worse than the one that was live, and never serves by itself.
    """
    parts = parts_of(request)
    live = parts.desk.generation
    generations = []
    kept, aside = parts.store.kept(), parts.store.aside()
    for number in sorted((*kept, *aside)):
        try:
            manifest = parts.store.manifest(number)
            generations.append(GenerationOut.of(manifest, number == live, number in aside))
        except GenerationError as error:  # damaged, or pruned a moment ago
            logger.warning("not listed: %s", error)
    return GenerationsOut(live=live, generations=generations)
