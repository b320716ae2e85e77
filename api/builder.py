"""Builder: the builds of a server, one at a time, each in a process of its own; asked for or not.

It looks at the library once in a while, so it does not matter who wrote. Each state of it is built
once: after a return to an older generation, and after a build that was cancelled, was refused or
failed, the next one waits for a write or for somebody to ask.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence

from api.build_process import WORKER, BuildProcess, End, Progress
from api.build_worker import Order
from api.debounce import Debounce
from api.errors import CannotCancelError
from api.room import check_writable
from api.settings import ApiSettings
from index import (
    GenerationError,
    GenerationStore,
    IndexingError,
    IndexSettings,
    Job,
    JobReason,
    Jobs,
    Library,
    LibraryError,
)

logger = logging.getLogger(__name__)

_LOOK = 0.5  # seconds between looks at the library
_RETRY = 1.0  # seconds between tries to write down how a job ended
_STOPPED = End("interrupted", error="the server was stopped")


class Builder:
    """Builds when it is asked to, and `build_after_seconds` after the last write.

    `jobs` opened to read make a builder that shows them and builds nothing. `worker` is the
    command of the process that builds.
    """

    def __init__(
        self,
        jobs: Jobs,
        library: Library,
        store: GenerationStore,
        index: IndexSettings,
        settings: ApiSettings,
        worker: Sequence[str] = WORKER,
    ) -> None:
        self._jobs, self._library, self._store = jobs, library, store
        self._settings = settings
        self._index = index.model_copy(update={"threads": index.threads or _half_the_cores()})
        self._worker = worker
        self._published: Callable[[], object] = lambda: None
        self._ended: Callable[[Job], object] = lambda _: None
        self._debounce = Debounce(settings.build_after_seconds)
        self._look_seconds = min(_LOOK, settings.build_after_seconds or _LOOK)
        self._trouble: type[Exception] | None = None
        self._thread = threading.Thread(target=self._work, name="builder", daemon=True)
        self._closing = threading.Event()
        self._state = threading.Condition()  # guards what follows
        self._waiting: list[Job] = []
        self._active: Job | None = None
        self._is_cancelled = False
        self._process: BuildProcess | None = None
        self._progress: Progress | None = None

    def start(
        self,
        published: Callable[[], object] = lambda: None,
        ended: Callable[[Job], object] = lambda _: None,
    ) -> None:
        """Begin to work; `published` is called when a build has ended well, before it says so.

        `ended` is called with each job, once it has ended.
        """
        self._published, self._ended = published, ended
        if not self._jobs.read_only:
            self._thread.start()

    def close(self) -> None:
        """Stop the build that runs, and wait until no process is left; its job is interrupted."""
        with self._state:
            self._closing.set()
            self._state.notify_all()
            if self._process is not None:
                self._process.stop()
        if self._thread.is_alive():
            self._thread.join()

    # -- asked for

    def request(self, *, full: bool = False) -> Job:
        """The job that will make the library as it is now searchable: a new one only if need be.

        Raises:
            ReadOnlyLibraryError: nothing can be written here.
            DiskFullError: too little room is left.
        """
        check_writable(self._library, self._settings)
        return self._add("request", full)

    def job(self, number: int) -> tuple[Job, Progress | None]:
        """A job, and where it is while this server builds it.

        Raises:
            JobNotFoundError: there is none of that number.
        """
        return self._with_progress(self._jobs.get(number))

    def wait(self, number: int) -> Job:
        """The job, once it has ended; one of another server is not waited for."""
        with self._state:
            while any(job.id == number for job in (self._active, *self._waiting) if job):
                self._state.wait()
            return self._jobs.get(number)

    def page(self, offset: int, limit: int) -> tuple[int, list[tuple[Job, Progress | None]]]:
        """How many jobs there are, and those from `offset` on, the newest first."""
        total, jobs = self._jobs.page(offset, limit)
        return total, [self._with_progress(job) for job in jobs]

    def cancel(self, number: int) -> Job:
        """The job, which ends in a moment: what it has built so far is thrown away.

        Raises:
            JobNotFoundError: there is none of that number.
            CannotCancelError: it has ended already, or another server builds it.
        """
        with self._state:
            job = self._jobs.get(number)
            if job.has_ended:
                raise CannotCancelError(number, f"it has {job.state} already")
            if self._active is not None and self._active.id == number:
                self._is_cancelled = True
                if self._process is not None:
                    self._process.stop()
                return job
            if job not in self._waiting:
                raise CannotCancelError(number, "another server of this home builds it")
            self._waiting.remove(job)
            ended = self._jobs.end(number, "cancelled")
            self._ended(ended)
            return ended

    def _add(self, reason: JobReason, full: bool) -> Job:
        with self._state:
            revision = self._library.revision
            for job in self._to_come():
                # One that waits has yet to read the library.
                if job.full >= full and (job.state == "queued" or job.library_revision >= revision):
                    return job
            job = self._jobs.add(reason, revision, full=full)
            self._waiting.append(job)
            self._state.notify_all()
            return job

    def _to_come(self) -> list[Job]:
        """The jobs of this server that are to end well; the lock is held."""
        if self._active is None or self._is_cancelled:
            return self._waiting
        return [self._active, *self._waiting]

    def _with_progress(self, job: Job) -> tuple[Job, Progress | None]:
        with self._state:
            is_ours = self._active is not None and self._active.id == job.id
            return job, self._progress if is_ours and not job.has_ended else None

    # -- the thread

    def _work(self) -> None:
        while (job := self._next()) or not self._closing.is_set():
            if job is None:
                self._look()
            elif self._closing.is_set():
                self._finish(job, _STOPPED)
            else:
                self._finish(job, self._run(job))

    def _next(self) -> Job | None:
        with self._state:
            if not self._waiting and not self._closing.is_set():
                self._state.wait(self._look_seconds)
            if not self._waiting:
                return None
            self._active, self._progress, self._is_cancelled = self._waiting.pop(0), None, False
            return self._active

    def _look(self) -> None:
        """Ask for a build when there are writes that none was made of."""
        if not self._settings.build_after_seconds or self._closing.is_set():
            return
        try:
            revision = self._library.revision
            if self._debounce.is_due(revision, time.monotonic()) and revision > self._built():
                check_writable(self._library, self._settings)
                self._add("writes", False)
        except (IndexingError, OSError) as error:
            self._debounce.put_off(time.monotonic())
            if type(error) is not self._trouble:
                logger.warning("nothing is built: %s", error)
            self._trouble = type(error)
        else:
            self._trouble = None

    def _built(self) -> int:
        """The newest library revision that a generation holds, live or not."""
        revisions = [0]
        for number in (*self._store.kept(), *self._store.aside()):
            try:
                revisions.append(self._store.manifest(number).library_revision)
            except GenerationError:
                continue  # damaged, or pruned a moment ago
        return max(revisions)

    def _run(self, job: Job) -> End:
        before = 0

        def note(progress: Progress) -> None:
            nonlocal before
            if self._progress is None:  # from now on the worker keeps all others out
                before = self._live()
                self._begin(job, revision)
            with self._state:
                self._progress = progress

        try:
            revision = self._library.revision
            end = self._start(job).watch(note)
        except (LibraryError, OSError) as error:
            return End("failed", error=f"the build could not be started: {error}")
        finally:
            with self._state:
                self._process = None
        if end.state == "succeeded":
            return end
        if self._progress is not None and (live := self._live()) > before:
            logger.warning("build %d was live before it could say so: %s", job.id, end.error)
            return End("succeeded", live)
        if self._is_cancelled:
            return End("cancelled")
        if self._closing.is_set():
            return _STOPPED
        if end.state == "cancelled":
            return End("interrupted", error="the process of the build was stopped from outside")
        return end

    def _start(self, job: Job) -> BuildProcess:
        order = Order(
            self._index,
            job.full,
            self._settings.build_memory_mb,
            self._settings.log_format,
            self._settings.log_level,
        )
        with self._state:
            self._process = BuildProcess(order, self._worker)
            if self._is_cancelled or self._closing.is_set():
                self._process.stop()
            return self._process

    def _begin(self, job: Job, revision: int) -> None:
        try:
            begun = self._jobs.start(job.id, revision)
        except LibraryError as error:
            logger.warning("that build %d runs is not written down: %s", job.id, error)
            return
        with self._state:
            self._active = begun

    def _finish(self, job: Job, end: End) -> None:
        """Write down how a job ended: the disk may be full, so not only once."""
        if end.state == "succeeded":
            self._go_live()
        log = logger.warning if end.state in ("failed", "refused") else logger.info
        log("build %d %s%s", job.id, end.state, f": {end.error}" if end.error else "")
        while True:
            with self._state:
                if self._is_written_down(job, end) or self._closing.is_set():
                    self._active = None
                    self._state.notify_all()
                    return
            self._closing.wait(_RETRY)

    def _is_written_down(self, job: Job, end: End) -> bool:
        try:
            self._ended(self._jobs.end(job.id, *end))
        except LibraryError as error:
            logger.warning("that build %d %s is not written down: %s", job.id, end.state, error)
            return False
        return True

    def _go_live(self) -> None:
        try:
            self._published()
        except Exception:  # it is looked for again, and the build was no worse for it
            logger.exception("the new index is not served yet")

    def _live(self) -> int:
        try:
            return self._store.current()
        except GenerationError:
            return 0


def _half_the_cores() -> int:
    return max(1, (os.cpu_count() or 1) // 2)
