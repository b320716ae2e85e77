"""A saved reply is proved against the stored texts, and nothing false passes."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from index.articles import Article
from index.errors import ArticleNotFoundError
from qa.errors import BadReplyError
from qa.verification import Failure, Verification, read_replies, verify

FERRY = Article(
    "ferry", "Le bac de Đà Nẵng repart. The ferry resumes [3] in May. It costs 2 euros."
)


class Shelf:
    """Texts by article and sha256, in memory."""

    def __init__(self, *articles: Article) -> None:
        self.kept = {(article.id, article.sha256): article.text for article in articles}

    def text(self, article_id: str, sha256: str) -> str:
        if (article_id, sha256) not in self.kept:
            raise ArticleNotFoundError(article_id, sha256)
        return self.kept[article_id, sha256]


def citation(number: int, quote: str) -> dict[str, Any]:
    start = FERRY.text.index(quote)
    return {
        "number": number,
        "article_id": "ferry",
        "article_sha256": FERRY.sha256,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
    }


@pytest.fixture
def library() -> Shelf:
    return Shelf(FERRY)


@pytest.fixture
def reply() -> dict[str, Any]:
    first, second = "The ferry resumes [3] in May.", "It costs 2 euros."
    return {
        "answered": True,
        "mode": "extractive",
        "answer": f"{first} [1] {second} [2]",
        "citations": [citation(1, first), citation(2, second)],
    }


def reasons(verification: Verification) -> list[tuple[int | None, str]]:
    return [(failure.number, failure.reason) for failure in verification.failures]


@pytest.mark.parametrize("between", [" ", "\n", "\n\n"])
def test_quotes_in_their_places_are_proved(
    reply: dict[str, Any], library: Shelf, between: str
) -> None:
    reply["answer"] = reply["answer"].replace(" [1] ", f" [1]{between}")
    assert verify(reply, library) == Verification(checked=2, failures=())
    assert verify(reply, library).ok


def test_an_abstention_is_proved_by_having_no_citation(library: Shelf) -> None:
    reply = {"answered": False, "mode": "extractive", "answer": "", "citations": []}
    assert verify(reply, library) == Verification(checked=0)


def test_offsets_count_code_points_not_bytes(library: Shelf) -> None:
    quote = "The ferry resumes [3] in May."
    row = citation(1, quote)
    assert row["start"] == 26
    reply = {"answered": True, "mode": "extractive", "answer": f"{quote} [1]", "citations": [row]}
    assert verify(reply, library).ok
    in_bytes = len(FERRY.text[:26].encode())
    row["start"], row["end"] = in_bytes, in_bytes + len(quote)
    place = f"[{in_bytes}, {in_bytes + len(quote)})"
    assert reasons(verify(reply, library)) == [(1, f"the text at {place} is not the quote")]


def test_one_changed_letter_in_quote_and_answer_is_found(
    reply: dict[str, Any], library: Shelf
) -> None:
    forged = json.loads(json.dumps(reply).replace("costs 2 euros", "costs 3 euros"))
    start = FERRY.text.index("It costs")
    reason = f"the text at [{start}, {start + 17}) is not the quote"
    assert verify(forged, library).failures == (Failure(2, "ferry", reason),)


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5), (0, 10_000)])
def test_offsets_outside_the_text_are_no_place(
    reply: dict[str, Any], library: Shelf, start: int, end: int
) -> None:
    reply["citations"][1] |= {"start": start, "end": end}
    reason = f"[{start}, {end}) is not a place in a text of {len(FERRY.text)} characters"
    assert reasons(verify(reply, library)) == [(2, reason)]


def test_a_revision_that_is_not_in_the_library_proves_nothing(reply: dict[str, Any]) -> None:
    verification = verify(reply, Shelf(Article("ferry", "Another wording.")))
    expected = f"article 'ferry' with text {FERRY.sha256[:12]}… is not in the library"
    assert reasons(verification) == [(1, expected), (2, expected)]


def test_a_stored_text_that_no_longer_has_its_sha256_proves_nothing(
    reply: dict[str, Any], library: Shelf
) -> None:
    library.kept["ferry", FERRY.sha256] = FERRY.text + " "
    reason = "the stored text is not the one that was cited: its sha256 differs"
    assert reasons(verify(reply, library)) == [(1, reason), (2, reason)]


def test_a_sentence_that_is_no_quote_is_found(reply: dict[str, Any], library: Shelf) -> None:
    reply["answer"] += " So all is well."
    reason = "not the quote of a citation: 'So all is well.'"
    assert reasons(verify(reply, library)) == [(None, reason)]


def test_a_quote_under_the_number_of_another_is_found(
    reply: dict[str, Any], library: Shelf
) -> None:
    reply["answer"] = reply["answer"].replace("euros. [2]", "euros. [1]")
    assert reasons(verify(reply, library)) == [
        (2, "not used in the answer"),
        (None, "not the quote of a citation: 'It costs 2 euros. [1]'"),
    ]


def test_a_bracketed_number_inside_a_quote_uses_no_citation(
    reply: dict[str, Any], library: Shelf
) -> None:
    reply["citations"][1]["number"] = 3
    reply["answer"] = "The ferry resumes [3] in May. [1]"
    assert reasons(verify(reply, library)) == [(3, "not used in the answer")]


@pytest.fixture
def generated() -> tuple[dict[str, Any], Shelf]:
    """A reply that a language model wrote, and the library it can be proved against."""
    text = (
        "Governor Yamamoto said that 12,000 people live in Gunma, far from home. "
        "Prime Minister Phạm Minh Chính has not signed the treaty with Laos."
    )
    article = Article("forum", text, lang="en")
    quotes = (text[:71], text[72:])
    reply = {
        "answered": True,
        "mode": "generated",
        "answer": f"Governor Yamamoto said that 12,000 people live in Gunma. [1] {quotes[1]} [2]",
        "citations": [
            {
                "number": number,
                "quote": quote,
                "article_id": "forum",
                "article_sha256": article.sha256,
                "start": text.index(quote),
                "end": text.index(quote) + len(quote),
            }
            for number, quote in enumerate(quotes, 1)
        ],
    }
    return reply, Shelf(article)


def test_a_generated_answer_is_proved_when_its_citations_bear_out_its_sentences(
    generated: tuple[dict[str, Any], Shelf],
) -> None:
    reply, library = generated
    assert verify(reply, library) == Verification(checked=2)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("12,000", "13,000", "[1] does not bear out (number)"),
        ("has not signed", "has signed", "[2] does not bear out (negation)"),
        ("Governor Yamamoto", "Governor Tanaka", "[1] does not bear out (name)"),
        ("treaty with Laos", "treaty of Laos", "[2] does not bear out (wording)"),
        ("in Gunma.", "in Gunma <b>!</b>", "[1] does not bear out (markup)"),
        ("[2]", "[4]", "[4] marks no citation"),
        ("[2]", "", "no citation is named for "),
        ("Gunma. [1]", "Gunma.", "[2] does not bear out (number)"),
        ("[2]", "[2] Japan has left.", "no citation is named for 'Japan has left.'"),
        ("[1]", "[2]", "[2] does not bear out (number)"),
    ],
)
def test_a_generated_answer_that_was_tampered_with_is_found(
    generated: tuple[dict[str, Any], Shelf], old: str, new: str, reason: str
) -> None:
    reply, library = generated
    reply["answer"] = reply["answer"].replace(old, new)
    found = [text for number, text in reasons(verify(reply, library)) if number is None]
    assert found[0].startswith(reason)


def test_two_citations_of_one_number_are_found(reply: dict[str, Any], library: Shelf) -> None:
    reply["citations"].append(deepcopy(reply["citations"][0]))
    assert reasons(verify(reply, library)) == [(1, "two citations have this number")]


def test_answered_and_citations_must_agree(reply: dict[str, Any], library: Shelf) -> None:
    silent = reply | {"answered": False}
    assert reasons(verify(silent, library))[0] == (None, "not answered, yet with citations")
    bare = reply | {"answer": "", "citations": []}
    assert reasons(verify(bare, library)) == [(None, "answered without a citation")]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("answered", "yes", "answered: str where bool is expected"),
        ("answer", None, "answer: NoneType where str is expected"),
        ("mode", "poetic", "mode: 'poetic' is neither 'extractive' nor 'generated'"),
        ("citations", {}, "citations: dict where list is expected"),
        ("citations", ["a"], "citations[0]: str where an object is expected"),
        ("citations", [{"number": 1}], "citations[0].article_id: missing"),
        ("citations", [{"number": True}], "citations[0].number: bool where int is expected"),
    ],
)
def test_a_malformed_reply_is_refused_by_the_name_of_the_field(
    reply: dict[str, Any], library: Shelf, field: str, value: object, message: str
) -> None:
    with pytest.raises(BadReplyError) as caught:
        verify(reply | {field: value}, library)
    assert str(caught.value) == message


def test_an_offset_that_is_no_whole_number_is_malformed(
    reply: dict[str, Any], library: Shelf
) -> None:
    reply["citations"][0]["start"] = 26.0
    with pytest.raises(BadReplyError, match=r"citations\[0\]\.start: float where int"):
        verify(reply, library)


@pytest.mark.parametrize("saved", ['{"a": 1}', '[{"a": 1}]', '{\n "a": 1\n}\n'])
def test_one_reply_is_read_alone_in_a_list_or_spread_over_lines(saved: str) -> None:
    assert read_replies(saved) == [{"a": 1}]


def test_json_lines_are_read_line_by_line() -> None:
    assert read_replies('{"a": 1}\n\n{"a": 2}\n') == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("saved", "message"), [("\n", "the file is empty"), ('{"a": 1}\n{"a"\n', "line 2: not JSON")]
)
def test_a_file_that_holds_no_replies_is_refused(saved: str, message: str) -> None:
    with pytest.raises(BadReplyError, match=message):
        read_replies(saved)


# -- what comes from the record


def row(number: int, quote: str) -> dict[str, Any]:
    return {
        "act": "report",
        "actor": "Anna",
        "sectors": ["tourism"],
        "citation": citation(number, quote),
    }


def test_a_row_of_the_record_is_proved_by_its_quote(library: Shelf) -> None:
    assert verify(row(3, "It costs 2 euros."), library) == Verification(checked=1)


def test_a_page_of_the_record_is_proved_row_by_row_offices_too(library: Shelf) -> None:
    cited = citation(2, "It costs 2 euros.")
    office = {"role": "captain", "citation": cited}
    leader = row(1, "The ferry resumes [3] in May.") | {"offices": [office]}
    assert verify({"total": 1, "leaders": [leader]}, library) == Verification(checked=2)
    cited["quote"] = "It costs 3 euros."
    assert reasons(verify({"total": 1, "leaders": [leader]}, library)) == [
        (2, "the text at [56, 73) is not the quote")
    ]
    assert verify({"total": 0, "commitments": []}, library) == Verification(checked=0)


def test_a_row_with_a_broken_citation_is_refused_by_its_place(library: Shelf) -> None:
    page = {"commitments": [row(1, "It costs 2 euros."), {"citation": {"number": 2}}]}
    with pytest.raises(BadReplyError, match=r"^commitments\[1\]\.citation\.article_id: missing$"):
        verify(page, library)


def test_a_reply_does_not_pass_for_a_record(reply: dict[str, Any], library: Shelf) -> None:
    reply["answer"] = "Something else. [1]"
    reply["commitments"] = []
    assert not verify(reply, library).ok


def test_a_record_as_csv_is_read_row_by_row(library: Shelf) -> None:
    head = "act,quote,article_id,article_sha256,start,end\n"
    saved = head + f"report,It costs 2 euros.,ferry,{FERRY.sha256},56,73\n"
    [read] = read_replies(saved)
    assert verify(read, library) == Verification(checked=1)
    assert read_replies(head) == []


@pytest.mark.parametrize("line", ["report,x,ferry,0,one,2", "report,x"])
def test_a_broken_line_of_csv_is_refused(line: str) -> None:
    head = "act,quote,article_id,article_sha256,start,end\n"
    with pytest.raises(BadReplyError, match=r"^not a record as CSV \("):
        read_replies(head + line)
