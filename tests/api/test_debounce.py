"""Debounce: once after each growth, when it is over or has lasted long enough."""

from __future__ import annotations

from api.debounce import Debounce


def due(debounce: Debounce, looks: list[tuple[float, int]]) -> list[float]:
    """The times of the looks, each with the number seen, that were told to act."""
    return [now for now, number in looks if debounce.is_due(number, now)]


def test_it_acts_once_when_the_number_has_stood_still_for_long_enough() -> None:
    looks = [(0.0, 3), (4.9, 3), (5.0, 3), (6.0, 3), (100.0, 3), (101.0, 4), (105.0, 4), (106.0, 4)]
    assert due(Debounce(5), looks) == [5.0, 106.0]


def test_growing_puts_it_off_but_not_for_ever() -> None:
    looks = [(float(now), now) for now in range(120)]
    assert due(Debounce(5), looks) == [50.0, 101.0]


def test_what_was_put_off_is_told_again() -> None:
    debounce = Debounce(5)
    assert due(debounce, [(0.0, 1), (5.0, 1)]) == [5.0]
    debounce.put_off(5.0)
    assert due(debounce, [(6.0, 1), (10.0, 1), (11.0, 1)]) == [10.0]
