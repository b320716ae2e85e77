"""What is wrong with a home, and what to do: every check stands alone, and nothing is written.

What reaches beyond the disk is the encoder alone, when it is one of a model hub.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import numpy as np

from index.analysis import load_analyser
from index.articles import Span
from index.building import content_settings
from index.checks import StoredTexts, database_faults, generation_faults, read_texts
from index.database import open_to_read
from index.embedding import Embedder, load_embedder
from index.erasure import unfinished_purges
from index.errors import DamagedGenerationError, NoGenerationError
from index.findings import Finding, stand_alone
from index.generations import GenerationStore, Manifest
from index.library import Library
from index.manifest import file_names, verify_file
from index.proving import prove
from index.record import RECORD_FILE, load_taxonomy, record_faults
from index.settings import IndexSettings
from index.surroundings import check_files, check_folder, check_room, is_held
from index.tables import Tables
from index.text import encoder_text

Progress = Callable[[str, int, int], None]

REBUILD = "run `onrecord build`"

_NAMED = 5  # faults of a record
_SAMPLE = 5  # passages that are embedded again
_NEAR = 0.99  # cosine of a vector and the stored one, in half precision


def examine(settings: IndexSettings, progress: Progress | None = None) -> Iterator[Finding]:
    """Check the home that the settings name: its library, index, files, and the encoder."""
    home = _Home(settings, progress or (lambda stage, done, total: None))
    yield from stand_alone("home", partial(check_folder, settings.home))
    if not settings.home.is_dir():
        return
    yield from stand_alone("library", home.check_library)
    yield from stand_alone("builds", home.check_jobs)
    yield from stand_alone("purges", home.check_purges)
    yield from stand_alone("current", home.check_current)
    for number in home.numbers():
        check = partial(home.check_generation, number)
        yield from stand_alone(f"generation {number}", check)
    yield from stand_alone("files", partial(check_files, settings.home, settings.tables))
    yield from stand_alone("disk", partial(check_room, settings.home, home.index))
    yield from stand_alone("terms", home.check_terms)
    yield from stand_alone("index", home.check_freshness)
    yield from stand_alone("encoder", home.check_encoder)


class _Home:
    """What the checks share: later ones use what earlier ones could read."""

    def __init__(self, settings: IndexSettings, tell: Progress) -> None:
        self.settings, self.tell = settings, tell
        self.home = settings.home
        self.path = settings.home / "library.sqlite"
        self.store = GenerationStore(settings.home)
        self.texts: StoredTexts | None = None
        self.revision: int | None = None
        self.live: Manifest | None = None  # once its files have been hashed

    def numbers(self) -> list[int]:
        """Every generation on disk; none where the folder cannot be read."""
        try:
            return sorted((*self.store.kept(), *self.store.aside()))
        except Exception:
            return []  # `check_current` tells why

    @property
    def index(self) -> Path | None:
        """The folder of the generation that serves, once it was found whole."""
        return self.store.folder(self.live.number) if self.live else None

    # -- the library

    def check_library(self) -> Iterator[Finding]:
        with closing(open_to_read(self.path)) as db:
            restore = "restore it from a backup: `onrecord restore FILE --force`"
            faults = database_faults(db)
            for fault in faults:
                yield Finding("library", "problem", f"{self.path}: {fault}", restore)
            [self.revision] = db.execute("SELECT revision FROM meta").fetchone()
            [articles] = db.execute("SELECT count(*) FROM articles").fetchone()
            self.texts = read_texts(db, lambda done, total: self.tell("texts", done, total))
            for fault in self.texts.faults:
                yield Finding("library", "problem", fault, restore)
            [lost] = db.execute(
                "SELECT count(*) FROM texts WHERE sha256 NOT IN (SELECT sha256 FROM revisions)"
            ).fetchone()
            if lost:
                message = f"{lost:,} texts belong to no revision of an article"
                remedy = (
                    "they go when the next removed article is purged: `onrecord remove --purge`"
                )
                yield Finding("library", "problem", message, remedy)
            if not faults and not self.texts.faults:
                message = f"{articles:,} articles, revision {self.revision}, every text is whole"
                yield Finding("library", "ok", message)

    def check_jobs(self) -> Iterator[Finding]:
        with closing(open_to_read(self.path)) as db:
            if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'jobs'").fetchone():
                return
            rows = db.execute(
                "SELECT id, server FROM jobs WHERE state IN ('queued', 'running') ORDER BY id"
            ).fetchall()
        stuck = [id for id, server in rows if not is_held(self.home / f".server-{server}.lock")]
        if stuck:
            numbers = ", ".join(map(str, stuck))
            message = f"the server of build {numbers} ended before the build did"
            yield Finding("builds", "warning", message, "the next `onrecord serve` marks it so")
        else:
            yield Finding("builds", "ok", f"{len(rows)} queued or running, none stuck")

    def check_purges(self) -> Iterator[Finding]:
        for article_id in unfinished_purges(self.home):
            message = f"the purge of {article_id!r} was not brought to its end"
            remedy = f"run `onrecord remove {article_id} --purge`"
            yield Finding("purges", "problem", message, remedy)

    # -- the index

    def check_current(self) -> Iterator[Finding]:
        try:
            number = self.store.current()
        except NoGenerationError:
            yield Finding("current", "warning", "nothing has been built yet", REBUILD)
            return
        kept = self.store.kept()
        if number in kept:
            yield Finding("current", "ok", f"CURRENT names generation {number}")
            return
        where = "kept aside" if number in self.store.aside() else "not there"
        older = [n for n in kept if n < number]
        remedy = f"run `onrecord use {older[-1]}`, or `onrecord build`" if older else REBUILD
        yield Finding("current", "problem", f"CURRENT names generation {number}, {where}", remedy)

    def check_generation(self, number: int) -> Iterator[Finding]:
        name = f"generation {number}"
        named = self.home / "CURRENT"
        serves = named.is_file() and named.read_bytes().strip() == b"%06d" % number
        folder = self.store.folder(number)
        remedy = "run `onrecord build --full`" if serves else f"remove {folder}"
        manifest = self.store.manifest(number)
        if faults := self._file_faults(number, manifest):
            yield Finding(name, "problem", "; ".join(faults), remedy)
            return
        if serves:
            self.live = manifest
        if faults := generation_faults(folder, manifest, self.texts):
            yield Finding(name, "problem", "; ".join(faults), remedy)
            return
        if faults := self._record_faults(folder, manifest):
            yield Finding(name, "problem", "; ".join(faults), remedy)
            return
        if self.texts:
            with Library(self.path, read_only=True) as library:
                prove(folder, manifest, library)
        counts = ", ".join(f"{count:,} {what}" for what, count in manifest.counts.items())
        yield Finding(name, "ok", f"{len(manifest.files)} files are whole, {counts} agree")

    def _record_faults(self, folder: Path, manifest: Manifest) -> list[str]:
        """What in the record is no sentence, or not as its text has it; the first of many."""
        if RECORD_FILE not in manifest.files:  # of an earlier version
            return []
        tables = Tables.read(folder)
        spans = [Span(int(row["start"]), int(row["end"])) for row in tables.sentences]
        ranges = zip(
            tables.articles["first_sentence"], tables.articles["last_sentence"], strict=True
        )
        sentences = [spans[first:last] for first, last in ranges]
        with ExitStack() as stack:
            library = self.texts and stack.enter_context(Library(self.path, read_only=True))
            found = record_faults(folder / RECORD_FILE, tables.sources, sentences, library or None)
            return list(itertools.islice(found, _NAMED))

    def _file_faults(self, number: int, manifest: Manifest) -> list[str]:
        """Every file that is missing, added or changed."""
        folder = self.store.folder(number)
        names = sorted({*manifest.files, *file_names(folder)})
        faults = []
        for done, name in enumerate(names, start=1):
            try:
                if name not in manifest.files:
                    raise DamagedGenerationError(number, name, "does not belong to it")
                verify_file(folder, number, name, manifest)
            except DamagedGenerationError as error:
                faults.append(f"{error.file} {error.reason}")
            self.tell(f"index {number}", done, len(names))
        return faults

    # -- the settings

    def check_terms(self) -> Iterator[Finding]:
        table = load_analyser(self.settings.terms).table
        sectors = load_taxonomy(self.settings.sectors, self.settings.terms).sectors
        yield Finding("terms", "ok", f"{len(table):,} concepts, {len(sectors)} sectors")

    def check_freshness(self) -> Iterator[Finding]:
        """Whether the live index is of this state of the library, with these settings."""
        if self.live is None:
            return
        name, live, settings = "index", self.live, self.settings
        meant = content_settings(settings, load_analyser(settings.terms))
        other = [key for key, value in meant.items() if live.settings.get(key) != value]
        behind = 0 if self.revision is None else self.revision - live.library_revision
        if behind > 0:
            message = f"the library was written {behind:,} times since the live index was built"
            yield Finding(name, "warning", message, REBUILD)
        elif behind < 0:
            message = (
                f"the live index is of revision {live.library_revision} of the library, which is "
                f"at {self.revision}: it is an older copy"
            )
            yield Finding(name, "problem", message, REBUILD)
        if other:
            message = f"the live index was built with another setting of {', '.join(other)}"
            yield Finding(name, "warning", message, REBUILD)
        if not behind and not other:
            yield Finding(name, "ok", "the live index is up to date")

    def check_encoder(self) -> Iterator[Finding]:
        """Whether it loads, and gives the vectors that the live index holds."""
        embedder = load_embedder(self.settings.model_copy(update={"threads": 1}))
        message = f"{embedder.name} loads, its weights are {embedder.fingerprint[:12]}…"
        if self.live is None or self.index is None:
            yield Finding("encoder", "ok", message)
        elif embedder.fingerprint != self.live.fingerprint:
            message = f"{embedder.name!r} is set, the live index was built with"
            remedy = f"{REBUILD}, or set ONRECORD_ENCODER to the other"
            yield Finding("encoder", "problem", f"{message} {self.live.encoder!r}", remedy)
        elif (near := self._nearness(embedder, self.index)) < _NEAR:
            message = f"a passage embedded again is only {near:.3f} near to its stored vector"
            yield Finding("encoder", "problem", message, "run `onrecord build --full`")
        else:
            yield Finding("encoder", "ok", f"{message}, and it gives the vectors of the live index")

    def _nearness(self, embedder: Embedder, index: Path) -> float:
        """The least cosine of some passages, embedded anew, with their vectors in the index."""
        tables = Tables.read(index)
        count = min(_SAMPLE, len(tables.passages))
        rows = np.unique(np.linspace(0, len(tables.passages) - 1, count).astype(np.int64))
        stored = np.load(index / "passage_vectors.npy", mmap_mode="r")[rows].astype(np.float32)
        with Library(self.path, read_only=True) as library:
            texts = []
            for passage in tables.passages[rows]:
                source = tables.sources[passage["article"]]
                text = library.text(source.article_id, source.sha256)
                texts.append(encoder_text(text[passage["start"] : passage["end"]]))
        return float((embedder.encode(texts) * stored).sum(axis=1).min(initial=1.0))
