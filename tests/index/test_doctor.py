"""A doctor finds what is wrong, says what to do, and never stops at the first thing."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from index import (
    Article,
    EncoderError,
    Finding,
    GenerationStore,
    IndexSettings,
    Library,
    Vectors,
    build,
    examine,
    stand_alone,
    text_sha256,
)
from index.manifest import file_sha256, read_manifest
from index.traces import Subject
from tests.fakes import WordEmbedder


class OtherEmbedder(WordEmbedder):
    """The same weights, read in another way."""

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        return np.roll(super().encode(texts, progress), 1, axis=1)


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.doctor.load_embedder", lambda settings: WordEmbedder())


@pytest.fixture
def built(library: Library, store: GenerationStore, settings: IndexSettings) -> Path:
    """The home of three articles in one generation, its library open."""
    build(library, store, WordEmbedder(), settings)
    return settings.home


def found(settings: IndexSettings) -> dict[str, Finding]:
    """The findings by the name of their check; of several of one check the last."""
    return {finding.check: finding for finding in examine(settings)}


def wrong(settings: IndexSettings) -> list[tuple[str, str, str]]:
    """Check, state and message of all that is not fine."""
    return [(f.check, f.state, f.message) for f in examine(settings) if f.state != "ok"]


def forge(folder: Path, name: str, change: Callable[[Path], None]) -> None:
    """Change a file of a generation, and its hash in the manifest with it."""
    change(folder / name)
    manifest = read_manifest(folder, 1)
    files = dict(manifest.files) | {name: file_sha256(folder / name)}
    replace(manifest, files=files).write(folder)


# -- a sound home


def test_a_sound_home_has_a_line_for_each_check(built: Path, settings: IndexSettings) -> None:
    findings = found(settings)
    assert {check: finding.state for check, finding in findings.items()} == dict.fromkeys(
        (
            "home",
            "library",
            "builds",
            "current",
            "generation 1",
            "files",
            "disk",
            "terms",
            "index",
            "encoder",
        ),
        "ok",
    )
    assert findings["library"].message == "3 articles, revision 1, every text is whole"
    assert findings["generation 1"].message.endswith("3 articles, 5 passages, 8 sentences agree")


def test_nothing_in_the_home_is_changed(
    built: Path, library: Library, settings: IndexSettings
) -> None:
    library.close()

    def state() -> dict[str, tuple[bytes, int]]:
        return {
            str(path): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in built.rglob("*")
            if path.is_file() and not path.name.endswith(("-shm", "-wal"))
        }

    before = state()
    list(examine(settings))
    assert state() == before


def test_a_home_that_is_not_there_is_one_problem_and_stays_so(tmp_path: Path) -> None:
    [finding] = examine(IndexSettings(home=tmp_path / "none"))
    assert (finding.check, finding.state) == ("home", "problem")
    assert "onrecord add" in finding.remedy
    assert list(tmp_path.iterdir()) == []


def test_an_empty_home_is_told_from_a_damaged_one(
    library: Library, settings: IndexSettings
) -> None:
    assert wrong(settings) == [("current", "warning", "nothing has been built yet")]


def test_a_check_that_fails_is_a_finding() -> None:
    def check() -> Iterator[Finding]:
        yield Finding("x", "ok", "so far")
        raise KeyError("lost\nand gone")

    assert list(stand_alone("x", check)) == [
        Finding("x", "ok", "so far"),
        Finding("x", "problem", r"'lost\nand gone'"),
    ]


# -- the library


def test_a_text_that_changed_is_named_by_its_article(
    built: Path, library: Library, settings: IndexSettings
) -> None:
    with library._transaction() as db:
        db.execute("UPDATE texts SET text = replace(text, 'ferry', 'fairy')")
    finding = found(settings)["library"]
    assert finding.state == "problem"
    assert finding.message.startswith("the text of article 'ferry' has changed (")


def test_texts_and_references_that_hang_loose_are_found(
    built: Path, library: Library, settings: IndexSettings
) -> None:
    library.close()
    with sqlite3.connect(built / "library.sqlite") as db:
        sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
        db.execute("INSERT INTO texts VALUES (?, 'foo')", (sha256,))
        db.execute("INSERT INTO articles VALUES ('ghost', 1)")
    assert [message for check, _, message in wrong(settings) if check == "library"] == [
        f"{built / 'library.sqlite'}: a row of articles names none of revisions",
        "1 texts belong to no revision of an article",
    ]


def test_a_library_that_is_none_leaves_the_index_to_be_checked(
    built: Path, library: Library, settings: IndexSettings
) -> None:
    library.close()
    (built / "library.sqlite").write_bytes(b"words of another kind" * 200)
    findings = found(settings)
    assert findings["library"].state == "problem"
    assert "restore it from a backup" in findings["library"].message
    assert findings["generation 1"].state == "ok"
    assert findings["encoder"].state == "problem"
    assert findings["disk"].state == "ok"


def test_a_library_of_a_newer_version_is_refused_by_its_number(
    built: Path, library: Library, settings: IndexSettings
) -> None:
    library.close()
    with sqlite3.connect(built / "library.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    assert "has schema 99, this version reads up to" in found(settings)["library"].message


def test_a_build_whose_server_died_is_told(
    built: Path, library: Library, settings: IndexSettings
) -> None:
    with library._transaction() as db:
        db.execute(
            "INSERT INTO jobs (server, reason, full, state, created, library_revision) "
            "VALUES ('abc', 'request', 0, 'running', '2025-05-01T08:00:00Z', 1)"
        )
    with FileLock(built / ".server-abc.lock"):
        assert found(settings)["builds"].message == "1 queued or running, none stuck"
    message = "the server of build 1 ended before the build did"
    assert wrong(settings) == [("builds", "warning", message)]


def test_a_purge_that_was_cut_short_is_told(built: Path, settings: IndexSettings) -> None:
    (built / "erasing.json").write_text(json.dumps({"ferry": Subject("ferry").fields()}))
    finding = found(settings)["purges"]
    assert (finding.state, finding.remedy) == ("problem", "run `onrecord remove ferry --purge`")


# -- the index


@pytest.mark.parametrize(
    ("content", "state", "told"),
    [
        (b"000007\n", "problem", "CURRENT names generation 7, not there"),
        (b"seven\n", "problem", "names no generation"),
        (None, "problem", "names no generation"),
    ],
)
def test_a_current_that_leads_nowhere_is_a_problem(
    built: Path, settings: IndexSettings, content: bytes | None, state: str, told: str
) -> None:
    if content is None:
        (built / "CURRENT").unlink()
    else:
        (built / "CURRENT").write_bytes(content)
    findings = found(settings)
    assert findings["current"].state == state
    assert told in findings["current"].message
    assert "onrecord" in findings["current"].message + findings["current"].remedy
    assert findings["generation 1"].state == "ok"


def test_every_damaged_file_of_a_generation_is_named(built: Path, settings: IndexSettings) -> None:
    folder = GenerationStore(built).folder(1)
    (folder / "tokens.npy").write_bytes(b"torn")
    (folder / "passages.faiss").unlink()
    (folder / "added").write_bytes(b"")
    finding = found(settings)["generation 1"]
    assert finding.message == (
        "added does not belong to it; passages.faiss is missing; tokens.npy has changed"
    )
    assert (finding.state, finding.remedy) == ("problem", "run `onrecord build --full`")


def test_one_damaged_generation_hides_no_other(
    built: Path, library: Library, store: GenerationStore, settings: IndexSettings
) -> None:
    library.put(Article("more", "Tea."))
    build(library, store, WordEmbedder(), settings)
    (store.folder(1) / "manifest.json").write_text("{}")
    findings = found(settings)
    assert findings["generation 1"].state == "problem"
    assert "manifest.json cannot be read" in findings["generation 1"].message
    assert findings["generation 2"].state == findings["encoder"].state == "ok"


def test_a_newer_generation_is_refused_by_its_number(built: Path, settings: IndexSettings) -> None:
    manifest = GenerationStore(built).manifest(1)
    replace(manifest, format=manifest.format + 1).write(GenerationStore(built).folder(1))
    message = found(settings)["generation 1"].message
    assert f"has format {manifest.format + 1}, this version reads up to" in message


def _edit(column: str, row: int, value: int) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        table = np.load(path)
        table[column][row] = value
        np.save(path, table)

    return change


def _drop_last(path: Path) -> None:
    np.save(path, np.load(path)[:-1])


def _stretch(path: Path) -> None:
    np.save(path, np.load(path) * np.float16(2))


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("passages.npy", _drop_last, "passages.npy holds 4, the manifest says 5"),
        ("passages.npy", _edit("start", 0, 3), "passages that are not whole sentences"),
        ("passages.npy", _edit("first_sentence", 1, 0), "empty, out of order or of other"),
        ("passages.npy", _edit("article", 0, 1), "passages under another article"),
        ("sentences.npy", _edit("start", 1, 5), "sentences that are empty or overlap"),
        ("sentences.npy", _edit("last_token", 0, 10_000), "tokens.npy is not shared out"),
        ("articles.npy", _edit("last_sentence", 0, 3), "does not share out all sentences"),
        ("passage_vectors.npy", _stretch, "passage_vectors.npy has vectors that are not of length"),
        ("sentence_vectors.npy", _drop_last, "sentence_vectors.npy has the shape (7, 64)"),
        ("passage_keys.npy", _drop_last, "passage_keys.npy has not a key for each passage"),
        ("piece_offsets.npy", _drop_last, "piece_offsets.npy does not share out"),
        ("frequency.npy", _drop_last, "numbers beyond vocabulary.txt"),
    ],
)
def test_tables_that_disagree_are_found_though_every_hash_is_right(
    built: Path, settings: IndexSettings, name: str, change: Callable[[Path], None], told: str
) -> None:
    forge(GenerationStore(built).folder(1), name, change)
    finding = found(settings)["generation 1"]
    assert (finding.state, told in finding.message) == ("problem", True), finding.message


def _sql(change: str) -> Callable[[Path], None]:
    def done(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            db.execute(change)
            db.commit()

    return done


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE statements SET stop = stop - 1", "record.sqlite has statements of "),
        ("DELETE FROM persons", "record.sqlite has "),
        (
            "UPDATE articles SET record = replace(record, 'Nowak', 'Kowal')",
            "record.sqlite, article 'ferry': the name at 90 is not as written",
        ),
    ],
)
def test_a_record_that_does_not_quote_its_articles_is_found_though_its_hash_is_right(
    built: Path, settings: IndexSettings, change: str, told: str
) -> None:
    forge(GenerationStore(built).folder(1), "record.sqlite", _sql(change))
    finding = found(settings)["generation 1"]
    assert (finding.state, told in finding.message) == ("problem", True), finding.message


def test_a_wording_that_is_gone_and_a_place_beyond_its_text_are_found(
    built: Path, library: Library, settings: IndexSettings
) -> None:
    short = "The Gdańsk ferry."
    with library._transaction() as db:
        db.execute("INSERT INTO texts VALUES (?, ?)", (text_sha256(short), short))
        db.execute(
            "UPDATE revisions SET sha256 = ? WHERE article_id = 'ferry'", (text_sha256(short),)
        )
    message = found(settings)["generation 1"].message
    assert message == "the library has not the wording of article 'ferry'"

    def quote(path: Path) -> None:
        lines = path.read_text("utf-8").splitlines(keepends=True)
        fields = json.loads(lines[0]) | {"sha256": text_sha256(short)}
        path.write_text("".join([json.dumps(fields) + "\n", *lines[1:]]), "utf-8")

    forge(GenerationStore(built).folder(1), "articles.jsonl", quote)
    message = found(settings)["generation 1"].message
    assert message == "sentences lie beyond the text of article 'ferry'"


# -- what lies around


def test_what_was_left_behind_and_what_is_not_ours_is_told(
    built: Path, settings: IndexSettings
) -> None:
    (built / "generations" / ".building").mkdir()
    (built / "generations" / ".gone-000001").mkdir()
    (built / "generations" / "000009.aside").write_bytes(b"")
    (built / "notes.txt").write_text("mine")
    (built / "own.tsv").write_text("tea\ttea\tthé\ttrà\n")
    (built / "sectors.tsv").write_text("tea\ttea\tthé\ttrà\n")
    own = {"terms": built / "own.tsv", "sectors": built / "sectors.tsv"}
    with_terms = settings.model_copy(update=own)
    assert [each for each in wrong(with_terms) if each[0] == "files"] == [
        (
            "files",
            "warning",
            f"{built / 'generations' / '.building'} was left by a build that was killed, "
            "and 2 more",
        ),
        ("files", "warning", f"{built / 'notes.txt'} is not of onrecord"),
    ]


def test_what_a_running_build_has_there_is_not_left_behind(
    built: Path, store: GenerationStore, settings: IndexSettings
) -> None:
    with store.writing():
        assert found(settings)["files"].message == "a build is running"
    assert wrong(settings) == []


def test_a_lock_left_by_a_dead_process_is_no_running_build(
    built: Path, settings: IndexSettings
) -> None:
    (built / "build.lock").write_bytes(b"")
    (built / "build.holder").write_text("process 1, since 2025")
    [(check, state, message)] = wrong(settings)
    assert (check, state) == ("files", "warning")
    assert "build.holder was left" in message


def test_a_disk_without_room_for_two_builds_is_a_warning(
    built: Path, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    [(check, state, message)] = wrong(settings)
    assert (check, state, message.split(",")[0]) == ("disk", "warning", "0 MB are free")


def test_what_may_not_be_read_or_written_is_told(
    built: Path, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.R_OK)
    assert wrong(settings)[0][:2] == ("home", "warning")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert wrong(settings)[0][:2] == ("home", "problem")


# -- settings


def test_an_index_behind_the_library_is_a_warning_and_one_ahead_a_problem(
    built: Path, library: Library, settings: IndexSettings
) -> None:
    library.put(Article("more", "Tea."))
    message = "the library was written 1 times since the live index was built"
    assert wrong(settings) == [("index", "warning", message)]
    with library._transaction() as db:
        db.execute("UPDATE meta SET revision = 0")
    [(check, state, message)] = wrong(settings)
    assert (check, state) == ("index", "problem")
    assert "is of revision 1 of the library, which is at 0" in message


def test_another_setting_than_the_index_was_built_with_is_a_warning(
    built: Path, settings: IndexSettings
) -> None:
    other = settings.model_copy(update={"passage_pieces": 64})
    message = "the live index was built with another setting of passage_pieces"
    assert wrong(other) == [("index", "warning", message)]


@pytest.mark.parametrize("setting", ["terms", "sectors"])
def test_a_broken_table_is_named_by_its_line(
    built: Path, settings: IndexSettings, setting: str
) -> None:
    (built / "own.tsv").write_text("tea\n")
    finding = found(settings.model_copy(update={setting: built / "own.tsv"}))["terms"]
    assert (finding.state, "own.tsv, line 1: " in finding.message) == ("problem", True)


def test_an_encoder_that_cannot_be_loaded_or_is_another_is_a_problem(
    built: Path, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: IndexSettings) -> WordEmbedder:
        raise EncoderError("no model weights in /models")

    monkeypatch.setattr("index.doctor.load_embedder", missing)
    assert wrong(settings) == [("encoder", "problem", "no model weights in /models")]

    other = WordEmbedder()
    other.name, other.fingerprint = "other", "other-64"
    monkeypatch.setattr("index.doctor.load_embedder", lambda settings: other)
    message = "'other' is set, the live index was built with 'words'"
    assert wrong(settings) == [("encoder", "problem", message)]


def test_an_encoder_that_gives_other_vectors_than_it_did_is_a_problem(
    built: Path, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.doctor.load_embedder", lambda settings: OtherEmbedder())
    [(check, state, message)] = wrong(settings)
    assert (check, state) == ("encoder", "problem")
    assert message.startswith("a passage embedded again is only 0.")
