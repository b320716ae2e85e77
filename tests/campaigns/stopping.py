"""Tell `onrecord serve` to stop, twenty times, each time with twenty questions under way.

    python -m tests.campaigns.stopping [--seed N] [--quick] [--folder F] [--home H] [--times 20]

SIGTERM comes at a random moment after the questions were sent. Each must be answered, /readyz must
say 503 before the port closes, and the process must end by itself in ten seconds. Then once more
each with a reader who takes nothing of a large reply, a stream that waits for a language model
which never answers, and a build that runs and must be told to be interrupted.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from index import Jobs
from qa import load_questions
from tests.campaigns.driving import ROOT
from tests.campaigns.expecting import Fault
from tests.campaigns.load import Clients, Reply, percentile
from tests.campaigns.reporting import Campaign, campaign, options
from tests.campaigns.serving import Connection
from tests.campaigns.shipped import seeds_home, shipped

Begin = Callable[[int], AbstractContextManager[None]]

AT_ONCE = 20
LIMIT = 10.0  # seconds


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--home", type=Path, help="a built home to copy; default: one of seeds/")
    parser.add_argument("--times", type=int, default=20)
    chosen = parser.parse_args()
    times = max(1, chosen.times // 10) if chosen.quick else chosen.times
    with campaign("stopping", chosen) as running:
        home = seeds_home(running.folder / "home", chosen.home)
        asked = [each.question for each in load_questions(ROOT / "tests/data/questions.jsonl")]
        running.lot.shuffle(asked)
        questions = itertools.cycle(asked)
        ends = []
        for number in running.over("stops", range(times)):
            moment = running.lot.uniform(0, 0.4)
            # Room for all: whoever finds none is told so at once, and is not under way.
            with shipped(home, queue=AT_ONCE) as (process, port):
                end = asyncio.run(stop_under_way(process, port, questions, moment))
            running.judge(f"stop {number}, after {moment * 1000:.0f} ms", faults(end))
            running.count("answered", sum(reply.status == 200 for reply in end.replies))
            ends.append(end.seconds)
        running.say(f"ended after {percentile(ends, 50):.0f} ms, {max(ends) * 1000:.0f} at most")
        stop_with(running, home, a_reader_who_stops)
        stop_with(running, home, a_build_that_runs)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            model = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
            stop_with(running, home, a_stream_that_waits, llm_base_url=model, llm_model="silent")


@dataclass(frozen=True)
class End:
    """How a server ended.

    `seconds` after the signal, with `code`; `statuses` of /readyz meanwhile; `replies` to what was
    under way.
    """

    seconds: float
    code: int | None
    statuses: list[int]
    replies: list[Reply]


async def stop_under_way(
    process: subprocess.Popen[bytes], port: int, questions: Iterator[str], moment: float
) -> End:
    """Stop a server so many seconds after the questions were sent."""
    clients = Clients(port)
    asked = [asyncio.create_task(clients.ask(next(questions))) for _ in range(AT_ONCE)]
    await asyncio.sleep(moment)
    end = await asyncio.to_thread(stop, process, port)
    replies = await asyncio.gather(*asked)
    clients.close()
    return End(end.seconds, end.code, end.statuses, replies)


def stop(process: subprocess.Popen[bytes], port: int) -> End:
    """Tell a server to stop, watch /readyz until nobody answers, and wait for the end."""
    process.send_signal(signal.SIGTERM)
    begun, statuses = time.monotonic(), []
    with suppress(OSError, HTTPException):
        while True:
            statuses.append(status_of(port, "/readyz"))
            time.sleep(0.05)
    try:
        code = process.wait(2 * LIMIT)
    except subprocess.TimeoutExpired:
        code = None
        process.kill()
    return End(time.monotonic() - begun, code, statuses, [])


def status_of(port: int, path: str) -> int:
    """What a server says to a request on a connection of its own."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=LIMIT)) as http:
        http.request("GET", path)
        return http.getresponse().status


def faults(end: End) -> Iterator[Fault]:
    """Questions without an answer, readiness that was not taken back first, an end too late."""
    for reply in end.replies:
        if reply.status != 200:
            yield Fault("lost", f"status {reply.status} after {reply.seconds:.1f} s")
    # The first look may come before the signal does.
    if set(end.statuses[1:]) != {503}:
        yield Fault("wrong", f"/readyz said {end.statuses}, then the port was closed")
    if end.seconds > LIMIT:
        yield Fault("stuck", f"it ended {end.seconds:.1f} s after the signal")
    if end.code != 0:
        yield Fault("wrong", f"exit code {end.code}")


# -- what takes longer than the server may


def stop_with(running: Campaign, home: Path, begin: Begin, **settings: str) -> None:
    """Stop a server while something goes on that would not end by itself in time."""
    name = begin.__name__.replace("_", " ")
    with shipped(home, **settings) as (process, port), begin(port):
        end = stop(process, port)
    running.say(f"with {name}: ended after {end.seconds:.1f} s")
    running.judge(name, faults(end))
    with Jobs(home / "library.sqlite", read_only=True) as jobs:
        _, last = jobs.page(0, 1)
    if any(not job.has_ended for job in last):
        running.judge(name, [Fault("wrong", f"the build is {last[0].state} still")])


@contextmanager
def a_reader_who_stops(port: int) -> Iterator[None]:
    """Somebody takes nothing of a large article."""
    text = "A sentence that nobody waits for. " * 60_000
    Connection(port).call("PUT", "/v1/articles/large", {"text": text}, (200, 201))
    with connected(port, b"GET /v1/articles/large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"):
        yield


@contextmanager
def a_stream_that_waits(port: int) -> Iterator[None]:
    """Somebody listens to an answer that a language model is to write."""
    body = json.dumps({"question": "Who chairs FPT Group?"}).encode()
    head = (
        "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with connected(port, head.encode() + body) as stream:
        stream.recv(1)
        yield


@contextmanager
def a_build_that_runs(port: int) -> Iterator[None]:
    """Everything is embedded anew."""
    http = Connection(port)
    job = http.call("POST", "/v1/builds", {"full": True}, (202,))
    while http.call("GET", f"/v1/builds/{job['id']}")["state"] == "queued":
        time.sleep(0.05)
    yield


@contextmanager
def connected(port: int, request: bytes) -> Iterator[socket.socket]:
    """A connection with little room for a reply, over which a request was sent."""
    with closing(socket.socket()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect(("127.0.0.1", port))
        connection.sendall(request)
        time.sleep(0.5)
        yield connection


if __name__ == "__main__":
    main()
