"""`GET /docs`: the OpenAPI description as a page to read, without scripts or other hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.routes.page import page_reply

router = APIRouter(include_in_schema=False)
routers = (router,)

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>On Record: HTTP</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/web/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/web/style.css" nonce="NONCE"></head>
<body class="docs"><main><h1>On Record over HTTP</h1><p>{description}</p>
<p><a href="/openapi.json">The same for programs</a>. <a href="/">The chat page</a>.</p>
{operations}</main></body></html>"""


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Every route with its example, its replies and its errors."""
    schema = request.app.openapi()
    return page_reply(
        _PAGE.format(
            description=escape(schema["info"]["description"]),
            operations="\n".join(_operations(schema)),
        )
    )


def _operations(schema: Mapping[str, Any]) -> Iterator[str]:
    """One section for each method of each path."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"<section><h2><code>{method.upper()} {escape(path)}</code></h2>"
            yield f"<p>{escape(operation.get('description') or operation['summary'])}</p>"
            if parameters := operation.get("parameters"):
                yield "<ul>"
                for each in parameters:
                    words = f"<code>{escape(each['name'])}</code> ({each['in']})"
                    yield f"<li>{words} {escape(each.get('description', ''))}</li>"
                yield "</ul>"
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for name, example in body.get("examples", {}).items():
                yield _block(f"Example: {name}", example["value"])
            statuses = ", ".join(
                f"{status} {escape(reply['description'])}"
                for status, reply in operation["responses"].items()
            )
            yield f"<p>Replies: {statuses}</p></section>"
    yield "<section><h2>Shapes</h2>"
    for name, shape in sorted(schema["components"]["schemas"].items()):
        yield _block(name, shape)
    yield "</section>"


def _block(title: str, value: object) -> str:
    """A folded listing."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return f"<details><summary>{escape(title)}</summary><pre>{escape(text)}</pre></details>"
