"""ChatRoute: problems that carry, beside what every problem has, what clients of OpenAI's read."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.problems import Problem, reply_to
from api.security import ReadingRoute

# Where clients know a name of OpenAI's for it.
_CODES = {
    "key-required": "invalid_api_key",
    "no-such-model": "model_not_found",
    "rate-exceeded": "rate_limit_exceeded",
}


class ErrorOut(BaseModel):
    """An error as OpenAI's clients read it."""

    message: str
    type: str = Field(examples=["invalid_request_error"])
    code: str = Field(examples=["model_not_found"])
    param: str | None = Field(description="The first field that was refused.")


class ChatProblem(Problem):
    """Problem details with `error`, which lacks only where no route was reached."""

    error: ErrorOut | None = None


class ChatRoute(ReadingRoute):
    """A route for reading whose errors are told in both ways."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route; it raises nothing."""
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:
                return chat_problem(error)

        return told


def chat_problem(error: Exception) -> JSONResponse:
    """The problem reply for an error, `error` added."""
    reply = reply_to(error)
    body = json.loads(bytes(reply.body))
    name = body["type"].rpartition(":")[2]
    body["error"] = ErrorOut(
        message=body["detail"],
        type=_kind(reply.status_code),
        code=_CODES.get(name, name.replace("-", "_")),
        param=next((each["field"] for each in body.get("errors", [])), None),
    ).model_dump()
    headers = {name: value for name, value in reply.headers.items() if name != "content-length"}
    return JSONResponse(body, reply.status_code, headers)


def _kind(status: int) -> str:
    if status == 429:
        return "rate_limit_error"
    return "server_error" if status >= 500 else "invalid_request_error"
