"""A question is read once: its language, its words, its encoding and the time it names."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from index import encoder_text, load_analyser
from qa.queries import Query, read_query
from tests.fakes import WordEmbedder


def read(text: str, today: date | None = None) -> Query:
    return read_query(text, load_analyser(), WordEmbedder(), today=today)


def words_of(query: Query) -> list[str]:
    return [term.forms[0] for term in query.terms]


@pytest.mark.parametrize(
    ("question", "lang", "words"),
    [
        ("When does the ferry to Gdańsk resume?", "en", ["ferry", "gdansk", "resume"]),
        ("Qui a repeint les cabines bleues ?", "fr", ["repeint", "cabines", "bleues"]),
        ("Giá gạo và cà phê là gì?", "vi", ["gia", "gao", "ca", "phe"]),
    ],
)
def test_the_words_that_carry_meaning_are_kept_in_their_order(
    question: str, lang: str, words: list[str]
) -> None:
    query = read(question)
    assert (query.text, query.lang) == (question, lang)
    assert [word for word in words_of(query) if not word.startswith("=")] == words


def test_a_word_typed_with_marks_remembers_them() -> None:
    written = {term.forms[0]: term.written for term in read("ferry to Gdańsk").terms}
    assert written == {"ferry": None, "gdansk": "gdańsk"}


def test_stop_words_are_searched_where_there_is_nothing_else() -> None:
    assert words_of(read("what was it?")) == ["what", "was", "it"]


def test_the_text_is_encoded_as_passages_are() -> None:
    text = "“Gda\u0301nsk”\u200b ferry"
    [encoded] = WordEmbedder().encode([encoder_text(text)])
    assert np.array_equal(read(text).encoded.vector, encoded)


def test_a_time_is_read_only_where_today_is_known() -> None:
    question = "What was agreed in April 2025?"
    assert read(question).when is None
    named = read(question, date(2025, 6, 1)).when
    assert named is not None
    assert (named.start, named.end) == (date(2025, 4, 1), date(2025, 4, 30))
    assert read("What was agreed?", date(2025, 6, 1)).when is None


def test_the_year_of_a_period_is_not_a_name_that_an_article_must_hold() -> None:
    question = "What did Toyota say of 300 workers in April 2025?"
    for today, named in ((None, {"Toyota", "300", "2025"}), (date(2025, 6, 1), {"Toyota", "300"})):
        found = {term.text for term in read(question, today).terms if term.named}
        assert found - {"April"} == named
