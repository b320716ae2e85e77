"""A server that speaks OpenAI's chat API on loopback, well or in one of many wrong ways."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"

Behaviour = Callable[[socket.socket], None]


def event(text: str, finish: str | None = None) -> bytes:
    """One piece of a streamed completion."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return b"data: " + json.dumps(chunk | {"choices": [choice]}).encode() + b"\n\n"


def whole(text: str) -> bytes:
    """A good reply with that text, in small pieces."""
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    return OK + b"".join(map(event, pieces)) + event("", "stop") + b"data: [DONE]\n\n"


def says(*parts: bytes) -> Behaviour:
    def behave(client: socket.socket) -> None:
        for part in parts:
            client.sendall(part)

    return behave


def hangs(client: socket.socket) -> None:
    client.recv(1)  # until the other side lets go


def hangs_after(*parts: bytes) -> Behaviour:
    def behave(client: socket.socket) -> None:
        says(*parts)(client)
        hangs(client)

    return behave


def resets(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def resets_after(*parts: bytes) -> Behaviour:
    def behave(client: socket.socket) -> None:
        says(*parts)(client)
        time.sleep(0.2)  # what was sent arrives before the reset
        resets(client)

    return behave


def drips(parts: bytes, *, first: bytes = b"", every: float = 1.0) -> Behaviour:
    def behave(client: socket.socket) -> None:
        client.sendall(first)
        for at in range(len(parts)):
            client.sendall(parts[at : at + 1])
            time.sleep(every)

    return behave


def never_ends(client: socket.socket) -> None:
    client.sendall(OK)
    while True:
        client.sendall(event("all work and no play " * 200))


def status(code: int, *headers: str, body: bytes = b"") -> Behaviour:
    lines = [f"HTTP/1.1 {code} X", f"Content-Length: {len(body)}", *headers, "", ""]
    return says("\r\n".join(lines).encode() + body)


def bomb() -> bytes:
    """100 MB of a reply in some 100 kB."""
    return OK.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + gzip.compress(
        event(" " * 1_000_000) * 100
    )


class ModelServer:
    """Does to every request what `behave` says; `asked` are the requests, whole."""

    def __init__(self) -> None:
        self.behave: Behaviour = hangs
        self.asked: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/v1"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                self.asked.append(_request(client))
                self.behave(client)
            except OSError:
                return  # the other side has left


@contextmanager
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    try:
        yield server
    finally:
        server.close()


def _request(client: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length")
    )
    while len(body) < length:
        body += client.recv(65_536)
    return head + b"\r\n\r\n" + body
