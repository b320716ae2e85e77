"""Rates: how many requests each key has made in the last minute."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.errors import RateExceededError


class Rates:
    """Counts the requests of each key, over a window that moves; in this process, in memory.

    `per_minute` holds for keys that have no rate of their own; 0 sets no limit.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, key_id: str, rate: int | None = None) -> None:
        """One request more of that key; what is refused is not counted.

        Raises:
            RateExceededError: it has made as many as it may; the error says when it may again.
        """
        rate = self.per_minute if rate is None else rate
        if not rate:
            return
        limit = RateLimitItemPerMinute(rate)
        if not self._limiter.hit(limit, key_id):
            free_at = self._limiter.get_window_stats(limit, key_id).reset_time
            raise RateExceededError(rate, max(1, math.ceil(free_at - time.time())))
