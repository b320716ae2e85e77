"""The stored record: what it is asked for, and that every row is a sentence of its article."""

from __future__ import annotations

import datetime
import gc
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import Article, DamagedGenerationError, Place, Record, RecordFilter, Source
from index.sentences import sentence_spans
from tests.index.record.conftest import ARTICLES, AUTUMN, SPRING, UNDATED

APRIL, NOVEMBER = datetime.date(2025, 4, 28), datetime.date(2025, 11, 3)
TEXTS = {article.id: article.text for article in ARTICLES}


def quote(place: Place) -> str:
    return place.span.slice(TEXTS[place.source.article_id])


# -- people


def test_people_come_with_names_offices_and_counts_most_statements_first(record: Record) -> None:
    total, [chinh, ishiba, takaichi] = record.persons()
    assert total == 3
    assert (chinh.id, chinh.name, chinh.aliases) == (
        "pham-minh-chinh",
        "Phạm Minh Chính",
        ("Phạm Minh Chính", "Chính"),
    )
    assert (chinh.articles, chinh.statements) == (2, 2)
    assert (ishiba.id, ishiba.articles, ishiba.statements) == ("ishiba-shigeru", 1, 1)
    assert (takaichi.id, takaichi.articles, takaichi.statements) == ("takaichi-sanae", 1, 0)
    [office] = ishiba.offices
    assert (office.role, office.of, office.former) == ("prime_minister", "japan", False)
    assert (office.first, office.last) == (APRIL, APRIL)
    assert quote(office.place) == "Prime Minister Ishiba Shigeru met Phạm Minh Chính."
    [undated] = chinh.offices
    assert (undated.of, undated.first, undated.last) == ("vietnam", None, None)
    assert undated.place.source == UNDATED.source


def test_a_person_is_shown_where_the_newest_article_that_passes_names_them(record: Record) -> None:
    [chinh] = record.persons(RecordFilter(person="Chính"))[1]
    assert quote(chinh.mention) == "Prime Minister Ishiba Shigeru met Phạm Minh Chính."
    [chinh] = record.persons(RecordFilter(person="Chính", lang="VI"))[1]
    assert quote(chinh.mention) == "Thủ tướng Phạm Minh Chính đề nghị Nhật Bản hỗ trợ."
    assert (chinh.articles, chinh.statements) == (1, 1)


@pytest.mark.parametrize(
    "name",
    [
        "pham-minh-chinh",
        "Phạm Minh Chính",
        "pham minh chinh",
        "PHẠM MINH CHÍNH",
        "Minh Chinh Pham",
        "Chính",
        "chinh",
    ],
)
def test_a_person_is_found_by_id_name_and_alias_with_or_without_marks_in_either_order(
    record: Record, name: str
) -> None:
    assert record.find(name) == ("pham-minh-chinh",)


@pytest.mark.parametrize("name", ["", "!", "Nobody Anybody", "Shigeru Takaichi", "'; --"])
def test_an_unknown_name_finds_nobody_and_no_row(record: Record, name: str) -> None:
    assert record.find(name) == ()
    if name:
        assert record.persons(RecordFilter(person=name)) == (0, [])
        assert record.statements(RecordFilter(person=name)) == (0, [])
        assert record.sectors(RecordFilter(person=name)) == []


# -- statements


def test_statements_come_newest_first_and_undated_last_each_a_sentence(record: Record) -> None:
    total, rows = record.statements()
    assert total == 4
    assert [(quote(row.place), row.act, row.actor, row.counterpart) for row in rows] == [
        ("Le Japon a promis des prêts au Vietnam.", "commit", "Japan", "Vietnam"),
        ("Ishiba promised chips.", "commit", "Ishiba Shigeru", None),
        ("Chính asked Japan for loans.", "ask", "Phạm Minh Chính", "Japan"),
        (
            "Thủ tướng Phạm Minh Chính đề nghị Nhật Bản hỗ trợ.",
            "ask",
            "Phạm Minh Chính",
            "Japan",
        ),
    ]
    assert [row.actor_id for row in rows] == [None, "ishiba-shigeru", *["pham-minh-chinh"] * 2]
    assert [row.date for row in rows] == [NOVEMBER, APRIL, APRIL, None]
    assert [row.time for row in rows] == ["done", "future", "future", "future"]
    assert rows[1].sectors == ("semiconductors",)
    assert rows[0].place.source == AUTUMN.source
    for row in rows:
        source = row.place.source
        assert row.place.span in sentence_spans(TEXTS[source.article_id], source.lang)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (RecordFilter(person="Chinh Pham Minh"), [SPRING, UNDATED]),
        (RecordFilter(person="Nhật Bản"), [AUTUMN]),
        (RecordFilter(counterpart="Japon"), [SPRING, UNDATED]),
        (RecordFilter(counterpart="Ishiba"), []),
        (RecordFilter(act="commit"), [AUTUMN, SPRING]),
        (RecordFilter(act="sign"), []),
        (RecordFilter(time="done"), [AUTUMN]),
        (RecordFilter(sector="finance"), [AUTUMN, SPRING]),
        (RecordFilter(sector="no_sector"), []),
        (RecordFilter(date_from=NOVEMBER), [AUTUMN]),
        (RecordFilter(date_to=APRIL), [SPRING, SPRING]),
        (RecordFilter(outlet="VIET NAM NEWS"), [SPRING, SPRING]),
        (RecordFilter(lang="fr"), [AUTUMN]),
        (RecordFilter(person="Chính", sector="finance", lang="en", act="ask"), [SPRING]),
        (RecordFilter(person="Chính", act="commit"), []),
    ],
)
def test_a_filter_lets_through_what_it_says(
    record: Record, where: RecordFilter, expected: list[Article]
) -> None:
    total, rows = record.statements(where)
    sources = [row.place.source.article_id for row in rows]
    assert sources == [article.id for article in expected]
    assert total == len(rows)


def test_pages_share_out_all_rows(record: Record) -> None:
    _, every = record.statements()
    pages = [record.statements(offset=offset, limit=3) for offset in (0, 3, 6)]
    assert [total for total, _ in pages] == [4, 4, 4]
    assert [row for _, rows in pages for row in rows] == every
    assert [row.id for row in record.persons(offset=1, limit=1)[1]] == ["ishiba-shigeru"]


def test_people_who_did_something_are_counted_by_it(record: Record) -> None:
    total, [row] = record.persons(RecordFilter(act="ask", date_from=APRIL))
    assert (total, row.id, row.articles, row.statements) == (1, "pham-minh-chinh", 1, 1)


# -- sectors


def test_sectors_are_counted_each_with_its_newest_sentence(record: Record) -> None:
    rows = record.sectors()
    assert [(row.sector, row.statements, row.articles) for row in rows] == [
        ("finance", 2, 2),
        ("semiconductors", 1, 1),
        ("education", 0, 1),
    ]
    assert quote(rows[0].place) == "Le Japon a promis des prêts au Vietnam."
    assert quote(rows[2].place) == "Trường học mở cửa."


def test_sectors_of_a_person_are_those_of_their_statements(record: Record) -> None:
    [row] = record.sectors(RecordFilter(person="Chính"))
    assert (row.sector, row.statements, row.articles) == ("finance", 1, 1)
    assert quote(row.place) == "Chính asked Japan for loans."
    assert [row.sector for row in record.sectors(RecordFilter(sector="education"))] == ["education"]


def test_coverage_has_every_sector_and_all_who_spoke_with_their_empty_cells(record: Record) -> None:
    coverage = record.coverage()
    assert coverage.people == {
        "pham-minh-chinh": "Phạm Minh Chính",
        "ishiba-shigeru": "Ishiba Shigeru",
    }
    assert coverage.counts == {
        ("pham-minh-chinh", "finance"): 1,
        ("ishiba-shigeru", "semiconductors"): 1,
    }
    assert {"finance", "semiconductors", "tourism"} <= set(coverage.sectors)
    later = record.coverage(RecordFilter(date_from=NOVEMBER))
    assert (later.people, later.counts, later.sectors) == ({}, {}, coverage.sectors)


# -- offices by date


@pytest.mark.parametrize(
    ("first", "last", "name", "sentence"),
    [
        (APRIL, APRIL, "Ishiba Shigeru", "Prime Minister Ishiba Shigeru met Phạm Minh Chính."),
        (NOVEMBER, None, "Takaichi Sanae", "La Première ministre Takaichi Sanae a parlé."),
        (None, APRIL, "Ishiba Shigeru", "Prime Minister Ishiba Shigeru met Phạm Minh Chính."),
        (None, None, "Takaichi Sanae", "La Première ministre Takaichi Sanae a parlé."),
    ],
)
def test_one_office_has_another_holder_at_another_date(
    record: Record,
    first: datetime.date | None,
    last: datetime.date | None,
    name: str,
    sentence: str,
) -> None:
    [(person, office)] = record.holders("prime_minister", "Nhật Bản", first, last)
    assert (person.name, quote(office.place)) == (name, sentence)


def test_over_a_year_both_held_it_and_nobody_held_another(record: Record) -> None:
    year = (datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
    names = [person.name for person, _ in record.holders("prime_minister", "japan", *year)]
    assert names == ["Ishiba Shigeru", "Takaichi Sanae"]
    assert record.holders("king", "japan", *year) == []
    [(chinh, office)] = record.holders("prime_minister", "Vietnam")
    assert (chinh.name, office.first, office.place.source) == (
        "Phạm Minh Chính",
        None,
        UNDATED.source,
    )


# -- the file


def test_a_generation_without_a_record_has_none_of_anything() -> None:
    record = Record(None, [], 1)
    assert not record.is_built
    assert record.persons() == (0, [])
    assert record.statements() == (0, [])
    assert (record.sectors(), record.holders("prime_minister")) == ([], [])
    assert record.coverage().counts == {}
    assert record.find("Chính") == ()


def test_many_threads_get_the_same_rows(record: Record) -> None:
    alone = record.statements()
    with ThreadPoolExecutor(8) as pool:
        assert all(rows == alone for rows in pool.map(lambda _: record.statements(), range(64)))


def test_the_file_can_go_while_it_is_asked_and_is_let_go_with_the_record(path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    record = Record(path, [article.source for article in ARTICLES], 1)
    path.unlink()
    assert record.persons()[0] == 3
    del record
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before


def test_what_is_no_record_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "record.sqlite").write_bytes(b"torn" * 300)
    with pytest.raises(OSError, match="not a database"):
        Record(tmp_path / "record.sqlite", [], 1)
    with pytest.raises(OSError, match="unable to open"):
        Record(tmp_path / "none.sqlite", [], 1)


def test_a_file_that_is_damaged_while_it_is_open_is_named_with_its_generation(path: Path) -> None:
    sources: list[Source] = [article.source for article in ARTICLES]
    record = Record(path, sources, 7)
    os.truncate(path, 5000)
    with pytest.raises(DamagedGenerationError, match=r"generation 7: record\.sqlite cannot be re"):
        record.statements()
