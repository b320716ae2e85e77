"""Ask `onrecord serve` twice and ten times as much as it can answer, and see what it does.

    python -m tests.campaigns.overload [--seed N] [--quick] [--folder F] [--home H] [--seconds 20]

Closed loops of eight clients find the peak, before, between and after; open loops then ask at that
rate times 2 and 10. Every reply must be 200, or 429 or 503 with Retry-After; answers per second
must stay within 90 % of the peak around, /healthz be answered in 100 ms (99th percentile), memory
grow by 10 % at most. The driver runs on the same cores: its part is said.
"""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from qa import load_questions
from tests.campaigns.driving import ROOT
from tests.campaigns.expecting import Fault
from tests.campaigns.load import Clients, Reply, closed_loop, open_loop, percentile, probe
from tests.campaigns.reporting import Campaign, campaign, options
from tests.campaigns.serving import memory_kb
from tests.campaigns.shipped import seeds_home, shipped

FACTORS = (2, 10)
CLIENTS, PEAK_SECONDS = 8, 8.0
GOODPUT, HEALTH_MS, GROWTH = 0.9, 100, 1.1


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--home", type=Path, help="a built home to copy; default: one of seeds/")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each open loop")
    chosen = parser.parse_args()
    seconds = chosen.seconds / 4 if chosen.quick else chosen.seconds
    with campaign("overload", chosen) as running:
        home = seeds_home(running.folder / "home", chosen.home)
        with (
            shipped(home) as (process, port),
            ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as beside,
        ):
            asyncio.run(Overload(running, process.pid, port, beside).run(seconds))


class Overload:
    """One server, the load on it, and what is made of its replies."""

    def __init__(self, running: Campaign, pid: int, port: int, beside: ProcessPoolExecutor) -> None:
        self._running, self._pid, self._port, self._beside = running, pid, port, beside
        self._clients = Clients(port)
        asked = [each.question for each in load_questions(ROOT / "tests/data/questions.jsonl")]
        running.lot.shuffle(asked)
        self._questions: Iterator[str] = itertools.cycle(asked)
        self._memory = 0

    async def run(self, seconds: float) -> None:
        """Peak, load, peak, load, peak."""
        await self._peak()  # warm
        self._memory = memory_kb(self._pid)
        peaks = [await self._peak()]
        loads: list[tuple[list[Reply], Pace]] = []
        for factor in self._running.over("loads", FACTORS):
            loads.append(await self._load(factor, peaks[-1].answers, seconds))
            peaks.append(await self._peak())
        self._clients.close()
        self._running.say(f"peak: {'; '.join(map(str, peaks))}")
        pairs = itertools.pairwise(peaks)
        for factor, (replies, pace), around in zip(FACTORS, loads, pairs, strict=True):
            self._judge(f"{factor} times the peak", replies, pace, around)

    async def _peak(self) -> Pace:
        seconds = PEAK_SECONDS / 2 if self._running.quick else PEAK_SECONDS
        begun, used = time.perf_counter(), cpu_seconds(self._pid)
        replies = await closed_loop(self._clients, self._questions, CLIENTS, seconds)
        return Pace.of(replies, begun, seconds, cpu_seconds(self._pid) - used)

    async def _load(self, factor: int, peak: float, seconds: float) -> tuple[list[Reply], Pace]:
        """The replies under one load, and how many answers came in each second of it."""
        loop = asyncio.get_running_loop()
        health = loop.run_in_executor(self._beside, probe, self._port, "/healthz", seconds)
        watching = asyncio.create_task(self._watch_memory())
        begun, used, driver = time.perf_counter(), cpu_seconds(self._pid), time.process_time()
        replies, late = await open_loop(
            self._clients, self._questions, peak * factor, seconds, self._running.lot
        )
        driver = (time.process_time() - driver) / (time.perf_counter() - begun)
        pace = Pace.of(replies, begun, seconds, cpu_seconds(self._pid) - used)
        watching.cancel()
        said = f"asked at most {late * 1000:.0f} ms late, by {driver:.2f} cores"
        self._tell(factor, replies, await health, said)
        return replies, pace

    async def _watch_memory(self) -> None:
        while (now := memory_kb(self._pid)) <= self._memory * GROWTH:
            await asyncio.sleep(0.25)
        words = f"it grew from {self._memory} to {now} KB"
        self._running.judge("memory", [Fault("wrong", words)])

    def _tell(
        self, factor: int, replies: Sequence[Reply], health: list[float], driver: str
    ) -> None:
        say = self._running.say
        times = {
            kind: [reply.seconds for reply in replies if (reply.status == 200) == kind]
            for kind in (True, False)
        }
        say(f"{factor} times: {len(replies)} asked, {len(times[True])} answered; {driver}")
        for name, seconds in (
            ("answers", times[True]),
            ("turned away", times[False]),
            ("/healthz", health),
        ):
            low, high = percentile(seconds, 50), percentile(seconds, 99)
            say(f"  {name}: median {low:.0f} ms, 99th percentile {high:.0f} ms")
        say(f"  memory {self._memory / 1024:.0f} → {memory_kb(self._pid) / 1024:.0f} MB")
        if (high := percentile(health, 99)) > HEALTH_MS:
            self._running.judge("/healthz", [Fault("stuck", f"{high:.0f} ms, {factor} times")])

    def _judge(
        self, case: str, replies: Sequence[Reply], pace: Pace, around: tuple[Pace, Pace]
    ) -> None:
        statuses = Counter(reply.status for reply in replies)
        of_peak = pace.answers / fmean(each.answers for each in around)
        # Where others use the machine as well, what the server was given of it tells more.
        of_cores = pace.per_core / fmean(each.per_core for each in around)
        self._running.say(f"{case}: {pace}: goodput {of_peak:.0%} of the peak before and after")
        self._running.say(f"  {of_cores:.0%} for each second of its cores; {dict(statuses)}")
        for status, n in statuses.items():
            self._running.count(f"of {status}", n)
        self._running.judge(case, reply_faults(replies))
        if of_peak < GOODPUT:
            self._running.judge(case, [Fault("wrong", f"goodput {of_peak:.0%} of the peak")])


@dataclass(frozen=True)
class Pace:
    """Answers a second, and the cores that the server used for them and for all the rest."""

    answers: float
    cores: float

    @classmethod
    def of(cls, replies: Sequence[Reply], begun: float, seconds: float, used: float) -> Pace:
        """The pace of a time of so many `seconds`, but for its first, in which the queue fills."""
        counted = sum(
            reply.status == 200 and begun + 1 <= reply.at <= begun + seconds for reply in replies
        )
        return cls(counted / (seconds - 1), used / seconds)

    @property
    def per_core(self) -> float:
        """Answers for each second of a core."""
        return self.answers / self.cores

    def __str__(self) -> str:
        return f"{self.answers:.1f}/s on {self.cores:.2f} cores"


def cpu_seconds(pid: int) -> float:
    """What a process has used until now, user and system, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reply_faults(replies: Sequence[Reply]) -> Iterator[Fault]:
    """A reply that is neither an answer nor a refusal that says when to come again."""
    for reply in replies:
        if reply.status == 0:
            yield Fault("lost", f"no reply after {reply.seconds:.1f} s")
        elif reply.status in (429, 503):
            if not (reply.retry_after or "").isdecimal() or reply.retry_after == "0":
                yield Fault("wrong", f"{reply.status} with Retry-After {reply.retry_after!r}")
        elif reply.status != 200:
            yield Fault("wrong", f"status {reply.status}")


if __name__ == "__main__":
    main()
