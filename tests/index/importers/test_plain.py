import codecs
import datetime
import io

import pytest

from index.articles import Article
from index.errors import ImportRefusedError
from index.importers import plain
from index.importers.decoding import LONGEST_ARTICLE


def read(data: bytes) -> Article:
    [outcome] = plain.read(io.BytesIO(data), "stem", "stem.txt")
    assert isinstance(outcome, tuple)
    where, article = outcome
    assert where == "stem.txt"
    return article


def test_the_whole_file_is_the_text_and_the_stem_the_id() -> None:
    article = read("A visit\r\n\r\n date Chính came. \n— VNS\n".encode())
    assert article.id == "stem"
    assert article.text == "A visit\r\n\r\n date Chính came. \n— VNS\n"
    assert (article.title, article.outlet, article.date) == ("A visit", "VNS", None)


def test_a_date_head_gives_the_date_and_stays_in_the_text() -> None:
    article = read("date 2025-04-28 HÀ NỘI — Việt Nam agreed.".encode())
    assert article.date == datetime.date(2025, 4, 28)
    assert article.text.startswith("date 2025-04-28 HÀ NỘI — ")


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8])
def test_unicode_files_with_a_byte_order_mark_are_read_without_it(mark: bytes) -> None:
    names = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    data = mark + "Chính came.".encode(names.get(mark, "utf-8"))
    assert read(data).text == "Chính came."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the text is empty or only white space"),
        (b" \n\t", "the text is empty or only white space"),
        (b"a\0b", "binary, not text (NUL at byte 1); save it as UTF-8 text"),
        (b"\x01\x02\x03 text", "binary, not text: full of control characters"),
        (codecs.BOM_UTF16_LE + b"a\0\0\0", "binary, not text: full of control characters"),
        (b"x" * (LONGEST_ARTICLE + 1), "longer than 5,000,000 bytes; split it into articles"),
    ],
)
def test_files_that_are_no_text_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        read(data)
    assert (refused.value.where, refused.value.reason) == ("stem.txt", reason)


def test_another_encoding_is_refused_with_the_byte_and_a_way_to_convert() -> None:
    with pytest.raises(ImportRefusedError, match=r"not UTF-8: byte 0xe9 at position 5; .*iconv -f"):
        read("Il a été là.".encode("latin-1"))
