"""`/healthz` and `/readyz`: for what watches the server; they pass no gate and need no key."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.errors import StoppingError
from api.parts import parts_of
from api.problems import declared

router = APIRouter(tags=["health"])
routers = (router,)


class Alive(BaseModel):
    """The server answers."""

    status: str = "ok"


class Ready(Alive):
    """The server answers questions, from this generation."""

    generation: int


@router.get("/healthz", summary="Is it alive?", responses=declared(400, 500))
async def healthz() -> Alive:
    """The server runs."""
    return Alive()


@router.get("/readyz", summary="Can it answer?", responses=declared(400, 500, 503))
async def readyz(request: Request) -> Ready:
    """A verified index is open; 503 while there is none, and once the server was told to stop."""
    parts = parts_of(request)
    if parts.leaving.is_set():
        raise StoppingError()
    return Ready(generation=parts.desk.answerer.generation)
