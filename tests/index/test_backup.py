"""A backup holds one moment of a home, whatever happens to the home meanwhile."""

from __future__ import annotations

import json
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from index import (
    Article,
    BackupError,
    GenerationStore,
    IndexSettings,
    Library,
    LibraryError,
    build,
    restore_backup,
    write_backup,
)
from tests.fakes import WordEmbedder


@pytest.fixture
def built(library: Library, store: GenerationStore, settings: IndexSettings) -> Path:
    """The home of three articles in one generation, its library open."""
    build(library, store, WordEmbedder(), settings)
    return settings.home


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home.tar"


def names(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


def again(library: Library, store: GenerationStore, settings: IndexSettings, text: str) -> int:
    """A generation more, after a write."""
    library.put(Article("more", text))
    return build(library, store, WordEmbedder(), settings).generation


def test_the_list_comes_first_and_names_every_other_member(built: Path, file: Path) -> None:
    report = write_backup(built, file)
    with tarfile.open(file) as tar:
        content = tar.extractfile("backup.json")
        assert content is not None
        listed = json.load(content)
    assert names(file) == ["backup.json", *listed["members"]]
    assert [name for name in names(file) if not name.startswith("generations/000001/")] == [
        "backup.json",
        "library.sqlite",
        "CURRENT",
    ]
    contents = report.contents
    assert (contents.articles, contents.library_revision) == (3, 1)
    assert (contents.generations, contents.live, report.left_out) == ((1,), 1, ())
    assert (listed["format"], report.size) == (1, file.stat().st_size)


def test_it_is_compressed_when_its_name_says_so(built: Path, tmp_path: Path) -> None:
    plain = write_backup(built, tmp_path / "home.tar").size
    for name in ("home.tgz", "home.tar.gz"):
        packed = write_backup(built, tmp_path / name)
        assert packed.size < plain / 2
        assert (tmp_path / name).read_bytes()[:2] == b"\x1f\x8b"
        assert names(tmp_path / name) == names(tmp_path / "home.tar")


def test_what_the_operator_keeps_in_the_home_is_taken(built: Path, file: Path) -> None:
    (built / "calibration.json").write_text("{}")
    (built / "own.tsv").write_text("tea\ttea\tthé\ttrà\n")
    (built / "notes.txt").write_text("not of onrecord")
    (built / "sectors.tsv").write_text("tea\ttea\tthé\ttrà\n")
    write_backup(built, file, tables=[built / "own.tsv", built / "sectors.tsv"])
    assert {"calibration.json", "own.tsv", "sectors.tsv"} < set(names(file))
    assert "notes.txt" not in names(file)


def test_a_file_that_is_there_is_replaced_only_when_asked(built: Path, file: Path) -> None:
    file.write_text("precious")
    with pytest.raises(BackupError, match=r"home\.tar is there already: .* --force"):
        write_backup(built, file)
    assert file.read_text() == "precious"
    write_backup(built, file, force=True)
    assert names(file)[0] == "backup.json"


def test_nothing_is_left_beside_the_file(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    write_backup(built, folder / "home.tar")
    with pytest.raises(BackupError, match=r"cannot be written: No such file"):
        write_backup(built, tmp_path / "nowhere" / "home.tar")
    assert [path.name for path in folder.iterdir()] == ["home.tar"]


def test_a_library_without_an_index_is_backed_up(
    library: Library, settings: IndexSettings, file: Path
) -> None:
    contents = write_backup(settings.home, file).contents
    assert (names(file), contents.live) == (["backup.json", "library.sqlite"], None)


def test_a_home_without_a_library_is_refused_with_the_way_to_begin(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="there is no library at"):
        write_backup(tmp_path / "none", tmp_path / "home.tar")
    assert list(tmp_path.iterdir()) == []


def test_every_generation_is_taken_when_asked_and_one_aside_stays_aside(
    built: Path, library: Library, store: GenerationStore, settings: IndexSettings, file: Path
) -> None:
    again(library, store, settings, "Tea.")
    again(library, store, settings, "Tea and coffee.")
    store.publish(2)
    (built / "generations" / "000003.aside").write_bytes(b"")
    contents = write_backup(built, file, every=True).contents
    assert (contents.generations, contents.live) == ((1, 2, 3), 2)
    assert "generations/000003.aside" in names(file)
    restore_backup(file, built.with_name("back"))
    back = GenerationStore(built.with_name("back"))
    assert (back.kept(), back.aside(), back.current()) == ((1, 2), (3,), 2)


def test_a_damaged_generation_is_left_out_by_the_name_of_its_file(
    built: Path, library: Library, store: GenerationStore, settings: IndexSettings, file: Path
) -> None:
    again(library, store, settings, "Tea.")
    (store.folder(2) / "tokens.npy").write_bytes(b"torn")
    report = write_backup(built, file, every=True)
    assert (report.contents.generations, report.contents.live) == ((1,), 1)
    assert report.left_out == ("generation 2: tokens.npy has changed; run `onrecord build --full`",)
    alone = write_backup(built, file, force=True)
    assert (alone.contents.live, alone.contents.articles, len(alone.left_out)) == (None, 4, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"000009\n", "generation 9 is not in"), (b"nine\n", "names no generation")],
)
def test_a_current_that_leads_nowhere_leaves_the_index_out(
    built: Path, file: Path, content: bytes, told: str
) -> None:
    (built / "CURRENT").write_bytes(content)
    report = write_backup(built, file)
    assert (report.contents.generations, report.contents.live) == ((), None)
    assert told in report.left_out[0]


def test_a_library_whose_text_has_changed_is_not_backed_up(
    built: Path, library: Library, file: Path
) -> None:
    file.write_text("the last good one")
    with library._transaction() as db:
        db.execute("UPDATE texts SET text = replace(text, 'ferry', 'fairy')")
    with pytest.raises(BackupError, match="the text of article 'ferry' has changed"):
        write_backup(built, file, force=True)
    assert file.read_text() == "the last good one"


def test_backups_taken_while_articles_are_written_and_built_can_be_restored(
    built: Path, library: Library, settings: IndexSettings, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"keep_generations": 1})
    done = threading.Event()

    def write() -> None:
        with Library(library.path) as own:
            for number in range(1000):
                if done.is_set():
                    return
                own.put(Article("busy", f"Wording {number} of the harbour news. It is short."))
                build(own, GenerationStore(built), WordEmbedder(), settings)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [write_backup(built, tmp_path / f"{n}.tar", every=n % 2 > 0) for n in range(5)]
    finally:
        done.set()
        writer.join()
    for number, report in enumerate(reports):
        assert report.left_out == ()
        assert report.contents.live is not None
        home = tmp_path / f"back-{number}"
        assert restore_backup(tmp_path / f"{number}.tar", home).contents == report.contents
        manifest = GenerationStore(home).verify(report.contents.live)
        assert manifest.library_revision <= report.contents.library_revision
    revisions = [report.contents.library_revision for report in reports]
    assert revisions == sorted(revisions)
    assert len(set(revisions)) > 1


@pytest.mark.parametrize(
    ("moment", "number", "word"), [("index", 2, "stays"), ("copy", 1, "resumes")]
)
def test_a_generation_pruned_while_it_is_read_is_whole_in_the_file_or_not_in_it(
    built: Path,
    library: Library,
    store: GenerationStore,
    settings: IndexSettings,
    file: Path,
    moment: str,
    number: int,
    word: str,
) -> None:
    """Its files were open, and go with the library of that moment or with none."""
    ferry = library.get("ferry")
    settings = settings.model_copy(update={"keep_generations": 1})
    seen: list[str] = []

    def prune(stage: str, done: int, total: int) -> None:
        if stage == moment and not seen:
            seen.append(stage)
            library.put(replace(ferry, text="The ferry stays in the harbour."))
            build(library, store, WordEmbedder(), settings)

    report = write_backup(built, file, progress=prune)
    assert (report.contents.generations, report.left_out) == ((number,), ())
    assert (seen, store.kept(), len(library.revisions("ferry"))) == ([moment], (2,), 1)
    restore_backup(file, built.with_name("back"))
    with Library(built.with_name("back") / "library.sqlite") as back:
        assert word in back.get("ferry").text
