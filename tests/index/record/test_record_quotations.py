"""Quotations, and quotations inside them."""

from __future__ import annotations

import pytest

from index.record.quotations import quotations


def quoted(text: str) -> list[tuple[str, int]]:
    return [(text[one.start : one.end], one.depth) for one in quotations(text)]


@pytest.mark.parametrize(
    "text",
    [
        "He said “one two three four” today.",
        'He said "one two three four" today.',
        "Il a dit « one two three four » hier.",
    ],
)
def test_a_quotation_is_found_with_its_marks(text: str) -> None:
    [(quote, depth)] = quoted(text)
    assert (quote.strip('“”"«» '), depth) == ("one two three four", 1)


def test_a_quotation_inside_a_quotation_is_deeper() -> None:
    text = "“He told me: ‘We will go there’ and left.”"
    assert quoted(text) == [("‘We will go there’", 2), (text, 1)]


def test_an_apostrophe_closes_no_quotation() -> None:
    text = "“It's the players’ own choice and won't change.”"
    assert quoted(text) == [(text, 1)]


def test_an_expression_of_three_words_is_no_quotation() -> None:
    assert quoted("The “three big steps” of reform.") == []


def test_a_quotation_that_was_opened_before_begins_the_text() -> None:
    assert quoted('We go there tomorrow", he said.') == [('We go there tomorrow"', 1)]


def test_no_quotation_goes_over_an_empty_line() -> None:
    assert quoted('He said "one two three.\n\nFour five six seven.') == []
