"""Debounce: when a number that grows has stood still for long enough."""

from __future__ import annotations

_PATIENCE = 10  # times `seconds` that growing may go on


class Debounce:
    """Says when a number has stood still for `seconds`, or has grown for ten times as long.

    Times are seconds of any clock that is never set back.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._seen: int | None = None
        self._first: float | None = None
        self._last = 0.0

    def is_due(self, number: int, now: float) -> bool:
        """True once after each time that `number` grew, the first look counting as one."""
        if number != self._seen:
            self._seen, self._last = number, now
            self._first = now if self._first is None else self._first
        if self._first is None:
            return False
        quiet, growing = now - self._last, now - self._first
        if quiet < self._seconds and growing < _PATIENCE * self._seconds:
            return False
        self._first = None
        return True

    def put_off(self, now: float) -> None:
        """Begin again, as if the number had just grown."""
        self._first = self._last = now
