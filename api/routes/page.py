"""`GET /`: the chat page, with the script and the style it needs and nothing from elsewhere."""

from __future__ import annotations

import secrets
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

from api.security import page_policy

router = APIRouter(include_in_schema=False)
routers = (router,)

KINDS = {"app.js": "text/javascript", "style.css": "text/css", "icon.svg": "image/svg+xml"}


@cache
def web_file(name: str) -> str:
    """The text of a file of the page."""
    return files("api").joinpath("web", name).read_text("utf-8")


def page_reply(html: str) -> HTMLResponse:
    """A page whose every NONCE is replaced by one fresh word, which its policy allows."""
    nonce = secrets.token_urlsafe(16)
    headers = {"Content-Security-Policy": page_policy(nonce)}
    return HTMLResponse(html.replace("NONCE", nonce), headers=headers)


@router.get("/")
async def page() -> HTMLResponse:
    """The chat page."""
    return page_reply(web_file("index.html"))


@router.get("/web/{name}")
async def asset(name: str) -> Response:
    """A file that the page needs; there are no others."""
    if name not in KINDS:
        raise HTTPException(404)
    return Response(web_file(name), media_type=KINDS[name])
