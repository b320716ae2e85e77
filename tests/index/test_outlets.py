"""Outlets named in a question, and the articles that are theirs."""

from __future__ import annotations

import pytest

from index import Source
from index.outlets import OutletNames

NAMES = OutletNames(
    [
        Source("a", "0" * 64, outlet="The Independent - Travel"),
        Source("b", "0" * 64, outlet="The Independent | Sports"),
        Source("c", "0" * 64, outlet="The Age"),
        Source("d", "0" * 64, outlet="Việt Nam News"),
        Source("e", "0" * 64, outlet="CNBC"),
        Source("f", "0" * 64),
    ]
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("What did The Age write?", "c"),
        ("What did the Age's reporter write?", "c"),
        ("How does the age of a voter matter?", ""),
        ("According to The Independent - Travel, when?", "ab"),
        ("Which strike did The Independent report?", "ab"),
        ("an independent report", ""),
        ("Viet Nam News on rice", "d"),
        ("Vietnam and Japan in the news", ""),
        ("CNBC or The Age?", "ce"),
        ("cnbc on rates", ""),
        ("", ""),
    ],
)
def test_an_outlet_is_named_by_its_words_with_their_capitals(text: str, named: str) -> None:
    found = NAMES.named_in(text)
    if not named:
        assert found is None
    else:
        assert found is not None
        assert [id for id, is_named in zip("abcdef", found, strict=True) if is_named] == list(named)


def test_articles_without_an_outlet_are_never_named() -> None:
    assert OutletNames([Source("a", "0" * 64)]).named_in("The Age") is None


def test_the_words_that_name_an_outlet_are_told_folded() -> None:
    assert NAMES.words_in("What did Việt Nam News and the Age write?") == {
        *("vietnam", "news", "the", "age")
    }
    assert NAMES.words_in("the age of the news") == frozenset()
