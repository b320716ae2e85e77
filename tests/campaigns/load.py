"""Load on a server over HTTP: closed loops that find its peak, open loops that go past it.

A closed loop asks when it has its reply, so it never offers more than the server takes. An open one
asks at times fixed beforehand, and a reply is timed from then on: what waits is not left out.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

import numpy as np

TIMEOUT = 60.0  # seconds after which a reply is given up
_IDLE = 3.0  # seconds after which a connection is not used again: the server may be closing it


@dataclass(frozen=True)
class Reply:
    """One reply: its status (0: none came), Retry-After if it has one, seconds, when it came."""

    status: int
    retry_after: str | None
    seconds: float
    at: float


class Clients:
    """Connections to one port, kept open and reused: as many as requests are under way.

    They come from `source`, an address of this machine.
    """

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._port, self._source = port, source
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, question: str, due: float | None = None) -> Reply:
        """The reply to a question, timed from when it was due, or from now."""
        begun = time.perf_counter() if due is None else due
        try:
            async with asyncio.timeout(TIMEOUT):
                status, retry_after = await self._post(question)
        except (OSError, asyncio.IncompleteReadError):  # TimeoutError is an OSError
            status, retry_after = 0, None
        now = time.perf_counter()
        return Reply(status, retry_after, now - begun, now)

    async def _post(self, question: str) -> tuple[int, str | None]:
        reader, writer = await self._connection()
        try:
            writer.write(request_for(question, self._port))
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().splitlines()
            headers = dict(line.split(": ", 1) for line in head[1:] if line)
            await reader.readexactly(int(headers["content-length"]))
        except BaseException:
            writer.close()
            raise
        if headers.get("connection") == "close":
            writer.close()
        else:
            self._idle.append((time.perf_counter(), reader, writer))
        return int(head[0].split()[1]), headers.get("retry-after")

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            since, reader, writer = self._idle.pop()
            if time.perf_counter() < since + _IDLE:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._source, 0))

    def close(self) -> None:
        """Close the connections."""
        for *_, writer in self._idle:
            writer.close()


def request_for(question: str, port: int) -> bytes:
    """The bytes of `POST /v1/ask`."""
    body = json.dumps({"question": question}).encode()
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def closed_loop(
    clients: Clients, questions: Iterator[str], n: int, seconds: float
) -> list[Reply]:
    """The replies to `n` clients who ask one question after the other for so many seconds."""
    end = time.perf_counter() + seconds
    replies: list[Reply] = []

    async def one() -> None:
        while time.perf_counter() < end:
            replies.append(await clients.ask(next(questions)))

    await asyncio.gather(*(one() for _ in range(n)))
    return replies


async def open_loop(
    clients: Clients, questions: Iterator[str], rate: float, seconds: float, lot: random.Random
) -> tuple[list[Reply], float]:
    """The replies to `rate` questions a second at random moments, and how late the last was put."""
    begun = due = time.perf_counter()
    asked: list[asyncio.Task[Reply]] = []
    while (due := due + lot.expovariate(rate)) < begun + seconds:
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        asked.append(asyncio.create_task(clients.ask(next(questions), due)))
        if early <= 0 and len(asked) % 10 == 0:
            await asyncio.sleep(0)  # the replies must be read all the same
    late = max(0.0, time.perf_counter() - due)
    return await asyncio.gather(*asked), late


def probe(port: int, path: str, seconds: float, pause: float = 0.02) -> list[float]:
    """The seconds that each `GET` of a path took, one after the other; inf where none came.

    Called in a process of its own, so that a busy driver is not counted against the server.
    """
    http, times, end = HTTPConnection("127.0.0.1", port, timeout=10), [], time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        try:
            http.request("GET", path)
            with http.getresponse() as reply:
                reply.read()
                is_good = reply.status == 200
        except (OSError, HTTPException):
            http.close()
            is_good = False
        times.append(time.perf_counter() - begun if is_good else float("inf"))
        time.sleep(pause)
    return times


def percentile(seconds: Sequence[float], at: float) -> float:
    """Milliseconds; not a number of nothing."""
    return float(np.percentile(seconds, at, method="higher")) * 1000 if seconds else float("nan")
