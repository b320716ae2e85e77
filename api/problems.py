"""Every error as a problem body (RFC 9457): the one table from domain error to status.

A field that does not fit its schema is named, and its value is never sent back: some values (`NaN`,
half a surrogate pair) cannot even be written as JSON.
"""

from __future__ import annotations

import http
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.errors import (
    BusyError,
    CannotCancelError,
    FaceError,
    ForeignPageError,
    KeyRequiredError,
    ModelNotFoundError,
    NotProvedError,
    NotReadyError,
    OvertakenError,
    RateExceededError,
    ScopeRequiredError,
    StoppingError,
)
from api.headers import HEADERS
from api.methods import allowed
from api.visits import request_id, tell
from index import (
    ArticleNotFoundError,
    BuildLockedError,
    DiskFullError,
    ImportRefusedError,
    IndexingError,
    JobNotFoundError,
    ReadOnlyLibraryError,
)
from qa import AnsweringError, BadQuestionError

logger = logging.getLogger(__name__)

# What later Pythons call them: a type must not change with the Python it runs on.
PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}
LONGEST_NAME = 100  # characters of a field's name: those of a body are whatever was sent
LONGEST_WORDS = 500
MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One field that was refused, and why."""

    field: str = Field(examples=["filters.from"])
    reason: str = Field(examples=["Input should be a valid date"])


class Problem(BaseModel):
    """Problem details, RFC 9457."""

    type: str = Field(description="Names the kind of error.", examples=["urn:onrecord:no-index"])
    title: str = Field(description="The kind of error in words.", examples=["Nothing to ask yet"])
    status: int = Field(examples=[503])
    detail: str = Field(
        description="What happened this time, and the way out.",
        examples=["no index has been built yet: add articles and run `onrecord build`"],
    )
    errors: list[FieldProblem] | None = Field(None, description="With 422: the refused fields.")
    request_id: str | None = Field(None, description="What the server's log calls this request.")


@dataclass(frozen=True)
class Kind:
    """How a family of errors looks from outside; where not `told`, the words stay in the log.

    `instead` is then said in their place.
    """

    status: int
    name: str
    title: str
    told: bool = True
    instead: str = "the server's log says why"


DEFECT = Kind(500, "internal-error", "Internal error", told=False)

KINDS: Mapping[type[Exception], Kind] = {
    BadQuestionError: Kind(422, "bad-question", "The question cannot be asked"),
    ImportRefusedError: Kind(422, "article-refused", "The article was not taken in"),
    ArticleNotFoundError: Kind(404, "no-such-article", "No such article"),
    JobNotFoundError: Kind(404, "no-such-build", "No such build"),
    CannotCancelError: Kind(409, "build-ended", "The build cannot be cancelled"),
    ReadOnlyLibraryError: Kind(
        403,
        "read-only",
        "Nothing can be written here",
        told=False,
        instead="this server reads a library that it cannot write; reading goes on",
    ),
    DiskFullError: Kind(
        507,
        "disk-full",
        "The disk is almost full",
        told=False,
        instead="too little room is left: nothing of this was written, reading and removing go on; "
        "free some space and repeat it",
    ),
    BuildLockedError: Kind(409, "build-running", "A build is already running"),
    KeyRequiredError: Kind(401, "key-required", "An API key is needed"),
    ScopeRequiredError: Kind(403, "scope-required", "The API key may only read"),
    ForeignPageError: Kind(403, "foreign-page", "Pages from elsewhere may not write"),
    RateExceededError: Kind(429, "rate-exceeded", "Too many requests"),
    ModelNotFoundError: Kind(404, "no-such-model", "No such model"),
    NotProvedError: Kind(503, "not-proved", "Removed, and not proved"),
    NotReadyError: Kind(503, "no-index", "Nothing to ask yet"),
    OvertakenError: Kind(503, "overtaken", "The reply was overtaken"),
    StoppingError: Kind(503, "stopping", "The server is stopping"),
    BusyError: Kind(503, "busy", "Too many questions at once"),
    # What is left of the families is ours to mend: the log has the words, the reply has not.
    IndexingError: Kind(503, "index-unavailable", "The index cannot be used", told=False),
    AnsweringError: DEFECT,
    FaceError: DEFECT,
}


def phrase(status: int) -> str:
    """What the status is called."""
    return PHRASES.get(status) or http.HTTPStatus(status).phrase


def problem(
    status: int,
    detail: str,
    *,
    name: str | None = None,
    title: str | None = None,
    errors: Sequence[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem reply; name and title are those of the status unless given."""
    title = title or phrase(status)
    name = name or title.lower().replace(" ", "-")
    tell(status=status, problem=name)
    body = Problem(
        type=f"urn:onrecord:{name}",
        title=title,
        status=status,
        detail=printable(detail, LONGEST_WORDS),
        errors=list(errors) if errors else None,
        request_id=request_id(),
    )
    return JSONResponse(
        body.model_dump(exclude_none=True),
        status,
        {**HEADERS, **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def explain(error: Exception) -> tuple[Kind, str]:
    """The kind of an error, and what is said of it outside; of no family, it is a defect."""
    kind = next((KINDS[family] for family in type(error).__mro__ if family in KINDS), DEFECT)
    if not kind.told:
        logger.error("%s", error, exc_info=error)
    return kind, str(error) if kind.told else kind.instead


def describe(error: Exception) -> JSONResponse:
    """The problem reply for an error."""
    kind, detail = explain(error)
    headers = {}
    if isinstance(error, KeyRequiredError):
        headers["WWW-Authenticate"] = "Bearer"
    elif kind.status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after", 5))
    return problem(kind.status, detail, name=kind.name, title=kind.title, headers=headers)


def field_problems(errors: Sequence[Mapping[str, Any]]) -> list[FieldProblem]:
    """What pydantic found, field by field, without the values."""
    return [
        FieldProblem(field=_named(error["loc"]), reason=printable(error["msg"], LONGEST_WORDS))
        for error in errors
    ]


def printable(text: str, limit: int) -> str:
    """A text that cannot mislead who reads it: signs that are not seen are replaced, it is cut."""
    seen = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:limit])
    return f"{seen}…" if len(text) > limit else seen


def _named(place: Sequence[object]) -> str:
    return printable(".".join(map(str, place)), LONGEST_NAME)


def reply_to(error: Exception) -> JSONResponse:
    """The problem reply for any error, those of the framework among them."""
    match error:
        case RequestValidationError():
            return _invalid(error)
        case HTTPException():
            return problem(error.status_code, str(error.detail), headers=error.headers)
    return describe(error)


def _invalid(error: RequestValidationError) -> JSONResponse:
    fields = field_problems([_placed(each) for each in error.errors()[:20]])
    detail = "; ".join(f"{each.field}: {each.reason}" for each in fields[:3])
    return problem(422, detail, name="invalid", title="The request is not valid", errors=fields)


def _placed(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """The error with its place in that part of the request: body, query or path."""
    if error["type"] == "json_invalid":  # its place is an offset in the body
        return {"loc": ("body",), "msg": f"JSON decode error: {error['ctx']['error']}"}
    return {"loc": error["loc"][1:] or error["loc"][:1], "msg": error["msg"]}


async def _on_error(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, HTTPException) and error.status_code == 405:
        methods = ", ".join(allowed(request.app.routes, request.scope["path"]))
        error = HTTPException(405, f"allowed are {methods}", {"Allow": methods})
    return reply_to(error)


async def _on_defect(_: Request, error: Exception) -> JSONResponse:
    return problem(500, "the server's log says why")


def install(app: FastAPI) -> None:
    """Every error of `app`, expected or not, leaves as a problem."""
    for family in (IndexingError, AnsweringError, FaceError, RequestValidationError, HTTPException):
        app.add_exception_handler(family, _on_error)
    app.add_exception_handler(Exception, _on_defect)


def declared(*statuses: int, model: type[Problem] = Problem) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may answer with these error statuses."""
    return {
        status: {
            "model": model,
            "description": phrase(status),
            "content": {MEDIA_TYPE: {}},
        }
        for status in statuses
    }
