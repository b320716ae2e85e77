"""Shedding: a question that could not even wait is turned away before anything is done for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from api.gate import Gate
from api.visits import tell


@dataclass(frozen=True)
class _Place:
    """Stands for the route that was not looked up, where the log asks for its path."""

    path: str
    tell: Callable[[Exception], ASGIApp]


class Shedding:
    """Answers 503 itself while the gate is full, for the paths that lead through that gate.

    `paths` says of each how it tells an error.

    Under a flood most requests end here, and every millisecond spent on them is taken from the
    answers: so no route is looked up, no body read, no key compared. Nothing is told by it but that
    the server is busy.
    """

    def __init__(
        self, app: ASGIApp, gate: Gate, paths: Mapping[str, Callable[[Exception], ASGIApp]]
    ) -> None:
        self.app, self.gate = app, gate
        self.places = {path: _Place(path, tell) for path, tell in paths.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        app = self.app
        if self.gate.is_full and scope["type"] == "http" and scope["method"] == "POST":
            place = self.places.get(scope["path"])
            if place is not None:
                scope["route"], app = place, place.tell(self.gate.refuse())
                tell(shed=True)
        await app(scope, receive, send)
