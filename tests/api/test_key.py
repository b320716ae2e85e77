"""`onrecord key`: made, listed, revoked; shown once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from api.cli import app
from index import KeyStore


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["key", *arguments, "--home", str(home)])


def test_a_new_key_stands_alone_on_standard_output(home: Path) -> None:
    done = run(home, "new", "newsroom")
    assert done.exit_code == 0
    key = KeyStore(home / "library.sqlite").find(done.stdout.strip())
    assert key is not None
    assert (key.name, key.scope, key.rate) == ("newsroom", "read", None)
    assert done.stderr == (
        f"key {key.id}, to read: it is not shown again; `onrecord key revoke {key.id}`\n"
    )


def test_a_key_is_shown_once(home: Path) -> None:
    made = json.loads(
        run(home, "new", "importer", "--scope", "write", "--rate", "60", "--json").stdout
    )
    secret = made.pop("key").rpartition("_")[2]
    listed = run(home, "list", "--json")
    assert json.loads(listed.stdout) == {"keys": [made]}
    assert (made["scope"], made["rate"], made["revoked"]) == ("write", 60, None)
    for told in (listed, run(home, "list"), run(home, "revoke", made["id"]), run(home, "list")):
        assert told.exit_code == 0
        assert secret not in told.output


def test_a_list_shows_what_each_key_may_and_when_it_ended(home: Path) -> None:
    assert run(home, "new", "one", "--rate", "0").exit_code == 0
    run(home, "new", "two", "--scope", "write")
    [one, two] = KeyStore(home / "library.sqlite").all()
    gone = run(home, "revoke", one.id)
    assert gone.stdout.startswith(f"key {one.id} (one) is revoked since 20")
    assert run(home, "revoke", one.id).stdout == gone.stdout
    today = one.created[:10]
    assert run(home, "list").stdout == (
        f"{one.id}  read   any/min     made {today}  revoked {today} one\n"
        f"{two.id}  write  default     made {today}  active             two\n"
    )


def test_what_cannot_be_done_is_told_with_the_way_out(home: Path) -> None:
    missing = run(home, "list")
    assert (missing.exit_code, home.exists()) == (1, False)
    assert "there is no library" in missing.stderr
    run(home, "new", "one")
    unknown = run(home, "revoke", "abc")
    assert (unknown.exit_code, unknown.stderr) == (
        1,
        "onrecord: no key has the id abc: `onrecord key list` has them\n",
    )
    assert run(home, "new", "one", "--scope", "admin").exit_code == 2
    assert run(home, "new", "one", "--rate", "-1").exit_code == 2
    assert run(home, "new", "a\nb").exit_code == 1


def commands(group: Any) -> Iterator[Any]:
    for command in group.commands.values():
        yield from commands(command) if hasattr(command, "commands") else [command]


def test_no_command_takes_a_secret_where_every_user_of_the_machine_reads_it() -> None:
    """What stands on a command line is shown by `ps`."""
    every = [one for each in commands(typer.main.get_group(app)) for one in each.params]
    taken = {name for one in every for name in one.opts} - {"key_id"}
    assert not [name for name in taken if "key" in name or "secret" in name]
