"""A day in the life of a home: articles come and go, indexes are built, refused, rolled back.

The steps are few and small, but use all that changes a home. Everything is counted out by words
(tests/fakes.py), so two runs of the same steps give the same digests and the same replies.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from index import (
    Article,
    GateRefusedError,
    GenerationStore,
    IndexSettings,
    Library,
    build,
)
from tests.fakes import WordEmbedder

KEEP = 2

Act = Callable[[Library, GenerationStore], object]


def article(name: str, version: int = 1) -> Article:
    """A small article of three sentences that say which wording it is."""
    return Article(
        name,
        f"The {name} ferry leaves the harbour in wording {version}. "
        f"Captain Anna {name.title()} promised {version} new cabins for the {name} line. "
        f"Fishermen of {name} asked for a bridge.",
        title=f"News of {name}",
        lang="en",
    )


def rebuild(
    library: Library, store: GenerationStore, gate: Callable[[int], None] | None = None
) -> None:
    """A new generation that serves, if the gate lets it."""
    settings = IndexSettings(
        home=store.home, passage_pieces=32, overlap_pieces=0, keep_generations=KEEP
    )
    build(library, store, WordEmbedder(), settings, gate=gate)


def rebuild_in_vain(library: Library, store: GenerationStore) -> None:
    """A new generation that the gate refuses: it is kept aside."""

    def refuse(number: int) -> None:
        raise GateRefusedError(number, store.current(), ("it is not liked",))

    with suppress(GateRefusedError):
        rebuild(library, store, refuse)


def put(*articles: Article) -> Act:
    return lambda library, _: list(library.put_many(articles))


def remove(name: str) -> Act:
    return lambda library, _: library.remove(name)


def back(library: Library, store: GenerationStore) -> None:
    """Serve the generation before the live one."""
    store.use(max(number for number in store.kept() if number < store.current()))


def forth(library: Library, store: GenerationStore) -> None:
    """Serve the newest generation, also one that is kept aside."""
    store.use(max(*store.kept(), *store.aside()))


BEFORE: tuple[Act, ...] = (
    put(*map(article, ("oslo", "riga", "turku", "visby", "gdansk"))),
    rebuild,
    put(article("riga", 2)),
    rebuild,
)
STEPS: dict[str, Act] = {
    "add one": put(article("kiel")),
    "edit one, add two": put(article("riga", 3), article("rostock"), article("ystad")),
    "remove one": remove("turku"),
    "build": rebuild,
    "replace one": put(article("visby", 2)),
    "remove a new one": remove("rostock"),
    "build, and be refused": rebuild_in_vain,
    "use it all the same": forth,
    "put one back": put(article("turku", 2)),
    "build again": rebuild,
    "roll back": back,
    "go forth": forth,
}
QUESTIONS = (
    "What did Captain Anna Riga promise?",
    "What did Captain Anna Visby promise?",
    "Who promised new cabins for the turku line?",
    "What did the fishermen of rostock ask for?",
    "Where does the kiel ferry leave?",
    "Which ferry leaves in wording 1?",
    "Who asked for a bridge?",
    "When does the train to Warsaw leave?",
)


def make_home(home: Path) -> None:
    """A home as the first step finds it."""
    with Library(home / "library.sqlite") as library:
        store = GenerationStore(home)
        for act in BEFORE:
            act(library, store)
