"""`POST /v1/ask` and `POST /v1/search`: questions, through the gate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from api.parts import parts_of
from api.problems import declared
from api.schemas import AnswerOut, AskIn, SearchOut
from api.security import KEY_SCHEMES, ReadingRoute

EVENT_STREAM = "text/event-stream"

Asked = Annotated[
    AskIn,
    Body(
        openapi_examples={
            "a question": {
                "value": {"question": "What did the Prime Minister propose for ties with Japan?"}
            },
            "a follow-up, within limits": {
                "value": {
                    "question": "And in which sectors?",
                    "history": [{"question": "What did Vietnam and Japan agree on?"}],
                    "filters": {"from": "2023-01-01", "lang": "en"},
                    "k": 5,
                }
            },
        }
    ),
]

router = APIRouter(
    prefix="/v1",
    tags=["questions"],
    route_class=ReadingRoute,
    responses=declared(400, 401, 413, 422, 500, 503),
    dependencies=[Depends(scheme) for scheme in KEY_SCHEMES],
)
routers = (router,)


@router.post(
    "/ask",
    summary="Ask a question",
    response_model=AnswerOut,
    responses={200: {"description": "An answer, or an abstention", "content": {EVENT_STREAM: {}}}},
)
async def ask(body: Asked, request: Request) -> Response:
    """Quoted sentences with their citations, or an abstention with the nearest passages.

    With `Accept: text/event-stream` each citation comes as an event `citation`, then the whole
    reply as an event `answer`.
    """
    parts = parts_of(request)
    answerer = parts.desk.answerer
    answer = await parts.gate.run(lambda: answerer.ask(**body.asked()))
    reply = AnswerOut.of(answer)
    if EVENT_STREAM in request.headers.get("accept", ""):
        return StreamingResponse(_events(reply), media_type=EVENT_STREAM)
    return JSONResponse(reply.model_dump(mode="json"))


@router.post("/search", summary="Find passages")
async def search(body: Asked, request: Request) -> SearchOut:
    """The passages nearest to the question, best first; nothing is answered."""
    parts = parts_of(request)
    answerer = parts.desk.answerer
    return SearchOut.of(await parts.gate.run(lambda: answerer.search(**body.asked())))


def _events(reply: AnswerOut) -> Iterator[str]:
    for citation in reply.citations:
        yield f"event: citation\ndata: {citation.model_dump_json()}\n\n"
    yield f"event: answer\ndata: {reply.model_dump_json()}\n\n"
