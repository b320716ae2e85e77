"""Cut the power of a worker's disk at random moments, on ext4 and on XFS.

    python -m tests.campaigns.power [--seed N] [--quick] [--folder F] [--cuts 25]

A file system in a file is shut down without a sync, so that all it had not been told to keep is
gone; then it is mounted again. The control leaves one sync out, that of a generation's files: there
faults must be found. Needs root, xfsprogs and e2fsprogs.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.driving import worker
from tests.campaigns.expecting import Fault, Reference
from tests.campaigns.kill import undisturbed_seconds
from tests.campaigns.reporting import Campaign, campaign, need, options

SYSTEMS = ("ext4", "xfs")
SIZE = 400 * 2**20  # of a sparse file; XFS makes none below 300 MB


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--cuts", type=int, default=25, help="cuts on each file system")
    chosen = parser.parse_args()
    need("xfs_io", "mkfs.xfs", "mkfs.ext4", "mount")
    if os.geteuid() != 0:
        sys.exit("file systems are mounted by root only: run it as root")
    with campaign("power", chosen) as running:
        reference = Reference(running.folder)
        with Disk("ext4", running.folder).mounted() as mount:
            lasts = max(undisturbed_seconds(mount, reference) for _ in range(3))
        cuts = max(chosen.cuts // 5, 1) if running.quick else chosen.cuts
        for system in SYSTEMS:
            for moment in running.over(f"cuts on {system}", moments(running, lasts, cuts)):
                done, faults = cut(running.folder, reference, system, moment)
                running.judge(f"{system}, {moment * 1000:.0f} ms, after {done} steps", faults)
        for system in SYSTEMS:
            control(running, reference, system, lasts, cuts)


def moments(running: Campaign, lasts: float, n: int) -> list[float]:
    return [running.lot.uniform(0, lasts * 1.1) for _ in range(n)]


def control(running: Campaign, reference: Reference, system: str, lasts: float, cuts: int) -> None:
    """The same with one sync left out: that no fault is found is a fault of the test."""
    caught = 0
    for moment in running.over(f"cuts on {system} without a sync", moments(running, lasts, cuts)):
        done, faults = cut(running.folder, reference, system, moment, "--without-sync")
        if faults and not caught:
            running.say(f"{system} without a sync, after {done} steps: {faults[0].what}")
        caught += bool(faults)
    running.count(f"of them caught on {system}", caught)
    if not caught:
        running.judge(system, [Fault("wrong", "a missing sync is not found by these cuts")])


def cut(
    folder: Path, reference: Reference, system: str, moment: float, *arguments: str
) -> tuple[int, list[Fault]]:
    """The steps that were acknowledged before the cut, and the faults found after it."""
    disk = Disk(system, folder)
    with disk.mounted() as mount:
        home = shutil.copytree(reference.home, mount / "home")
        run("sync", "-f", str(mount))
        with worker(home, *arguments) as one:
            one.go()
            time.sleep(moment)
            run("xfs_io", "-x", "-c", "shutdown", str(mount))
            one.kill()
            said, _ = one.outcome()
    with disk.mounted(fresh=False) as mount:
        return len(said), reference.faults(mount / "home", len(said))


class Disk:
    """A file system in a sparse file."""

    def __init__(self, system: str, folder: Path) -> None:
        self._system, self._image, self._mount = system, folder / f"{system}.img", folder / system

    @contextmanager
    def mounted(self, *, fresh: bool = True) -> Iterator[Path]:
        """Where it is mounted, for a while; `fresh` empties it first."""
        self._mount.mkdir(exist_ok=True)
        if fresh:
            self._image.unlink(missing_ok=True)
            with self._image.open("wb") as file:
                file.truncate(SIZE)
            run(f"mkfs.{self._system}", "-q", str(self._image))
        run("mount", "-o", "loop", str(self._image), str(self._mount))
        try:
            yield self._mount
        finally:
            unmount(self._mount)


def unmount(folder: Path) -> None:
    """Take a file system away, once the engine's own threads have let go of its files."""
    for _ in range(100):
        gc.collect()
        if subprocess.run(["umount", str(folder)], capture_output=True).returncode == 0:
            return
        time.sleep(0.1)
    run("umount", "--lazy", str(folder))


def run(*command: str) -> None:
    """Run a program.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")


if __name__ == "__main__":
    main()
