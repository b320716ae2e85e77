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
    KeyRequiredError,
    NotProvedError,
    NotReadyError,
)
from api.security import HEADERS
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
    NotProvedError: Kind(503, "not-proved", "Removed, and not proved"),
    NotReadyError: Kind(503, "no-index", "Nothing to ask yet"),
    BusyError: Kind(503, "busy", "Too many questions at once"),
    # What is left of the families is ours to mend: the log has the words, the reply has not.
    IndexingError: Kind(503, "index-unavailable", "The index cannot be used", told=False),
    AnsweringError: Kind(500, "internal-error", "Internal error", told=False),
    FaceError: Kind(500, "internal-error", "Internal error", told=False),
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
    body = Problem(
        type=f"urn:onrecord:{name or title.lower().replace(' ', '-')}",
        title=title,
        status=status,
        detail=detail,
        errors=list(errors) if errors else None,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True),
        status,
        {**HEADERS, **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def describe(error: Exception) -> JSONResponse:
    """The problem reply for an error of one of the three families."""
    kind = next(KINDS[family] for family in type(error).__mro__ if family in KINDS)
    if not kind.told:
        logger.error("%s", error, exc_info=error)
    headers = {}
    if isinstance(error, KeyRequiredError):
        headers["WWW-Authenticate"] = "Bearer"
    elif kind.status == 503:
        headers["Retry-After"] = str(getattr(error, "retry_after", 5))
    detail = str(error) if kind.told else kind.instead
    return problem(kind.status, detail, name=kind.name, title=kind.title, headers=headers)


def field_problems(errors: Sequence[Mapping[str, Any]]) -> list[FieldProblem]:
    """What pydantic found, field by field, without the values."""
    return [
        FieldProblem(field=".".join(map(str, error["loc"])), reason=str(error["msg"]))
        for error in errors
    ]


async def _on_domain_error(_: Request, error: Exception) -> JSONResponse:
    return describe(error)


async def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # The first part of a place says where in the request: body, query, path.
    fields = [
        FieldProblem(field=".".join(map(str, e["loc"][1:])) or str(e["loc"][0]), reason=e["msg"])
        for e in error.errors()[:20]
    ]
    detail = "; ".join(f"{each.field}: {each.reason}" for each in fields[:3])
    return problem(422, detail, name="invalid", title="The request is not valid", errors=fields)


async def _on_http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), headers=error.headers)


async def _on_defect(_: Request, error: Exception) -> JSONResponse:
    return problem(500, "the server's log says why")


def install(app: FastAPI) -> None:
    """Every error of `app`, expected or not, leaves as a problem."""
    for family in (IndexingError, AnsweringError, FaceError):
        app.add_exception_handler(family, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_defect)


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may answer with these error statuses."""
    return {
        status: {
            "model": Problem,
            "description": phrase(status),
            "content": {MEDIA_TYPE: {}},
        }
        for status in statuses
    }
