"""Builder: builds in processes of their own, with the encoder that hashes words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from api.builder import Builder
from api.errors import CannotCancelError
from api.settings import ApiSettings
from index import (
    Article,
    DiskFullError,
    GenerationStore,
    IndexSettings,
    Job,
    Jobs,
    Library,
    ReadOnlyLibraryError,
    build,
)
from tests.api.conftest import WORKER
from tests.fakes import WordEmbedder

ROOT = Path(__file__).parents[2]
FERRY = Article("ferry", "The ferry resumes on Monday.", lang="en")
RICE = Article("rice", "Rice grew dear in April.", lang="en")
SLOW = Article("slow", "The snail went slowly.", lang="en")
DEAF = Article("deaf", "The deaf snail went slowly.", lang="en")
GREEDY = Article("greedy", "The greedy ferry took all.", lang="en")

Builders = Callable[..., Builder]


@pytest.fixture
def index(tmp_path: Path) -> IndexSettings:
    return IndexSettings(home=tmp_path, passage_pieces=32, overlap_pieces=0)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as library:
        yield library


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path)


@pytest.fixture
def builders(library: Library, store: GenerationStore, index: IndexSettings) -> Iterator[Builders]:
    """A call starts the builder of one more server, which lives until the test ends."""
    with ExitStack() as stack:

        def started(published: Callable[[], object] = lambda: None, **settings: Any) -> Builder:
            jobs = stack.enter_context(Jobs(library.path))
            api = ApiSettings(**{"build_after_seconds": 0, **settings})
            builder = Builder(jobs, library, store, index, api, WORKER)
            builder.start(published)
            stack.callback(builder.close)
            return builder

        yield started


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def until_it_embeds(builder: Builder, job: Job) -> None:
    def embeds() -> bool:
        _, progress = builder.job(job.id)
        return progress is not None and progress.stage == "embed"

    wait_until(embeds)


def states(builder: Builder) -> list[str]:
    return [job.state for job, _ in builder.page(0, 10)[1]]


def test_what_was_written_by_whomever_is_built_once_and_served_before_the_job_says_so(
    builders: Builders, library: Library, store: GenerationStore
) -> None:
    served: list[tuple[int, str]] = []

    def serve() -> None:
        with Jobs(library.path, read_only=True) as jobs:
            served.append((store.current(), jobs.get(1).state))

    builder = builders(serve, build_after_seconds=0.2)
    with Library(library.path) as other:
        other.put(FERRY)
    wait_until(lambda: states(builder) == ["succeeded"])
    [(job, _)] = builder.page(0, 10)[1]
    assert (job.reason, job.generation, served) == ("writes", 1, [(1, "running")])
    assert job.report is not None
    assert (job.report["embedded"], job.report["reused"], job.report["removed"]) == (2, 0, 0)
    assert set(job.report["seconds"]) >= {"read", "embed", "write"}
    time.sleep(1)
    assert len(states(builder)) == 1


def test_a_return_to_an_older_generation_is_undone_by_no_build_but_that_of_a_write(
    builders: Builders, library: Library, store: GenerationStore, index: IndexSettings
) -> None:
    for article in (FERRY, RICE):
        library.put(article)
        build(library, store, WordEmbedder(), index)
    store.use(1)
    builder = builders(build_after_seconds=0.2)
    time.sleep(1)
    assert (states(builder), store.current()) == ([], 1)
    library.remove("ferry")
    wait_until(lambda: states(builder) == ["succeeded"])
    assert store.current() == 3


def test_what_is_asked_for_twice_is_built_once_and_what_is_cancelled_leaves_nothing(
    builders: Builders, library: Library, store: GenerationStore
) -> None:
    library.put(SLOW)
    builder = builders()
    job = builder.request()
    until_it_embeds(builder, job)
    assert builder.job(job.id)[0].state == "running"
    assert builder.request().id == job.id
    library.put(FERRY)  # too late for the one that runs
    after = builder.request()
    assert (after.id, after.state) == (2, "queued")
    assert builder.request().id == 2
    assert builder.cancel(2).state == "cancelled"
    assert builder.cancel(1).state == "running"
    assert builder.wait(1).state == "cancelled"
    assert store.kept() == ()
    assert not list((store.home / "generations").iterdir())
    with pytest.raises(CannotCancelError, match="it has cancelled already"):
        builder.cancel(1)


def test_a_worker_that_does_not_listen_is_killed_and_the_next_build_tidies_up(
    builders: Builders,
    library: Library,
    store: GenerationStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.build_process._GRACE", 0.2)
    library.put(DEAF)
    builder = builders()
    job = builder.request()
    until_it_embeds(builder, job)
    time.sleep(0.1)
    builder.cancel(job.id)
    assert builder.wait(job.id).state == "cancelled"
    library.put(Article("deaf", "It hears again."))
    assert builder.wait(builder.request().id).state == "succeeded"
    assert sorted(path.name for path in (store.home / "generations").iterdir()) == ["000001"]


def test_a_build_that_failed_says_why_and_waits_for_the_next_write(
    builders: Builders, library: Library
) -> None:
    library.put(GREEDY)
    builder = builders(build_after_seconds=0.2, build_memory_mb=3000)
    wait_until(lambda: states(builder) == ["failed"])
    [(job, _)] = builder.page(0, 10)[1]
    assert "needs more than the 3000 MB that ONRECORD_BUILD_MEMORY_MB" in str(job.error)
    time.sleep(1)
    assert states(builder) == ["failed"]
    library.put(Article("greedy", "It took its share."))
    wait_until(lambda: states(builder) == ["succeeded", "failed"])


def test_while_another_process_builds_a_job_waits_and_then_runs(
    builders: Builders, library: Library, store: GenerationStore
) -> None:
    library.put(FERRY)
    builder = builders()
    with store.locked():
        job = builder.request()
        time.sleep(1.5)
        assert states(builder) == ["queued"]
    assert builder.wait(job.id).generation == 1


def test_a_server_that_stops_interrupts_its_build_and_leaves_no_process(
    builders: Builders, library: Library, store: GenerationStore
) -> None:
    library.put(SLOW)
    builder, other = builders(), builders()
    job = builder.request()
    until_it_embeds(builder, job)
    with pytest.raises(CannotCancelError, match="another server"):
        other.cancel(job.id)
    holder = re.search(r"process (\d+)", (store.home / "build.holder").read_text("utf-8"))
    assert holder is not None
    builder.close()
    ended = other.job(job.id)[0]
    assert (ended.state, ended.error) == ("interrupted", "the server was stopped")
    assert not Path(f"/proc/{holder[1]}").exists()


# A server whose build never ends.
SERVER = """
import sys, time
from pathlib import Path
from api.builder import Builder
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, Library
from tests.api.conftest import WORKER
home = Path(sys.argv[1])
library = Library(home / "library.sqlite")
index, api = IndexSettings(home=home), ApiSettings(build_after_seconds=0)
builder = Builder(Jobs(library.path), library, GenerationStore(home), index, api, WORKER)
builder.start()
job = builder.request()
while builder.job(job.id)[1] is None:
    time.sleep(0.02)
print((home / "build.holder").read_text("utf-8"), flush=True)
time.sleep(60)
"""


def test_the_worker_of_a_server_that_is_killed_dies_with_it(
    builders: Builders, library: Library, store: GenerationStore
) -> None:
    library.put(SLOW)
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, library.path.parent],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        worker = server.stdout.readline().split()[1].rstrip(",")
        assert Path(f"/proc/{worker}").exists()
        server.kill()
    wait_until(lambda: not Path(f"/proc/{worker}").exists())
    builder = builders()
    assert states(builder) == ["interrupted"]
    library.put(Article("slow", "It is quick now."))
    assert builder.wait(builder.request().id).state == "succeeded"
    assert store.current() == 1


def test_nothing_is_built_where_there_is_no_room_or_nothing_can_be_written(
    builders: Builders, library: Library, store: GenerationStore, index: IndexSettings
) -> None:
    with pytest.raises(DiskFullError, match="ONRECORD_MIN_FREE_MB is 1,000,000,000"):
        builders(min_free_mb=10**9).request()
    with (
        Library(library.path, read_only=True) as read,
        Jobs(library.path, read_only=True) as jobs,
    ):
        builder = Builder(jobs, read, store, index, ApiSettings(), WORKER)
        builder.start()
        with pytest.raises(ReadOnlyLibraryError):
            builder.request()
        assert builder.page(0, 10) == (0, [])
        builder.close()
