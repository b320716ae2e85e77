"""`onrecord calibrate`: what it writes, and that the home's replies go by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import qa.assembly
from api.cli import app
from qa import packaged_calibration, read_calibration
from tests.fakes import WordEmbedder
from tests.qa.homes import FERRY, HARVEST, RICE, Home

QUESTIONS: tuple[dict[str, object], ...] = (
    {"id": "1", "question": "Who painted the cabin?", "relevant": ["ferry"], "split": "dev"},
    {"id": "2", "question": "Ai thăm Hà Nội?", "relevant": ["rice"], "split": "dev"},
    {"id": "3", "question": "Who won the football?", "answerable": False, "split": "dev"},
    {"id": "4", "question": "Qui a signé ?", "relevant": ["harvest"], "split": "test"},
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with three articles, asked with the encoder that hashes words."""
    monkeypatch.setattr(qa.assembly, "load_embedder", lambda settings: WordEmbedder())
    with ExitStack() as stack:
        path = tmp_path / "home"
        path.mkdir()
        Home(path, stack).build(FERRY, HARVEST, RICE)
        yield path


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write(tmp_path / "questions.jsonl", *QUESTIONS)


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(home: Path, *arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--home", str(home)])


def asked(home: Path, question: str = "Who painted the cabin?") -> dict[str, Any]:
    """The reply of the home, as JSON."""
    done = run(home, "ask", question, "--json")
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_the_home_keeps_the_calibration_and_its_replies_go_by_it(
    home: Path, questions: Path
) -> None:
    before = asked(home)
    done = run(home, "calibrate", questions)
    fitted = read_calibration(home)
    assert done.exit_code == 0, done.stderr
    assert done.stderr == f"fitted on 4 replies, kept in {home / 'calibration.json'}\n"
    assert done.stdout == (
        f"answers from confidence {fitted.answer}, is silent below {fitted.doubt}\n"
    )
    after = asked(home)
    assert after["answered"]
    assert after["confidence"] >= fitted.answer
    assert after["confidence"] != before["confidence"]
    silent = asked(home, "Who won the football?")
    assert (silent["reason"], silent["missing"]) == ("not_in_documents", ["won", "football"])
    assert silent["message"] == "The documents do not say; not found: “won”, “football”."

    (home / "calibration.json").unlink()
    assert asked(home)["confidence"] == before["confidence"]


def test_a_reply_is_silent_in_the_words_of_its_message(home: Path, questions: Path) -> None:
    run(home, "calibrate", questions)
    done = run(home, "ask", "Who won the football?")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:3] == [
        "The documents do not say; not found: “won”, “football”.",
        "",
        "Nearest passages:",
    ]


def test_out_writes_elsewhere_and_leaves_the_home_alone(
    home: Path, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "mine.json"
    done = run(home, "calibrate", questions, "--out", out, "--json")
    report = json.loads(done.stdout)
    assert (report.pop("file"), report["questions"]) == (str(out), 4)
    assert report == json.loads(out.read_text("utf-8"))
    assert not (home / "calibration.json").exists()
    assert read_calibration(home) == packaged_calibration()


def test_only_questions_with_the_label_are_fitted(home: Path, questions: Path) -> None:
    done = run(home, "calibrate", questions, "--where", "split=dev", "--json")
    assert json.loads(done.stdout)["questions"] == 3


def test_either_share_sets_the_threshold(home: Path, questions: Path) -> None:
    def threshold(*options: object) -> float:
        done = run(home, "calibrate", questions, "--json", *options)
        return float(json.loads(done.stdout)["answer"])

    assert threshold("--answered", 1) < threshold("--answered", 0.4)
    assert threshold("--max-false", 1) == 0 < threshold("--max-false", 0)


def test_a_second_calibration_is_not_drawn_from_the_first(home: Path, questions: Path) -> None:
    run(home, "calibrate", questions)
    first = (home / "calibration.json").read_bytes()
    run(home, "calibrate", questions)
    assert (home / "calibration.json").read_bytes() == first


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        (QUESTIONS[2:3], (), "questions with an answer and questions without one"),
        (QUESTIONS, ("--where", "split=train"), "there are: dev, test"),
        (QUESTIONS, ("--out", "/nowhere/mine.json"), "No such file or directory"),
        (QUESTIONS, ("--answered", "1.5"), "--answered"),
        (QUESTIONS, ("--max-false", "-1"), "--max-false"),
    ],
)
def test_a_wrong_use_exits_2_and_writes_nothing(
    home: Path,
    tmp_path: Path,
    rows: tuple[dict[str, object], ...],
    options: tuple[str, ...],
    told: str,
) -> None:
    done = run(home, "calibrate", write(tmp_path / "some.jsonl", *rows), *options)
    assert done.exit_code == 2
    assert told in " ".join(done.stderr.split())
    assert not (home / "calibration.json").exists()


def test_a_question_set_that_cannot_be_read_is_one_line_and_exit_code_1(
    home: Path, tmp_path: Path
) -> None:
    done = run(home, "calibrate", tmp_path / "none.jsonl")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"onrecord: {tmp_path / 'none.jsonl'}:1: cannot be read")


@pytest.mark.parametrize("written", ["", "{}", '{"weights": {"sentence": 1}}', "[1]", "null"])
def test_a_broken_calibration_stops_a_question_with_one_line_that_names_the_file(
    home: Path, written: str
) -> None:
    file = home / "calibration.json"
    file.write_text(written, "utf-8")
    done = run(home, "ask", "Who painted the cabin?")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"onrecord: {file}: ")
    assert "remove the file" in done.stderr
