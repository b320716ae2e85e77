"""What the files of a home still hold, byte for byte."""

from __future__ import annotations

import errno
import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from index import Article, Library, LibraryError, remains
from index.remains import find_remains, read_files, telling

SEED = 20260101
LONG = "The Gdańsk ferry resumes on Monday after a long winter of repairs."
QUOTED = 'He said: "The harbour is closed until the ice has gone."'


@pytest.mark.parametrize("before", range(17))
def test_words_are_found_wherever_they_begin(tmp_path: Path, before: int) -> None:
    (tmp_path / "file").write_bytes(b"\xff" * before + LONG.encode() + b"\x00" * 3)
    found = read_files(tmp_path, [LONG, QUOTED])
    assert found.found == {"file": {LONG}}
    assert (found.files, found.bytes, found.looked_for) == (1, before + len(LONG.encode()) + 3, 2)


def test_words_are_found_across_the_border_of_two_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remains, "_CHUNK", 64)
    length = len(LONG.encode())
    for before in (0, 1, 63 - length % 64, 63, 64, 65, 100, 127):
        (tmp_path / f"{before}").write_bytes(b"." * before + LONG.encode() + b"." * 200)
    assert len(read_files(tmp_path, [LONG]).found) == 8


def test_every_word_that_is_planted_is_found_and_no_other(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    words = ["".join(chance.choices("abcdefgh é", k=chance.randint(15, 90))) for _ in range(400)]
    planted = words[:200]
    chance.shuffle(planted)
    noise = (chance.randbytes(chance.randint(0, 40)) for _ in planted)
    (tmp_path / "noise.bin").write_bytes(
        b"".join(some + word.encode() for some, word in zip(noise, planted, strict=True))
    )
    assert read_files(tmp_path, words).found == {"noise.bin": set(planted)}


def test_words_are_found_as_json_writes_them(tmp_path: Path) -> None:
    text = json.dumps({"title": QUOTED}, ensure_ascii=False)
    assert QUOTED not in text
    (tmp_path / "articles.jsonl").write_text(text, "utf-8")
    assert read_files(tmp_path, [QUOTED]).found == {"articles.jsonl": {QUOTED}}


def test_short_words_are_found_too(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"xxOui.xx")
    assert read_files(tmp_path, ["Oui.", "Non."]).found == {"deep/file": {"Oui."}}


def test_what_is_left_out_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "note").write_text(LONG, "utf-8")
    assert read_files(tmp_path, [LONG], leave_out=[tmp_path / "note"]).files == 0


def test_nothing_to_look_for_is_found_nowhere(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(LONG, "utf-8")
    assert read_files(tmp_path, []).found == {}


def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text(LONG, "utf-8")

    def refuse(path: Path, mode: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(LibraryError, match=r"file cannot be read \(Permission denied\)"):
        read_files(tmp_path, [LONG])
    order = {"home": str(tmp_path), "words": [LONG], "leave_out": []}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(order)))
    remains.main()
    assert "file cannot be read" in json.loads(capsys.readouterr().out)["error"]


def test_another_process_reads_and_tells_what_it_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(LONG, "utf-8")
    (tmp_path / "note").write_text(LONG, "utf-8")
    note = tmp_path / "note"
    assert find_remains(tmp_path, [LONG, QUOTED], [note]) == read_files(
        tmp_path, [LONG, QUOTED], [note]
    )


def test_a_library_that_is_open_keeps_its_locks_while_its_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    index_of_log = tmp_path / "library.sqlite-shm"
    with Library(path) as library:
        library.put(Article("a", LONG))
        assert "library.sqlite-wal" in find_remains(tmp_path, [LONG]).found
        before = index_of_log.stat().st_ino
        code = "import sys; from index import Library; from pathlib import Path; "
        code += "Library(Path(sys.argv[1])).close()"  # the last one takes the log away
        subprocess.run([sys.executable, "-c", code, str(path)], check=True)
        assert index_of_log.stat().st_ino == before


def test_an_article_is_told_by_its_long_sentences_or_else_by_the_longest() -> None:
    assert telling([LONG, "Yes.", QUOTED, LONG]) == (LONG, QUOTED)
    assert telling(["Yes.", "Certainly not."]) == ("Certainly not.",)
    assert telling([]) == ()
