"""soft_filter(): passages of the time and of the outlets that a question names come first.

Nothing is left out, for a period may be misread and an outlet be named in passing: what does not
fit keeps most of its score.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index import Snapshot
from qa.queries import Query
from qa.timing import Timing, time_passages

_ELSEWHERE = np.float32(0.85)  # of its score is left to a passage of another outlet


def soft_filter(snapshot: Snapshot, rows: NDArray[np.int64], query: Query) -> Timing:
    """What is left of the scores of the passages in `rows`, and whether none is in time."""
    timing = time_passages(snapshot, rows, query.when)
    if query.outlets is None:
        return timing
    own = query.outlets[snapshot.tables.passages["article"][rows]]
    return replace(timing, weights=np.where(own, timing.weights, timing.weights * _ELSEWHERE))
