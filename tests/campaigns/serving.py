"""Rebuild a hundred times under eight clients who ask a real server over HTTP.

    python -m tests.campaigns.serving [--seed N] [--quick] [--folder F] [--rebuilds 100]

Before each rebuild an article is edited, removed or put back, and each of its wordings says which
it is. No reply may fail; each citation must be in the generation that the reply names, word for
word; for no client may the generation go back; memory and descriptors must not grow.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from index import Article, GenerationStore, Library
from tests.campaigns.driving import ROOT, environment
from tests.campaigns.expecting import Fault
from tests.campaigns.reporting import Campaign, campaign, options
from tests.campaigns.scenario import article, rebuild

CLIENTS = 8
NAMES = tuple(f"{first}{last}" for first in ("nord", "sund", "berg", "lund") for last in "abcdef")
SETTLED = 10  # rebuilds after which memory is first looked at
GROWTH = 1.1  # of memory, at most


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--rebuilds", type=int, default=100)
    chosen = parser.parse_args()
    with campaign("serving", chosen) as running:
        home = running.folder / "home"
        with Library(home / "library.sqlite") as library:
            list(library.put_many(map(article, NAMES)))
            rebuild(library, GenerationStore(home))
        with server(home) as (process, port):
            rebuilds = max(chosen.rebuilds // 5, SETTLED + 5) if running.quick else chosen.rebuilds
            run(running, process.pid, port, rebuilds)


def run(running: Campaign, pid: int, port: int, rebuilds: int) -> None:
    """The rebuilds under the clients, and what is made of all that they were told."""
    editor = Editor(port, running.lot)
    clients = [Client(port, Random(running.lot.random())) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    used: list[tuple[int, int]] = []
    for number in running.over("rebuilds", range(rebuilds)):
        editor.change_and_build()
        if number >= SETTLED:
            used.append((memory_kb(pid), descriptors(pid)))
    for client in clients:
        client.stop.set()
    for client in clients:
        client.join()
    for client in clients:
        running.count("replies", client.asked)
        running.count("with citations", client.answered)
        running.judge("a client", client.faults)
        running.judge("a citation", citation_faults(client.cited, editor))
    running.count("generations asked", len(set().union(*(client.seen for client in clients))))
    (memory, files), (memory_then, files_then) = used[0], used[-1]
    peak = max(kb for kb, _ in used)
    running.say(
        f"memory {memory / 1024:.1f} MB after {SETTLED + 1} rebuilds, {memory_then / 1024:.1f} MB "
        f"after {rebuilds}, {peak / 1024:.1f} MB at most; descriptors {files} and {files_then}"
    )
    if memory_then > memory * GROWTH:
        running.judge("memory", [Fault("wrong", f"it grew from {memory} to {memory_then} KB")])
    if files_then > files + CLIENTS:
        running.judge("descriptors", [Fault("wrong", f"from {files} to {files_then}")])


class Editor:
    """Changes articles and has indexes built; knows what each generation holds."""

    def __init__(self, port: int, lot: Random) -> None:
        self._http, self._lot = Connection(port), lot
        self._versions = dict.fromkeys(NAMES, 1)
        self._here = {name: article(name) for name in NAMES}
        self.texts = {(one.id, one.sha256): one.text for one in self._here.values()}
        self.generations = {1: self._sources()}

    def change_and_build(self) -> None:
        name = self._lot.choice(NAMES)
        if name in self._here and self._lot.random() < 0.2:
            self._http.call("DELETE", f"/v1/articles/{name}", expect=(200, 204))
            del self._here[name]
        else:
            self._versions[name] += 1
            self._put(article(name, self._versions[name]))
        job = self._http.call("POST", "/v1/builds", {}, expect=(202,))
        while job["state"] in ("queued", "running"):
            time.sleep(0.02)
            job = self._http.call("GET", f"/v1/builds/{job['id']}")
        if job["state"] != "succeeded":
            raise RuntimeError(f"the build ended otherwise: {job}")
        self.generations[job["generation"]] = self._sources()

    def _put(self, one: Article) -> None:
        body = {"text": one.text, "title": one.title, "lang": one.lang}
        self._http.call("PUT", f"/v1/articles/{one.id}", body, expect=(200, 201))
        self._here[one.id] = one
        self.texts[one.id, one.sha256] = one.text

    def _sources(self) -> Mapping[str, str]:
        return {name: one.sha256 for name, one in self._here.items()}


Cited = tuple[int, str, str, int, int, str]


@dataclass
class Client(threading.Thread):
    """Asks one question after the other until it is told to stop."""

    port: int
    lot: Random
    stop: threading.Event = field(default_factory=threading.Event)
    asked: int = 0
    answered: int = 0
    cited: set[Cited] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        http, last = Connection(self.port), 0
        while not self.stop.is_set():
            name = self.lot.choice(NAMES)
            body = {"question": f"What did Captain Anna {name.title()} promise?"}
            try:
                reply = http.call("POST", "/v1/ask", body)
            except (OSError, RuntimeError, http_error) as error:
                self.faults.append(Fault("wrong", f"a reply failed: {error}"))
                http = Connection(self.port)
                continue
            self.asked += 1
            self.answered += bool(reply["citations"])
            self.seen.add(reply["generation"])
            for one in reply["citations"]:
                place = (one["article_id"], one["article_sha256"], one["start"], one["end"])
                self.cited.add((reply["generation"], *place, one["quote"]))
            if reply["generation"] < last:
                went = f"from generation {last} back to {reply['generation']}"
                self.faults.append(Fault("wrong", went))
            last = reply["generation"]


def citation_faults(cited: set[Cited], editor: Editor) -> Iterator[Fault]:
    """Each citation stands in its generation, and is the slice of the wording it names."""
    for generation, id, sha256, start, end, quote in sorted(cited):
        if editor.generations[generation].get(id) != sha256:
            yield Fault("wrong", f"generation {generation} does not hold {id} {sha256[:8]}")
        elif editor.texts[id, sha256][start:end] != quote:
            yield Fault("wrong", f"{id} {sha256[:8]} [{start}:{end}] is not {quote!r}")


# -- the server


http_error = http.client.HTTPException


class Connection:
    """A connection to the server, kept open."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def call(
        self, method: str, path: str, body: object = None, expect: tuple[int, ...] = (200,)
    ) -> Any:
        """The body of the reply.

        Raises:
            RuntimeError: it has another status.
        """
        sent = None if body is None else json.dumps(body)
        self._http.request(method, path, sent, {"Content-Type": "application/json"})
        with self._http.getresponse() as response:
            content = response.read()
            if response.status not in expect:
                raise RuntimeError(f"{method} {path}: {response.status} {content.decode()[:300]}")
            return json.loads(content) if content else None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


@contextmanager
def server(home: Path, **settings: str | int) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server over a home, and its port; it is asked to stop at the end.

    `settings` are fields of ApiSettings.
    """
    given = {f"ONRECORD_{name.upper()}": str(value) for name, value in settings.items()}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, descriptor = listening.getsockname()[1], listening.fileno()
        command = [sys.executable, "-m", "tests.campaigns.server", str(home), str(descriptor)]
        around = environment() | given
        process = subprocess.Popen(command, cwd=ROOT, env=around, pass_fds=(descriptor,))
    try:
        with closing(Connection(port)) as http:
            http.call("GET", "/readyz")  # waits in the socket's queue until it serves
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def memory_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def descriptors(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


if __name__ == "__main__":
    main()
