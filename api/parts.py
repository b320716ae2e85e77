"""Parts: what the routes of one app share."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from api.builder import Builder
from api.desk import Desk
from api.gate import Gate
from index import GenerationStore, Library


@dataclass(frozen=True)
class Parts:
    """The desk that answers, the gate in front of it, who builds, and the two stores."""

    desk: Desk
    gate: Gate
    builder: Builder
    library: Library
    store: GenerationStore


def parts_of(request: Request) -> Parts:
    """The parts of the app that serves this request."""
    parts: Parts = request.app.state.parts
    return parts
