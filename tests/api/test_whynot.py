"""`onrecord why-not`: what it prints, and that README.md tells every stage."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import qa.assembly
from api.cli import app
from index import Article, GenerationStore, IndexSettings, Library, build
from qa import Stage
from tests.fakes import WordEmbedder

README = Path(__file__).parent.parent.parent / "README.md"
QUESTION = "When does the ferry resume?"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two articles, asked with the encoder that hashes words."""
    monkeypatch.setattr(qa.assembly, "load_embedder", lambda settings: WordEmbedder())
    with Library(tmp_path / "library.sqlite") as library:
        library.put(Article("ferry", "The ferry resumes on Monday.", lang="en"))
        library.put(Article("rice\x1b", "Rice \x1b[31mprices rose.", lang="en"))
        build(library, GenerationStore(tmp_path), WordEmbedder(), IndexSettings(home=tmp_path))
    return tmp_path


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["why-not", *arguments, "--home", str(home)])


def test_an_unknown_article_is_absent_and_the_exit_code_is_0(home: Path) -> None:
    done = run(home, QUESTION, "--article", "nobody")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "absent: The library has no article with this id.",
        "add it, then run `onrecord build`",
        "",
        "generation 1",
    ]


def test_the_stage_is_told_with_the_numbers_beside_those_of_the_winner(home: Path) -> None:
    done = run(home, QUESTION, "--article", "rice\x1b")
    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert lines[0] == "not_chosen: Its sentences were read, but others were quoted."
    assert lines[1] == "its best sentence is “Rice  [31mprices rose.”"
    assert lines[3].split() == ["article", "beside"]
    assert lines[4].split() == ["rank", "2", "1"]
    assert lines[5].split()[0] == "score"


def test_filters_apply_as_they_do_to_a_question(home: Path) -> None:
    done = run(home, QUESTION, "--article", "ferry", "--lang", "fr", "--from", "2025-01-01")
    assert done.stdout.splitlines()[:2] == [
        "filtered: The filters let none of its passages through.",
        "shut out by date_from 2025-01-01, lang fr",
    ]


def test_programs_get_json(home: Path) -> None:
    done = run(home, QUESTION, "--article", "ferry", "--json")
    assert json.loads(done.stdout) == {
        "article_id": "ferry",
        "resolved_question": QUESTION,
        "generation": 1,
        "stage": "answered",
        "meaning": "It is quoted: nothing was lost.",
        "detail": "see [1] of the answer",
        "numbers": {},
        "beside": {},
    }


def test_what_cannot_be_asked_is_an_error(home: Path) -> None:
    done = run(home, "?", "--article", "ferry")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "the question is empty" in done.stderr


def test_the_readme_tells_every_stage_in_the_order_of_the_road() -> None:
    below = README.read_text("utf-8").split("**When an article is missing.**")[1]
    told = re.findall(r"^\| `(\w+)` \| (.+) \|$", below.split("\n## ")[0], re.M)
    assert told == [(stage.value, stage.meaning) for stage in Stage]
