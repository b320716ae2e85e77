"""Kill a worker at every state-changing system call of its steps, and at random moments.

    python -m tests.campaigns.kill [--seed N] [--quick] [--folder F] [--moments 200]

Each time in a fresh copy of one home: articles are added, edited, removed, indexes built,
published, pruned, rolled back. Afterwards the home is opened, compared with what an undisturbed
run left, and built once more.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from tests.campaigns.driving import worker
from tests.campaigns.expecting import Fault, Reference, copied
from tests.campaigns.reporting import Campaign, campaign, options
from tests.campaigns.tracing import Point, Trace, follow, why_not


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--moments", type=int, default=200, help="kills at random moments")
    chosen = parser.parse_args()
    if reason := why_not():
        sys.exit(reason)
    with campaign("kill", chosen) as running:
        reference = Reference(running.folder)
        kill_at_calls(running, reference)
        n = chosen.moments // 10 if running.quick else chosen.moments
        kill_at_moments(running, reference, n)


def kill_at_calls(running: Campaign, reference: Reference) -> None:
    """One kill before each call that three undisturbed runs have shown."""
    points: dict[Point, str] = {}
    for _ in range(3):
        points |= traced(running, reference).points
    calls = Counter(points.values())
    running.say(f"{len(points)} points: " + ", ".join(f"{n} {c}" for c, n in calls.most_common()))
    running.say(f"in {len({point.thread for point in points})} threads")
    cases = sorted(points)
    for point in running.over("calls", running.lot.sample(cases, 40) if running.quick else cases):
        trace = traced(running, reference, point)
        running.count("killed" if trace.hit else "not reached")


def traced(running: Campaign, reference: Reference, at: Point | None = None) -> Trace:
    """A run of the steps that ends at a point; its home is judged."""
    with copied(reference.home, running.folder) as home, worker(home) as one:
        follower = follow(one.process.pid, at)
        one.go()
        trace = follower.until_the_end()
        said, _ = one.outcome()
        case = f"{trace.name(at)}, after {len(said)} steps"
        running.judge(case, reference.faults(home, len(said)))
        if trace.code and not trace.hit:
            running.judge(case, [Fault("stuck", f"it ended with {trace.code}: {one.last_words()}")])
    return trace


def kill_at_moments(running: Campaign, reference: Reference, n: int) -> None:
    """Kills at moments drawn by lot, from the start to a little after the end."""
    lasts = max(undisturbed_seconds(running.folder, reference) for _ in range(3))
    moments = [running.lot.uniform(0, lasts * 1.02) for _ in range(n)]
    for moment in running.over("moments", moments):
        with copied(reference.home, running.folder) as home, worker(home) as one:
            one.go()
            time.sleep(moment)
            one.kill()
            said, _ = one.outcome()
            case = f"{moment * 1000:.0f} ms, after {len(said)} steps"
            running.judge(case, reference.faults(home, len(said)))


def undisturbed_seconds(folder: Path, reference: Reference) -> float:
    """How long all steps take, from the word to begin to the end of the worker."""
    with copied(reference.home, folder) as home, worker(home) as one:
        begun = time.monotonic()
        one.go()
        one.outcome()
        return time.monotonic() - begun


if __name__ == "__main__":
    main()
