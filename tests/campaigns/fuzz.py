"""Send a real server what nobody sends by mistake, then whatever its schema allows or forbids.

    python -m tests.campaigns.fuzz [--seed N] [--quick] [--folder F] [--examples 200] [--texts 2000]

Bodies that are too large must leave its memory as it was, and what is no HTTP, no JSON or no text
be refused; each text stands wherever a text may stand. Then Schemathesis runs all its checks on
every operation of the schema, three times with seeds of their own. No reply may be a failure of the
server's.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from index import GenerationStore, Library
from tests.api.fuzzing import EXCEPTIONS, KEY
from tests.api.hostile import (
    BODIES,
    FOLLOWER,
    HOSTS,
    MALFORMED,
    PATHS,
    exchange,
    requests_with,
    texts,
)
from tests.campaigns.expecting import Fault
from tests.campaigns.reporting import Campaign, campaign, options
from tests.campaigns.scenario import article, rebuild
from tests.campaigns.serving import memory_kb, server

RUNS = 3
NAMES = ("oslo", "riga", "turku", "visby", "gdansk")
LARGEST = 64 * 2**20  # bytes of a body
ROOM_KB = 20 * 1024  # by which a body that is refused may lift the memory of the server
KEYED = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--examples", type=int, default=200, help="of each operation")
    parser.add_argument("--texts", type=int, default=2000)
    chosen = parser.parse_args()
    part = 10 if chosen.quick else 1
    with campaign("fuzz", chosen) as running:
        home = running.folder / "home"
        with Library(home / "library.sqlite") as library:
            list(library.put_many(map(article, NAMES)))
            rebuild(library, GenerationStore(home))
        with server(home, api_key=KEY, rate_per_minute=0) as (process, port):
            by_size(running, process.pid, port)
            by_bytes(running, port)
            by_texts(running, port, max(chosen.texts // part, 1))
            for _ in range(RUNS):
                by_schema(running, port, max(chosen.examples // part, 1))


def by_schema(running: Campaign, port: int, examples: int) -> None:
    """One run of Schemathesis with all its checks."""
    seed = running.lot.randrange(2**31)
    config = running.folder / "schemathesis.toml"
    config.write_text(EXCEPTIONS, "utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
            *("--config-file", str(config), "run", f"http://127.0.0.1:{port}/openapi.json"),
            *("--header", f"Authorization: Bearer {KEY}", "--max-examples", str(examples)),
            *("--seed", str(seed), "--continue-on-failure", "--no-color"),
            *("--generation-database", "none", "--request-timeout", "120"),
        ],
        cwd=running.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout
    tested, cases = re.search(r"Tested: (\d+)", said), re.search(r"(\d+) generated", said)
    running.count("operations", int(tested[1]) if tested else 0)
    running.count("cases of the schema", int(cases[1]) if cases else 0)
    if done.returncode or not cases:
        (running.folder / f"schemathesis-{seed}.txt").write_text(said + done.stderr, "utf-8")
        found = re.findall(r"^- (ST\d+ .*)$", said, re.MULTILINE) or [said[-2000:] + done.stderr]
        running.judge(f"Schemathesis with seed {seed}", (Fault("wrong", each) for each in found))


def by_texts(running: Campaign, port: int, n: int) -> None:
    """Each text wherever a text may stand."""
    lot = random.Random(running.lot.random())
    statuses: Counter[int] = Counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for text in running.over("texts", list(texts(n, lot))):
            for method, path, body in requests_with(text):
                status = send(connection, method, path, body)
                statuses[status] += 1
                if status >= 500:
                    what = f"{method} {path[:80]} {(body or b'')[:300]!r}"
                    running.judge("a text", [Fault("wrong", f"{status}: {what}")])
        for name, path in running.over("ids", list(PATHS.items())):
            for method in ("GET", "PUT", "DELETE"):
                status = send(connection, method, f"/v1/articles/{path}", b'{"text": "A ferry."}')
                if status >= 500:
                    running.judge(f"an id, {name}", [Fault("wrong", f"{method}: {status}")])
        for name, body in running.over("bodies", list(BODIES.items())):
            for path in ("/v1/ask", "/v1/search", "/v1/chat/completions", "/v1/articles"):
                status = send(connection, "POST", path, body)
                if not (400 <= status < 500 or (path == "/v1/articles" and status == 200)):
                    running.judge(f"a body, {name}", [Fault("wrong", f"{path}: {status}")])
    running.say(f"statuses of texts: {dict(sorted(statuses.items()))}")


def by_bytes(running: Campaign, port: int) -> None:
    """Requests that are no HTTP, or for a host that is not served."""
    asked = {f"a host {host!r}": b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n" for host in HOSTS}
    cases = {name: sent + FOLLOWER for name, sent in MALFORMED.items()} | asked
    for name, sent in running.over("malformed requests", list(cases.items())):
        reply = exchange(port, sent)
        if b" 200 OK" in reply or not (reply == b"" or reply.startswith(b"HTTP/1.1 4")):
            running.judge(name, [Fault("wrong", repr(reply[:200]))])


def by_size(running: Campaign, pid: int, port: int) -> None:
    """Bodies over the limit: 413, and the server's memory at its highest is as before."""
    for kind in ("told", "in chunks"):
        forget_peak(pid)
        before = memory_kb(pid)
        head = (
            "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {KEY}\r\n"
        ).encode()
        if kind == "told":
            sent = head + f"Content-Length: {LARGEST}\r\n\r\n".encode() + b" " * LARGEST
        else:
            piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
            chunks = piece * (LARGEST // 65536)
            sent = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
        reply = exchange(port, sent)
        grown = peak_kb(pid) - before
        running.count("oversize bodies")
        running.say(f"{LARGEST >> 20} MB, {kind}: {reply[:12].decode()}, memory +{grown} KB")
        if not reply.startswith(b"HTTP/1.1 413 "):
            running.judge(kind, [Fault("wrong", repr(reply[:200]))])
        if grown > ROOM_KB:
            running.judge(kind, [Fault("wrong", f"memory grew by {grown} KB")])


def send(connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None) -> int:
    """The status of the reply; a connection that was closed is opened anew."""
    connection.request(method, path, body, KEYED)
    with connection.getresponse() as reply:
        content = reply.read()
        if reply.status >= 400 and method != "HEAD":
            json.loads(content)
        return reply.status


def peak_kb(pid: int) -> int:
    """The most memory that a process has used since `forget_peak`."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def forget_peak(pid: int) -> None:
    """Count the peak of a process anew from what it uses now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")


if __name__ == "__main__":
    main()
