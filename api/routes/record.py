"""`/v1/leaders`, `/v1/sectors`, `/v1/commitments`: the record, every row with its quote."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from api.parts import parts_of
from api.problems import declared
from api.record_schemas import CommitmentsOut, LeadersOut, RecordIn, RecordPageIn, SectorsOut
from api.security import KEY_SCHEMES, ReadingRoute

router = APIRouter(
    prefix="/v1",
    tags=["record"],
    route_class=ReadingRoute,
    responses=declared(400, 401, 422, 500, 503),
    dependencies=[Depends(scheme) for scheme in KEY_SCHEMES],
)
routers = (router,)


@router.get("/leaders", summary="List people and their offices")
async def list_leaders(request: Request, query: Annotated[RecordPageIn, Query()]) -> LeadersOut:
    """People on record, most statements first: names, offices with their dates, and counts."""
    parts = parts_of(request)
    answerer = parts.desk.answerer
    return await parts.gate.run(lambda: LeadersOut.of(answerer.leaders(**query.asked())))


@router.get("/sectors", summary="List sectors")
async def list_sectors(request: Request, query: Annotated[RecordIn, Query()]) -> SectorsOut:
    """Sectors that anything on record is about, most statements first."""
    parts = parts_of(request)
    answerer = parts.desk.answerer
    return await parts.gate.run(lambda: SectorsOut.of(answerer.sectors(query.limits())))


@router.get("/commitments", summary="List who said, asked or promised what")
async def list_commitments(
    request: Request, query: Annotated[RecordPageIn, Query()]
) -> CommitmentsOut:
    """Statements on record, newest first: who acts how, towards whom, on which sectors."""
    parts = parts_of(request)
    answerer = parts.desk.answerer
    return await parts.gate.run(lambda: CommitmentsOut.of(answerer.commitments(**query.asked())))
