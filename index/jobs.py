"""Jobs: the builds that a server was asked for, kept in the library's file until their true end.

A row is written at each change of state and synced, so a job outlives its server. Every server
holds a lock of its own while it lives: a job that has not ended and whose server's lock is free was
interrupted, whatever its row says. A job of another server that lives is left alone.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from filelock import FileLock, Timeout

from index.database import explained, open_to_read, open_to_write, transaction
from index.errors import JobNotFoundError, ReadOnlyLibraryError

JobState = Literal[
    "queued", "running", "succeeded", "failed", "cancelled", "interrupted", "refused"
]
JobReason = Literal["request", "writes"]

_BRIEFLY = 10.0  # seconds; another server may just be looking whether this one lives
KEPT = 1000  # older rows go when a new one comes
INTERRUPTED = "the server ended before it could say how the build ended"

_OPEN = "state IN ('queued', 'running')"


@dataclass(frozen=True, slots=True)
class Job:
    """A build that was asked for, by whom and why; times are UTC, ISO 8601.

    `library_revision` is the one that the job was to cover: it may hold later writes as well.
    `report` is what the build said of itself, once it has succeeded.
    """

    id: int
    server: str
    reason: JobReason
    full: bool
    state: JobState
    created: str
    started: str | None
    ended: str | None
    library_revision: int
    generation: int | None
    error: str | None
    report: Mapping[str, Any] | None

    @property
    def has_ended(self) -> bool:
        """True once its state is the last."""
        return self.state not in ("queued", "running")


_COLUMNS = tuple(field.name for field in fields(Job))


class Jobs:
    """The jobs in the library's file at `path`, as one server of its home.

    Safe to use from several threads. With `read_only` the jobs can be read and none begun.

    Raises:
        LibraryError: from every method, when the file cannot be opened, read or written.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path, self.read_only = path, read_only
        self.server = secrets.token_hex(8)
        self._thread_lock = threading.Lock()
        self._db = open_to_read(path) if read_only else open_to_write(path)
        self._alive = _lock(path.parent, self.server)
        if read_only:
            return
        try:
            self._alive.acquire(timeout=_BRIEFLY)
            living = _living_servers(path.parent)
            for job in self._rows(f"WHERE {_OPEN}"):
                if job.server not in living:
                    self.end(job.id, "interrupted", error=INTERRUPTED)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file, and be no server any more. Closing twice is allowed."""
        if self._alive.is_locked:
            Path(self._alive.lock_file).unlink()
            self._alive.release()
        with self._thread_lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- writing

    def add(self, reason: JobReason, library_revision: int, *, full: bool = False) -> Job:
        """A new job of this server, queued."""
        with self._transaction() as db:
            [number] = db.execute(
                "INSERT INTO jobs (server, reason, full, state, created, library_revision) "
                "VALUES (?, ?, ?, 'queued', ?, ?) RETURNING id",
                (self.server, reason, full, _now(), library_revision),
            ).fetchone()
            db.execute("DELETE FROM jobs WHERE id <= ?", (number - KEPT,))
        return self.get(number)

    def start(self, number: int, library_revision: int) -> Job:
        """The job, running from now on."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET state = 'running', started = ?, library_revision = ? WHERE id = ?",
                (_now(), library_revision, number),
            )
        return self.get(number)

    def end(
        self,
        number: int,
        state: JobState,
        generation: int | None = None,
        error: str | None = None,
        report: Mapping[str, Any] | None = None,
    ) -> Job:
        """The job in its last state; one that has ended already stays as it is."""
        made = report and json.dumps(report)
        values = (state, _now(), generation, error, made, number)
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET state = ?, ended = ?, generation = ?, error = ?, report = ? "
                f"WHERE id = ? AND {_OPEN}",
                values,
            )
        return self.get(number)

    # -- reading

    def get(self, number: int) -> Job:
        """A job by its number.

        Raises:
            JobNotFoundError: there is none.
        """
        rows = self._rows("WHERE id = ?", number)
        if not rows:
            raise JobNotFoundError(number)
        return rows[0]

    def page(self, offset: int = 0, limit: int = 20) -> tuple[int, list[Job]]:
        """How many jobs there are, and those from `offset` on, the newest first."""
        jobs = self._rows("ORDER BY id DESC")
        return len(jobs), jobs[offset : offset + limit]

    # -- the connection

    def _rows(self, sql: str, *values: object) -> list[Job]:
        with self._thread_lock, explained(self.path):
            if not self._db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'jobs'").fetchone():
                return []  # an older version wrote the file, and it was opened to read
            found = self._db.execute(f"SELECT {', '.join(_COLUMNS)} FROM jobs {sql}", values)
            return [_job(row) for row in found]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise ReadOnlyLibraryError(f"{self.path} was opened to read only: nothing can be built")
        with self._thread_lock, explained(self.path), transaction(self._db):
            yield self._db


def _job(row: tuple[Any, ...]) -> Job:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["full"] = bool(values["full"])
    values["report"] = values["report"] and json.loads(values["report"])
    return Job(**values)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _lock(home: Path, server: str) -> FileLock:
    """What a server holds while it lives; the system lets go of it however the server ends."""
    return FileLock(home / f".server-{server}.lock", thread_local=False)


def _living_servers(home: Path) -> set[str]:
    """The servers of this home that live; what the others have left is removed."""
    living = set()
    for path in home.glob(".server-*.lock"):
        server = path.stem.removeprefix(".server-")
        lock = _lock(home, server)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            living.add(server)
        else:
            path.unlink(missing_ok=True)
            lock.release()
    return living
