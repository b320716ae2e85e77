"""`/v1/builds`: builds in the background, asked for and watched, while answers go on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response

from api.build_schemas import BuildIn, BuildOut, BuildPage
from api.parts import parts_of
from api.problems import declared
from api.security import KEY_SCHEMES, WritingRoute

router = APIRouter(
    prefix="/v1/builds",
    tags=["builds"],
    route_class=WritingRoute,
    responses=declared(400, 401, 500, 503),
    dependencies=[Depends(scheme) for scheme in KEY_SCHEMES],
)
routers = (router,)

_EXAMPLES = {"what changed": {"value": {}}, "all of it": {"value": {"full": True}}}
Wanted = Annotated[BuildIn | None, Body(openapi_examples=_EXAMPLES)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="The build's number.")]


@router.post("", summary="Build the index", status_code=202, responses=declared(403, 413, 422, 507))
def start_build(request: Request, response: Response, body: Wanted = None) -> BuildOut:
    """A build that holds all that was written until now; `Location` says where to watch it.

    It may be one that waits or runs already. Nothing is embedded twice, and when nothing was
    written since the last build it ends at once. With the server's own builds after writes there
    is no need to ask for one, but to have it now.
    """
    job = parts_of(request).builder.request(full=body is not None and body.full)
    response.headers["Location"] = f"/v1/builds/{job.id}"
    return BuildOut.of(job)


@router.get("", summary="List builds", responses=declared(422))
def list_builds(
    request: Request,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> BuildPage:
    """The last builds of every server of this library, the newest first."""
    total, jobs = parts_of(request).builder.page(offset, limit)
    builds = [BuildOut.of(*job) for job in jobs]
    return BuildPage(total=total, offset=offset, limit=limit, builds=builds)


@router.get("/{number}", summary="Watch a build", responses=declared(404, 422))
def read_build(request: Request, number: Number) -> BuildOut:
    """How a build goes, or how it ended."""
    return BuildOut.of(*parts_of(request).builder.job(number))


@router.delete(
    "/{number}",
    summary="Cancel a build",
    status_code=202,
    responses=declared(403, 404, 409, 422),
)
def cancel_build(request: Request, number: Number) -> BuildOut:
    """The build ends within seconds, and the index that serves goes on; 409 when it has ended."""
    return BuildOut.of(parts_of(request).builder.cancel(number))
