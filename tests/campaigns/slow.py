"""Two hundred slow connections to `onrecord serve`, behind the nginx that is shipped and bare.

    python -m tests.campaigns.slow [--seed N] [--quick] [--folder F] [--home H] [--slow 200]

From twenty addresses come heads of which a byte a second is sent, bodies that stop, bodies of which
a byte a second is sent, and readers who take nothing of a large reply; honest clients ask from
another address meanwhile. Behind nginx each honest question must be answered and each connection
that stops be closed within ten seconds. Bodies that trickle on cannot be told from an honest slow
line: they are kept from the server and counted here. Bare uvicorn is measured for comparison.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qa import load_questions
from tests.campaigns.driving import ROOT
from tests.campaigns.expecting import Fault
from tests.campaigns.front import front
from tests.campaigns.load import Clients, closed_loop, percentile
from tests.campaigns.reporting import Campaign, campaign, need, options
from tests.campaigns.serving import Connection
from tests.campaigns.shipped import seeds_home, shipped

LIMIT = 10.0  # seconds in which a connection that stops is closed
HONEST = 4
LARGE = "large"  # id of the article that slow readers ask for
KINDS = {
    "heads that trickle": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "bodies that stop": b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b'Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"question": "',
    "bodies that trickle": b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b'Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"question": "',
    "readers who stop": f"GET /v1/articles/{LARGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode(),
}
MAY_STAY = "bodies that trickle"


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--home", type=Path, help="a built home to copy; default: one of seeds/")
    parser.add_argument("--slow", type=int, default=200, help="slow connections")
    chosen = parser.parse_args()
    need("nginx")
    with campaign("slow", chosen) as running:
        home = seeds_home(running.folder / "home", chosen.home)
        with shipped(home) as (_, port), front(running.folder / "nginx", port) as before:
            text = "A sentence that nobody waits for. " * 60_000
            Connection(port).call("PUT", f"/v1/articles/{LARGE}", {"text": text}, (200, 201))
            for name, asked in (("behind nginx", before), ("bare uvicorn", port)):
                result = asyncio.run(trial(asked, chosen.slow, running.lot))
                report(running, name, result)
                if asked == before:
                    running.judge(name, faults(result))


@dataclass(frozen=True)
class Result:
    """What came of one trial.

    `statuses` and `seconds` are of honest questions; `kept` says by kind how many seconds each slow
    connection was kept open, inf where it still was at the end.
    """

    statuses: Mapping[int, int]
    seconds: list[float]
    kept: Mapping[str, list[float]]


def report(running: Campaign, name: str, result: Result) -> None:
    """What came of one trial, in a few lines."""
    low, high = percentile(result.seconds, 50), percentile(result.seconds, 99)
    running.say(
        f"{name}: honest clients {dict(result.statuses)}, median {low:.0f} ms, "
        f"99th percentile {high:.0f} ms"
    )
    for kind, kept in result.kept.items():
        gone = [seconds for seconds in kept if seconds < float("inf")]
        last = f", the last after {max(gone):.1f} s" if gone else ""
        running.say(f"  {kind}: {len(gone)} of {len(kept)} closed{last}")
    running.count(f"honest {name}", sum(result.statuses.values()))
    running.count(f"slow {name}", sum(map(len, result.kept.values())))


def faults(result: Result) -> Iterator[Fault]:
    """Honest questions without an answer, connections that were kept too long."""
    for status, n in result.statuses.items():
        if status != 200:
            yield Fault("lost", f"{n} honest questions ended with {status}")
    if not result.statuses.get(200):
        yield Fault("lost", "no honest question was answered")
    for kind, kept in result.kept.items():
        late = sum(seconds > LIMIT for seconds in kept)
        if late and kind != MAY_STAY:
            yield Fault("stuck", f"{late} {kind} were open after {LIMIT:.0f} s")


async def trial(port: int, n: int, lot: random.Random) -> Result:
    """The slow connections and the honest clients at one port, for a little over the limit."""
    asked = [each.question for each in load_questions(ROOT / "tests/data/questions.jsonl")]
    lot.shuffle(asked)
    kinds = itertools.islice(itertools.cycle(KINDS), n)
    slow = [Slow(kind, port, f"127.0.1.{1 + i % 20}") for i, kind in enumerate(kinds)]
    working = [asyncio.create_task(one.trickle()) for one in slow]
    working.append(asyncio.create_task(watch(port, slow)))
    clients = Clients(port, source="127.0.0.2")
    replies = await closed_loop(clients, itertools.cycle(asked), HONEST, LIMIT + 3)
    clients.close()
    for task in working:
        task.cancel()
    await asyncio.wait(working)
    for one in slow:
        one.close()
    statuses = Counter(reply.status for reply in replies)
    kept = {kind: [one.kept for one in slow if one.kind == kind] for kind in KINDS}
    return Result(statuses, [reply.seconds for reply in replies], kept)


class Slow:
    """A connection whose client sends a beginning and takes nothing; `kept` is in seconds."""

    def __init__(self, kind: str, port: int, source: str) -> None:
        self.kind, self.kept = kind, float("inf")
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self._socket.bind((source, 0))
        self._socket.connect(("127.0.0.1", port))
        self._socket.setblocking(False)
        self._socket.send(KINDS[kind])
        self._opened = time.monotonic()
        self.place = place_of(*self._socket.getsockname())

    async def trickle(self) -> None:
        """A byte more each second, where that is its kind."""
        while "trickle" in self.kind and self.kept == float("inf"):
            await asyncio.sleep(1)
            try:
                self._socket.send(b"a")
            except OSError:
                return

    def see(self, is_open: bool) -> None:
        """Note when the server has closed it."""
        if not is_open and self.kept == float("inf"):
            self.kept = time.monotonic() - self._opened

    def close(self) -> None:
        """Close it here."""
        self._socket.close()


async def watch(port: int, slow: list[Slow]) -> None:
    """See again and again which connections the server at `port` keeps: it cannot be seen by a
    client that does not read."""
    await asyncio.sleep(1)  # all are accepted
    while True:
        held = connections_of(port)
        for one in slow:
            one.see(one.place in held)
        await asyncio.sleep(0.2)


def connections_of(port: int) -> set[str]:
    """The far ends of the connections that are established at a port of this machine."""
    lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    rows = (line.split()[1:4] for line in lines)
    return {far for near, far, state in rows if state == "01" and near.endswith(f":{port:04X}")}


def place_of(address: str, port: int) -> str:
    """An address and a port, as the kernel writes them."""
    number = int.from_bytes(socket.inet_aton(address), sys.byteorder)
    return f"{number:08X}:{port:04X}"


if __name__ == "__main__":
    main()
