"""`onrecord build` with a gate, `use` and `diff`: which index serves, and what that changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

import index
import qa.assembly
from api.cli import app
from index import Article, GenerationStore, Library
from tests.fakes import WordEmbedder

RUN = CliRunner()
FERRY = Article("ferry", "The Gdańsk ferry resumes on Monday. Cabins are blue.", lang="en")
HARVEST = Article("harvest", "La récolte de blé a doublé en avril.", lang="fr")
DECOY = Article("decoy", "When does the Gdańsk ferry resume?", lang="en")
QUESTIONS = (
    {"id": "q1", "question": "When does the Gdańsk ferry resume?", "relevant": ["ferry"]},
    {"id": "q2", "question": "la récolte de blé en avril", "relevant": ["harvest"]},
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two articles, built with an encoder that hashes words."""
    for module in (index, qa.assembly):
        monkeypatch.setattr(module, "load_embedder", lambda settings: WordEmbedder())
    home = tmp_path / "home"
    put(home, FERRY, HARVEST)
    assert run(home, "build").exit_code == 0
    return home


@pytest.fixture
def questions(tmp_path: Path) -> str:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in QUESTIONS), "utf-8")
    return str(path)


def put(home: Path, *articles: Article) -> None:
    with Library(home / "library.sqlite") as library:
        list(library.put_many(articles))


def run(home: Path, *arguments: str) -> Result:
    return RUN.invoke(app, [*arguments, "--home", str(home)])


def replied(home: Path, *arguments: str) -> Any:
    return json.loads(run(home, *arguments, "--json").stdout)


def state(home: Path) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """The live generation, those that are kept, those aside."""
    store = GenerationStore(home)
    return store.current(), store.kept(), store.aside()


# -- the gate


def test_a_build_that_is_no_worse_goes_live_through_the_gate(home: Path, questions: str) -> None:
    put(home, Article("sea", "Nothing but waves.", lang="en"))
    done = run(home, "build", "--gate", questions)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == (
        "gate passed: no main measure worse than that of generation 1 by more than allowed, "
        "2 questions"
    )
    assert state(home) == (2, (1, 2), ())


def test_a_worse_build_stays_aside_with_exit_code_3_and_the_questions_that_got_worse(
    home: Path, questions: str
) -> None:
    put(home, DECOY)
    done = run(home, "build", "--gate", questions, "--max-drop", "0.1")
    assert (done.exit_code, done.stdout) == (3, "")
    lines = done.stderr.splitlines()
    assert lines[0] == "generation 2 is worse and stays aside; generation 1 stays live"
    assert "worse: Success@1 1.0000 → 0.5000" in lines
    assert any(
        line.startswith("  q1  When does the Gdańsk ferry resume?  ") and "Success@1 1 → 0" in line
        for line in lines
    )
    assert not any(line.startswith("  q2") for line in lines)
    assert lines[-1].endswith("`onrecord use 2` makes it live all the same")
    assert state(home) == (1, (1,), (2,))


def test_the_verdict_of_a_gate_is_told_to_programs(home: Path, questions: str) -> None:
    put(home, DECOY)
    done = run(home, "build", "--gate", questions, "--json")
    assert done.exit_code == 3
    report = json.loads(done.stdout)
    assert (report["generation"], report["live"], report["gate"]["passed"]) == (2, 1, False)
    assert report["gate"]["measures"]["Success@1"] == {"before": 1.0, "after": 0.5}
    assert [each["id"] for each in report["gate"]["worse"]] == ["q1"]
    lenient = replied(home, "build", "--gate", questions, "--max-drop", "1")
    assert (lenient["generation"], lenient["live"], lenient["gate"]["passed"]) == (3, 3, True)
    assert lenient["embedded"] == 0
    assert replied(home, "build", "--gate", questions)["gate"] is None  # nothing was built


def test_a_first_build_passes_the_gate_with_a_note(
    home: Path, questions: str, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    put(new, FERRY)
    done = run(new, "build", "--gate", questions)
    assert done.exit_code == 0
    assert "gate: nothing to compare with: no index in" in done.stderr
    assert state(new) == (1, (1,), ())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "bad.jsonl:1: not JSON"),
        ("", "the file holds no question"),
        ('{"id": "1", "question": "Who?", "relevant": ["gone"]}', "1 questions can be judged"),
        ('{"id": "1", "question": "?", "answerable": false}', "question '1': "),
        (None, "cannot be read"),
    ],
)
def test_with_questions_that_cannot_be_used_nothing_is_built(
    home: Path, tmp_path: Path, content: str | None, told: str
) -> None:
    put(home, DECOY)
    path = tmp_path / "bad.jsonl"
    if content is not None:
        path.write_text(content, "utf-8")
    done = run(home, "build", "--gate", str(path))
    assert (done.exit_code, done.stdout) == (1, "")
    assert told in done.stderr
    assert state(home) == (1, (1,), ())


def test_max_drop_without_a_gate_is_a_wrong_use(home: Path) -> None:
    assert run(home, "build", "--max-drop", "0.1").exit_code == 2


# -- use


def test_an_older_index_goes_live_and_a_newer_one_again(home: Path) -> None:
    put(home, DECOY)
    run(home, "build")
    back = run(home, "use", "1")
    assert back.stdout == "generation 1 is live: 2 articles; generation 2 was live before\n"
    assert state(home) == (1, (1, 2), ())
    assert run(home, "use", "1").stdout == "generation 1 was live already; it is whole\n"
    assert run(home, "use", "2").exit_code == 0
    assert state(home) == (2, (1, 2), ())


def test_an_index_that_was_kept_aside_goes_live(home: Path, questions: str) -> None:
    put(home, DECOY)
    run(home, "build", "--gate", questions)
    assert run(home, "use", "2").exit_code == 0
    assert state(home) == (2, (1, 2), ())


def test_an_index_that_is_not_there_is_refused_with_those_that_are(
    home: Path, questions: str
) -> None:
    put(home, DECOY)
    run(home, "build", "--gate", questions)
    done = run(home, "use", "9")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.endswith("kept: 1; aside: 2\n")


def test_a_damaged_index_does_not_go_live(home: Path) -> None:
    put(home, DECOY)
    run(home, "build")
    (home / "generations" / "000001" / "tokens.npy").write_bytes(b"")
    done = run(home, "use", "1")
    assert done.exit_code == 1
    assert "generation 1: tokens.npy has changed" in done.stderr
    assert state(home)[0] == 2


def test_a_torn_current_file_is_mended_by_use(home: Path) -> None:
    (home / "CURRENT").write_bytes(b"00")
    told = run(home, "status")
    assert (told.exit_code, "run `onrecord use 1`" in told.stderr) == (1, True)
    done = run(home, "use", "1")
    assert done.stdout == "generation 1 is live: 2 articles; none was live before\n"


def test_use_says_when_another_encoder_is_set(home: Path) -> None:
    """The encoder that hashes words is not the one that the settings name."""
    assert "built with encoder 'words': set ONRECORD_ENCODER" in run(home, "use", "1").stderr


# -- diff


def test_diff_lists_the_replies_that_changed_and_why(home: Path, questions: str) -> None:
    put(home, DECOY)
    run(home, "build")
    done = run(home, "diff", "1", "2", "--questions", questions)
    lines = done.stdout.splitlines()
    assert (done.exit_code, lines[-1]) == (0, "1 same, 1 changed")
    assert lines[0] == "q1  When does the Gdańsk ferry resume?"
    assert f"  + {DECOY.text} (decoy [0:34])" in lines
    assert "  added: article 'decoy' was added" in lines

    report = replied(home, "diff", "1", "2", "--questions", questions)
    assert (report["before"], report["after"], report["same"]) == (1, 2, 1)
    [changed] = report["changed"]
    assert changed["causes"][0]["article_id"] == "decoy"
    same = run(home, "diff", "2", "2", "--questions", questions)
    assert (same.exit_code, same.stdout) == (0, "2 same, 0 changed\n")


def test_diff_of_an_index_that_is_not_there_says_which_are(home: Path, questions: str) -> None:
    done = run(home, "diff", "1", "5", "--questions", questions)
    assert done.exit_code == 1
    assert "generation 5 is not in" in done.stderr


# -- HTTP


def test_an_index_that_is_kept_aside_is_listed_as_such(
    client: TestClient, store: GenerationStore
) -> None:
    manifest = store.manifest(1)
    with store.writing() as building:
        store.seal(building, manifest, aside=True)
    listed = client.get("/v1/generations").json()
    assert listed["live"] == 1
    assert [(each["number"], each["live"], each["aside"]) for each in listed["generations"]] == [
        (1, True, False),
        (2, False, True),
    ]
