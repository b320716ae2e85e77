import datetime
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.articles import Article, text_sha256
from index.building import BuildReport, build
from index.database import SCHEMA_VERSION
from index.errors import ArticleNotFoundError, ImportRefusedError, LibraryError
from index.generations import GenerationStore
from index.jobs import Jobs
from index.library import BATCH, Library
from index.settings import IndexSettings
from tests.fakes import WordEmbedder

ROOT = Path(__file__).parents[2]
FERRY = Article(
    "ferry",
    "The Gdańsk ferry resumes on Monday.",
    title="Ferry",
    date=datetime.date(2025, 4, 28),
    outlet="Việt Nam News",
    lang="en",
    url="https://example.org/ferry",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "library.sqlite"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library(path) as library:
        yield library


IMPORTS = """
import os, signal, sys
from pathlib import Path
from index.articles import Article
from index.errors import LibraryError
from index.library import Library
"""


def start(code: str, *args: object) -> subprocess.Popen[str]:
    """A Python process that runs `code` after IMPORTS."""
    command = [sys.executable, "-c", IMPORTS + code, *map(str, args)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, _ = process.communicate(timeout=60)
    return process.returncode, out


# -- what is stored


def test_an_article_comes_back_equal_with_all_that_is_known_about_it(library: Library) -> None:
    assert library.put(FERRY) == "added"
    assert library.get("ferry") == FERRY


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nb\rc\n",
        "Vie\u0302\u0323t Nam",
        "\u200fשלום\u200e x",
        "🇻🇳👩‍🌾",
        "a\0b",
        "\ufeff x ",
        "",
    ],
    ids=["line ends", "NFD", "RTL marks", "emoji", "NUL", "BOM and blanks", "empty"],
)
def test_a_text_is_stored_exactly(library: Library, text: str) -> None:
    library.put(Article("a", text))
    assert library.get("a").text == text
    assert library.text("a", text_sha256(text)) == text


def test_putting_the_same_again_writes_nothing(library: Library) -> None:
    library.put(FERRY)
    assert library.put(FERRY) == "unchanged"
    assert library.revision == 1
    assert len(library.revisions("ferry")) == 1


def test_another_text_is_a_new_revision_and_the_old_text_stays(library: Library) -> None:
    library.put(FERRY)
    edited = replace(FERRY, text="The Gdańsk ferry resumes on Tuesday.")
    assert library.put(edited) == "changed"
    assert library.get("ferry") == edited
    assert library.text("ferry", FERRY.sha256) == FERRY.text
    assert [(r.number, r.sha256) for r in library.revisions("ferry")] == [
        (1, FERRY.sha256),
        (2, edited.sha256),
    ]


@pytest.mark.parametrize(
    "change",
    [{"title": None}, {"date": datetime.date(2025, 4, 29)}, {"outlet": "VNA"}, {"lang": "vi"},
     {"url": None}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_an_edit_of_the_metadata_is_a_revision_that_shares_the_text(
    library: Library, path: Path, change: dict[str, Any]
) -> None:
    library.put(FERRY)
    assert library.put(replace(FERRY, **change)) == "changed"
    assert library.get("ferry") == replace(FERRY, **change)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM texts").fetchone() == (1,)
    db.close()


def test_a_revision_says_when_it_was_added(library: Library) -> None:
    before = datetime.datetime.now(datetime.UTC)
    library.put(FERRY)
    [revision] = library.revisions("ferry")
    assert before <= revision.added_at <= datetime.datetime.now(datetime.UTC)


@pytest.mark.parametrize(
    "article",
    [Article("a", "x\ud800"), Article("a\udcff", "x"), Article("a", "x", title="\udfff")],
    ids=["text", "id", "title"],
)
def test_half_a_character_is_refused_by_name_before_anything_is_written(
    library: Library, article: Article
) -> None:
    with pytest.raises(ImportRefusedError, match="half a character"):
        list(library.put_many([FERRY, article]))
    assert (library.count(), library.revision) == (0, 0)


def test_an_article_without_an_id_is_refused(library: Library) -> None:
    with pytest.raises(ImportRefusedError, match="no id"):
        library.put(Article("", "x"))


# -- batches


def test_put_many_yields_every_article_with_its_outcome_in_order(library: Library) -> None:
    library.put(FERRY)
    edited, new = replace(FERRY, lang="fr"), Article("new", "n")
    assert list(library.put_many([FERRY, new, edited, edited])) == [
        (FERRY, "unchanged"),
        (new, "added"),
        (edited, "changed"),
        (edited, "unchanged"),
    ]


def test_put_many_takes_one_batch_at_a_time_and_yields_only_what_is_committed(
    library: Library, path: Path
) -> None:
    taken = []

    def arriving() -> Iterator[Article]:
        for number in range(2 * BATCH):
            taken.append(number)
            yield Article(f"{number:04}", "x")

    outcomes = library.put_many(arriving())
    assert next(outcomes) == (Article("0000", "x"), "added")
    assert len(taken) == BATCH
    with Library(path) as other:
        assert (other.count(), other.revision) == (BATCH, 1)


# -- removing and pruning


def test_a_removed_article_is_gone_but_its_quoted_text_can_be_read(library: Library) -> None:
    library.put(FERRY)
    assert library.remove("ferry")
    assert (library.count(), library.article_ids(), list(library.articles())) == (0, [], [])
    with pytest.raises(ArticleNotFoundError):
        library.get("ferry")
    assert library.text("ferry", FERRY.sha256) == FERRY.text


def test_removing_what_is_not_there_changes_nothing(library: Library) -> None:
    assert not library.remove("ferry")
    assert not library.remove("\ud800")
    assert library.revision == 0


def test_a_removed_article_that_comes_again_is_added_as_a_further_revision(
    library: Library,
) -> None:
    library.put(FERRY)
    library.remove("ferry")
    assert library.put(FERRY) == "added"
    assert [r.number for r in library.revisions("ferry")] == [1, 2]


def test_pruning_keeps_what_is_current_or_quoted_and_deletes_the_rest(library: Library) -> None:
    first, second, third = (replace(FERRY, text=text) for text in ("one", "two", "three"))
    for article in (first, second, third, Article("gone", "one"), Article("gone too", "four")):
        library.put(article)
    library.remove("gone")
    library.remove("gone too")
    revision = library.revision
    assert library.prune_revisions({("ferry", first.sha256)}) == 3
    assert library.text("ferry", first.sha256) == "one"
    assert library.get("ferry") == third
    for article in (second, Article("gone", "one"), Article("gone too", "four")):
        with pytest.raises(ArticleNotFoundError):
            library.text(article.id, article.sha256)
    assert library.revision == revision
    assert library.prune_revisions({("ferry", first.sha256)}) == 0


def test_a_pruned_text_leaves_no_bytes_on_the_disk(library: Library, path: Path) -> None:
    library.put(Article("a", "a secret to be forgotten"))
    library.put(Article("b", "stays"))
    library.remove("a")
    library.prune_revisions(set())
    stored = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"stays" in stored
    assert b"forgotten" not in stored


def test_forgetting_deletes_every_wording_of_a_removed_article_quoted_or_not(
    library: Library,
) -> None:
    for text in ("one", "two", "shared"):
        library.put(replace(FERRY, text=text))
    library.put(Article("other", "shared"))
    assert library.forget("ferry") == 0  # it is there
    assert len(library.revisions("ferry")) == 3
    library.remove("ferry")
    revision = library.revision
    assert library.forget("ferry") == 3
    assert library.wordings("ferry") == []
    assert library.texts([("ferry", text_sha256("one"))]) == {}
    assert library.get("other").text == "shared"
    assert library.revision == revision
    assert library.forget("ferry") == library.forget("\ud800") == 0


def test_a_removed_article_is_named_nowhere_in_the_file_once_it_is_forgotten(
    library: Library, path: Path
) -> None:
    library.put(FERRY)
    library.put(Article("ferry-2", "The ferry again."))
    with Jobs(path) as jobs:
        job = jobs.add("request", 1)
        jobs.end(job.id, "failed", error="article 'ferry' is broken, 'ferry-2' is not")
        assert library.mentions("ferry") == 3  # an article, a revision, an error
        library.remove("ferry")
        library.forget("ferry")
        assert (library.mentions("ferry"), library.mentions("ferry-2")) == (0, 3)
        assert jobs.get(job.id).error == "article … is broken, 'ferry-2' is not"


def test_a_vacuum_leaves_no_room_and_no_log(library: Library, path: Path) -> None:
    texts = [f"{number} " + "x" * 3000 for number in range(100)]
    list(library.put_many(Article(str(n), text) for n, text in enumerate(texts)))
    library.prune_revisions(set())
    size = path.stat().st_size
    for number in range(100):
        library.remove(str(number))
        library.forget(str(number))
    library.put(FERRY)
    library.vacuum()
    assert path.stat().st_size < size / 5
    assert path.with_name("library.sqlite-wal").stat().st_size == 0
    assert library.get("ferry") == FERRY


def test_a_vacuum_while_someone_reads_says_so_and_can_be_repeated(
    library: Library, path: Path
) -> None:
    library.put(FERRY)
    with library.snapshot() as reader:
        library.remove("ferry")
        with pytest.raises(LibraryError, match=r"is being read.* repeat the command"):
            library.vacuum(patience=0.01)
        assert reader.get("ferry") == FERRY
    library.vacuum(patience=0.01)
    with Library(path, read_only=True) as reader, pytest.raises(LibraryError, match="to read only"):
        reader.vacuum()


def test_an_article_replaced_ten_times_between_two_builds_leaves_what_is_quoted_and_the_last(
    library: Library, tmp_path: Path
) -> None:
    settings = IndexSettings(home=tmp_path / "home")
    store = GenerationStore(settings.home)

    def rebuild() -> BuildReport:
        return build(library, store, WordEmbedder(), settings)

    library.put(FERRY)
    rebuild()
    for number in range(10):
        library.put(replace(FERRY, text=f"{FERRY.text} Edit {number}."))
    assert len(library.revisions("ferry")) == 11
    assert rebuild().embedded == 2  # the passage, and the one new sentence
    kept = library.wordings("ferry")
    assert [article.text[-7:] for article in kept] == ["Monday.", "Edit 9."]
    assert library.get("ferry") == kept[-1]
    library.remove("ferry")
    assert library.put(FERRY) == "added"
    assert rebuild().embedded == 1  # the passage of the second generation is not its own
    assert [revision.number for revision in library.revisions("ferry")] == [1, 11, 12]


# -- reading


def test_the_wordings_of_an_article_come_oldest_first_and_outlive_it(library: Library) -> None:
    edit = replace(FERRY, text="Another wording.", title=None)
    library.put(FERRY)
    library.put(edit)
    assert library.wordings("ferry") == [FERRY, edit]
    assert "ferry" in library
    library.remove("ferry")
    assert library.wordings("ferry") == [FERRY, edit]
    assert "ferry" not in library
    assert library.wordings("none") == []


def test_who_has_a_text_and_who_holds_some_words_is_known(library: Library) -> None:
    library.put(FERRY)
    library.put(Article("b", FERRY.text))
    library.put(Article("c", "Quoted: “The Gdańsk ferry resumes on Monday.” — really."))
    library.put(Article("d", "Other words.", title="The Gdańsk ferry resumes", url="x://ferry%_"))
    library.remove("b")
    assert library.owners(FERRY.sha256) == ["b", "ferry"]
    assert library.owners(text_sha256("none")) == []
    assert library.holders("Gdańsk ferry resumes on") == ["b", "c", "ferry"]
    assert library.holders("The Gdańsk ferry resumes") == ["b", "c", "d", "ferry"]
    assert library.holders("ferry%_") == ["d"]
    assert library.holders("gdańsk") == library.holders("\ud800") == []


def test_texts_answers_for_many_pairs_and_leaves_out_what_is_not_kept(library: Library) -> None:
    a, b = Article("a", "one"), Article("b", "two")
    list(library.put_many([a, b]))
    pairs = [("a", a.sha256), ("b", b.sha256), ("a", b.sha256), ("c", a.sha256), ("\ud800", "x")]
    assert library.texts(pairs) == {("a", a.sha256): "one", ("b", b.sha256): "two"}


@pytest.mark.parametrize("id", ["ferri", "", "\udc80", "x" * 10_000])
def test_an_id_that_is_not_there_is_an_error_that_names_it(library: Library, id: str) -> None:
    library.put(FERRY)
    with pytest.raises(ArticleNotFoundError) as caught:
        library.get(id)
    assert caught.value.article_id == id


def test_articles_come_in_code_point_order_of_their_ids(library: Library) -> None:
    ids = ["b", "a", "Z", "é", "a/1", "\U0001f600", "\uffff"]
    list(library.put_many(Article(id, "x") for id in ids))
    assert [article.id for article in library.articles()] == sorted(ids)
    assert library.article_ids() == sorted(ids)


def test_the_iteration_over_articles_passes_over_none_where_its_pages_meet(
    library: Library,
) -> None:
    ids = [f"{number:03}" for number in range(401)]
    list(library.put_many(Article(id, "x") for id in ids))
    assert [article.id for article in library.articles()] == ids


def test_a_page_counts_all_that_pass_and_returns_its_share(library: Library) -> None:
    articles = [Article(str(number), "x") for number in range(5)]
    list(library.put_many(articles))
    assert library.page(1, 2) == (5, articles[1:3])
    assert library.page(9, 2) == (5, [])
    assert library.page(10**30, 10**30) == (5, [])
    with pytest.raises(ValueError, match="negative"):
        library.page(-1, 2)


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        ({"lang": "EN"}, ["ferry"]),
        ({"outlet": "VIỆT NAM NEWS"}, ["ferry"]),
        ({"date_from": datetime.date(2025, 4, 28)}, ["ferry"]),
        ({"date_to": datetime.date(2025, 4, 28)}, ["ferry", "old"]),
        ({"date_from": datetime.date(2025, 4, 29)}, []),
        ({"query": "ÉTÉ"}, ["old"]),
        ({"query": "dat"}, ["undated"]),
        ({"query": "%"}, []),
        ({"lang": "en", "query": "été"}, []),
        ({"lang": "\ud800"}, []),
        ({}, ["ferry", "old", "undated"]),
    ],
    ids=str,
)
def test_a_page_holds_what_passes_every_filter(
    library: Library, filters: dict[str, Any], passing: list[str]
) -> None:
    old = Article("old", "x", title="L'été", date=datetime.date(2020, 1, 1), lang="fr")
    list(library.put_many([FERRY, old, Article("undated", "x")]))
    total, articles = library.page(0, 10, **filters)
    assert (total, [article.id for article in articles]) == (len(passing), passing)


# -- several at once


def test_a_snapshot_stands_still_while_others_write(library: Library) -> None:
    library.put(FERRY)
    with library.snapshot() as frozen:
        library.put(replace(FERRY, text="Tuesday"))
        library.put(Article("new", "n"))
        assert (frozen.revision, frozen.count(), list(frozen.articles())) == (1, 1, [FERRY])
        assert frozen.page(0, 10) == (1, [FERRY])
    assert (library.revision, library.count()) == (3, 2)


def test_nothing_can_be_written_through_a_snapshot(library: Library) -> None:
    with library.snapshot() as frozen, pytest.raises(LibraryError, match="read only"):
        frozen.put(FERRY)


def test_threads_read_while_another_process_writes(library: Library, path: Path) -> None:
    library.put(FERRY)
    writer = start(
        "with Library(Path(sys.argv[1])) as library:\n"
        "    for number in range(300): library.put(Article(str(number), 'x'))",
        path,
    )
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while writer.poll() is None:
                assert library.get("ferry") == FERRY
                with library.snapshot() as frozen:
                    assert frozen.revision == frozen.count()
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert (finish(writer), failures) == ((0, ""), [])
    assert (library.revision, library.count()) == (301, 301)


def test_processes_that_open_a_new_library_and_write_at_once_lose_nothing(path: Path) -> None:
    code = (
        "with Library(Path(sys.argv[1])) as library:\n"
        "    for n in range(30): library.put(Article(f'{sys.argv[2]}-{n:02}', 'x'))"
    )
    writers = [start(code, path, name) for name in "ab"]
    assert [finish(writer) for writer in writers] == [(0, "")] * 2
    with Library(path) as library:
        assert library.article_ids() == [f"{name}-{n:02}" for name in "ab" for n in range(30)]
        assert library.revision == 60


# -- when things break


def test_what_was_acknowledged_outlives_a_kill(path: Path) -> None:
    killed = start(
        "library = Library(Path(sys.argv[1]))\n"
        "articles = (Article(f'{n:05}', 'x' * 100) for n in range(10**6))\n"
        "for count, (article, _) in enumerate(library.put_many(articles), 1):\n"
        "    print(article.id, flush=True)\n"
        "    if count == 1200: os.kill(os.getpid(), signal.SIGKILL)",
        path,
    )
    code, out = finish(killed)
    acknowledged = out.split()
    assert (code, len(acknowledged)) == (-signal.SIGKILL, 1200)
    with Library(path) as library:
        assert library.article_ids()[:1200] == acknowledged
        assert (library.count(), library.revision) == (1500, 3)


def test_a_write_that_the_disk_refuses_costs_that_write_alone(path: Path) -> None:
    with Library(path) as library:
        library.put(FERRY)
    code, out = finish(
        start(
            "import resource\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
            "library = Library(Path(sys.argv[1]))\n"
            "try: library.put(Article('big', 'x' * 10**6))\n"
            "except LibraryError as error: print(library.get('ferry').id, library.count(), error)",
            path,
        )
    )
    assert (code, out.split()[:2]) == (0, ["ferry", "1"])
    assert str(path) in out
    with Library(path) as library:
        assert list(library.articles()) == [FERRY]


def test_a_full_disk_is_named_and_nothing_of_the_write_is_kept(
    library: Library, path: Path
) -> None:
    library.put(FERRY)
    [pages] = library._db.execute("PRAGMA page_count").fetchone()
    library._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LibraryError, match=r"disk of .* is full"):
        list(library.put_many([Article("small", "x"), Article("big", "x" * 10**5)]))
    assert (library.article_ids(), library.revision) == (["ferry"], 1)


def test_a_home_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match=r"file/home/.*--home or ONRECORD_HOME"):
        Library(tmp_path / "file" / "home" / "library.sqlite")
    with pytest.raises(LibraryError, match="permissions"):
        Library(tmp_path)


def test_a_library_of_a_newer_version_is_refused_and_left_as_it_is(path: Path) -> None:
    Library(path).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(LibraryError, match=f"schema {SCHEMA_VERSION + 1}.*upgrade onrecord"):
            Library(path, read_only=read_only)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(LibraryError, match="another program"):
        Library(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(b"some notes, not a database, " * 100)
    with pytest.raises(LibraryError, match="damaged or not a library"):
        Library(tmp_path / "notes")


def test_a_closed_library_says_so(path: Path) -> None:
    library = Library(path)
    library.close()
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.get("ferry")


# -- reading only


def test_a_library_that_is_not_there_can_not_be_opened_to_read(path: Path) -> None:
    assert not Library.exists(path)
    with pytest.raises(LibraryError, match="onrecord add"):
        Library(path, read_only=True)
    assert not path.parent.exists()


def test_a_reader_sees_what_a_writer_commits(library: Library, path: Path) -> None:
    assert Library.exists(path)
    with Library(path, read_only=True) as reader:
        library.put(FERRY)
        assert (reader.get("ferry"), reader.revision) == (FERRY, 1)
        with pytest.raises(LibraryError, match="read only"):
            reader.remove("ferry")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that every user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        home.mkdir()
        yield home


def try_both_ways(home: Path) -> list[str]:
    """What opening the write-protected library tells, first to read, then to write."""
    for file in home.iterdir():
        file.chmod(0o444)
    home.chmod(0o555)
    code = (
        "if os.getuid() == 0: os.setgid(65534), os.setuid(65534)  # root may write anywhere\n"
        "for read_only in (True, False):\n"
        "    try:\n"
        "        with Library(Path(sys.argv[1]), read_only=read_only) as library:\n"
        "            print(library.article_ids(), library.page()[0])\n"
        "    except LibraryError as error: print(error)\n"
    )
    status, out = finish(start(code, home / "library.sqlite"))
    assert status == 0
    return out.splitlines()


def test_a_closed_library_on_a_disk_that_cannot_be_written_can_be_read(home: Path) -> None:
    with Library(home / "library.sqlite") as library:
        library.put(FERRY)
    read, written = try_both_ways(home)
    assert read == "['ferry'] 1"
    assert "--home or ONRECORD_HOME" in written


def test_a_library_that_another_user_has_open_can_be_read(home: Path) -> None:
    with Library(home / "library.sqlite") as library:
        library.put(FERRY)
        read, written = try_both_ways(home)
    assert read == "['ferry'] 1"
    assert "no permission to write" in written


def test_commits_in_a_log_that_cannot_be_read_are_not_passed_over(home: Path) -> None:
    with Library(home / "open.sqlite") as library:
        library.put(FERRY)
        for end in ("", "-wal"):
            shutil.copy(home / f"open.sqlite{end}", home / f"library.sqlite{end}")
    read, written = try_both_ways(home)
    assert "cannot be opened" in read
    assert "cannot be opened" in written


@pytest.mark.parametrize("read", ["get", "text", "articles", "page"])
def test_a_text_that_has_changed_on_the_disk_is_never_given_out(path: Path, read: str) -> None:
    with Library(path) as library:
        article = Article("ferry", "The ferry sails on Monday.")
        library.put(article)
        with sqlite3.connect(path) as db:
            db.execute("UPDATE texts SET text = 'The ferry sails on Sunday.'")
        reading: dict[str, Callable[[], object]] = {
            "get": lambda: library.get("ferry"),
            "text": lambda: library.text("ferry", article.sha256),
            "articles": lambda: list(library.articles()),
            "page": lambda: library.page(),
        }
        with pytest.raises(LibraryError, match="'ferry' has changed on the disk"):
            reading[read]()
        assert [changed.text for changed in library.wordings("ferry")] == [
            "The ferry sails on Sunday."
        ]
        assert library.put(article) == "unchanged"
        assert library.get("ferry") == article


def test_a_library_whose_own_names_are_damaged_is_refused_with_the_way_out(path: Path) -> None:
    Library(path).close()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE texts", b"CREATE TABLE \xff\xfext", 1))
    with pytest.raises(LibraryError, match="is damaged or not a library"), Library(path) as library:
        library.get("ferry")
