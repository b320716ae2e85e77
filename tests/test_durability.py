"""Kills, damage, a failing disk, rebuilds under readers: the short forms of tests/campaigns/."""

from __future__ import annotations

import errno
import itertools
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import GenerationStore, Library, WriteFailedError, load_analyser, open_snapshot
from qa import Answer, Answerer, QaSettings
from tests.campaigns.damage import after_all_steps, generation_faults
from tests.campaigns.damaging import additions, files_of, flips, removals, swaps, truncations
from tests.campaigns.driving import worker
from tests.campaigns.expecting import Reference, copied, stray_faults, told_by
from tests.campaigns.scenario import QUESTIONS, article, rebuild
from tests.fakes import WordEmbedder
from tests.qa.homes import BY_WORDS

KILLS = 6


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return Reference(tmp_path_factory.mktemp("reference"))


@pytest.fixture
def seed() -> int:
    """Another one in each run; pytest shows it with a failure."""
    return random.SystemRandom().randrange(2**32)


@pytest.fixture
def home(reference: Reference, tmp_path: Path) -> Iterator[Path]:
    """A home with two generations, to be changed."""
    with copied(reference.home, tmp_path) as home:
        yield home


# -- kills


def test_a_process_killed_at_any_moment_leaves_all_that_it_said_and_a_whole_index(
    reference: Reference, tmp_path: Path, seed: int
) -> None:
    lot, found = random.Random(seed), {}
    for _ in range(KILLS):
        with copied(reference.home, tmp_path) as home, worker(home) as one:
            one.go()
            time.sleep(moment := lot.uniform(0, 0.5))
            one.kill()
            said, _errors = one.outcome()
            if faults := reference.faults(home, len(said)):
                found[moment] = faults
    assert not found


# -- damage


def test_damage_to_a_generation_is_refused_by_the_name_of_the_file_and_the_older_one_serves(
    reference: Reference, tmp_path: Path, seed: int
) -> None:
    lot, home = random.Random(seed), after_all_steps(tmp_path, reference)
    store = GenerationStore(home)
    live = store.folder(store.current())
    files = files_of(live)
    damages = [
        *lot.sample(flips(lot, files, 2 * len(files)), 30),
        *truncations(lot, files, 5),
        *swaps(lot, store, 5),
        *lot.sample(removals(files), 3),
        *additions(live),
    ]
    found = {}
    for damage in damages:
        name = damage.file.relative_to(live).as_posix()
        with damage.done():
            if faults := list(generation_faults(home, reference, name)):
                found[name, damage.how] = faults
    assert not found


# -- a disk that refuses


class Refusing:
    """A call of the system that fails once, at the number `at`, counted from 1."""

    def __init__(self, call: Callable[..., Any], at: int, error: int) -> None:
        self._call, self._left, self._error = call, at, error

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            raise OSError(self._error, os.strerror(self._error))
        return self._call(*args, **kwargs)

    @property
    def has_refused(self) -> bool:
        return self._left <= 0


@pytest.mark.parametrize(
    ("call", "error", "at_least"),
    [
        ("fsync", errno.EIO, 25),
        ("rename", errno.EIO, 1),
        ("replace", errno.ENOSPC, 1),
        ("mkdir", errno.ENOSPC, 2),
    ],
)
def test_a_build_that_the_disk_refuses_at_any_call_leaves_what_served_and_nothing_else(
    home: Path, call: str, error: int, at_least: int
) -> None:
    store, failed = GenerationStore(home), 0
    with Library(home / "library.sqlite") as library:
        for at in itertools.count(1):
            library.put(article("kiel", at))
            before = store.current(), store.kept()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(os, call, refusing := Refusing(getattr(os, call), at, error))
                try:
                    rebuild(library, store)
                except WriteFailedError:
                    failed += 1
            if store.current() == before[0]:
                assert (store.kept(), stray_faults(home)) == (before[1], [])
                assert open_snapshot(store, before[0], library).number == before[0]
            else:
                assert set(told_by(library, store, store.current()).sources) == wordings(library)
            if not refusing.has_refused:
                break
    assert failed >= at_least
    assert stray_faults(home) == []


def wordings(library: Library) -> set[tuple[str, str]]:
    return {(one.id, one.sha256) for one in library.articles()}


# -- readers


class Reader(threading.Thread):
    """Asks until it is told to stop; keeps what it was told, in order."""

    def __init__(self, answerer: Answerer) -> None:
        super().__init__(daemon=True)
        self._answerer, self.stop = answerer, threading.Event()
        self.answers: list[Answer] = []
        self.error: Exception | None = None

    def run(self) -> None:
        questions = itertools.cycle(QUESTIONS)
        try:
            while not self.stop.is_set():
                self.answers.append(self._answerer.ask(next(questions)))
        except Exception as error:
            self.error = error


def test_readers_of_six_rebuilds_get_no_error_and_no_reply_of_two_generations(home: Path) -> None:
    store = GenerationStore(home)
    with Library(home / "library.sqlite") as library:
        texts = {(one.id, one.sha256): one.text for one in library.articles()}
        held = {store.current(): wordings(library)}
        answerer = Answerer(
            store, library, load_analyser(), WordEmbedder(), QaSettings(), calibration=BY_WORDS
        )
        readers = [Reader(answerer) for _ in range(3)]
        for reader in readers:
            reader.start()
        for version in range(10, 16):
            edited = article("riga" if version % 2 else "visby", version)
            texts[edited.id, edited.sha256] = edited.text
            library.put(edited)
            rebuild(library, store)
            held[store.current()] = wordings(library)
            answerer.refresh()
        for reader in readers:
            reader.stop.set()
        for reader in readers:
            reader.join()
    assert [reader.error for reader in readers] == [None] * len(readers)
    answers = [answer for reader in readers for answer in reader.answers]
    assert len({answer.generation for answer in answers}) > 2
    for answer in answers:
        for citation in answer.citations:
            wording = citation.source.article_id, citation.source.sha256
            assert wording in held[answer.generation]
            assert citation.span.slice(texts[wording]) == citation.quote
    for reader in readers:
        generations = [answer.generation for answer in reader.answers]
        assert generations == sorted(generations)


# -- the same again


def test_two_clean_builds_of_one_library_have_one_digest_and_give_the_same_replies(
    tmp_path: Path,
) -> None:
    told = []
    articles = [article(name) for name in ("riga", "visby", "turku")]
    for way, before in (("at once", []), ("by and by", [article("riga", 7), articles[2]])):
        with Library(tmp_path / way / "library.sqlite") as library:
            for one in before:
                library.put(one)
            list(library.put_many(articles))
            store = GenerationStore(tmp_path / way)
            rebuild(library, store)
            told += [told_by(library, store, 1), told_by(library, store, 1)]
    assert told[1:] == told[:-1]
    assert "Captain Anna Riga promised 1 new cabins" in told[0].replies[0]
