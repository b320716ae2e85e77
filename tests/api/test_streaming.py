"""Streamed replies: what comes when, who holds a place meanwhile, and what ends with a reader."""

from __future__ import annotations

import json
import math
import re
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message

from api.app import create_app
from api.builder import Builder
from api.desk import Asker
from api.settings import ApiSettings
from index import Article, GenerationStore, Library
from qa import Evidence, Found, Sentence, Step, Working
from qa.extractive import ExtractiveReader
from tests.api.conftest import LOCAL
from tests.api.serving import serving
from tests.api.standins import QUOTE, LookupAnswerer
from tests.qa.homes import Home

pytestmark = pytest.mark.anyio

ASK, CHAT = "/v1/ask", "/v1/chat/completions"
JAPAN = "What about Japan?"
BODIES: dict[str, dict[str, object]] = {
    ASK: {"question": JAPAN},
    CHAT: {"stream": True, "messages": [{"role": "user", "content": JAPAN}]},
}
ROUTES = pytest.mark.parametrize("path", [ASK, CHAT])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class PatientAnswerer(LookupAnswerer):
    """Says that it works until it may `go`, then answers; notes when it is left or done."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.go, self.ended = threading.Event(), threading.Event()

    def stream(self, *asked: Any, **named: Any) -> Generator[Step, None, None]:
        try:
            for step in super().stream(*asked, **named):
                yield step
                while isinstance(step, Found) and not self.go.wait(0.02):
                    yield Working()
        finally:
            self.ended.set()


class WaveringAnswerer(LookupAnswerer):
    """Begins anew after `said` sentences, as when an article is deleted that it quotes."""

    said = 1

    def stream(self, *asked: Any, **named: Any) -> Generator[Step, None, None]:
        resolved, found, *sentences, _ = super().stream(*asked, **named)
        yield from (resolved, found, *sentences[: self.said])
        self.generation = 2
        yield from super().stream(*asked, **named)


@pytest.fixture
def answerer(library: Library) -> PatientAnswerer:
    return PatientAnswerer(library)


@pytest.fixture
def serve(
    library: Library, store: GenerationStore, settings: ApiSettings, builder: Builder
) -> Callable[[Asker], FastAPI]:
    return lambda answerer: create_app(answerer, library, store, settings, builder)


class Reading:
    """A request on its way: its reply comes into `messages`, of which `room` may lie unread."""

    def __init__(self, room: float) -> None:
        self.sending, self.messages = anyio.create_memory_object_stream[Message](room)
        self.left = anyio.Event()

    async def event(self) -> str:
        """The next event; the start of the reply is passed over."""
        while not (message := await self.messages.receive()).get("body"):
            assert message.get("status", 200) == 200
        return bytes(message["body"]).decode()

    async def named(self, name: str) -> Any:
        """The data of the next event of that name, what comes before it passed over."""
        while not (event := await self.event()).startswith(f"event: {name}\n"):
            pass
        return json.loads(event.partition("data: ")[2])

    async def rest(self) -> str:
        """All that is still to come."""
        bodies = []
        async for message in self.messages:
            bodies.append(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                break
        return b"".join(bodies).decode()


@asynccontextmanager
async def reading(
    app: FastAPI,
    path: str = ASK,
    room: float = math.inf,
    bodies: Mapping[str, object] = BODIES,
) -> AsyncIterator[Reading]:
    """A streamed reply while it comes; at the end of the block the reader leaves."""
    reader = Reading(room)
    body = [{"type": "http.request", "body": json.dumps(bodies[path]).encode()}]

    async def receive() -> Message:
        if body:
            return body.pop()
        await reader.left.wait()
        return {"type": "http.disconnect"}

    names = {"host": "127.0.0.1", "content-type": "application/json", "accept": "text/event-stream"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in names.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    with anyio.fail_after(10), reader.sending, reader.messages:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(app, scope, receive, reader.sending.send)
            yield reader
            reader.left.set()


async def whole(app: FastAPI, path: str = ASK) -> str:
    """A streamed reply, read to its end."""
    async with reading(app, path) as reader:
        return await reader.rest()


def running(app: FastAPI) -> int:
    """Places of the gate that are held."""
    held: int = app.state.parts.gate.running
    return held


async def test_a_reader_hears_that_the_answer_is_worked_on_and_then_has_it_in_order(
    app: FastAPI, answerer: PatientAnswerer
) -> None:
    async with reading(app) as reader:
        assert (await reader.event()).startswith("event: resolved\n")
        assert (await reader.event()).startswith("event: hits\n")
        assert [await reader.event() for _ in range(2)] == [": working\n\n"] * 2
        answerer.go.set()
        assert (await reader.named("sentence"))["text"] == f"{QUOTE} [1]"
        assert (await reader.event()).startswith("event: done\n")
        assert await reader.rest() == ""


@ROUTES
async def test_an_answer_that_is_waited_for_holds_no_place_of_the_gate(
    app: FastAPI, answerer: PatientAnswerer, path: str
) -> None:
    async with reading(app, path) as waiting:
        while await waiting.event() != ": working\n\n":
            pass
        assert running(app) == 0
        async with reading(app) as other:
            assert await other.named("hits")
            answerer.go.set()
            assert (await other.named("done"))["answered"]
        assert QUOTE in await waiting.rest()


@ROUTES
async def test_a_reader_who_leaves_ends_the_work_at_its_next_step(
    app: FastAPI, answerer: PatientAnswerer, path: str
) -> None:
    async with reading(app, path) as reader:
        while await reader.event() != ": working\n\n":
            pass
        assert not answerer.ended.is_set()
    assert answerer.ended.is_set()
    assert not answerer.go.is_set()
    assert running(app) == 0
    answerer.go.set()
    assert "event: done" in await whole(app)


@ROUTES
async def test_a_slow_reader_holds_no_place_and_gets_the_whole_reply(
    app: FastAPI, answerer: PatientAnswerer, path: str
) -> None:
    answerer.go.set()
    async with reading(app, path, room=0) as slow:
        first = await slow.event()
        for _ in range(3):  # one place and one in the queue would not do, were it held
            assert "event: done" in await whole(app)
        assert running(app) == 0
        assert QUOTE in first + await slow.rest()


@ROUTES
async def test_a_slow_reader_who_leaves_ends_the_work_as_well(
    app: FastAPI, answerer: PatientAnswerer, path: str
) -> None:
    async with reading(app, path, room=0) as slow:
        await slow.event()
        assert not answerer.ended.is_set()
    assert answerer.ended.is_set()


async def test_a_reply_that_begins_anew_says_so(
    serve: Callable[[Asker], FastAPI], library: Library
) -> None:
    async with reading(serve(WaveringAnswerer(library))) as reader:
        assert (await reader.named("resolved"))["generation"] == 1
        assert await reader.named("sentence")
        assert (await reader.named("resolved"))["generation"] == 2
        done = await reader.named("done")
    assert (done["generation"], done["answer"]) == (2, f"{QUOTE} [1]")


async def test_to_a_chat_client_nothing_that_was_said_can_be_taken_back(
    serve: Callable[[Asker], FastAPI], library: Library
) -> None:
    *_, said, error = (await whole(serve(WaveringAnswerer(library)), CHAT)).strip().split("\n\n")
    assert json.loads(said[6:])["choices"][0]["delta"]["content"] == f"{QUOTE} [1]"
    assert json.loads(error[6:])["error"]["code"] == "overtaken"


def test_a_whole_reply_to_a_chat_client_holds_only_what_was_said_anew(
    serve: Callable[[Asker], FastAPI], library: Library
) -> None:
    client = TestClient(serve(WaveringAnswerer(library)), base_url=LOCAL)
    reply = client.post(CHAT, json={**BODIES[CHAT], "stream": False}).json()
    [note] = reply["choices"][0]["message"]["annotations"]
    assert note["url_citation"]["start_index"] == 0
    assert reply["system_fingerprint"] == "generation-2"


async def test_a_chat_client_does_not_notice_that_a_reply_begins_anew_before_it_said_anything(
    serve: Callable[[Asker], FastAPI], library: Library
) -> None:
    wavering = WaveringAnswerer(library)
    wavering.said = 0
    *events, end = (await whole(serve(wavering), CHAT)).strip().split("\n\n")
    sent = [json.loads(event[6:]) for event in events]
    assert end == "data: [DONE]"
    assert [list(each["choices"][0]["delta"]) for each in sent] == [
        ["role", "content"],
        ["content"],
        ["content"],
        ["annotations"],
    ]
    assert len({each["id"] for each in sent}) == 1
    assert [each["system_fingerprint"] for each in sent] == ["generation-1"] + 3 * ["generation-2"]


# Over a real index and a real socket


class Pausing:
    """Quotes as usual, and stops after its first sentence until it may `go`."""

    limit = 3

    def __init__(self) -> None:
        self.go = threading.Event()

    def read(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Sentence | Working]:
        for sentence in ExtractiveReader(self.limit).read(question, evidence):
            yield sentence
            while not self.go.wait(0.02):
                yield Working()


async def test_a_reply_under_way_ends_with_the_generation_that_it_began_with(
    tmp_path: Path, serve: Callable[[Asker], FastAPI]
) -> None:
    def wording(number: int) -> Article:
        text = f"The Gdańsk ferry has {number} cabins. It carries {number} cars to Gdańsk."
        return Article("ferry", text, lang="en")

    def numbers(reply: dict[str, Any]) -> set[str]:
        return {word for each in reply["citations"] for word in re.findall(r"\d+", each["quote"])}

    with ExitStack() as stack:
        home, reader = Home(tmp_path / "home", stack), Pausing()
        home.build(wording(1))
        answerer = home.answerer(reader=reader)
        app = serve(answerer)
        bodies = {**BODIES, ASK: {"question": "How many cabins has the Gdańsk ferry?"}}
        async with reading(app, bodies=bodies) as first:
            assert (await first.named("resolved"))["generation"] == 1
            await first.named("sentence")
            await anyio.to_thread.run_sync(home.build, wording(2))
            assert answerer.refresh()
            reader.go.set()
            done = await first.named("done")
        assert (done["generation"], numbers(done), len(done["citations"])) == (1, {"1"}, 2)
        async with reading(app, bodies=bodies) as second:
            done = await second.named("done")
        assert (done["generation"], numbers(done)) == (2, {"2"})


@pytest.mark.network
@ROUTES
def test_a_connection_that_breaks_in_the_middle_of_a_stream_ends_the_work(
    app: FastAPI, answerer: PatientAnswerer, path: str
) -> None:
    body = json.dumps(BODIES[path]).encode()
    request = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with serving(app) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(request.encode() + body)
            received = b""
            while b": working" not in received:
                received += client.recv(65_536)
            # A reset, as of a client that was killed.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert answerer.ended.wait(10)
        answerer.go.set()
        address = f"http://127.0.0.1:{port}{path}"
        assert QUOTE in httpx2.post(address, json=BODIES[path]).text
    assert running(app) == 0
