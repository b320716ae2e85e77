"""`onrecord remove`: what leaves the library, and the proof that nothing of it is left."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import index
import qa
from api.cli import app
from api.erasing import when_free
from index import Article, BuildLockedError, GenerationStore, IndexSettings, Library, load_analyser
from qa import Answerer, QaSettings
from tests.api.standins import QUOTE, TEXT
from tests.fakes import WordEmbedder
from tests.qa.homes import BY_WORDS

RUN = CliRunner()
ID = "vns/gunma-1"
OTHER = Article("flood", "The river rose at night. Nobody was hurt in the flood.", lang="en")


def run(home: Path, *arguments: str) -> Result:
    return RUN.invoke(app, [*arguments, "--home", str(home)])


@pytest.fixture
def home(tmp_path: Path, article: Article, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two articles, built and asked with the encoder that hashes words."""
    home = tmp_path / "home"
    with Library(home / "library.sqlite") as library:
        list(library.put_many([article, OTHER]))

    def open_answerer(
        settings: IndexSettings, asking: QaSettings, generation: int | None = None
    ) -> Answerer:
        library = Library(settings.home / "library.sqlite", read_only=True)
        return Answerer(
            GenerationStore(settings.home),
            library,
            load_analyser(),
            WordEmbedder(),
            asking,
            generation=generation,
            calibration=BY_WORDS,
        )

    monkeypatch.setattr(index, "load_embedder", lambda settings: WordEmbedder())
    monkeypatch.setattr(qa, "open_answerer", open_answerer)
    assert run(home, "build").exit_code == 0
    return home


def figures(proof: dict[str, object]) -> dict[str, dict[str, int]]:
    counts = proof["counts"]
    assert isinstance(counts, list)
    return {count.pop("place"): count for count in counts}


def test_without_a_proof_the_library_alone_changes(home: Path) -> None:
    done = run(home, "remove", ID, "none", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {"removed": [ID], "missing": ["none"]}
    assert GenerationStore(home).kept() == (1,)


def test_a_removal_is_proved_with_a_table_of_before_and_after(home: Path) -> None:
    done = run(home, "remove", ID, "--prove")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == f"{ID}: generation 2 serves"
    assert lines[3].split() == ["articles", "1", "→", "0", "0", "→", "0"]
    assert ["sentences", "3", "→", "0", "0", "→", "3"] in [line.split() for line in lines]
    assert "asked with 3 of its sentences: 0 passages and 0 quotes of it" in lines
    assert "kept generations that hold it: 1; --purge discards them" in lines
    assert lines[-1] == f"proved: {ID} is gone from all that answers come from"
    assert f"removed {ID}" in done.stderr
    state = json.loads(run(home, "status", "--json").stdout)
    assert (state["articles"], state["up_to_date"], state["kept"]) == (1, True, [1, 2])


def test_a_purge_leaves_no_byte_and_no_second_proof(home: Path) -> None:
    done = run(home, "remove", ID, "--purge", "--json")
    assert done.exit_code == 0
    [proof] = json.loads(done.stdout)["proofs"]
    assert (proof["id"], proof["proved"], proof["generation"]) == (ID, True, 2)
    assert figures(proof)["passages"] == {
        "live_before": 1,
        "live_after": 0,
        "kept_before": 0,
        "kept_after": 0,
    }
    assert (proof["kept_in"], proof["unreadable"], proof["shared_with"]) == ([], [], [])
    assert proof["probe"] == {"asked": 3, "hits": 0, "quotes": 0, "copies": []}
    assert (proof["purge"]["found"], proof["purge"]["named"]) == ({}, 0)
    stored = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert QUOTE.encode() not in stored
    assert ID.encode() not in stored
    again = run(home, "remove", ID, "--purge")
    assert (again.exit_code, again.stdout) == (1, "")
    assert f"nothing is known of {ID}" in again.stderr


def test_a_reply_that_quotes_what_was_purged_can_no_longer_be_proved(
    home: Path, tmp_path: Path
) -> None:
    reply = run(home, "ask", QUOTE, "--json").stdout
    saved = tmp_path / "reply.json"
    saved.write_text(reply, "utf-8")
    assert ID in [citation["article_id"] for citation in json.loads(reply)["citations"]]
    assert run(home, "verify", str(saved)).exit_code == 0
    run(home, "remove", ID, "--prove")
    assert run(home, "verify", str(saved)).exit_code == 0  # it is kept for rollback
    run(home, "remove", ID, "--purge")
    failed = run(home, "verify", str(saved))
    assert failed.exit_code == 1
    assert f"article '{ID}' with text" in failed.stdout + failed.stderr


def test_a_copy_of_the_story_is_named_and_stays(home: Path) -> None:
    with Library(home / "library.sqlite") as library:
        library.put(Article("wire", TEXT, lang="en"))
    run(home, "build")
    done = run(home, "remove", ID, "--purge")
    assert done.exit_code == 0
    assert "other articles with the same sentences: wire" in done.stdout


def test_what_is_left_makes_the_exit_code_1_and_is_named_by_status(home: Path) -> None:
    (home / "saved.txt").write_text(f"He said: {QUOTE}", "utf-8")
    done = run(home, "remove", ID, OTHER.id, "--purge")
    assert done.exit_code == 1
    assert "  saved.txt: 1" in done.stdout
    assert f"NOT PROVED: something of {ID} is left, see above" in done.stdout
    assert "proved: flood is gone from every file" in done.stdout
    assert json.loads(run(home, "status", "--json").stdout)["unfinished_purges"] == [ID]
    assert f"purge     of {ID} is unfinished" in run(home, "status").stdout
    (home / "saved.txt").unlink()
    assert run(home, "remove", ID, "--purge").exit_code == 0
    assert json.loads(run(home, "status", "--json").stdout)["unfinished_purges"] == []


def test_ids_that_are_not_known_are_named_and_the_others_are_proved_gone(home: Path) -> None:
    done = run(home, "remove", "none", ID, "--prove", "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["unknown"] == ["none"]
    assert [proof["proved"] for proof in report["proofs"]] == [True]
    nothing = run(home, "remove", "none", "--prove", "--json")
    assert json.loads(nothing.stdout) == {"proofs": [], "unknown": ["none"]}
    assert nothing.exit_code == 1


def test_a_removed_article_that_is_still_in_the_files_comes_back_and_is_named(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "news.jsonl"
    file.write_text(json.dumps({"id": ID, "text": TEXT}) + '\n{"id": "new", "text": "New."}\n')
    run(home, "remove", ID)
    done = run(home, "add", str(file))
    assert (done.exit_code, done.stdout[:7]) == (0, "2 added")
    assert f"back after its removal: {ID}" in done.stderr
    assert "removal: new" not in done.stderr


def test_another_build_is_waited_for_and_not_for_ever(home: Path) -> None:
    store = GenerationStore(home)
    begun = threading.Event()

    def build_for_a_while() -> None:
        with store.writing():
            begun.set()
            time.sleep(0.4)

    other = threading.Thread(target=build_for_a_while)
    other.start()
    begun.wait()
    assert run(home, "remove", ID, "--purge").exit_code == 0
    other.join()
    with store.writing(), pytest.raises(BuildLockedError):
        when_free(lambda: store.writing().__enter__(), patience=0.1)
