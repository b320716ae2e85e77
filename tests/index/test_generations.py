import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import (
    BuildLockedError,
    DamagedGenerationError,
    GenerationError,
    NoGenerationError,
    UnknownFormatError,
)
from index.generations import FORMAT, GenerationStore, Manifest

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


def seal(store: GenerationStore) -> Manifest:
    """A generation of two files, one of them in a folder."""
    with store.writing() as aside:
        (aside / "table").write_bytes(b"rows")
        (aside / "lexical").mkdir()
        (aside / "lexical" / "meta.json").write_bytes(b"{}")
        return store.seal(aside, MANIFEST)


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


@pytest.mark.parametrize("content", [b"", b"two\n", b"\xff\xfe"])
def test_a_current_file_without_a_number_names_no_generation(
    store: GenerationStore, content: bytes
) -> None:
    publish(store)
    (store.home / "CURRENT").write_bytes(content)
    with pytest.raises(NoGenerationError):
        store.current()
    assert publish(store).number == 2


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


def test_a_writer_that_fails_leaves_nothing_but_the_lock(store: GenerationStore) -> None:
    def fail() -> None:
        with store.writing() as aside:
            (aside / "half").write_bytes(b"written")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    left = {path.relative_to(store.home).as_posix() for path in store.home.rglob("*")}
    assert left - {"build.lock"} == {"generations"}
