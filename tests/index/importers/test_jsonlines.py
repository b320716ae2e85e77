import datetime
import gzip
import io
import json
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import ImportRefusedError
from index.importers import jsonlines, read_paths
from index.importers.decoding import LONGEST_ARTICLE


def read(data: bytes) -> tuple[list[Article], list[ImportRefusedError]]:
    outcomes = list(jsonlines.read(io.BytesIO(data), "wire", "wire.jsonl"))
    return (
        [outcome[1] for outcome in outcomes if isinstance(outcome, tuple)],
        [outcome for outcome in outcomes if isinstance(outcome, ImportRefusedError)],
    )


def line(**fields: object) -> bytes:
    return json.dumps({"text": "Chính came.", "lang": "en"} | fields).encode()


def read_line(**fields: object) -> Article:
    [article], refusals = read(line(**fields))
    assert not refusals
    return article


def test_every_field_is_taken_and_unknown_ones_passed_over() -> None:
    assert read_line(
        id="a#1", title=" A\n visit ", text=" It came. ", date="2023-12-15", source="VNA",
        lang="fr-FR", url="https://a.vn/1", tags=[1],
    ) == Article(
        id="a#1", title="A visit", text=" It came. ", date=datetime.date(2023, 12, 15),
        outlet="VNA", lang="fr", url="https://a.vn/1",
    )  # fmt: skip


def test_an_article_without_id_is_named_after_file_and_line_and_blank_lines_count() -> None:
    articles, _ = read(
        b'\xef\xbb\xbf{"text": "One.", "lang": "en"}\r\n\n{"text": "Two.", "lang": "en"}'
    )
    assert [article.id for article in articles] == ["wire-1", "wire-3"]


def test_marks_in_the_text_fill_only_what_is_not_given() -> None:
    text = "date 2023-12-15 HÀ NỘI — Chính came. — VNS"
    given = read_line(text=text, source="VOV", date="2024-01-02T23:00:00Z")
    assert (given.outlet, given.date) == ("VOV", datetime.date(2024, 1, 2))
    absent = read_line(text=text, source=None, date="", title=" ")
    assert (absent.outlet, absent.date) == ("VNS", datetime.date(2023, 12, 15))
    assert absent.title is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": None}, "no text: an article needs a `text`"),
        ({"text": 5}, "text '5' is not text but int"),
        ({"text": " \n"}, "the text is empty or only white space"),
        ({"text": "a\0b"}, "the text holds a NUL character (at 1); remove it"),
        ({"date": "soon"}, "date 'soon' is no ISO 8601 day or timestamp; write it as 2023-12-15"),
        ({"date": 2023}, "date '2023' is not text but int"),
        ({"id": ""}, "id '' is empty or has white space at its ends"),
        ({"id": "a "}, "id 'a ' is empty or has white space at its ends"),
        ({"id": "a\tb"}, "id 'a\\tb' holds control characters; give a printable one"),
        ({"id": "a" * 201}, f"id {'a' * 40!r}… has 201 characters; at most 200"),
        ({"id": True}, "id 'True' is not text but bool"),
        ({"source": {"n": 1}}, "source \"{'n': 1}\" is not text but dict"),
        ({"lang": "English!"}, "lang 'English!' is no language code; write en, fr, vi, …"),
        ({"url": "javascript:1"}, "url 'javascript:1' is no web address; begin it with https://"),
        (
            {"title": "a\ud800"},
            "title holds half a character (U+D800 at 1); write the pair, or the character itself",
        ),
    ],
)
def test_a_bad_value_is_refused_by_line_and_name(fields: dict[str, object], reason: str) -> None:
    _, [refused] = read(line(**fields))
    assert (refused.where, refused.reason) == ("wire.jsonl:1", reason)


def test_bad_lines_are_refused_by_number_and_the_rest_goes_on() -> None:
    long = b'{"text": "' + b"x" * LONGEST_ARTICLE + b'"}'
    lines = [
        b'{"text": "One.", "lang": "en"}', b"{nonsense", b"[1]", b'{"text": "\xff"}', long,
        b'{"n": ' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"text": "Two.", "lang": "en"}',
    ]  # fmt: skip
    articles, refusals = read(b"\n".join(lines))
    assert [article.text for article in articles] == ["One.", "Two."]
    assert [refused.where for refused in refusals] == [f"wire.jsonl:{n}" for n in range(2, 8)]
    assert [refused.reason for refused in refusals[:4]] == [
        "not JSON: Expecting property name enclosed in double quotes at character 2",
        "not an object but list; write {…}",
        "not UTF-8: byte 0xff at position 10; convert it, for example with"
        " `iconv -f WINDOWS-1252 -t UTF-8`",
        "the line is longer than 5,000,000 bytes",
    ]


@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_a_file_without_lines_is_refused(data: bytes) -> None:
    _, [refused] = read(data)
    assert str(refused) == "wire.jsonl: the file is empty: no articles in it"


def test_a_file_in_utf_16_is_refused_with_the_way_to_convert_it() -> None:
    _, [refused] = read('{"text": "One."}'.encode("utf-16"))
    assert refused.reason == "not UTF-8; convert it with `iconv -f UTF-16 -t UTF-8`"


def test_a_truncated_gz_file_gives_its_first_lines_and_refuses_the_rest_by_number(
    tmp_path: Path,
) -> None:
    lines = [line(text=f"{n} {n * 2654435761 % 2**32}.") for n in range(20_000)]
    path = tmp_path / "wire.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n".join(lines))[:-20_000])
    *found, refused = read_paths([path])
    assert isinstance(refused, ImportRefusedError)
    articles = [item for item in found if isinstance(item, Article)]
    assert len(articles) > 1000
    assert [article.text for article in articles] == [
        json.loads(line)["text"] for line in lines[: len(articles)]
    ]
    assert refused.where == f"{path}:{len(articles) + 1}"
    assert refused.reason.startswith("the file is damaged from this line on")
