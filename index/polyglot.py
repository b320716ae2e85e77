"""languages_read(): the languages that an encoder reads as it reads English, by a small trial.

The packaged encoder is known to read English alone. Of another, nobody but itself can tell: it is
given concepts of the term table in English and in the other language, and reads the language when
nearly every one is nearest to its own translation.
"""

from __future__ import annotations

import numpy as np

from index.concepts import LANGUAGES, TermTable
from index.embedding import PACKAGED_SHA256, Embedder

_ASKED = 100  # concepts, evenly spread over the table
_NEARLY_ALL = 0.8


def languages_read(embedder: Embedder, table: TermTable) -> frozenset[str]:
    """English, and each other language of the table that the trial finds."""
    if embedder.fingerprint == PACKAGED_SHA256:
        return frozenset({"en"})
    return frozenset(
        lang
        for column, lang in enumerate(LANGUAGES)
        if lang == "en" or _share_found(embedder, table, column) >= _NEARLY_ALL
    )


def _share_found(embedder: Embedder, table: TermTable, column: int) -> float:
    """The share of concepts whose English form is nearest to its own translation."""
    pairs = {
        forms[0][0]: forms[column][0]
        for _, forms in sorted(table.rows.items())
        if forms[0] and forms[column] and forms[0][0].casefold() != forms[column][0].casefold()
    }
    english = list(pairs)[:: max(1, len(pairs) // _ASKED)]
    if not english:
        return 0.0
    ours = embedder.encode(english)
    theirs = embedder.encode([pairs[form] for form in english])
    nearest = np.argmax(ours @ theirs.T, axis=1)
    return float(np.mean(nearest == np.arange(len(english))))
