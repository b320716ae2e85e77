"""Jobs: what outlives a server, and what may be said of those whose server is gone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import JobNotFoundError, LibraryError, ReadOnlyLibraryError
from index.jobs import INTERRUPTED, Jobs
from index.library import Library

ROOT = Path(__file__).parents[2]

# As the first version wrote it.
SCHEMA_1 = """
CREATE TABLE meta (revision INTEGER NOT NULL);
INSERT INTO meta VALUES (1);
CREATE TABLE texts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE revisions (
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL REFERENCES texts (sha256),
    title TEXT, date TEXT, outlet TEXT, lang TEXT, url TEXT,
    added_at TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
);
CREATE INDEX revisions_by_text ON revisions (sha256);
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    FOREIGN KEY (id, number) REFERENCES revisions (article_id, number)
);
INSERT INTO texts VALUES (
    'a3ad52fc7a1f099b6e835732596fad6c629fcd274b9523c43411bd9c7c229194', 'The ferry resumes.');
INSERT INTO revisions VALUES (
    'ferry', 1, 'a3ad52fc7a1f099b6e835732596fad6c629fcd274b9523c43411bd9c7c229194',
    'Ferry', NULL, NULL, 'en', NULL,
    '2025-04-28T09:00:00+00:00');
INSERT INTO articles VALUES ('ferry', 1);
PRAGMA user_version = 1;
"""

# A server that says the number of its job and then waits for its end.
SERVER = """
import sys, time
from pathlib import Path
from index.jobs import Jobs
jobs = Jobs(Path(sys.argv[1]))
job = jobs.start(jobs.add("request", 7).id, 7)
print(job.id, flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite"


@pytest.fixture
def jobs(path: Path) -> Iterator[Jobs]:
    with Jobs(path) as jobs:
        yield jobs


@pytest.fixture
def old(path: Path) -> Path:
    """A library of the first version, with one article."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(SCHEMA_1)
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        [found] = db.execute("PRAGMA user_version").fetchone()
    return int(found)


def test_a_job_goes_from_queued_to_running_to_its_end(jobs: Jobs) -> None:
    queued = jobs.add("writes", 4, full=True)
    assert (queued.id, queued.state, queued.reason, queued.full) == (1, "queued", "writes", True)
    assert (queued.started, queued.ended, queued.has_ended) == (None, None, False)
    running = jobs.start(1, 5)
    assert (running.state, running.library_revision, running.has_ended) == ("running", 5, False)
    done = jobs.end(1, "succeeded", generation=3, report={"embedded": 2})
    assert (done.state, done.generation, done.report) == ("succeeded", 3, {"embedded": 2})
    assert done.created <= str(done.started) <= str(done.ended)
    assert done.has_ended
    assert jobs.get(1) == done


def test_what_has_ended_stays_as_it_is(jobs: Jobs) -> None:
    jobs.add("request", 1)
    jobs.end(1, "cancelled")
    assert jobs.end(1, "succeeded", generation=9).state == "cancelled"


def test_the_newest_come_first_and_the_oldest_go_in_time(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.jobs.KEPT", 5)
    for revision in range(7):
        jobs.add("writes", revision)
    total, page = jobs.page(1, 2)
    assert (total, [job.id for job in page]) == (5, [6, 5])
    with pytest.raises(JobNotFoundError, match="no build 2 is known"):
        jobs.get(2)


def test_a_job_of_a_server_that_was_killed_was_interrupted(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "1\n"
        with Jobs(path) as other:  # while it lives, its job is its own
            assert other.get(1).state == "running"
        server.kill()
    with Jobs(path) as jobs:
        job = jobs.get(1)
        assert (job.state, job.error, job.has_ended) == ("interrupted", INTERRUPTED, True)
        assert [each.name for each in path.parent.glob(".server-*")] == [
            f".server-{jobs.server}.lock"
        ]
    assert not list(path.parent.glob(".server-*"))


def test_two_servers_of_one_home_leave_each_others_jobs_alone(path: Path, jobs: Jobs) -> None:
    jobs.add("request", 1)
    with Jobs(path) as other:
        assert other.get(1).state == "queued"
        assert other.add("request", 1).id == 2
    assert jobs.get(2).state == "queued"
    with Jobs(path):
        assert (jobs.get(1).state, jobs.get(2).state) == ("queued", "interrupted")


def test_a_library_of_the_first_version_is_brought_to_this_one_and_keeps_its_articles(
    old: Path,
) -> None:
    with Library(old) as library:
        assert (library.get("ferry").text, library.revision) == ("The ferry resumes.", 1)
        assert library.put(Article("gao", "Giá gạo tăng.")) == "added"
    assert version(old) == 3
    with Jobs(old) as jobs:
        assert jobs.add("request", 2).id == 1


def test_a_library_of_the_first_version_can_be_read_as_it_is_and_has_no_jobs(old: Path) -> None:
    with Library(old, read_only=True) as library, Jobs(old, read_only=True) as jobs:
        assert library.get("ferry").title == "Ferry"
        assert jobs.page() == (0, [])
        with pytest.raises(JobNotFoundError):
            jobs.get(1)
    assert version(old) == 1


def test_a_step_to_this_version_that_fails_leaves_the_file_as_it_was(old: Path) -> None:
    with closing(sqlite3.connect(old)) as db:
        db.execute("CREATE TABLE jobs (mine)")
    with pytest.raises(LibraryError, match="jobs already exists"):
        Library(old)
    assert version(old) == 1


def test_nothing_is_begun_where_jobs_are_only_read(path: Path, jobs: Jobs) -> None:
    jobs.add("request", 1)
    with Jobs(path, read_only=True) as read:
        assert read.get(1).state == "queued"
        with pytest.raises(ReadOnlyLibraryError, match="nothing can be built"):
            read.add("request", 1)
