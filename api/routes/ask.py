"""`POST /v1/ask` and `POST /v1/search`: questions, through the gate."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import JSONResponse, Response
from fastapi.sse import format_sse_event
from pydantic import BaseModel

from api.parts import parts_of
from api.problems import declared, describe
from api.replies import whole_reply
from api.schemas import AnswerOut, AskIn, HitsOut, ResolvedOut, SearchOut, SentenceOut
from api.security import KEY_SCHEMES, ReadingRoute
from api.streams import EVENT_STREAM, HEARTBEAT, stream_reply
from qa import Answer, Found, Resolved, Sentence, Step

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

    With `Accept: text/event-stream` they come as they are ready: `resolved` (the question as it is
    searched), `hits` (the passages found), each `sentence` with its citations, and `done` (the
    whole reply); `error` (a problem) ends a reply that cannot be given.
    """
    parts = parts_of(request)
    if EVENT_STREAM not in request.headers.get("accept", ""):
        return JSONResponse(AnswerOut.of(await whole_reply(parts, body)).model_dump(mode="json"))
    return await stream_reply(parts, body, _events, show_hits=True)


@router.post("/search", summary="Find passages")
async def search(body: Asked, request: Request) -> SearchOut:
    """The passages nearest to the question, best first; nothing is answered."""
    parts = parts_of(request)
    answerer = parts.desk.answerer
    return SearchOut.of(await parts.gate.run(lambda: answerer.search(**body.asked())))


async def _events(steps: AsyncIterator[Step]) -> AsyncGenerator[bytes, None]:
    """The steps as server-sent events; whatever goes wrong is the last of them."""
    try:
        async for step in steps:
            yield _event(step)
    except Exception as error:
        yield format_sse_event(event="error", data_str=bytes(describe(error).body).decode())


def _event(step: Step) -> bytes:
    """One step as it goes over the wire; a comment when there is nothing new."""
    match step:
        case Resolved():
            return _written("resolved", ResolvedOut.of(step))
        case Found():
            return _written("hits", HitsOut.of(step))
        case Sentence():
            return _written("sentence", SentenceOut.of(step))
        case Answer():
            return _written("done", AnswerOut.of(step))
    return HEARTBEAT


def _written(event: str, data: BaseModel) -> bytes:
    return format_sse_event(event=event, data_str=data.model_dump_json())
