"""Whether an article still comes back when its own sentences are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from index import Probe
from qa import probe
from tests.qa.homes import FERRY, HARVEST, Home

SENTENCES = (
    "The Gdańsk ferry resumes on Monday after a winter of repairs.",
    "Captain Anna Nowak painted every cabin blue.",
)


def test_an_article_that_is_there_is_found_and_quoted_by_its_own_sentences(home: Home) -> None:
    found = probe(home.answerer(), "ferry", SENTENCES)
    assert (found.asked, found.hits, found.copies) == (2, 2, ())
    assert found.quotes >= 2


def test_an_article_that_was_removed_is_found_no_more(home: Home) -> None:
    home.library.remove("ferry")
    home.build()
    assert probe(home.answerer(), "ferry", SENTENCES) == Probe(2, 0, 0)


def test_a_copy_of_the_story_is_allowed_and_named(home: Home) -> None:
    home.build(replace(FERRY, id="wire"), replace(FERRY, id="agency"))
    home.library.remove("ferry")
    home.build()
    assert probe(home.answerer(), "ferry", SENTENCES) == Probe(2, 0, 0, ("agency", "wire"))


def test_an_article_named_beside_its_copy_has_not_gone(home: Home) -> None:
    home.build(replace(FERRY, id="a copy that leads"))
    found = probe(home.answerer(), "ferry", SENTENCES)
    assert found.hits > 0
    assert found.quotes > 0


def test_what_is_no_question_is_passed_over(home_of: Callable[..., Home]) -> None:
    answerer = home_of(HARVEST).answerer()
    assert probe(answerer, "ferry", ("—", "?!", *SENTENCES[:1])) == Probe(1, 0, 0)


def test_a_passage_that_resembles_the_sentence_is_no_copy(home_of: Callable[..., Home]) -> None:
    near = replace(FERRY, id="near", text="The Gdańsk ferry resumes on Tuesday.")
    assert probe(home_of(near).answerer(), "ferry", SENTENCES) == Probe(2, 0, 0)
