"""What a home must hold: the truth of an undisturbed run, and the faults of a disturbed one."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index import (
    Article,
    GenerationStore,
    IndexingError,
    Library,
    load_analyser,
    open_current,
    open_snapshot,
)
from qa import Answerer, QaSettings
from tests.campaigns.scenario import QUESTIONS, STEPS, article, make_home, rebuild
from tests.fakes import WordEmbedder
from tests.qa.homes import BY_WORDS

Kind = Literal["lost", "duplicated", "resurrected", "torn", "wrong", "stuck", "stray"]


@dataclass(frozen=True)
class Fault:
    """Something that must not be.

    lost: acknowledged and not there; duplicated: there twice; resurrected: there after its removal;
    torn: a generation that is not whole; wrong: a reply that is not the one on record; stuck: what
    cannot be opened or built; stray: a file that nobody owns.
    """

    kind: Kind
    what: str


@dataclass(frozen=True)
class Told:
    """What a generation says: its digest, its articles with their wordings, its replies."""

    digest: str
    sources: tuple[tuple[str, str], ...]
    replies: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """A home between two steps: its articles by id, what serves, what is kept aside."""

    articles: dict[str, Article]
    live: int
    aside: tuple[int, ...]


class Reference:
    """The steps done undisturbed: the home they start from, each state, all that was ever told."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "before"
        make_home(self.home)
        self.states: list[State] = []
        self.generations: dict[int, Told] = {}
        self._clean: dict[str, str] = {}
        with copied(self.home) as home, Library(home / "library.sqlite") as library:
            store = GenerationStore(home)
            self._record(library, store)
            for act in STEPS.values():
                act(library, store)
                self._record(library, store)

    def _record(self, library: Library, store: GenerationStore) -> None:
        self.states.append(State(articles_of(library), store.current(), store.aside()))
        for number in {*store.kept(), *store.aside()} - self.generations.keys():
            self.generations[number] = told_by(library, store, number)

    def replies(self, number: int) -> tuple[str, ...]:
        """What a generation has answered to the questions of the scenario."""
        return self.generations[number].replies

    def clean_digest(self, articles: Sequence[Article]) -> str:
        """The digest of a first build of these articles in a home of their own."""
        key = repr(sorted((article.id, article.sha256) for article in articles))
        if key not in self._clean:
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder)
                with Library(home / "library.sqlite") as library:
                    list(library.put_many(articles))
                    store = GenerationStore(home)
                    rebuild(library, store)
                    self._clean[key] = store.manifest(store.current()).digest
        return self._clean[key]

    def faults(self, home: Path, done: int) -> list[Fault]:
        """What is wrong with a home in which `done` steps were acknowledged and one more begun.

        The home is opened as the next process would, then goes on: one article more, and a build.
        """
        found: list[Fault] = []
        now, then = self.states[done], self.states[min(done + 1, len(STEPS))]
        try:
            with Library(home / "library.sqlite") as library:
                store = GenerationStore(home)
                found += _library_faults(home, library, now, then)
                found += self._generation_faults(library, store, (now, then))
                library.put(article("epilogue"))
                rebuild(library, store)
                found += self._index_faults(library, store)
        except (IndexingError, OSError, ValueError) as error:
            found.append(Fault("stuck", f"{type(error).__name__}: {error}"))
        return [*found, *stray_faults(home)]

    def _generation_faults(
        self, library: Library, store: GenerationStore, states: tuple[State, ...]
    ) -> Iterator[Fault]:
        """A live generation that may be, whole, and saying what it said; so do the others."""
        snapshot, refused = open_current(store, library)
        for error in refused:
            yield Fault("torn", str(error))
        if snapshot.number not in (lives := {state.live for state in states}):
            yield Fault("wrong", f"generation {snapshot.number} serves, not one of {lives}")
        if store.aside() not in (asides := {state.aside for state in states}):
            yield Fault("wrong", f"{store.aside()} are kept aside, not one of {asides}")
        for number in (*store.kept(), *store.aside()):
            try:
                told = told_by(library, store, number)
            except IndexingError as error:
                yield Fault("torn", str(error))
                continue
            if told != self.generations.get(number):
                yield Fault("wrong", f"generation {number} says something else")

    def _index_faults(self, library: Library, store: GenerationStore) -> Iterator[Fault]:
        """The generation that was built afterwards holds the library, each article once."""
        articles = articles_of(library)
        told = told_by(library, store, store.current())
        wanted = {(one.id, one.sha256) for one in articles.values()}
        yield from (Fault("lost", f"{one} from the index") for one in wanted - set(told.sources))
        yield from (Fault("resurrected", f"{one}") for one in set(told.sources) - wanted)
        times = Counter(id for id, _ in told.sources)
        yield from (Fault("duplicated", f"{id} in the index") for id in times if times[id] > 1)
        if told.digest != self.clean_digest(list(articles.values())):
            yield Fault("wrong", "the next build differs from a clean one")


@contextmanager
def copied(home: Path, into: Path | None = None) -> Iterator[Path]:
    """A copy of a home, gone at the end; `into` is a folder to make it in."""
    with tempfile.TemporaryDirectory(dir=into) as folder:
        yield Path(shutil.copytree(home, Path(folder) / "home"))


def told_by(library: Library, store: GenerationStore, number: int) -> Told:
    """What a generation says, once it is verified and opened.

    Raises:
        IndexingError: it cannot be used, or quotes what the library has no more.
    """
    snapshot = open_snapshot(store, number, library)
    for row in range(len(snapshot.tables.sources)):
        snapshot.text(row)
    sources = tuple((source.article_id, source.sha256) for source in snapshot.tables.sources)
    return Told(snapshot.manifest.digest, sources, replies(library, store, number))


def replies(library: Library, store: GenerationStore, number: int) -> tuple[str, ...]:
    """What a generation answers to the questions of the scenario, timings apart."""
    answerer = Answerer(
        store,
        library,
        load_analyser(),
        WordEmbedder(),
        QaSettings(),
        generation=number,
        calibration=BY_WORDS,
    )
    answers = [dataclasses.asdict(answerer.ask(question)) for question in QUESTIONS]
    return tuple(json.dumps(answer | {"took_ms": {}}, default=str) for answer in answers)


def articles_of(library: Library) -> dict[str, Article]:
    return {one.id: one for one in library.articles()}


def stray_faults(home: Path) -> list[Fault]:
    """Every file of a home that is neither the library nor part of a kept generation."""
    owned = {"library.sqlite", "library.sqlite-wal", "library.sqlite-shm"}
    owned |= {"CURRENT", "build.lock", "generations"}
    strays = [path.name for path in home.iterdir() if path.name not in owned]
    names = {path.name for path in (home / "generations").iterdir()}
    kept = {name for name in names if name.isdigit()}
    strays += sorted(names - kept - {f"{name}.aside" for name in kept})
    return [Fault("stray", name) for name in strays]


def _library_faults(home: Path, library: Library, now: State, then: State) -> Iterator[Fault]:
    """The library is as it was acknowledged, or one step further; SQLite finds it sound."""
    db = sqlite3.connect(home / "library.sqlite")
    for check in ("integrity_check", "foreign_key_check"):
        for line, *_ in db.execute(f"PRAGMA {check}"):
            if line != "ok":
                yield Fault("torn", f"library.sqlite: {line}")
    db.close()
    held = articles_of(library)
    if held in (now.articles, then.articles):
        return
    for id in now.articles.keys() | then.articles.keys() | held.keys():
        allowed = (now.articles.get(id), then.articles.get(id))
        if held.get(id) not in allowed:
            yield Fault("lost" if id in now.articles else "resurrected", f"{id} in the library")
    yield Fault("wrong", "the library is neither as before the step nor as after it")
