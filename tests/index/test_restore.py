"""A backup becomes the home whole, or the home stays as it was and the bad member is named."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index import (
    BackupError,
    GenerationStore,
    IndexSettings,
    Library,
    build,
    restore_backup,
    write_backup,
)
from index.manifest import checksum
from tests.fakes import WordEmbedder
from tests.index.conftest import FERRY, HARVEST, RICE

Change = Callable[[dict[str, bytes], dict[str, Any]], None]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home of three articles, and a backup of it."""
    folder = tmp_path_factory.mktemp("kept")
    settings = IndexSettings(home=folder / "home", passage_pieces=32, overlap_pieces=16)
    with Library(settings.home / "library.sqlite") as library:
        list(library.put_many([FERRY, HARVEST, RICE]))
        build(library, GenerationStore(settings.home), WordEmbedder(), settings)
    write_backup(settings.home, folder / "home.tar")
    return folder


@pytest.fixture
def built(kept: Path, tmp_path: Path) -> Path:
    """The home, to be changed."""
    return Path(shutil.copytree(kept / "home", tmp_path / "home"))


@pytest.fixture
def file(kept: Path, tmp_path: Path) -> Path:
    """The backup, to be changed."""
    return Path(shutil.copy(kept / "home.tar", tmp_path / "home.tar"))


@pytest.fixture
def back(tmp_path: Path) -> Path:
    """Where it is to be restored: in a folder that holds nothing."""
    folder = tmp_path / "restored"
    folder.mkdir()
    return folder / "home"


def content(home: Path) -> dict[str, str]:
    """The hash of each file of a home, without locks and logs."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and path.suffix not in (".lock", ".sqlite", ".sqlite-shm", ".sqlite-wal")
    }


def rewrite(file: Path, change: Change, *, sign: bool = True) -> None:
    """The backup with other members or another list, whose checksum is right unless not signed."""
    members = {}
    with tarfile.open(file) as tar:
        for member in tar:
            held = tar.extractfile(member)
            assert held is not None
            members[member.name] = held.read()
    listed = json.loads(members.pop("backup.json"))
    change(members, listed)
    if sign:
        listed.pop("checksum")
        listed["checksum"] = checksum(listed)
    with tarfile.open(file, "w") as tar:
        for name, packed in {"backup.json": json.dumps(listed).encode(), **members}.items():
            info = tarfile.TarInfo(name)
            info.size = len(packed)
            tar.addfile(info, io.BytesIO(packed))


def refused(file: Path, back: Path) -> str:
    """Why the backup was refused; nothing was put in place, nor left."""
    with pytest.raises(BackupError) as caught:
        restore_backup(file, back)
    assert list(back.parent.iterdir()) == []
    return str(caught.value)


# -- where to


def test_a_missing_and_an_empty_home_become_what_was_backed_up(
    built: Path, file: Path, back: Path
) -> None:
    report = restore_backup(file, back)
    assert content(back) == content(built)
    assert (report.contents.articles, report.contents.live, report.aside) == (3, 1, None)
    empty = back.with_name("empty")
    empty.mkdir()
    restore_backup(file, empty)
    assert content(empty) == content(built)
    with Library(empty / "library.sqlite") as library:
        assert library.article_ids() == ["ferry", "gao", "recolte"]
    assert sorted(path.name for path in back.parent.iterdir()) == ["empty", "home"]


def test_a_home_that_is_not_empty_is_left_alone(file: Path, back: Path) -> None:
    back.mkdir()
    (back / "precious").write_text("words")
    with pytest.raises(BackupError, match=r"is not empty: .* --force"):
        restore_backup(file, back)
    assert [path.name for path in back.parent.iterdir()] == ["home"]
    assert (back / "precious").read_text() == "words"


def test_with_force_the_former_home_is_moved_aside_whole(file: Path, back: Path) -> None:
    back.mkdir()
    (back / "precious").write_text("words")
    aside = restore_backup(file, back, force=True).aside
    assert aside is not None
    assert aside.name.startswith("home.before-")
    assert (aside / "precious").read_text() == "words"
    assert GenerationStore(back).verify(1).number == 1


def test_a_home_whose_library_is_open_is_not_moved_aside(built: Path, file: Path) -> None:
    with Library(built / "library.sqlite") as library:
        assert library.count() == 3
        with pytest.raises(BackupError, match="is in use: stop the server"):
            restore_backup(file, built, force=True)
        assert library.count() == 3
    assert restore_backup(file, built, force=True).aside is not None


def test_a_home_that_is_being_built_is_not_moved_aside(built: Path, file: Path) -> None:
    with (
        GenerationStore(built).writing(),
        pytest.raises(BackupError, match="in use by a build"),
    ):
        restore_backup(file, built, force=True)
    assert restore_backup(file, built, force=True).aside is not None


# -- damage


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, back: Path) -> None:
    file = tmp_path / "foreign"
    file.write_bytes(b"")
    assert "foreign is damaged or no backup after its beginning" in refused(file, back)
    file.write_bytes(random.Random(1).randbytes(20_000))
    assert "foreign is damaged or no backup after its beginning" in refused(file, back)
    with tarfile.open(file, "w") as tar:
        tar.addfile(tarfile.TarInfo("readme.txt"))
    assert "is not a backup of onrecord: it begins with 'readme.txt'" in refused(file, back)
    assert "No such file" in refused(tmp_path / "none", back)


def test_a_newer_format_is_refused_by_its_number(file: Path, back: Path) -> None:
    rewrite(file, lambda members, listed: listed.update(format=2, invented="later"))
    assert "has format 2, this version reads up to 1; upgrade onrecord" in refused(file, back)


def test_a_newer_library_is_refused_by_its_number(built: Path, tmp_path: Path, back: Path) -> None:
    file = tmp_path / "newer.tar"
    write_backup(built, file)
    path = tmp_path / "newer.sqlite"

    def change(members: dict[str, bytes], listed: dict[str, Any]) -> None:
        path.write_bytes(members["library.sqlite"])
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 99")
        newer = path.read_bytes()
        members["library.sqlite"] = newer
        listed["members"]["library.sqlite"] = [len(newer), hashlib.sha256(newer).hexdigest()]

    rewrite(file, change)
    assert "has schema 99, this version reads up to" in refused(file, back)


def test_no_cut_of_the_file_is_restored(file: Path, back: Path) -> None:
    whole = file.read_bytes()
    with tarfile.open(file) as tar:
        last = max(member.offset_data + member.size for member in tar)
    seed = random.Random(20)
    for end in [last - 1, 512, 511, *(seed.randrange(last) for _ in range(20))]:
        file.write_bytes(whole[:end])
        assert "after " in refused(file, back)


def test_no_flipped_bit_of_a_member_is_restored(file: Path, back: Path) -> None:
    whole = file.read_bytes()
    with tarfile.open(file) as tar:
        places = [(m.name, m.offset_data, m.size) for m in tar if m.size]
    seed = random.Random(21)
    for name, start, size in places:
        flipped = bytearray(whole)
        flipped[start + seed.randrange(size)] ^= 1 << seed.randrange(8)
        file.write_bytes(flipped)
        assert f"damaged: {name} " in refused(file, back)


def test_no_flipped_bit_of_a_header_puts_another_home_in_place(
    built: Path, file: Path, back: Path
) -> None:
    whole = file.read_bytes()
    with tarfile.open(file) as tar:
        headers = [member.offset for member in tar]
    seed = random.Random(22)
    refusals = 0
    for start in headers:
        flipped = bytearray(whole)
        flipped[start + seed.randrange(512)] ^= 1 << seed.randrange(8)
        file.write_bytes(flipped)
        try:
            restore_backup(file, back)
        except BackupError:
            refusals += 1
            assert list(back.parent.iterdir()) == []
        else:
            assert content(back) == content(built)
            back.rename(built.with_name(f"done-{start}"))
    assert refusals > len(headers) / 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda members, listed: members.pop("CURRENT"), "CURRENT is missing after"),
        (lambda members, listed: members.update(more=b"x"), "'more' is not in its list"),
        (
            lambda members, listed: members.update({"CURRENT": b"0000001\n"}),
            "CURRENT has another size",
        ),
        (lambda members, listed: members.update({"CURRENT": b"000002\n"}), "CURRENT has changed"),
    ],
)
def test_members_are_those_of_the_list(file: Path, back: Path, change: Change, reason: str) -> None:
    rewrite(file, change)
    assert reason in refused(file, back)


def test_a_list_with_another_checksum_is_refused(file: Path, back: Path) -> None:
    rewrite(file, lambda members, listed: listed.update(articles=4), sign=False)
    assert "backup.json has changed" in refused(file, back)
    rewrite(file, lambda members, listed: listed.update(members=[1]))
    assert "backup.json cannot be read" in refused(file, back)


def test_a_signed_file_is_still_opened_and_asked(file: Path, back: Path) -> None:
    """What was whole when it was packed, yet does not agree with itself."""

    def forge(members: dict[str, bytes], listed: dict[str, Any]) -> None:
        name = "generations/000001/tokens.npy"
        members[name] = members[name][:-1] + b"\x7f"
        listed["members"][name] = [
            len(members[name]),
            hashlib.sha256(members[name]).hexdigest(),
        ]

    rewrite(file, forge)
    assert "is not restored: generation 1: tokens.npy has changed" in refused(file, back)


# -- names that lead elsewhere


@pytest.mark.parametrize(
    "name",
    ["../out", "/tmp/out", "generations/../../out", "a\\..\\out", "C:out", "a//b", "./a", "a\nb"],
)
def test_a_name_that_leads_out_of_the_home_is_refused(file: Path, back: Path, name: str) -> None:
    def smuggle(members: dict[str, bytes], listed: dict[str, Any]) -> None:
        members[name] = b"owned"
        listed["members"][name] = [5, hashlib.sha256(b"owned").hexdigest()]

    rewrite(file, smuggle)
    assert "is no plain file inside a home" in refused(file, back)
    assert not (back.parent.parent / "out").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_links_and_devices_are_refused(file: Path, back: Path, kind: bytes) -> None:
    with tarfile.open(file) as tar:
        [first, *_] = tar
        held = tar.extractfile(first)
        assert held is not None
        listed = held.read()
    with tarfile.open(file, "w") as tar:
        tar.addfile(first, io.BytesIO(listed))
        info = tarfile.TarInfo("library.sqlite")
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    assert "'library.sqlite' is no plain file" in refused(file, back)
