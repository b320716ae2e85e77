"""What holds for every test: no settings from outside, no downloads, no sockets unless marked."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@pytest.fixture(scope="session", autouse=True)
def _outside_is_silent() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("ONRECORD_"):
                patch.delenv(name)
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is open to tests marked `network` or `browser`, what lies beyond it to none."""
    marked = any(request.node.get_closest_marker(name) for name in ("network", "browser"))

    def check(host: object) -> None:
        if not (marked and host in LOOPBACK):
            raise AssertionError(f"a test reached for {host!r}; is it marked `network`?")

    def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
        def checked(sock: socket.socket, address: Any) -> Any:
            if sock.family != socket.AF_UNIX:
                check(address[0])
            return method(sock, address)

        return checked

    look_up = socket.getaddrinfo

    def checked_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        check(host)
        return look_up(host, *args, **kwargs)

    for name in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    monkeypatch.setattr(socket, "getaddrinfo", checked_look_up)


@pytest.fixture
def seeds() -> Path:
    """The folder of articles that come with the program."""
    return Path(__file__).parent.parent / "seeds"
