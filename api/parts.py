"""Parts: what the routes of one app share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request

from api.builder import Builder
from api.desk import Desk
from api.gate import Gate
from api.overview import Overviews
from index import GenerationStore, Library
from qa import Answer


def _unheard(_: Answer) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Front:
    """What answers: the desk, the gate in front of it, and the library that it quotes.

    `heard` is called with each answer, before it is sent.
    """

    desk: Desk
    gate: Gate
    library: Library
    heard: Callable[[Answer], object] = field(default=_unheard, kw_only=True)


@dataclass(frozen=True)
class Parts(Front):
    """What answers, who builds, and the store of what was built; whether the server is to stop."""

    builder: Builder
    store: GenerationStore
    leaving: threading.Event = field(default_factory=threading.Event, kw_only=True)
    overviews: Overviews = field(default_factory=Overviews, kw_only=True)


def parts_of(request: Request) -> Parts:
    """The parts of the app that serves this request."""
    parts: Parts = request.app.state.parts
    return parts
