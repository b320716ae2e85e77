"""`onrecord doctor`: a line a check, and exit code 1 for a problem alone."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from index import Article, GenerationStore, Library
from tests.fakes import WordEmbedder

FIRST = Path(__file__).parents[1] / "data" / "homes" / "first" / "home"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two articles, one of them corrected after the build."""
    monkeypatch.setattr("index.doctor.load_embedder", lambda settings: WordEmbedder())
    monkeypatch.setenv("ONRECORD_ENCODER", "words")
    return Path(shutil.copytree(FIRST, tmp_path / "home"))


def run(home: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *options, "--home", str(home)])


def test_a_line_for_each_check_with_what_to_do(home: Path) -> None:
    done = run(home)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == f"ok       home           {home} can be read and written"
    assert (
        "warning  index          the library was written 1 times since the live index was built; "
        "run `onrecord build`" in lines
    )
    assert lines[-1].startswith("ok       calibration    answers from confidence 0.")
    assert {line.split()[0] for line in lines} == {"ok", "warning"}


def test_a_problem_exits_1_and_the_other_checks_are_there(home: Path) -> None:
    (GenerationStore(home).folder(1) / "tokens.npy").write_bytes(b"torn")
    (home / "calibration.json").write_text("{")
    done = run(home, "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["ok"] is False
    states = {each["check"]: each["state"] for each in report["findings"]}
    assert [check for check, state in states.items() if state == "problem"] == [
        "generation 1",
        "calibration",
    ]
    assert states["library"] == states["encoder"] == "ok"


def test_offline_keeps_the_model_hub_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.setenv(name, "0")
    assert run(home, "--offline").exit_code == 0
    assert (os.environ["HF_HUB_OFFLINE"], os.environ["TRANSFORMERS_OFFLINE"]) == ("1", "1")


def test_an_article_cannot_command_the_terminal(home: Path) -> None:
    with Library(home / "library.sqlite") as library:
        library.put(Article("\x1b]0;owned\x07", "Tea."))
        with library._transaction() as db:
            db.execute("UPDATE texts SET text = 'Coffee.' WHERE text = 'Tea.'")
    done = run(home)
    assert done.exit_code == 1
    assert not any(c in done.stdout for c in "\x1b\x07")
