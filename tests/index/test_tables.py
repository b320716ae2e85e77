import datetime
from pathlib import Path

import pytest

from index.articles import Facets, Source
from index.tables import ARTICLE, PASSAGE, SENTENCE, Tables, rows

FIRST = datetime.date(2025, 4, 1)
SOURCES = (
    Source("ferry", "a" * 64, "Ferry", "Baltic Wire", FIRST, "en", "https://example.org/ferry"),
    Source("récolte\u2028", "b" * 64, 'Le "blé"\n', "Việt Nam News", None, "fr"),
    Source("bare", "c" * 64),
)
DAYS = [FIRST.toordinal(), 0, 0]


@pytest.fixture
def tables() -> Tables:
    return Tables(
        SOURCES,
        rows([(i, i + 1, i, i + 1, 2 * i, 2 * i + 2, day) for i, day in enumerate(DAYS)], ARTICLE),
        rows([(0, 0, 9, 0, 1), (1, 3, 8, 1, 2), (2, 0, 4, 2, 3)], PASSAGE),
        rows([(0, 0, 9, 1, 2), (1, 3, 8, 3, 4), (2, 0, 4, 5, 6)], SENTENCE),
    )


def test_tables_come_back_as_they_were_written(tables: Tables, tmp_path: Path) -> None:
    tables.write(tmp_path)
    read = Tables.read(tmp_path)
    assert read.sources == SOURCES
    for name in ("articles", "passages", "sentences"):
        assert getattr(read, name).dtype == getattr(tables, name).dtype
        assert getattr(read, name).tolist() == getattr(tables, name).tolist()


def test_tables_of_nothing_come_back_empty(tmp_path: Path) -> None:
    Tables((), rows([], ARTICLE), rows([], PASSAGE), rows([], SENTENCE)).write(tmp_path)
    read = Tables.read(tmp_path)
    assert (read.sources, len(read.articles), len(read.passages), len(read.sentences)) == (
        (),
        0,
        0,
        0,
    )
    assert read.articles_within(Facets(lang="en")).tolist() == []


DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Facets(), [True, True, True]),
        (Facets(lang="en"), [True, False, False]),
        (Facets(lang="FR"), [False, True, False]),
        (Facets(lang="de"), [False, False, False]),
        (Facets(outlet="baltic wire"), [True, False, False]),
        (Facets(outlet="VIET NAM NEWS"), [False, True, False]),
        (Facets(outlet="Baltic"), [False, False, False]),
        (Facets(date_from=FIRST), [True, False, False]),
        (Facets(date_from=FIRST + DAY), [False, False, False]),
        (Facets(date_to=FIRST), [True, False, False]),
        (Facets(date_to=FIRST - DAY), [False, False, False]),
        (Facets(date_from=FIRST, date_to=FIRST), [True, False, False]),
        (Facets(lang="fr", outlet="Baltic Wire"), [False, False, False]),
    ],
)
def test_articles_pass_every_limit_that_is_set(
    tables: Tables, where: Facets, expected: list[bool]
) -> None:
    assert tables.articles_within(where).tolist() == expected
