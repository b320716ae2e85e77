"""The proof of a new generation: hashed, opened and asked in the folder where it was built.

Canaries are passages spread over the whole index, each looked for by its own vector and by its
rarest word. The first that is not found stops the build, and the generation gets no number.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ArticleNotFoundError, DamagedGenerationError
from index.generations import Manifest
from index.lexical import QueryTerm
from index.manifest import verify_folder
from index.snapshot import Snapshot, Texts, open_folder

CANARIES = 20


def prove(folder: Path, manifest: Manifest, texts: Texts) -> None:
    """Hash, open and ask what was built in `folder`; `manifest` is the one that was meant.

    Raises:
        DamagedGenerationError: what lies there is not what was meant.
    """
    if verify_folder(folder, manifest.number) != manifest:
        raise DamagedGenerationError(manifest.number, "manifest.json", "is not the one written")
    snapshot = open_folder(folder, manifest, texts)
    n = len(snapshot.tables.passages)
    if n != manifest.counts["passages"]:
        raise DamagedGenerationError(manifest.number, "passages.npy", f"holds {n} passages")
    for row in np.unique(np.linspace(0, n - 1, min(n, CANARIES)).astype(np.int64)):
        _prove_passage(snapshot, int(row))


def _prove_passage(snapshot: Snapshot, row: int) -> None:
    vector: NDArray[np.float32] = snapshot.passage_vectors[row].astype(np.float32)
    _, scores = snapshot.dense(vector, 1)
    if len(scores) == 0 or scores[0] < float(vector @ vector) - 0.01:
        raise DamagedGenerationError(
            snapshot.number, "passages.faiss", f"does not find passage {row} by its own vector"
        )
    word = _rarest_word(snapshot, row)
    if word and row not in snapshot.lexical([QueryTerm((word,))], len(snapshot.tables.passages))[0]:
        raise DamagedGenerationError(
            snapshot.number, "lexical", f"does not find passage {row} by its own word {word!r}"
        )
    span, article = snapshot.passage_span(row), int(snapshot.tables.passages[row]["article"])
    try:
        length = len(snapshot.text(article))
    except ArticleNotFoundError as error:
        raise DamagedGenerationError(
            snapshot.number, "articles.jsonl", f"names a wording that is not there: {error}"
        ) from error
    if span.end > length:
        raise DamagedGenerationError(
            snapshot.number, "passages.npy", f"names a place beyond its text (row {row})"
        )


def _rarest_word(snapshot: Snapshot, row: int) -> str | None:
    """The term of a passage that the fewest passages hold; None for one without a word."""
    passage, tokens = snapshot.tables.passages[row], snapshot.tokens
    held = snapshot.tables.sentences[int(passage["first_sentence"]) : int(passage["last_sentence"])]
    ids = np.unique(tokens.tokens[int(held["first_token"].min()) : int(held["last_token"].max())])
    if not len(ids):
        return None
    return tokens.vocabulary[int(ids[np.argmin(tokens.frequency[ids])])]
