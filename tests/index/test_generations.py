import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import (
    BuildLockedError,
    DamagedGenerationError,
    GenerationError,
    NoGenerationError,
    UnknownFormatError,
    UnreadableCurrentError,
    WriteFailedError,
)
from index.generations import FORMAT, GenerationStore, Manifest, Prove

ROOT = Path(__file__).parents[2]
MANIFEST = Manifest(
    number=0,
    encoder="words",
    fingerprint="words-64",
    dim=64,
    settings={"passage_pieces": 200},
    counts={"articles": 1},
    library_revision=7,
    digest="d1",
    created="2025-05-01T08:00:00+00:00",
    files={},
)


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "home")


def seal(store: GenerationStore, prove: Prove | None = None) -> Manifest:
    """A generation of two files, one of them in a folder."""
    with store.writing() as aside:
        (aside / "table").write_bytes(b"rows")
        (aside / "lexical").mkdir()
        (aside / "lexical" / "meta.json").write_bytes(b"{}")
        return store.seal(aside, MANIFEST, prove)


def publish(store: GenerationStore) -> Manifest:
    sealed = seal(store)
    store.publish(sealed.number)
    return sealed


@contextmanager
def changed(path: Path, content: bytes) -> Iterator[None]:
    """The file holds `content` for a while."""
    before = path.read_bytes()
    path.write_bytes(content)
    yield
    path.write_bytes(before)


# -- numbers and CURRENT


def test_a_new_home_has_no_generation_and_says_what_to_run(store: GenerationStore) -> None:
    assert store.kept() == ()
    with pytest.raises(NoGenerationError, match="run `onrecord build`"):
        store.current()


def test_a_number_that_is_not_kept_is_refused_with_those_that_are(store: GenerationStore) -> None:
    publish(store)
    publish(store)
    with pytest.raises(NoGenerationError, match=r"generation 9 is not in .*; kept: 1, 2") as caught:
        store.manifest(9)
    assert (caught.value.number, caught.value.kept) == (9, (1, 2))


def test_numbers_grow_and_current_is_replaced(store: GenerationStore) -> None:
    assert publish(store).number == 1
    assert store.current() == 1
    assert publish(store).number == 2
    assert store.current() == 2
    assert store.kept() == (1, 2)
    assert (store.home / "CURRENT").read_bytes() == b"000002\n"


def test_a_sealed_generation_does_not_serve_before_it_is_published(store: GenerationStore) -> None:
    publish(store)
    seal(store)
    assert (store.current(), store.kept()) == (1, (1, 2))


def test_a_number_is_not_used_again_after_its_generation_was_lost(store: GenerationStore) -> None:
    publish(store)
    publish(store)
    store.discard(2)
    assert seal(store).number == 3


@pytest.mark.parametrize(
    "content", [b"", b"two\n", b"\xff\xfe", b"000001", b"00001\n", b"000001\n\n", b"-00001\n"]
)
def test_a_torn_current_file_is_told_as_such_with_the_way_out(
    store: GenerationStore, content: bytes
) -> None:
    publish(store)
    publish(store)
    (store.home / "CURRENT").write_bytes(content)
    with pytest.raises(UnreadableCurrentError, match="kept: 1, 2; run `onrecord use 2`") as caught:
        store.current()
    assert caught.value.reason.startswith("it holds ")
    assert publish(store).number == 3


def test_a_lost_current_file_is_told_as_such_when_there_are_generations(
    store: GenerationStore,
) -> None:
    publish(store)
    (store.home / "CURRENT").unlink()
    with pytest.raises(UnreadableCurrentError, match="it is missing") as caught:
        store.current()
    assert caught.value.kept == (1,)
    store.use(1)
    assert store.current() == 1


def test_a_current_file_before_any_generation_is_no_index(store: GenerationStore) -> None:
    store.home.mkdir()
    (store.home / "CURRENT").write_bytes(b"?")
    with pytest.raises(NoGenerationError, match="run `onrecord build`"):
        store.current()


def test_what_is_no_generation_has_no_number(store: GenerationStore) -> None:
    publish(store)
    for name in ("7", "0000003", ".gone-000002", "000004.aside", "٠٠٠٠٠٥"):
        (store.home / "generations" / name).mkdir()
    assert (store.kept(), store.aside()) == ((1, 3), ())


def test_the_order_of_generations_does_not_hang_on_the_clock(store: GenerationStore) -> None:
    for created in ("2025-05-01T08:00:00+00:00", "1999-01-01T00:00:00+00:00"):
        with store.writing() as building:
            store.publish(store.seal(building, replace(MANIFEST, created=created)).number)
        os.utime(store.folder(store.current()), (0, 0))
    assert (store.current(), store.prune(1)) == (2, (1,))


# -- the manifest


def test_a_manifest_comes_back_as_it_was_sealed_with_its_number_and_hashes(
    store: GenerationStore,
) -> None:
    sealed = seal(store)
    assert store.manifest(1) == sealed
    assert sealed == replace(
        MANIFEST,
        number=1,
        files={
            "lexical/meta.json": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            "table": "bc51e9e65d79e1c90ba544ab2eae1044ccdf8c1af7a559ba375cba4276f7d99e",
        },
    )


def test_a_newer_format_is_refused_by_its_number(store: GenerationStore) -> None:
    sealed = seal(store)
    newer = replace(sealed, format=FORMAT + 1).to_json()
    (store.folder(1) / "manifest.json").write_text(newer)
    with pytest.raises(UnknownFormatError, match="has format 2, this version reads up to 1"):
        store.verify(1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"format": 1}', "cannot be read"),
        (b"\xff", "cannot be read"),
        (b'{"format": 1, "checksum": "0"}', "has changed"),
    ],
)
def test_a_manifest_that_is_no_manifest_is_refused_by_name(
    store: GenerationStore, content: bytes, reason: str
) -> None:
    seal(store)
    (store.folder(1) / "manifest.json").write_bytes(content)
    with pytest.raises(DamagedGenerationError) as caught:
        store.manifest(1)
    assert (caught.value.file, caught.value.reason) == ("manifest.json", reason)


def test_a_manifest_with_another_value_is_refused(store: GenerationStore) -> None:
    seal(store)
    path = store.folder(1) / "manifest.json"
    path.write_text(path.read_text().replace('"library_revision": 7', '"library_revision": 8'))
    with pytest.raises(DamagedGenerationError, match=r"manifest\.json has changed"):
        store.manifest(1)


def test_no_flipped_bit_of_a_manifest_passes(store: GenerationStore) -> None:
    seal(store)
    path = store.folder(1) / "manifest.json"
    whole = path.read_bytes()
    for at in range(len(whole)):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << at % 8
        path.write_bytes(flipped)
        with pytest.raises(GenerationError):
            store.manifest(1)


def test_a_missing_manifest_is_refused_by_name(store: GenerationStore) -> None:
    seal(store)
    (store.folder(1) / "manifest.json").unlink()
    with pytest.raises(DamagedGenerationError, match=r"manifest\.json is missing"):
        store.manifest(1)


# -- verify


def test_a_whole_generation_passes(store: GenerationStore) -> None:
    assert store.verify(seal(store).number).number == 1


@pytest.mark.parametrize("name", ["table", "lexical/meta.json"])
def test_a_missing_file_is_refused_by_name(store: GenerationStore, name: str) -> None:
    seal(store)
    (store.folder(1) / name).unlink()
    with pytest.raises(DamagedGenerationError, match=f"generation 1: {name} is missing") as caught:
        store.verify(1)
    assert caught.value.file == name


@pytest.mark.parametrize("name", ["added", "lexical/added", "lexical/manifest.json"])
def test_an_added_file_is_refused_by_name(store: GenerationStore, name: str) -> None:
    seal(store)
    (store.folder(1) / name).write_bytes(b"")
    with pytest.raises(DamagedGenerationError, match="does not belong to it") as caught:
        store.verify(1)
    assert caught.value.file == name


def test_every_bit_of_every_file_counts(store: GenerationStore) -> None:
    sealed = seal(store)
    for name in sealed.files:
        path = store.folder(1) / name
        whole = path.read_bytes()
        for bit in range(8 * len(whole)):
            flipped = bytearray(whole)
            flipped[bit // 8] ^= 1 << bit % 8
            with (
                changed(path, bytes(flipped)),
                pytest.raises(DamagedGenerationError, match="has changed") as caught,
            ):
                store.verify(1)
            assert caught.value.file == name
    assert store.verify(1) == sealed


# -- pruning


def test_the_newest_generations_are_kept_and_the_rest_pruned(store: GenerationStore) -> None:
    for _ in range(5):
        publish(store)
    assert store.prune(3) == (1, 2)
    assert store.kept() == (3, 4, 5)
    assert store.prune(3) == ()


def test_the_current_generation_is_never_pruned(store: GenerationStore) -> None:
    for _ in range(4):
        seal(store)
    store.publish(1)
    assert store.prune(1) == (2, 3)
    assert store.kept() == (1, 4)


def test_a_generation_loses_its_number_before_its_files(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store)
    publish(store)

    def killed(path: Path, **_: object) -> None:
        if Path(path).exists():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            store.discard(1)
    assert store.kept() == (2,)
    assert store.verify(2).number == 2
    with store.writing():
        pass
    assert os.listdir(store.home / "generations") == ["000002"]


# -- aside


def keep_aside(store: GenerationStore) -> Manifest:
    with store.writing() as building:
        return store.seal(building, MANIFEST, aside=True)


def test_a_generation_that_is_kept_aside_is_listed_apart_and_can_be_read(
    store: GenerationStore,
) -> None:
    publish(store)
    assert keep_aside(store).number == 2
    assert (store.kept(), store.aside(), store.current()) == ((1,), (2,), 1)
    assert store.verify(2).number == 2
    assert publish(store).number == 3


def test_what_is_aside_is_marked_before_it_has_its_number(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            keep_aside(store)
    left = sorted(os.listdir(store.home / "generations"))
    assert left == ["000001", "000002.aside"]
    assert (store.kept(), store.aside()) == ((1,), ())
    assert publish(store).number == 2  # the mark was not meant for this one
    assert (store.kept(), store.aside()) == ((1, 2), ())


def test_all_that_is_aside_goes_with_the_next_prune_but_what_is_spared(
    store: GenerationStore,
) -> None:
    publish(store)
    keep_aside(store)
    keep_aside(store)
    assert store.prune(1, spare=3) == (2,)
    assert (store.kept(), store.aside()) == ((1,), (3,))
    publish(store)
    assert store.prune(3) == (3,)
    assert sorted(os.listdir(store.home / "generations")) == ["000001", "000004"]


# -- use


def test_an_older_generation_goes_live_and_the_newer_stays(store: GenerationStore) -> None:
    publish(store)
    publish(store)
    assert store.use(1).number == 1
    assert (store.current(), store.kept()) == (1, (1, 2))
    assert publish(store).number == 3


def test_a_generation_that_was_kept_aside_goes_live(store: GenerationStore) -> None:
    publish(store)
    keep_aside(store)
    store.use(2)
    assert (store.current(), store.kept(), store.aside()) == (2, (1, 2), ())
    assert not (store.home / "generations" / "000002.aside").exists()


def test_a_damaged_generation_does_not_go_live(store: GenerationStore) -> None:
    publish(store)
    publish(store)
    (store.folder(1) / "table").unlink()
    with pytest.raises(DamagedGenerationError, match="table is missing"):
        store.use(1)
    assert store.current() == 2


def test_a_number_that_is_not_there_does_not_go_live_and_makes_nothing(
    store: GenerationStore,
) -> None:
    with pytest.raises(NoGenerationError, match="kept: none"):
        store.use(3)
    assert not store.home.exists()
    publish(store)
    keep_aside(store)
    with pytest.raises(NoGenerationError, match="kept: 1; aside: 2"):
        store.use(3)


def test_nothing_goes_live_while_another_builds(store: GenerationStore) -> None:
    publish(store)
    with other_writer(store.home) as process:
        with pytest.raises(BuildLockedError, match=f"process {process.pid}"):
            store.use(1)
        process.communicate()
    assert store.use(1).number == 1


# -- what is proved before it has a number


def test_what_is_not_proved_gets_no_number(store: GenerationStore) -> None:
    seen = []

    def refuse(folder: Path, manifest: Manifest) -> None:
        seen.append((folder.name, manifest.number, sorted(os.listdir(folder))))
        raise DamagedGenerationError(manifest.number, "table", "has changed")

    publish(store)
    with pytest.raises(DamagedGenerationError, match="generation 2: table has changed"):
        seal(store, refuse)
    assert seen == [(".building", 2, ["lexical", "manifest.json", "table"])]
    assert os.listdir(store.home / "generations") == ["000001"]


# -- what the disk refuses


@pytest.mark.parametrize(("name", "least"), [("fsync", 6), ("rename", 1), ("replace", 1)])
def test_what_the_disk_refuses_leaves_nothing_half_written(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch, name: str, least: int
) -> None:
    """Every call of one kind fails in turn."""
    publish(store)
    for failing in range(1, 99):
        with monkeypatch.context() as patch:
            calls = failing_call(patch, name, failing)
            error = refused(store)
        assert {path.name for path in store.home.rglob(".*")} == set()
        assert store.verify(store.current()).number == store.current()
        if error is None:
            break
        assert "the disk is full: No space left on device" in str(error)
    assert failing - 1 == len(calls) >= least
    assert store.kept()[-1] == store.current()


def refused(store: GenerationStore) -> WriteFailedError | None:
    """Writes and publishes a generation; the error when the disk refuses."""
    try:
        with store.writing() as building:
            (building / "table").write_bytes(b"rows")
            store.publish(store.seal(building, MANIFEST).number)
    except WriteFailedError as error:
        return error
    return None


def failing_call(patch: pytest.MonkeyPatch, name: str, failing: int) -> list[object]:
    """The call of `os` with that number fails as on a full disk; gives the calls so far."""
    calls: list[object] = []
    real = getattr(os, name)

    def counted(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        if len(calls) == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments, **options)

    patch.setattr(os, name, counted)
    return calls


@pytest.mark.parametrize(
    ("code", "way_out"),
    [
        (errno.ENOSPC, "MB free; nothing half-written is left, what served before serves on; free"),
        (errno.EROFS, "make the folder writable, or name another home with --home"),
        (errno.EIO, "see to the disk, then run it again"),
    ],
)
def test_an_error_of_the_disk_says_what_to_do(tmp_path: Path, code: int, way_out: str) -> None:
    error = WriteFailedError(tmp_path, OSError(code, os.strerror(code)))
    assert os.strerror(code) in str(error)
    assert way_out in str(error)
    assert error.is_full == (code == errno.ENOSPC)


# -- one writer at a time

HOLD = """
import sys
from pathlib import Path
from index.generations import GenerationStore

with GenerationStore(Path(sys.argv[1])).writing() as aside:
    (aside / "half").write_bytes(b"written")
    print("writing", flush=True)
    sys.stdin.read()
"""


@contextmanager
def other_writer(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that builds until it is told to end."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_writer_is_refused_with_the_process_that_builds(store: GenerationStore) -> None:
    with other_writer(store.home) as process:
        with pytest.raises(BuildLockedError, match=rf"\(process {process.pid}, since 20"):
            seal(store)
        assert (store.home / "generations" / ".building" / "half").exists()
        process.communicate()
    assert seal(store).number == 1


def test_a_second_writer_of_one_process_is_refused_too(store: GenerationStore) -> None:
    with (
        store.writing(),
        pytest.raises(BuildLockedError, match=f"process {os.getpid()}"),
        GenerationStore(store.home).writing(),
    ):
        pass


def test_what_a_killed_writer_left_is_removed_by_the_next(store: GenerationStore) -> None:
    with other_writer(store.home) as process:
        process.kill()
        process.communicate()
        assert (store.home / "generations" / ".building" / "half").exists()
        with store.writing() as aside:
            assert list(aside.iterdir()) == []


def test_the_lock_of_a_dead_process_holds_nobody_up(store: GenerationStore) -> None:
    with other_writer(store.home) as process:
        process.kill()
        process.communicate()
    assert (store.home / "build.lock").exists()
    assert f"process {process.pid}" in (store.home / "build.holder").read_text()
    assert publish(store).number == 1
    assert store.use(1).number == 1
    assert not (store.home / "build.holder").exists()


def test_whatever_killed_writers_left_is_removed_by_the_next(store: GenerationStore) -> None:
    publish(store)
    generations = store.home / "generations"
    for folder in (".building", ".building-old", ".gone-000009"):
        (generations / folder / "lexical").mkdir(parents=True)
    (generations / ".000009.aside.4711").touch()
    (generations / "000009.aside").touch()
    (store.home / ".CURRENT.4711").touch()
    seal(store)
    assert sorted(os.listdir(generations)) == ["000001", "000002"]
    assert sorted(os.listdir(store.home)) == ["CURRENT", "build.lock", "generations"]


def test_a_writer_that_fails_leaves_nothing_but_the_lock(store: GenerationStore) -> None:
    def fail() -> None:
        with store.writing() as aside:
            (aside / "half").write_bytes(b"written")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    left = {path.relative_to(store.home).as_posix() for path in store.home.rglob("*")}
    assert left - {"build.lock"} == {"generations"}
