"""`GET /metrics`: the server in figures, for Prometheus. It passes no gate."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse

from api.metrics import MEDIA_TYPE
from api.problems import declared
from api.security import KEY_SCHEMES, ReadingRoute
from api.watch import Watch

router = APIRouter(
    tags=["health"],
    route_class=ReadingRoute,
    responses=declared(400, 500, 503),
    dependencies=[Depends(scheme) for scheme in KEY_SCHEMES],
)
routers = (router,)


@router.get("/metrics", summary="In figures", response_class=PlainTextResponse)
def metrics(request: Request) -> PlainTextResponse:
    """Counts and times since the start, and how gate, index and builds are now."""
    watch: Watch = request.app.state.watch
    return PlainTextResponse(watch.metrics.text(), media_type=MEDIA_TYPE)
