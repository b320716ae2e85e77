import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.importers.metadata import front_matter, read_marks

DAY = datetime.date(2023, 12, 15)


@pytest.mark.parametrize(
    ("head", "date", "outlet"),
    [
        (" date 2023-12-15 VIETNAM, December 15 - HÀ NỘI — ", DAY, None),
        ("date 2023-12-15 HÀ NỘI — ", DAY, None),
        ("Date: 2023-12-15\n\n", DAY, None),
        ("date 2023-13-45 HÀ NỘI — ", None, None),
        ("HÀ NỘI — ", None, None),
        ("HANOI -- ", None, None),
        ("PARIS (AFP) - ", None, "AFP"),
        ("PARIS, 5 déc. (AFP) – ", None, "AFP"),
        ("TOKYO, Dec. 15, 2023 (Kyodo) -- ", None, "Kyodo"),
        ("Hà Nội (TTXVN) - ", None, "TTXVN"),
        ("(Reuters) - ", None, "Reuters"),
    ],
)
def test_a_head_is_set_apart_and_tells_date_and_agency(
    head: str, date: datetime.date | None, outlet: str | None
) -> None:
    marks = read_marks(f"{head}Prime Minister Chính came.")
    [span] = marks.spans
    assert (span.start, span.end) == (len(head) - len(head.lstrip()), len(head.rstrip()))
    assert (marks.date, marks.outlet) == (date, outlet)


@pytest.mark.parametrize(
    "text",
    [
        "ASEAN - Japan ties grow.",
        "NATO — the alliance — met.",
        "COVID-19 — A deadly year.",
        "Prime Minister Chính — He came.",
        "The date 2023-12-15 was set.",
        "date 2023-12-15 was set.",
        "They asked the alliance — NATO",
        "They joined the pact (NATO)",
        "He read it in the paper (Reuters)",
    ],
)
def test_what_only_looks_like_a_mark_stays_in_the_sentence(text: str) -> None:
    marks = read_marks(text)
    assert (marks.spans, marks.date, marks.outlet) == ((), None, None)


@pytest.mark.parametrize(
    ("tail", "outlet"),
    [
        (" — VNS", "VNS"),
        (" — AFP\n", "AFP"),
        (" -- ABCD", "ABCD"),
        (" (Reuters)", "Reuters"),
        (" — VNA/VNS", "VNA/VNS"),
        ("\n\nVNA", "VNA"),
        ("\n- Xinhua \n", "Xinhua"),
    ],
)
def test_a_closing_agency_mark_is_set_apart_and_names_the_outlet(
    tail: str, outlet: str | None
) -> None:
    text = f"He came.{tail}"
    marks = read_marks(text)
    assert [span.slice(text) for span in marks.spans] == [tail.strip()]
    assert marks.outlet == outlet


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A visit to Gunma\n\nHe came.", "A visit to Gunma"),
        ("date 2023-12-15\nA visit\r\n\r\nHe came.", "A visit"),
        ("# A visit #\nHe came.", "A visit"),
        ("He came.\n\nHe left.", None),
        ("He came\nand left.\n\nThen he slept.", None),
        ("A visit\n\n", None),
        ("w" * 151 + "\n\nHe came.", None),
    ],
)
def test_a_headline_is_a_short_first_line_without_a_full_stop_above_a_blank_one(
    text: str, title: str | None
) -> None:
    assert read_marks(text).title == title


def test_front_matter_gives_plain_keys_and_where_the_text_goes_on() -> None:
    text = "---\r\nTitle: 'A: visit'\r\ntags:\r\n  - one\r\n---\r\nHe came."
    fields, end = front_matter(text)
    assert fields == {"title": "A: visit", "tags": ""}
    assert text[end:] == "He came."
    assert front_matter("---\nHe came.\n---\n") == ({}, 0)


def test_a_text_of_nothing_but_marks_keeps_them_as_its_sentence() -> None:
    marks = read_marks("date 2023-12-15")
    assert (marks.spans, marks.date) == ((), DAY)


@given(st.text(alphabet="aA1 \n-—(),.#:/\r", max_size=80))
def test_marks_lie_in_order_inside_any_text(text: str) -> None:
    spans = read_marks(text).spans
    assert all(span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
