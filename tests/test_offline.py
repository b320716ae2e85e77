"""No network: articles go in and cited answers come out of a process that can open no socket.

An audit hook refuses sockets, look-ups and child processes of Python, on every system. Where the
kernel lends a network namespace the process gets one of its own as well, with no way out of it, so
that native code is held to the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
UNSHARE = ["unshare", "--map-root-user", "--net"]

# Reads a list of command lines from standard input and writes what came of them; each finds the
# output of the one before on its own standard input.
RUNNER = """
import io, json, socket, sys
from contextlib import redirect_stderr, redirect_stdout

REFUSED = {
    "socket.__new__", "socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg",
    "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
    "subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system",
}
refused = []

def refuse(event, args):
    if event in REFUSED:
        refused.append(event)
        raise PermissionError(f"{event} is refused")

sys.modules["uvloop"] = None  # opens sockets in C, where no hook hears of it
interfaces = [name for _, name in socket.if_nameindex()]
sys.addaudithook(refuse)

from api.cli import main

ran, out = [], io.StringIO()
for arguments in json.load(sys.stdin):
    said = io.BytesIO(out.getvalue().encode())
    sys.argv, sys.stdin = ["onrecord", *arguments], io.TextIOWrapper(said, "utf-8")
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as left:
            code = left.code
        except PermissionError as error:
            code = str(error)
    ran.append({"code": code, "out": out.getvalue(), "err": err.getvalue()})
json.dump({"interfaces": interfaces, "refused": refused, "ran": ran}, sys.stdout)
"""


def isolated(*commands: list[str]) -> dict[str, Any]:
    """What became of the command lines, run one after the other in one process without sockets."""
    namespace = UNSHARE if can_unshare() else []
    # Not told to be offline by any variable: it must be so of itself.
    outside = ("ONRECORD_", "HF_", "TRANSFORMERS_")
    done = subprocess.run(
        [*namespace, sys.executable, "-c", RUNNER],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={n: v for n, v in os.environ.items() if not n.startswith(outside)},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def can_unshare() -> bool:
    try:
        return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.mark.model
def test_the_whole_road_runs_in_a_process_that_can_open_no_socket(
    tmp_path: Path, seeds: Path
) -> None:
    question = "How many valid projects does Japan have in Viet Nam?"
    asked = {"id": "1", "question": question, "relevant": ["004_c343ca25df146372"]}
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps(asked) + "\n", "utf-8")
    home = ["--home", str(tmp_path)]
    result = isolated(
        ["add", str(next(seeds.glob("004_*"))), *home],
        ["build", *home],
        ["ask", question, "--json", *home],
        ["verify", "-", "--json", *home],
        ["evaluate", str(questions), "--json", *home],
    )
    assert [each["code"] for each in result["ran"]] == [0] * 5, result["ran"]
    added, built, reply, proof, evaluation = (each["out"] for each in result["ran"])
    assert added == "1 added, 0 changed, 0 unchanged, 0 refused\n"
    assert built.startswith("generation 1 is live: 1 articles, ")
    citations = json.loads(reply)["citations"]
    assert any("5,500 valid projects" in citation["quote"] for citation in citations)
    assert json.loads(proof) == {"ok": True, "checked": len(citations), "failures": []}
    assert json.loads(evaluation)["figures"]["all"]["Success@1"]["value"] == 1.0
    assert result["refused"] == []
    assert not can_unshare() or result["interfaces"] == ["lo"]


def test_the_same_process_refuses_a_command_that_does_open_a_socket(tmp_path: Path) -> None:
    result = isolated(["serve", "--port", "0", "--home", str(tmp_path)])
    assert result["ran"][0]["code"] == "socket.__new__ is refused"
    assert result["refused"]


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("socket.socket()", "socket.__new__"),
        ("socket.create_connection(('127.0.0.1', 9))", "socket.getaddrinfo"),
        ("socket.gethostbyname('example.org')", "socket.gethostbyname"),
        ("__import__('subprocess').run(['true'])", "subprocess.Popen"),
    ],
)
def test_the_hook_bites(code: str, event: str) -> None:
    hook = RUNNER.split("from api.cli", maxsplit=1)[0]
    done = subprocess.run([sys.executable, "-c", f"{hook}\n{code}"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.endswith(f"PermissionError: {event} is refused\n")
