"""Generations that come and go while questions are asked: no reply fails, none mixes two."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index import Article, ArticleNotFoundError, Library, text_sha256
from qa import Answer, Answerer
from tests.qa.homes import Home

SWAPS = 30
QUESTION = "How many cabins does the Gdańsk ferry have?"


def wording(number: int) -> Article:
    """The article as generation `number` has it; every build edits it."""
    return Article("ferry", f"The Gdańsk ferry has {number} blue cabins.", lang="en")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with ExitStack() as stack:
        yield Home(tmp_path, stack)


@pytest.fixture
def answerer(home: Home) -> Iterator[Answerer]:
    """Over a connection of its own, which it closes."""
    home.build(wording(1))
    answerer = home.answerer()
    answerer._library = Library(home.library.path, read_only=True)
    yield answerer
    answerer.close()


class Askers:
    """Threads that ask until the block ends; what they got, and what went wrong."""

    def __init__(self, answerer: Answerer, n: int = 4) -> None:
        self.answers: list[Answer] = []
        self.errors: list[BaseException] = []
        self._answerer = answerer
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(n)]

    def __enter__(self) -> Askers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        last = 0
        try:
            while not self._enough.is_set():
                answer = self._answerer.ask(QUESTION)
                assert answer.generation >= last, "it went back"
                last = answer.generation
                self.answers.append(answer)
                time.sleep(0.01)  # the builds need the interpreter too
        except BaseException as error:
            self.errors.append(error)


def held(home: Home) -> tuple[int, set[str]]:
    """How many descriptors this process has open, and the generations whose files it has mapped."""
    prefix = f"{home.path}/generations/"
    mapped = {
        line.split(prefix)[1].split("/")[0]
        for line in Path("/proc/self/maps").read_text("utf-8").splitlines()
        if prefix in line
    }
    return len(os.listdir("/proc/self/fd")), mapped


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells what is open")
def test_thirty_swaps_under_four_askers_fail_no_reply_mix_none_and_leave_nothing_open(
    home: Home, answerer: Answerer
) -> None:
    answerer.ask(QUESTION)
    before, _ = held(home)
    with Askers(answerer) as askers:
        for number in range(2, SWAPS + 2):
            home.build(wording(number))
            answerer.refresh()
    assert askers.errors == []
    assert len({answer.generation for answer in askers.answers}) > SWAPS // 3
    for answer in askers.answers:
        [citation] = answer.citations
        text = wording(answer.generation).text
        assert citation.source.sha256 == text_sha256(text)
        assert text[citation.span.start : citation.span.end] == citation.quote
    after, mapped = held(home)
    assert mapped == {f"{SWAPS + 1:06}"}
    assert after <= before + 2  # what came with threads, not with generations


def test_a_reader_of_a_generation_that_was_pruned_is_answered_from_the_one_that_serves(
    home: Home, answerer: Answerer
) -> None:
    for number in range(2, 6):
        home.build(wording(number))  # three are kept, and what they quote
    with pytest.raises(ArticleNotFoundError):
        home.library.text("ferry", wording(1).sha256)
    assert answerer.generation == 1
    [citation] = answerer.ask(QUESTION).citations
    assert (citation.quote, answerer.generation) == (wording(5).text, 5)


def test_closing_waits_for_the_questions_under_way(home: Home, answerer: Answerer) -> None:
    with Askers(answerer) as askers:
        while len(askers.answers) < 8 and not askers.errors:
            time.sleep(0.01)
        answerer.close()
        while len(askers.errors) < 4:
            time.sleep(0.01)
    assert {type(error).__name__ for error in askers.errors} == {"LibraryError"}
    assert all("was closed" in str(error) for error in askers.errors)
    assert all(answer.citations for answer in askers.answers)
