"""What a library and a generation must hold beyond their hashes; every breach is a sentence.

A hash says that bytes are those that were written. These say that what was written agrees: each
text with its key, each place with the text that it lies in, each table with the others.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.articles import Facets
from index.dense import FaissStore
from index.generations import Manifest
from index.late import PieceTable
from index.lexical import LexicalIndex
from index.tables import Tables
from index.tokens import TokenTable
from index.vectors import read_keys

Tell = Callable[[int, int], None]

_NAMED = 5  # of many alike, so many are named
_BLOCK = 8192  # vectors looked at in one go
_ENDLESS = 1 << 62


@dataclass(frozen=True)
class StoredTexts:
    """The texts of a library: `lengths` maps the SHA-256 of each sound one to its code points.

    `revisions` are all (article id, sha256) that are kept, `faults` the texts that are not sound.
    """

    lengths: Mapping[str, int]
    revisions: Set[tuple[str, str]]
    faults: tuple[str, ...]


def database_faults(db: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with the file and with the references between its tables."""
    found = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({_NAMED})")]
    faults = [] if found == ["ok"] else found
    broken = db.execute("PRAGMA foreign_key_check").fetchall()
    tables = sorted({f"a row of {table} names none of {parent}" for table, _, parent, _ in broken})
    return faults + tables


def read_texts(db: sqlite3.Connection, tell: Tell = lambda done, total: None) -> StoredTexts:
    """Hash every stored text and compare it with its key; `tell` is told done and total."""
    total = int(db.execute("SELECT count(*) FROM texts").fetchone()[0])
    lengths: dict[str, int] = {}
    faults = []
    # As bytes: a text that is no UTF-8 any more is to be named, not to end the reading.
    rows = db.execute("SELECT sha256, CAST(text AS BLOB) FROM texts")
    for done, (sha256, content) in enumerate(rows, start=1):
        if hashlib.sha256(content).hexdigest() == sha256:
            lengths[sha256] = len(content.decode("utf-8"))
        else:
            sql = "SELECT article_id FROM revisions WHERE sha256 = ?"
            ids = ", ".join(sorted({repr(id) for (id,) in db.execute(sql, (sha256,))}))
            faults.append(f"the text of article {ids or 'none'} has changed ({sha256[:12]}…)")
        tell(done, total)
    revisions = frozenset(db.execute("SELECT article_id, sha256 FROM revisions").fetchall())
    return StoredTexts(lengths, revisions, tuple(faults))


def unquoted_faults(lines: bytes, revisions: Set[tuple[str, str]]) -> list[str]:
    """Which revisions that an `articles.jsonl` names are not among those of a library."""
    sources = (json.loads(line) for line in lines.decode("utf-8").split("\n") if line)
    missing = [s["id"] for s in sources if (s["id"], s["sha256"]) not in revisions]
    return _few([f"the library has not the wording of article {id!r}" for id in missing])


def generation_faults(folder: Path, manifest: Manifest, texts: StoredTexts | None) -> list[str]:
    """What does not agree in a generation whose files are those that were written.

    Beside this it is to be asked, as `prove` does. Without `texts` places are only compared with
    one another. Each check stands on those before it: the first that fails ends the list.
    """
    tables = Tables.read(folder)
    for faults in (
        _count_faults(tables, manifest),
        _range_faults(tables),
        _place_faults(tables),
        _text_faults(folder, tables, texts) if texts else [],
        _vector_faults(folder, manifest),
        _word_faults(folder, tables),
        _search_faults(folder, len(tables.passages)),
    ):
        if faults:
            return faults
    return []


def _count_faults(tables: Tables, manifest: Manifest) -> list[str]:
    held = {
        "articles": len(tables.articles),
        "passages": len(tables.passages),
        "sentences": len(tables.sentences),
    }
    faults = [
        f"{name}.npy holds {held[name]:,}, the manifest says {count:,}"
        for name, count in manifest.counts.items()
        if name in held and held[name] != count
    ]
    if len(tables.sources) != held["articles"]:
        faults.append(f"articles.jsonl names {len(tables.sources):,} of {held['articles']:,}")
    return faults


def _range_faults(tables: Tables) -> list[str]:
    """Articles share out passages and sentences without a gap, and each of these knows its own."""
    faults = []
    for name in ("passage", "sentence"):
        rows: NDArray[Any] = getattr(tables, f"{name}s")
        first, last = tables.articles[f"first_{name}"], tables.articles[f"last_{name}"]
        borders = np.concatenate([[0], last])
        if not np.array_equal(first, borders[:-1]) or borders[-1] != len(rows):
            faults.append(f"articles.npy does not share out all {name}s")
        elif (last < first).any() or not np.array_equal(
            rows["article"], np.repeat(np.arange(len(first)), last - first)
        ):
            faults.append(f"{name}s.npy has {name}s under another article than its own")
    return faults


def _place_faults(tables: Tables) -> list[str]:
    """Sentences follow one another, and passages are whole sentences, in order."""
    passages, sentences = tables.passages, tables.sentences
    start, end, article = sentences["start"], sentences["end"], sentences["article"]
    if len(sentences) and (
        (start < 0).any()
        or (end <= start).any()
        or ((article[1:] == article[:-1]) & (start[1:] < end[:-1])).any()
    ):
        return ["sentences.npy has sentences that are empty or overlap"]
    if not len(passages):
        return []
    first, last, of = passages["first_sentence"], passages["last_sentence"], passages["article"]
    held = tables.articles[of]
    if (
        (first < held["first_sentence"]).any()
        or (last > held["last_sentence"]).any()
        or (last <= first).any()
        or ((of[1:] == of[:-1]) & (first[1:] <= first[:-1])).any()
    ):
        return ["passages.npy has passages that are empty, out of order or of other articles"]
    if (passages["start"] != start[first]).any() or (passages["end"] != end[last - 1]).any():
        return ["passages.npy has passages that are not whole sentences"]
    return []


def _text_faults(folder: Path, tables: Tables, texts: StoredTexts) -> list[str]:
    """Every revision that is quoted is there, and every sentence lies inside its text."""
    faults = unquoted_faults((folder / "articles.jsonl").read_bytes(), texts.revisions)
    # A text that is not sound has no length; the library's own check names it.
    known = (texts.lengths.get(source.sha256, _ENDLESS) for source in tables.sources)
    lengths = np.fromiter(known, np.int64, len(tables.sources))
    of = tables.sentences["article"]
    beyond = np.unique(of[tables.sentences["end"] > lengths[of]])
    ids = (tables.sources[row].article_id for row in beyond)
    return faults or _few([f"sentences lie beyond the text of article {id!r}" for id in ids])


def _vector_faults(folder: Path, manifest: Manifest) -> list[str]:
    """A unit vector and a key for each passage and sentence."""
    faults = []
    for kind in ("passage", "sentence"):
        vectors: NDArray[np.float16] = np.load(folder / f"{kind}_vectors.npy", mmap_mode="r")
        count = manifest.counts[f"{kind}s"]
        if vectors.shape != (count, manifest.dim):
            faults.append(f"{kind}_vectors.npy has the shape {vectors.shape}")
        elif not _are_units(vectors):
            faults.append(f"{kind}_vectors.npy has vectors that are not of length 1")
        if len(read_keys(folder, kind)) != count:
            faults.append(f"{kind}_keys.npy has not a key for each {kind}")
    return faults


def _are_units(vectors: NDArray[np.float16]) -> bool:
    for at in range(0, len(vectors), _BLOCK):
        norms = np.linalg.norm(vectors[at : at + _BLOCK].astype(np.float32), axis=1)
        if not (np.abs(norms - 1) < 0.01).all():  # not so for NaN either
            return False
    return True


def _word_faults(folder: Path, tables: Tables) -> list[str]:
    """Terms and word-pieces of every sentence, numbered within their vocabularies."""
    faults = []
    tokens = TokenTable(folder, len(tables.passages))
    borders = np.concatenate([[0], tables.articles["last_token"]])
    if (
        not np.array_equal(tables.articles["first_token"], borders[:-1])
        or borders[-1] != len(tokens.tokens)
        or (tables.sentences["last_token"] < tables.sentences["first_token"]).any()
        or (tables.sentences["last_token"] > len(tokens.tokens)).any()
    ):
        faults.append("tokens.npy is not shared out among articles and sentences")
    size = len(tokens.vocabulary)
    if len(tokens.frequency) != size or not 0 <= tokens.tokens.max(initial=0) <= max(size - 1, 0):
        faults.append("tokens.npy has numbers beyond vocabulary.txt")
    pieces = PieceTable(folder, len(tables.passages))
    if (
        len(pieces.offsets) != len(tables.sentences) + 1
        or (np.diff(pieces.offsets) < 0).any()
        or not pieces.offsets[-1] == len(pieces.ids) == len(pieces.codes)
    ):
        faults.append("piece_offsets.npy does not share out the word-pieces")
    return faults


def _search_faults(folder: Path, n: int) -> list[str]:
    """Both searches hold every passage once."""
    faults = []
    rows = LexicalIndex(folder / "lexical").rows_within(Facets())
    if not np.array_equal(rows, np.arange(n)):
        faults.append(f"lexical/ holds {len(rows):,} passages of {n:,}")
    dense = FaissStore(folder / "passages.faiss")
    if len(dense) != n:
        faults.append(f"passages.faiss holds {len(dense):,} vectors of {n:,}")
    return faults


def _few(faults: list[str]) -> list[str]:
    """The first of many alike, and how many more there are."""
    more = len(faults) - _NAMED
    return faults if more <= 0 else [*faults[:_NAMED], f"and {more:,} more"]
