"""The proof of a removal, as both faces give it: purge, count, and ask what serves now."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from api.desk import Asker
from api.errors import NotProvedError
from index import BuildLockedError, Erasure, IndexingError, Proof
from qa import probe

if TYPE_CHECKING:
    from api.parts import Parts

T = TypeVar("T")

_PATIENCE = 60.0  # seconds for the build of somebody who saw the removal first


def prove(erasure: Erasure, asked: Asker) -> list[Proof]:
    """The proofs of what has been removed and built; a build that runs is waited for.

    Raises:
        IndexingError: see `Erasure.prove`.
    """
    return when_free(lambda: erasure.prove(partial(probe, asked)))


def prove_serving(erasure: Erasure, parts: Parts) -> list[Proof]:
    """The proofs of what has been removed: built by the server, asked of what it serves then.

    Raises:
        NotProvedError: the build did not end well, or something stands in the way of the proof.
    """
    try:
        job = parts.builder.wait(parts.builder.request().id)
        if job.state != "succeeded":
            raise NotProvedError(f"build {job.id} ended as {job.state}, {job.error or 'no reason'}")
        parts.desk.refresh()
        served, live = parts.desk.generation, parts.store.current()
        if served != live:
            raise NotProvedError(f"generation {served} is still served, not generation {live}")
        return prove(erasure, parts.desk.answerer)
    except IndexingError as error:
        raise NotProvedError(str(error)) from error


def when_free(work: Callable[[], T], patience: float = _PATIENCE) -> T:
    """What `work` returns, once no other build is in its way.

    Raises:
        BuildLockedError: one was, for more than `patience` seconds.
    """
    until = time.monotonic() + patience
    while True:
        try:
            return work()
        except BuildLockedError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.2)
