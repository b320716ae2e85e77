"""Erasure: articles are taken out, and of each it is proved that nothing of it is left.

First everything that can be looked for is noted: counts in library and generations, sentences,
terms, keys of vectors. Then the articles are removed, the caller builds, and all is counted again
and asked for. A purge discards the older generations that quote them as well, deletes their
revisions, writes the library's file anew, and reads the bytes of every file in the home.

A purge that was cut short is known by a note in the home, which holds what is to be looked for;
repeating the removal completes it, and the note goes with the proof.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.durable import sync, write_atomically
from index.errors import ErasureError, GenerationError
from index.generations import GenerationStore
from index.library import Library
from index.proofs import PLACES, Ask, Count, Proof
from index.remains import Remains, find_remains, telling
from index.sentences import sentence_spans
from index.traces import IN_GENERATION, Held, Shelf, Subject, trace_library

_NOTHING = Held(dict.fromkeys(IN_GENERATION, 0))
_NOTE = "erasing.json"
_PROBES = 30


@dataclass(frozen=True)
class _Survey:
    """The traces of one article everywhere: live and kept, by place."""

    live: dict[str, int]
    kept: dict[str, int]
    kept_in: tuple[int, ...]
    subject: Subject
    shared: frozenset[str]


class Erasure:
    """The removal of some articles: `remove()`, then a build by the caller, then `prove()`.

    Ids of which nothing is known stand in `unknown`, and are left alone. `tell` is told each step
    before it begins.

    Raises:
        LibraryError: the library cannot be read.
        ErasureError: the note of an earlier purge cannot be read.
    """

    def __init__(
        self,
        library: Library,
        store: GenerationStore,
        article_ids: Iterable[str],
        *,
        purge: bool = False,
        tell: Callable[[str], None] = lambda step: None,
    ) -> None:
        self._library, self._store, self._tell = library, store, tell
        self._purge = purge
        self._note = store.home / _NOTE
        tell("count")
        noted = unfinished_purges(store.home)
        asked = [
            _read_subject(library, id) | noted.get(id, Subject(id))
            for id in dict.fromkeys(article_ids)
        ]
        self._before = _survey(library, _Shelves.of(store), asked)
        self.unknown = tuple(
            id
            for id, survey in self._before.items()
            if id not in noted and not any((*survey.live.values(), *survey.kept.values()))
        )
        for id in self.unknown:
            del self._before[id]
        self.subjects = {id: survey.subject for id, survey in self._before.items()}

    def remove(self) -> tuple[str, ...]:
        """Take the articles out of the library; the ids of those that were in it.

        What else is there of them goes with the build that must follow.
        """
        if self._purge and self.subjects:
            self._tell("note")
            self._write_note(unfinished_purges(self._store.home) | self.subjects)
        self._tell("remove")
        return tuple(id for id in self.subjects if self._library.remove(id))

    def prove(self, ask: Ask) -> list[Proof]:
        """Purge where that was asked for, then count again and ask; a proof of each article.

        `ask` puts an article's sentences as questions to the generation that serves.

        Raises:
            NoGenerationError: nothing was built.
            BuildLockedError: a build is running, so nothing can be purged.
            ErasureError: the generation that serves was built before the articles were removed.
            LibraryError: the library's file is in use, or a file cannot be read.
        """
        live = self._store.verify(self._store.current()).number
        if self._purge and self.subjects:
            self._purge_all(live)
        self._tell("ask")
        probes = {
            id: ask(id, _spread(subject.sentences, _PROBES))
            for id, subject in self.subjects.items()
        }
        self._tell("recount")
        shelves = _Shelves.of(self._store)
        after = _survey(self._library, shelves, self.subjects.values())
        remains = self._remains() if self._purge else {}
        proofs = [
            Proof(
                article_id=id,
                generation=live,
                counts=tuple(
                    Count(
                        place,
                        (before.live[place], after[id].live[place]),
                        (before.kept[place], after[id].kept[place]),
                    )
                    for place in PLACES
                ),
                kept_in=after[id].kept_in,
                unreadable=shelves.unreadable,
                shared_with=tuple(sorted(before.shared | after[id].shared)),
                probe=probes[id],
                remains=remains.get(id),
                named=self._library.mentions(id) if self._purge else 0,
            )
            for id, before in self._before.items()
        ]
        if self._purge:
            proved = {proof.article_id for proof in proofs if proof.ok}
            noted = unfinished_purges(self._store.home)
            self._write_note({id: one for id, one in noted.items() if id not in proved})
        return proofs

    def _purge_all(self, live: int) -> None:
        """No build runs meanwhile, and what a killed one left goes too."""
        with self._store.writing():
            shelves = _Shelves.of(self._store)
            for id in self.subjects:
                if id not in self._library and shelves.open[live].names(id):
                    raise ErasureError(
                        f"generation {live}, which serves, still quotes {id!r}: "
                        "run `onrecord build`, then repeat the removal"
                    )
            self._tell("discard")
            for number, shelf in shelves.open.items():
                if number != live and any(map(shelf.names, self.subjects)):
                    self._store.discard(number)
            for number in shelves.unreadable:  # nobody can tell that they do not
                self._store.discard(number)
            self._tell("forget")
            for id in self.subjects:
                self._library.forget(id)
            self._tell("vacuum")
            self._library.vacuum()

    def _remains(self) -> dict[str, Remains]:
        """What the files of the home still hold of each article, and no other article does."""
        self._tell("read files")
        words = {
            id: telling(subject.sentences + subject.heads) for id, subject in self.subjects.items()
        }
        every = {word for each in words.values() for word in each}
        read = find_remains(self._store.home, every, leave_out=[self._note])
        found = {word for held in read.found.values() for word in held}
        holders = {word: self._library.holders(word) for word in found}
        return {
            id: dataclasses.replace(
                read,
                looked_for=len(each),
                found={
                    file: own
                    for file, held in read.found.items()
                    if (own := frozenset(w for w in held & {*each} if not {*holders[w]} - {id}))
                },
            )
            for id, each in words.items()
        }

    def _write_note(self, subjects: dict[str, Subject]) -> None:
        for leftover in self._store.home.glob(f".{_NOTE}.*"):
            leftover.unlink()
        if subjects:
            written = {id: subject.fields() for id, subject in subjects.items()}
            write_atomically(self._note, json.dumps(written, ensure_ascii=False).encode())
        elif self._note.exists():
            self._note.unlink()
            sync(self._store.home)


def unfinished_purges(home: Path) -> dict[str, Subject]:
    """The articles of purges that were cut short, or could not be proved; by id.

    Raises:
        ErasureError: the note of them cannot be read.
    """
    note = home / _NOTE
    try:
        written = json.loads(note.read_bytes())
        return {id: Subject.of(id, fields) for id, fields in written.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ErasureError(
            f"{note}, the note of an unfinished purge, cannot be read ({error}): "
            "delete it, and repeat the removal of what it was about"
        ) from error


def _read_subject(library: Library, article_id: str) -> Subject:
    """What the library can tell of an article, in all its kept wordings."""
    wordings = library.wordings(article_id)
    spans = [(each.text, sentence_spans(each.text, each.lang)) for each in wordings]
    heads = [head for each in wordings for head in (each.title, each.url) if head]
    return Subject(
        article_id,
        tuple(dict.fromkeys(span.slice(text) for text, found in spans for span in found)),
        tuple(dict.fromkeys(heads)),
    )


def _survey(library: Library, shelves: _Shelves, subjects: Iterable[Subject]) -> dict[str, _Survey]:
    """The traces of each article in the library and in every generation that can be read."""
    surveys = {}
    for subject in subjects:
        held = {number: shelf.trace(subject) for number, shelf in shelves.open.items()}
        every = tuple(held.values())
        live = held.pop(shelves.live, _NOTHING)
        quoted = {sha256 for each in held.values() for sha256 in each.wordings}
        quoted |= {sha256 for id, sha256 in shelves.quoted if id == subject.id}
        in_library, only_kept = trace_library(library, subject.id, live.wordings, quoted)
        in_others = {place: sum(h.counts[place] for h in held.values()) for place in IN_GENERATION}
        surveys[subject.id] = _Survey(
            live={**in_library, **live.counts},
            kept={**only_kept, **in_others},
            kept_in=tuple(number for number, each in held.items() if each.counts["entries"]),
            subject=dataclasses.replace(
                subject,
                terms=subject.terms.union(*(each.terms for each in every)),
                keys=subject.keys.union(*(each.keys for each in every)),
            ),
            shared=live.shared,
        )
    return surveys


@dataclass(frozen=True)
class _Shelves:
    """Every generation on disk by its number, those that cannot be opened, and the live one's.

    `quoted` are the revisions, (id, sha256), that stay in the library for the damaged ones.
    """

    open: dict[int, Shelf]
    unreadable: tuple[int, ...]
    live: int
    quoted: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, store: GenerationStore) -> _Shelves:
        """Each is verified before it is opened."""
        shelves, unreadable = {}, []
        quoted: set[tuple[str, str]] = set()
        for number in sorted((*store.kept(), *store.aside())):
            try:
                store.verify(number)
                shelves[number] = Shelf(store.folder(number))
            except GenerationError:
                unreadable.append(number)
                quoted |= store.quoted(number)
        try:
            live = store.current()
        except GenerationError:
            live = 0
        return cls(shelves, tuple(unreadable), live, frozenset(quoted))


def _spread(sentences: Sequence[str], most: int) -> tuple[str, ...]:
    """At most so many of them, evenly spaced, the first and the last among them."""
    if len(sentences) <= most:
        return tuple(sentences)
    return tuple(sentences[at * (len(sentences) - 1) // (most - 1)] for at in range(most))
