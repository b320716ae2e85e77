"""Let the disk fill up, or refuse a call, while a worker adds articles and builds an index.

    python -m tests.campaigns.disk [--seed N] [--quick] [--folder F] [--sizes 24]

First on file systems in memory of growing sizes, which needs root; then ENOSPC and EIO are put in
the place of every state-changing system call. Each time what served must go on serving, the failed
step must say why, and once there is space the next build must succeed and leave nothing behind.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index import GenerationStore, IndexingError, Library, open_current
from tests.campaigns.driving import Worker, worker
from tests.campaigns.expecting import Fault, Reference, copied, replies, stray_faults
from tests.campaigns.power import run, unmount
from tests.campaigns.reporting import Campaign, campaign, need, options
from tests.campaigns.scenario import STEPS
from tests.campaigns.tracing import Point, follow, why_not

PAGE = 4096
ROOM = 1.2  # of the size of the home: what the steps need, and a little more
BUILT = list(STEPS).index("build") + 1  # the steps up to the first build


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--sizes", type=int, default=24, help="sizes of the disk in memory")
    chosen = parser.parse_args()
    need("mount")
    if os.geteuid() != 0:
        sys.exit("file systems are mounted by root only: run it as root")
    if reason := why_not():
        sys.exit(reason)
    with campaign("disk", chosen) as running:
        reference = Reference(running.folder)
        fill(running, reference, max(chosen.sizes // 4, 1) if running.quick else chosen.sizes)
        for error in (errno.ENOSPC, errno.EIO):
            refuse(running, reference, error)


def fill(running: Campaign, reference: Reference, n: int) -> None:
    """The steps on disks from one that just holds the home to one that has room for all of them."""
    files = [path.stat().st_size for path in reference.home.rglob("*") if path.is_file()]
    least = sum(-(-size // PAGE) for size in files) + 1
    sizes = [PAGE * (least + round(at * least * ROOM / (n - 1))) for at in range(n)]
    ends: Counter[str] = Counter()
    for size in running.over("sizes", sizes):
        with memory_disk(running.folder / "memory", size) as mount:
            home = Path(shutil.copytree(reference.home, mount / "home"))
            with worker(home) as one:
                one.go()
                said, _ = one.outcome()
                faults = [*words_faults(one), *read_faults(home, reference)]
            ends[said[-1] if said else "nothing"] += 1
            running.count("filled up", int(len(said) < len(STEPS)))
            running.count("strays until the next build", len(stray_faults(home)))
            run("mount", "-o", f"remount,size={2**28}", str(mount))
            faults += reference.faults(home, len(said))
            running.judge(f"{size // 1024} KB, after {len(said)} steps", faults)
    running.say("last step before it was full: " + ", ".join(f"{e} {k}" for e, k in ends.items()))


@contextmanager
def memory_disk(folder: Path, size: int) -> Iterator[Path]:
    """A file system in memory of that many bytes."""
    folder.mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        unmount(folder)


def refuse(running: Campaign, reference: Reference, error: int) -> None:
    """The steps up to a build, one call refused in each run."""
    name = errno.errorcode[error]
    points: dict[Point, str] = {}
    for _ in range(3):
        points |= one_refused(running, reference, None, error)
    cases = sorted(points)
    for point in running.over(name, running.lot.sample(cases, 20) if running.quick else cases):
        one_refused(running, reference, point, error)


def one_refused(
    running: Campaign, reference: Reference, at: Point | None, error: int
) -> dict[Point, str]:
    """The calls of one run; its home is judged."""
    with copied(reference.home, running.folder) as home, worker(home, 0, BUILT) as one:
        follower = follow(one.process.pid, at, error)
        one.go()
        trace = follower.until_the_end()
        said, _ = one.outcome()
        case = f"{errno.errorcode[error]} for {trace.name(at)}, after {len(said)} steps"
        faults = [*words_faults(one), *read_faults(home, reference)]
        if at:
            running.count("refused" if trace.hit else "not reached")
            running.count("steps that failed", int(len(said) < BUILT))
            running.count("strays until the next build", len(stray_faults(home)))
        if trace.code < 0:
            faults.append(Fault("stuck", f"it ended by signal {-trace.code}"))
        running.judge(case, [*faults, *reference.faults(home, len(said))])
    return trace.points


def words_faults(one: Worker) -> Iterator[Fault]:
    """A step that failed has said why, in an error of ours."""
    words = one.last_words()
    if one.process.returncode and not words.startswith("index.errors."):
        yield Fault("wrong", f"it ended with {words!r}")


def read_faults(home: Path, reference: Reference) -> Iterator[Fault]:
    """While the disk is as it is, the live generation can be opened and replies as on record."""
    try:
        with Library(home / "library.sqlite", read_only=True) as library:
            store = GenerationStore(home)
            snapshot, refused = open_current(store, library)
            yield from (Fault("torn", str(error)) for error in refused)
            told = replies(library, store, snapshot.number)
    except (IndexingError, OSError) as error:
        yield Fault("stuck", f"it cannot be read: {error}")
        return
    if told != reference.generations[snapshot.number].replies:
        yield Fault("wrong", f"generation {snapshot.number} replies otherwise")


if __name__ == "__main__":
    main()
