"""The time of a reply over HTTP beside the same call in process, in one run over one index.

    python tests/bench_http.py HOME QUESTIONS [--limit 200]

Each question is put to `onrecord serve` and to an Answerer here in turn, the one after the other,
so that both have the machine for themselves; medians of milliseconds, and their ratio.
"""

from __future__ import annotations

import argparse
import json
import time
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

from api.commands.common import open_warm
from api.settings import read_settings
from qa import load_questions
from tests.campaigns.shipped import shipped

WARM_UP = 10


def main() -> None:
    """Measure and print one line of medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--limit", type=int, default=200, help="questions that are asked")
    chosen = parser.parse_args()
    asked = [each.question for each in load_questions(chosen.questions)]
    answerer = open_warm(read_settings(chosen.home))
    over_http, in_process = [], []
    with shipped(chosen.home) as (_, port):
        http = HTTPConnection("127.0.0.1", port)
        for question in (asked * 2)[: WARM_UP + chosen.limit]:
            begun = time.perf_counter()
            http.request(
                "POST",
                "/v1/ask",
                json.dumps({"question": question}),
                {"Content-Type": "application/json"},
            )
            reply = json.loads(http.getresponse().read())
            between = time.perf_counter()
            answer = answerer.ask(question)
            in_process.append((time.perf_counter() - between) * 1000)
            over_http.append((between - begun) * 1000)
            if reply["answer"] != answer.answer:
                raise SystemExit(f"two answers to {question!r}")
    answerer.close()
    there, here = np.median(over_http[WARM_UP:]), np.median(in_process[WARM_UP:])
    each = np.median(np.array(over_http[WARM_UP:]) - np.array(in_process[WARM_UP:]))
    print(f"over HTTP {there:.1f} ms, in process {here:.1f} ms, × {there / here:.2f}")
    print(f"median of the differences {each:.1f} ms ({chosen.limit} questions)")


if __name__ == "__main__":
    main()
