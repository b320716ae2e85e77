"""The README is true: its commands, options, settings, routes and targets are those there are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic.fields import FieldInfo

from api.app import create_app
from api.builder import Builder
from api.cli import app
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, Library
from qa import QaSettings
from qa.abstention import Reason
from qa.measures import STATISTICS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CODE = re.findall(r"```\w*\n(.*?)```", README, re.DOTALL)
INLINE = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.DOTALL))


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each command that does something by its name, those of a group behind the group's."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} ")
        else:
            yield before + name, command


COMMANDS: Mapping[str, Any] = dict(commands(typer.main.get_group(app)))


def options(command: Any) -> set[str]:
    """The long options that are the command's own."""
    names = {name for each in command.params for name in each.opts if name.startswith("--")}
    return names - {"--home", "--help"}


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    first = section[section.index("\n|") :].split("\n\n")[0]
    rows = [line.strip("|").split("|") for line in first.strip().splitlines()]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def lines_of_shell() -> Iterator[list[str]]:
    """Every `onrecord` line of a code block, split as the shell does, without its redirection."""
    for block in CODE:
        for line in block.replace("\\\n", " ").splitlines():
            parts = shlex.split(line, comments=True) if "onrecord" in line else []
            while parts and re.fullmatch(r"[A-Z_]+=.*", parts[0]):
                del parts[0]
            if parts[:1] == ["onrecord"]:
                yield parts[1 : parts.index(">") if ">" in parts else None]


def test_the_first_screen_has_the_two_commands_and_a_reply() -> None:
    screen = "\n".join(README.splitlines()[:30])
    assert "\nmake run " in screen
    assert "\nmake test " in screen
    assert "$ make ask Q=" in screen


def test_every_command_is_listed_with_exactly_its_options() -> None:
    listed = {
        " ".join(takewhile(str.islower, row[0].strip("`").split()[1:])): set(
            re.findall(r"--[\w-]+", row[1])
        )
        for row in table("Commands")
    }
    assert listed == {name: options(command) for name, command in COMMANDS.items()}


def test_every_command_line_that_is_shown_can_be_typed() -> None:
    shown = list(lines_of_shell())
    assert {arguments[0] for arguments in shown} >= {"add", "build", "ask", "verify", "evaluate"}
    for name, *arguments in shown:
        if name not in COMMANDS:
            name = f"{name} {arguments.pop(0)}"
        COMMANDS[name].make_context(name, arguments)


def test_every_option_that_is_named_exists() -> None:
    known = {"--home", "--help", "--version"}.union(*map(options, COMMANDS.values()))
    named = {name for code in INLINE for name in re.findall(r"(?<![\w-])--[a-z][\w-]*", code)}
    assert named <= known


def setting(name: str, field: FieldInfo) -> list[str]:
    """The row of a setting."""
    if name == "home":
        default = "the user's data folder"
    else:
        default = "none" if field.default in (None, "") else f"`{field.default}`"
    return [f"`ONRECORD_{name.upper()}`", default, field.description or ""]


def test_every_setting_is_listed_with_its_default_and_its_meaning() -> None:
    classes: tuple[Any, ...] = (IndexSettings, QaSettings, ApiSettings)
    rows = [setting(*item) for each in classes for item in each.model_fields.items()]
    assert table("Settings") == rows, "\n".join(f"| {' | '.join(row)} |" for row in rows)


def test_every_variable_that_is_named_exists() -> None:
    classes: tuple[Any, ...] = (IndexSettings, QaSettings, ApiSettings)
    known = {f"ONRECORD_{name.upper()}" for each in classes for name in each.model_fields}
    assert set(re.findall(r"ONRECORD_\w+", README)) <= known


def test_every_reason_for_silence_is_listed() -> None:
    assert {row[0].strip("`") for row in table("Ask")} == set(get_args(Reason))


def test_every_measure_is_listed() -> None:
    assert {name for row in table("Evaluate") for name in row[0].split(", ")} == set(STATISTICS)


def test_every_route_is_listed_and_every_listed_route_is_there(tmp_path: Path) -> None:
    path, store, settings = tmp_path / "library.sqlite", GenerationStore(tmp_path), ApiSettings()
    with Library(path) as library, Jobs(path) as jobs:
        builder = Builder(jobs, library, store, IndexSettings(home=tmp_path), settings)
        schema = create_app(None, library, store, settings, builder).openapi()
    routes = {
        f"{method.upper()} {path}"
        for path, methods in schema["paths"].items()
        for method in methods
    }
    # Pages for people and the schema itself stand in no schema.
    routes |= {"GET /", "GET /docs", "GET /openapi.json"}
    listed = {name for row in table("HTTP") for name in re.findall(r"`([A-Z]+ /[^`]*)`", row[0])}
    assert listed == routes


def test_every_target_of_make_is_listed_and_every_listed_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {name for code in (*CODE, *INLINE) for name in re.findall(r"\bmake ([a-z]+)\b", code)}
    assert named == targets


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)]+)\)", README))))
def test_a_link_leads_somewhere(target: str) -> None:
    headings = re.findall(r"^## (.+)$", README, re.M)
    anchors = {"#" + heading.lower().replace(" ", "-") for heading in headings}
    assert target.startswith("https://") or target in anchors or (ROOT / target).is_file()


def test_every_file_that_is_named_is_there() -> None:
    named = {
        name for code in INLINE for name in re.findall(r"^(?:tests|seeds|index|qa|api)/\S*$", code)
    }
    assert named >= {"seeds/", "tests/test_journey.py"}
    assert all((ROOT / name).exists() for name in named)
