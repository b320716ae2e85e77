"""The words of a quote that answer."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Source, Span
from qa import Citation, Evidence
from qa.marks import marks


def marked(question: str, quote: str, lang: str = "en") -> list[str]:
    return [span.slice(quote) for span in marks(question, quote, lang)]


@pytest.mark.parametrize(
    ("quote", "lang", "expected"),
    [
        ("It opened on Monday, 5 May 2025, after repairs.", "en", ["Monday, 5 May 2025"]),
        ("It may open in March or on December 3rd.", "en", ["March", "December 3rd"]),
        ("It was founded in 1953 and had 300 boats in the 1990s.", "en", ["1953", "1990s"]),
        ("Le matin du 25 novembre à Quảng Ninh.", "fr", ["25 novembre"]),
        ("Ông đến vào ngày 25 tháng 11 năm 2023.", "vi", ["ngày 25 tháng 11 năm 2023"]),
        ("Hội nghị diễn ra ngày 25/11.", "vi", ["ngày 25/11"]),
        ("The 16 boats may sail.", "en", []),
    ],
)
def test_when_marks_dates(quote: str, lang: str, expected: list[str]) -> None:
    assert marked("When did it open?", quote, lang) == expected


@pytest.mark.parametrize(
    ("quote", "lang", "expected"),
    [
        ("Japan had 5,500 projects worth US$78.6 billion in 2023.", "en", ["5,500"]),
        ("Gunma has some 12 000 workers on 5 May 2025.", "en", ["12 000"]),
        ("The two sides signed seven papers.", "en", ["two", "seven"]),
        ("Il compte 2,5 millions de touristes.", "fr", ["2,5 millions"]),
        ("Có khoảng 3,2 triệu người.", "vi", ["3,2 triệu"]),
        ("Nobody came.", "en", []),
    ],
)
def test_how_many_marks_numbers_with_their_unit_and_no_dates(
    quote: str, lang: str, expected: list[str]
) -> None:
    assert marked("How many are there?", quote, lang) == expected


@pytest.mark.parametrize(
    ("quote", "lang", "expected"),
    [
        ("Japan had 5,500 projects worth US$78.6 billion.", "en", ["US$78.6 billion"]),
        ("Prices rose 3.5 per cent and 4 % in two regions.", "en", ["3.5 per cent", "4 %"]),
        ("Le pont coûte 30 millions d'euros, soit 5 €.", "fr", ["5 €"]),
    ],
)
def test_how_much_marks_sums_and_shares(quote: str, lang: str, expected: list[str]) -> None:
    assert marked("How much is it?", quote, lang)[-len(expected) :] == expected


def test_who_marks_people_and_else_other_names() -> None:
    quote = "On Friday Prime Minister Phạm Minh Chính met Governor Yamamoto Ichita in Japan."
    assert marked("Who met the Prime Minister Phạm Minh Chính?", quote) == [
        "Governor Yamamoto Ichita"
    ]
    assert marked("Who signed it?", "In Japan it was signed by the FPT Group.") == ["FPT Group"]


def test_where_marks_places_and_else_what_follows_a_preposition() -> None:
    assert marked("Where did he go?", "He flew to Japan with Mr Abe.") == ["Japan"]
    assert marked("Where does it land?", "The Zeeland ferry lands at Gdynia.") == ["Gdynia"]


def test_what_the_question_says_itself_is_not_marked() -> None:
    quote = "Việt Nam's Hà Nam Province signed with Gunma."
    assert marked("Which Vietnamese province signed with Gunma?", quote) == ["Hà Nam Province"]


def test_a_question_of_another_kind_and_a_text_in_another_language_have_no_names_marked() -> None:
    assert marked("Why did Anna Nowak leave?", "Anna Nowak left on Monday.") == []
    assert marked("Who left?", "Gestern ging Frau Anna Nowak.", "de") == []


QUESTIONS = ["Who came?", "When did it open?", "Where is it?", "How many came?", "How much is it?"]


@given(
    st.sampled_from(QUESTIONS),
    st.lists(
        st.sampled_from(["US$", "5", "-", "1.5 million", "May", "ngày", "2025", " ", "Anna", "to"])
        | st.text(max_size=4)
    ).map(" ".join),
    st.sampled_from(["en", "fr", "vi", "de", None]),
)
def test_marks_lie_in_the_quote_in_order_and_apart(
    question: str, quote: str, lang: str | None
) -> None:
    found = marks(question, quote, lang)
    assert all(span.end <= len(quote) for span in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


def test_a_citation_and_evidence_refuse_a_mark_beyond_their_quote() -> None:
    source, span = Source("a", "0" * 64), Span(10, 20)
    assert Citation(1, source, span, "x" * 10, marks=(Span(10, 20),)).marks == (Span(10, 20),)
    for beyond in (Span(9, 12), Span(18, 21)):
        with pytest.raises(ValueError, match="outside the quote"):
            Citation(1, source, span, "x" * 10, marks=(beyond,))
        with pytest.raises(ValueError, match="outside the quote"):
            Evidence(source, span, "x" * 10, 0.5, marks=(beyond,))
