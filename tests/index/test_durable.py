from pathlib import Path

import pytest

from index.durable import sync, sync_tree, write_atomically


def test_a_new_file_holds_what_was_written_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_atomically(tmp_path / "CURRENT", b"000001\n")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("CURRENT", b"000001\n")]


def test_a_reader_keeps_the_old_file_while_a_new_one_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    write_atomically(path, b"old")
    with path.open("rb") as reader:
        write_atomically(path, b"new")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path / "CURRENT", b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["CURRENT"]


def test_a_tree_is_synced_with_its_folders_and_keeps_its_files(tmp_path: Path) -> None:
    (tmp_path / "deep" / "empty").mkdir(parents=True)
    (tmp_path / "deep" / "file").write_bytes(b"x")
    sync_tree(tmp_path)
    assert (tmp_path / "deep" / "file").read_bytes() == b"x"


def test_syncing_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync(tmp_path / "nothing")
