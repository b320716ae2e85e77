"""Takes a home through steps of the scenario, and says each one as soon as it is done.

    python -m tests.campaigns.worker HOME [FIRST END] [--without-sync]

It says "ready" and begins when it is sent a line. FIRST and END number the steps from 0, half
open. With --without-sync the files of a generation are left to the disk's own pace: the control of
the tests, which must find that out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import index.durable
from index import GenerationStore, Library
from tests.campaigns.scenario import STEPS


def main() -> None:
    arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
    home, bounds = Path(arguments[0]), [int(word) for word in arguments[1:]]
    if "--without-sync" in sys.argv:
        index.durable.sync = lambda path: None
    print("ready", flush=True)
    sys.stdin.readline()
    first, end = bounds or (0, len(STEPS))
    with Library(home / "library.sqlite") as library:
        for name in list(STEPS)[first:end]:
            STEPS[name](library, GenerationStore(home))
            print(name, flush=True)


if __name__ == "__main__":
    main()
