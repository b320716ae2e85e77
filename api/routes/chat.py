"""`POST /v1/chat/completions` and `GET /v1/models`: questions from clients of OpenAI's API."""

from __future__ import annotations

import datetime
import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Request
from fastapi.responses import JSONResponse, Response
from fastapi.sse import format_sse_event

from api.chat_errors import ChatProblem, ChatRoute, chat_problem
from api.chat_schemas import (
    MODEL,
    ChatIn,
    ChatOut,
    ChoiceOut,
    MessageOut,
    ModelOut,
    ModelsOut,
    Usage,
)
from api.chat_talk import annotate, read_talk, rest_of
from api.errors import ModelNotFoundError, OvertakenError
from api.parts import Front, parts_of
from api.problems import declared
from api.replies import reply_steps
from api.schemas import AnswerOut, AskIn, fitting
from api.security import KEY_SCHEMES
from api.streams import EVENT_STREAM, HEARTBEAT, stream_reply
from index import GenerationError
from qa import Answer, Resolved, Sentence, Step, Working

_EXAMPLE = {
    "model": MODEL,
    "messages": [
        {"role": "user", "content": "What did the Prime Minister propose for ties with Japan?"}
    ],
}
ModelName = Annotated[str, fitting(r"^[^\x00-\x1f\x7f-\x9f]+$"), Path(examples=[MODEL])]
Chat = Annotated[ChatIn, Body(openapi_examples={"a question": {"value": _EXAMPLE}})]

router = APIRouter(
    prefix="/v1",
    tags=["OpenAI clients"],
    route_class=ChatRoute,
    responses=declared(400, 401, 404, 413, 422, 429, 500, 503, model=ChatProblem),
    dependencies=[Depends(scheme) for scheme in KEY_SCHEMES],
)
routers = (router,)


@router.post(
    "/chat/completions",
    summary="Ask as a chat client",
    response_model=ChatOut,
    responses={200: {"description": "A reply", "content": {EVENT_STREAM: {}}}},
)
async def complete(body: Chat, request: Request) -> Response:
    """The last message of the user is answered as by `/v1/ask`, the messages before it are history.

    `content` is the answer with its [1] marks, and a list of sources; `on_record` is the reply of
    `/v1/ask` with every citation. System messages are not read. With `"stream": true` the reply
    comes in chunks, a sentence each, the last with `annotations` and `on_record`.
    """
    _check_model(body.model)
    asked, parts = read_talk(body), parts_of(request)
    if not body.stream:
        reply = await _reply(parts, asked)
        return JSONResponse(reply.model_dump(mode="json"))
    usage = bool(body.stream_options and body.stream_options.include_usage)
    return await stream_reply(parts, asked, partial(_events, usage=usage))


@router.get("/models", summary="List models")
def list_models(request: Request) -> ModelsOut:
    """The only model, with the generation that it answers from."""
    return ModelsOut(data=[_model(request)])


@router.get("/models/{model:path}", summary="Read a model")
def read_model(request: Request, model: ModelName) -> ModelOut:
    """The model of that name."""
    _check_model(model)
    return _model(request)


def _check_model(name: str) -> None:
    if name != MODEL:
        raise ModelNotFoundError(name, MODEL)


def _model(request: Request) -> ModelOut:
    parts = parts_of(request)
    live = parts.desk.generation
    try:
        built = parts.store.manifest(live).created if live is not None else None
    except GenerationError:  # damaged since it was opened; what is open still answers
        built = None
    created = int(datetime.datetime.fromisoformat(built).timestamp()) if built else 0
    return ModelOut(created=created, generation=live)


async def _reply(front: Front, asked: AskIn) -> ChatOut:
    """The whole reply."""
    said: list[Sentence] = []
    async with aclosing(reply_steps(front, asked)) as steps:
        async for step in steps:
            match step:
                case Resolved():  # a second one begins the reply anew
                    said.clear()
                case Sentence():
                    said.append(step)
                case Answer():
                    content = step.answer + rest_of(step)
                    message = MessageOut(content=content, annotations=annotate(said))
                    return ChatOut(
                        **_head(step.generation),
                        choices=[ChoiceOut(message=message)],
                        on_record=AnswerOut.of(step),
                    )
    raise AssertionError("the last step of a reply is its answer")


async def _events(steps: AsyncIterator[Step], *, usage: bool) -> AsyncGenerator[bytes, None]:
    """The reply in chunks, then `[DONE]`; whatever goes wrong is the last of them instead."""
    said: list[Sentence] = []
    head: dict[str, Any] = {}

    def chunk(delta: dict[str, Any], finish_reason: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _written({**head, "choices": [choice], **more})

    try:
        async for step in steps:
            match step:
                case Resolved() if not head:
                    head = {**_head(step.generation), "object": "chat.completion.chunk"}
                    head |= {"model": MODEL} | ({"usage": None} if usage else {})
                    yield chunk({"role": "assistant", "content": ""})
                case Resolved():  # the reply begins anew, but what was sent stays sent
                    if said:
                        raise OvertakenError()
                    head["system_fingerprint"] = _fingerprint(step.generation)
                case Sentence():
                    yield chunk({"content": f" {step.text}" if said else step.text})
                    said.append(step)
                case Answer():
                    yield chunk({"content": rest_of(step)})
                    notes = [each.model_dump() for each in annotate(said)]
                    whole = AnswerOut.of(step).model_dump(mode="json")
                    yield chunk({"annotations": notes}, "stop", on_record=whole)
                case Working():
                    yield HEARTBEAT
        if usage:
            yield _written({**head, "choices": [], "usage": Usage().model_dump()})
        yield format_sse_event(data_str="[DONE]")
    except Exception as error:
        yield format_sse_event(data_str=bytes(chat_problem(error).body).decode())


def _head(generation: int) -> dict[str, Any]:
    """What tells one reply from another."""
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "created": int(time.time()),
        "system_fingerprint": _fingerprint(generation),
    }


def _fingerprint(generation: int) -> str:
    return f"generation-{generation}"


def _written(chunk: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(chunk, ensure_ascii=False))
