"""Records are written the same whatever was taken over, and hold nothing that cannot be quoted."""

from __future__ import annotations

import errno
import resource
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import Article, Record, Source, Span
from index.record import (
    ArticleRecord,
    Mention,
    Office,
    Person,
    RecordShelf,
    load_taxonomy,
    record_faults,
    write_record,
)
from index.record.packing import packed, unpacked
from index.sentences import sentence_spans
from tests.index.record.conftest import (
    ARTICLES,
    AUTUMN,
    QUIET,
    SPRING,
    UNDATED,
    ByHand,
    at,
    found_by_hand,
    with_sentences,
)

READ = with_sentences(*ARTICLES)


# -- taking over


def test_what_did_not_change_is_taken_over_unread_and_the_bytes_are_the_same(
    path: Path, by_hand: ByHand, tmp_path: Path
) -> None:
    assert by_hand.read == [article.text for article in ARTICLES]
    by_hand.read.clear()
    told: list[tuple[int, int]] = []
    written = write_record(
        tmp_path / "again.sqlite", READ, by_hand, [path], lambda *done: told.append(done)
    )
    assert (written.extracted, written.failed, by_hand.read) == (0, (), [])
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert (tmp_path / "again.sqlite").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "edit",
    [
        {"text": QUIET.text + " It snowed."},
        {"lang": "fr"},
        {"date": None},
    ],
    ids=["text", "language", "date"],
)
def test_an_article_that_changed_is_read_again_alone(
    path: Path, by_hand: ByHand, tmp_path: Path, edit: dict[str, Any]
) -> None:
    by_hand.read.clear()
    edited = replace(QUIET, **edit)
    articles = [edited if article is QUIET else article for article in ARTICLES]
    write_record(tmp_path / "again.sqlite", with_sentences(*articles), by_hand, [path])
    assert by_hand.read == [edited.text]


def test_other_sentences_or_another_taxonomy_are_read_again(
    path: Path, by_hand: ByHand, tmp_path: Path
) -> None:
    halves = [(one, [Span(0, 2), *spans]) for one, spans in READ]
    assert by_hand.key(SPRING.source, halves[2][1]) != by_hand.key(SPRING.source, READ[2][1])
    own = tmp_path / "own.tsv"
    own.write_text("!replace\nharbours\tharbour\tport\tcảng\n", "utf-8")
    other = ByHand(load_taxonomy(own))
    written = write_record(tmp_path / "again.sqlite", READ, other, [path])
    assert written.extracted == 4
    record = Record(tmp_path / "again.sqlite", [one.source for one in ARTICLES], 1)
    assert record.coverage().sectors == ("harbours",)


def test_a_change_of_title_or_outlet_alone_reads_nothing_and_is_in_the_new_record(
    path: Path, by_hand: ByHand, tmp_path: Path
) -> None:
    by_hand.read.clear()
    moved = [replace(article, outlet="Elsewhere", title="New") for article in ARTICLES]
    write_record(tmp_path / "again.sqlite", with_sentences(*moved), by_hand, [path])
    assert by_hand.read == []
    with closing(sqlite3.connect(tmp_path / "again.sqlite")) as db:
        assert db.execute("SELECT DISTINCT outlet FROM articles").fetchall() == [("elsewhere",)]


def test_an_earlier_record_that_cannot_be_read_is_passed_over(
    by_hand: ByHand, path: Path, tmp_path: Path
) -> None:
    torn = tmp_path / "torn.sqlite"
    torn.write_bytes(b"torn" * 500)
    with sqlite3.connect(tmp_path / "bad.sqlite") as bad:
        bad.executescript("CREATE TABLE articles (number INTEGER, key BLOB, record TEXT)")
        key = by_hand.key(QUIET.source, READ[1][1])
        bad.execute("INSERT INTO articles VALUES (0, ?, 'no record')", (key,))
    bad.close()
    earlier = [torn, tmp_path / "none.sqlite", tmp_path / "bad.sqlite"]
    written = write_record(tmp_path / "again.sqlite", READ, by_hand, earlier)
    assert written.extracted == 4
    assert (tmp_path / "again.sqlite").read_bytes() == path.read_bytes()


# -- what goes wrong


def test_an_article_that_cannot_be_read_is_named_and_tried_again_by_the_next(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = ByHand(load_taxonomy(), fails={SPRING.text: RecursionError("too deep")})
    written = write_record(tmp_path / "one.sqlite", READ, broken)
    assert (written.extracted, written.failed) == (4, ("spring",))
    assert "the record has nothing of article 'spring': RecursionError('too deep')" in caplog.text
    record = Record(tmp_path / "one.sqlite", [one.source for one in ARTICLES], 1)
    assert [row.place.source.article_id for row in record.statements()[1]] == ["autumn", "undated"]
    mended = ByHand(load_taxonomy())
    again = write_record(tmp_path / "two.sqlite", READ, mended, [tmp_path / "one.sqlite"])
    assert (again.extracted, again.failed, mended.read) == (1, (), [SPRING.text])


def test_a_build_that_has_no_memory_left_ends(tmp_path: Path) -> None:
    starved = ByHand(load_taxonomy(), fails={QUIET.text: MemoryError()})
    with pytest.raises(MemoryError):
        write_record(tmp_path / "record.sqlite", READ, starved)


def test_a_disk_that_takes_only_so_much_is_an_error_of_the_disk(
    path: Path, by_hand: ByHand, tmp_path: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (0, 4096, path.stat().st_size - 1):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            with pytest.raises(OSError, match="disk") as raised:
                write_record(tmp_path / f"{limit}.sqlite", READ, by_hand)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert raised.value.errno in (errno.EIO, errno.ENOSPC)


def test_who_is_named_in_no_sentence_is_not_in_the_record(tmp_path: Path) -> None:
    headline = Article("head", "Anna Nowak in Paris\n\nIt rained on the harbour.", lang="en")
    [(_, spans)] = with_sentences(headline)
    body = [span for span in spans if span.slice(headline.text) == "It rained on the harbour."]
    name = Mention(at(headline, "Anna Nowak"), 0, Office("mayor", "paris"))
    found = ArticleRecord((Person("Anna Nowak", ("Anna Nowak",)),), (name,))
    extractor = ByHand(load_taxonomy(), records={headline.text: found})
    write_record(tmp_path / "record.sqlite", [(headline, body)], extractor)
    record = Record(tmp_path / "record.sqlite", [headline.source], 1)
    assert (record.persons(), record.holders("mayor")) == ((0, []), [])
    assert record.find("Anna Nowak") == ()


def test_no_articles_make_an_empty_record(tmp_path: Path, by_hand: ByHand) -> None:
    write_record(tmp_path / "record.sqlite", [], by_hand)
    record = Record(tmp_path / "record.sqlite", [], 1)
    assert (record.is_built, record.persons(), record.statements()) == (True, (0, []), (0, []))


# -- packed


def test_a_record_comes_back_as_it_was_packed() -> None:
    for record in found_by_hand().values():
        assert unpacked(packed(record)) == record
        assert "\n" not in packed(record)


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"people": 1}', '{"people": [[1, 2, 3]]}'])
def test_what_was_not_packed_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpacked(line)


# -- checked and counted


def sentences() -> list[list[Span]]:
    return [spans for _, spans in READ]


class Texts:
    def __init__(self, articles: Sequence[Article]) -> None:
        self._texts = {article.sha256: article.text for article in articles}

    def text(self, article_id: str, sha256: str) -> str:
        return self._texts[sha256]


SOURCES: list[Source] = [article.source for article in ARTICLES]


def test_a_sound_record_has_no_fault(path: Path) -> None:
    assert list(record_faults(path, SOURCES, sentences(), Texts(ARTICLES))) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE statements SET stop = stop - 1", "has statements of 'autumn' at 45, which is no"),
        ("UPDATE offices SET start = start + 1", "has offices of 'autumn' at 1, which is no"),
        ("UPDATE mentions SET stop = 9 WHERE article = 2", "has mentions of 'spring' at "),
        ("UPDATE subjects SET article = 3", "has subjects of 'undated'"),
        ("INSERT INTO names VALUES (9, 0, 'A', 'a', 'a')", "has 1 names of no article"),
        ("DELETE FROM persons WHERE id = 'takaichi-sanae'", "has 1 names of nobody"),
        ("UPDATE articles SET id = 'other' WHERE number = 0", "is of other articles"),
        (
            "UPDATE articles SET record = replace(record, 'Takaichi', 'Takaichy')",
            "article 'autumn': the name at 21 is not as written",
        ),
        ("UPDATE articles SET record = '{}' WHERE number = 1", "article 'quiet': no record of"),
    ],
)
def test_every_fault_of_a_record_is_told(path: Path, change: str, told: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute(change)
    db.close()
    faults = list(record_faults(path, SOURCES, sentences(), Texts(ARTICLES)))
    assert told in faults[0], faults
    assert faults[0].startswith("record.sqlite")


def test_a_torn_record_is_a_fault(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[5000:9000] = bytes(4000)
    path.write_bytes(content)
    assert next(record_faults(path, SOURCES, sentences(), None)).startswith("record.sqlite")


def test_of_an_article_every_row_and_every_name_that_no_other_has_is_counted(path: Path) -> None:
    shelf = RecordShelf(path)
    ids = {article.id for article in ARTICLES}
    assert shelf.count(ids) == {"cached_records": 0, "record_rows": 0, "names": 0}
    assert shelf.count(ids - {"autumn"}) == {
        "cached_records": 1,
        "record_rows": 7,  # a name, its first place, a mention, an office, a statement, 2 sectors
        "names": 1,
    }
    assert shelf.count(ids - {"undated"})["names"] == 0  # Chính is named in April, too
    assert shelf.count(ids - {"quiet"}) == {"cached_records": 1, "record_rows": 0, "names": 0}
    assert shelf.count(ids - {"spring"})["names"] == 3


def test_what_belongs_to_no_article_is_left_over(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM articles WHERE id = 'autumn'")
    db.close()
    ids = {article.id for article in ARTICLES}
    assert RecordShelf(path).count(ids)["record_rows"] == 7
    assert RecordShelf(path).count(ids)["names"] == 1
    assert RecordShelf(None).count(ids) == {"cached_records": 0, "record_rows": 0, "names": 0}


def test_the_spans_of_this_page_are_sentences() -> None:
    for article in (AUTUMN, SPRING, UNDATED):
        record = found_by_hand()[article.text]
        spans = set(sentence_spans(article.text, article.lang))
        assert {one.sentence for one in record.statements} <= spans
