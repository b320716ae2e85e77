"""`GET /`: the chat page, with the scripts and the styles it needs and nothing from elsewhere."""

from __future__ import annotations

import secrets
from functools import cache
from importlib.resources import files
from pathlib import PurePath

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

from api.headers import page_policy

router = APIRouter(include_in_schema=False)
routers = (router,)

KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@cache
def web_files() -> dict[str, str]:
    """The text of each file of the page, by its name."""
    folder = files("api").joinpath("web")
    return {each.name: each.read_text("utf-8") for each in folder.iterdir() if each.is_file()}


def page_reply(html: str) -> HTMLResponse:
    """A page whose every NONCE is replaced by one fresh word, which its policy allows."""
    nonce = secrets.token_urlsafe(16)
    headers = {"Content-Security-Policy": page_policy(nonce)}
    return HTMLResponse(html.replace("NONCE", nonce), headers=headers)


@router.get("/")
async def page() -> HTMLResponse:
    """The chat page."""
    return page_reply(web_files()["index.html"])


@router.get("/web/{name}")
async def asset(name: str) -> Response:
    """A file that the page needs; there are no others."""
    kind = KINDS.get(PurePath(name).suffix)
    if kind is None or name not in web_files():
        raise HTTPException(404)
    return Response(web_files()[name], media_type=kind)
