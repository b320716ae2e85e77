from pathlib import Path

import numpy as np
import pytest

from index.durable import save_array, sync, sync_tree, write_atomically


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


@pytest.mark.parametrize("length", [0, 1, 7, 100_000])
def test_an_array_is_written_as_numpy_would(tmp_path: Path, length: int) -> None:
    array = np.arange(length, dtype=np.int64)
    save_array(tmp_path / "ours.npy", array)
    np.save(tmp_path / "numpy.npy", array)
    assert (tmp_path / "ours.npy").read_bytes() == (tmp_path / "numpy.npy").read_bytes()


@pytest.mark.parametrize("length", [7, 100_000])
def test_an_array_that_a_full_disk_does_not_take_is_an_error(length: int) -> None:
    with pytest.raises(OSError, match="No space left"):
        save_array(Path("/dev/full"), np.zeros(length, dtype=np.int64))
