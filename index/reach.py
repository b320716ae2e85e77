"""Reach: in which passages a person is named or speaks, or a sector comes up, by the record."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from index.record import Record, Sentences
from index.tables import Tables

_KEPT = 64  # masks of each kind; one takes a byte a passage


class Reach:
    """Looks each name up once a generation, as far as they are kept.

    `speaker` and `sector` give a mask over the passages for a name, or None where the record knows
    no such person or sector.
    """

    def __init__(self, record: Record, tables: Tables) -> None:
        self.speaker = lru_cache(_KEPT)(partial(_passages, record.sentences_of, tables))
        self.sector = lru_cache(_KEPT)(partial(_passages, record.sentences_on, tables))


def _passages(
    look_up: Callable[[str], Sentences | None], tables: Tables, name: str
) -> NDArray[np.bool_] | None:
    sentences = look_up(name)
    if sentences is None:
        return None
    held = tables.passages_holding(sentences)
    held.flags.writeable = False  # many searches share it
    return held
