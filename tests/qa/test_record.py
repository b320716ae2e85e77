"""Rows of the record leave with quotes that are proven, and filter questions too."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from index import Article, Facets, Library, RecordFilter
from qa import Answerer, BadQuestionError, open_record
from qa.errors import UnverifiedQuoteError
from tests.qa.homes import APRIL, NOVEMBER, Home


@pytest.fixture(scope="module")
def answerer(on_record: Home) -> Answerer:
    return on_record.answerer()


def said(answerer: Answerer, where: RecordFilter | None = None) -> list[tuple[str, str]]:
    """Who did what, in the order of the page."""
    return [(one.row.actor, one.row.act) for one in answerer.commitments(where).rows]


# -- rows


def test_every_quote_is_the_slice_of_its_article(answerer: Answerer, on_record: Home) -> None:
    pages = (answerer.leaders(), answerer.commitments(), answerer.sectors())
    cited = [each for page in pages for one in page.rows for each in one.citations]
    assert len(cited) == 7 + 5 + 4
    for each in cited:
        text = on_record.library.text(each.source.article_id, each.source.sha256)
        assert text[each.span.start : each.span.end] == each.quote


def test_citations_of_a_page_are_numbered_from_1(answerer: Answerer) -> None:
    page = answerer.leaders(offset=1)
    assert [[each.number for each in one.citations] for one in page.rows] == [[1, 2, 3], [4, 5]]
    assert (page.total, page.offset, page.limit, page.generation) == (3, 1, 20, 1)


def test_each_office_is_backed_by_a_sentence_that_gives_it(answerer: Answerer) -> None:
    [ishiba] = answerer.leaders(RecordFilter(person="Shigeru Ishiba")).rows
    quotes = [each.quote for each in ishiba.citations]
    assert [(office.role, office.former, office.first) for office in ishiba.row.offices] == [
        ("prime_minister", False, datetime.date(2025, 4, 28)),
        ("prime_minister", True, datetime.date(2025, 11, 20)),
    ]
    assert quotes[0] == quotes[2] == "Ishiba Shigeru, former prime minister, attended the dinner."
    assert quotes[1].startswith("Japanese Prime Minister Ishiba Shigeru pledged")


def test_statements_come_newest_first_and_undated_last(answerer: Answerer) -> None:
    assert said(answerer) == [
        ("Takaichi Sanae", "commit"),
        ("Phạm Minh Chính", "ask"),
        ("Ishiba Shigeru", "commit"),
        ("Phạm Minh Chính", "ask"),
        ("Phạm Minh Chính", "propose"),
    ]


@pytest.mark.parametrize(
    ("where", "n"),
    [
        (RecordFilter(person="chinh pham minh"), 3),
        (RecordFilter(person="pham-minh-chinh", act="ask"), 2),
        (RecordFilter(person="Chinh", outlet="agence france"), 1),
        (RecordFilter(sector="Tourism"), 2),
        (RecordFilter(sector="du lịch", lang="fr"), 1),
        (RecordFilter(sector="KINH TE XANH VA NANG LUONG"), 1),
        (RecordFilter(counterpart="Nhật Bản"), 2),
        (RecordFilter(date_to=datetime.date(2024, 12, 31)), 1),
        (RecordFilter(date_from=datetime.date(2025, 11, 20)), 1),
        (RecordFilter(time="done"), 0),
        (RecordFilter(person="Ada Lovelace"), 0),
        (RecordFilter(sector="gardening"), 0),
        (RecordFilter(sector="'; DROP TABLE statements; --"), 0),
    ],
)
def test_filters_limit_the_statements(answerer: Answerer, where: RecordFilter, n: int) -> None:
    assert len(said(answerer, where)) == n


def test_a_page_begins_where_the_last_one_ended(answerer: Answerer) -> None:
    pages = [answerer.commitments(offset=at, limit=2) for at in (0, 2, 4, 6)]
    assert [len(page.rows) for page in pages] == [2, 2, 1, 0]
    assert {page.total for page in pages} == {5}
    together = [one.row for page in pages for one in page.rows]
    assert together == [one.row for one in answerer.commitments().rows]


def test_sectors_have_names_and_a_page_without_any_is_empty(answerer: Answerer) -> None:
    page = answerer.sectors()
    assert [(one.row.sector, one.row.statements) for one in page.rows][:2] == [
        ("tourism", 2),
        ("green_energy", 1),
    ]
    assert page.labels["tourism"] == {"en": "tourism", "fr": "tourisme", "vi": "du lịch"}
    assert answerer.sectors(RecordFilter(person="nobody")).rows == ()
    assert answerer.leaders(RecordFilter(person="nobody")).total == 0


def test_coverage_counts_what_each_said_on_each_sector(answerer: Answerer) -> None:
    found = answerer.coverage()
    assert list(found.people) == ["pham-minh-chinh", "ishiba-shigeru", "takaichi-sanae"]
    assert found.sectors == tuple(answerer.sectors().labels)
    assert found.counts["pham-minh-chinh", "tourism"] == 1
    assert ("takaichi-sanae", "health") not in found.counts


def test_a_text_that_is_not_the_one_that_was_read_is_quoted_by_nobody(
    home_of: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    answerer = home_of(APRIL).answerer()
    true = Library.text
    monkeypatch.setattr(Library, "text", lambda *at: true(*at).replace("Japan", "Japon"))
    with pytest.raises(UnverifiedQuoteError):
        answerer.commitments()
    monkeypatch.setattr(Library, "text", lambda *at: true(*at)[:20])
    with pytest.raises(UnverifiedQuoteError):
        answerer.leaders()


def test_a_record_opens_without_an_encoder_and_answers_as_the_answerer(
    on_record: Home, answerer: Answerer
) -> None:
    with open_record(on_record.path) as reader:
        assert reader.commitments() == answerer.commitments()
        assert reader.coverage() == answerer.coverage()


def test_articles_without_people_have_an_empty_record(home_of: Callable[..., Home]) -> None:
    empty = home_of(Article("rain", "It rained all day.", lang="en")).answerer()
    assert (empty.leaders().total, empty.commitments().total) == (0, 0)
    assert empty.coverage().people == {}


# -- filters of questions


@pytest.fixture
def found(answerer: Answerer) -> Callable[..., list[str]]:
    """Searches with a filter, and gives the articles of the hits with where they begin."""

    def search(
        speaker: str | None = None, sector: str | None = None, lang: str | None = None
    ) -> list[str]:
        where = Facets(speaker=speaker, sector=sector, lang=lang)
        hits = answerer.search("What was said about Japan?", where=where).hits
        return sorted(f"{hit.source.article_id} {hit.span.start}" for hit in hits)

    return search


WEATHER = APRIL.text.index("The weather")
EVERYTHING = ["april 0", f"april {WEATHER}", "mars 0", "november 0", "undated 0"]


@pytest.mark.parametrize(
    "name", ["Phạm Minh Chính", "pham minh chinh", "Chính Phạm Minh", "Chính", "pham-minh-chinh"]
)
def test_a_speaker_whom_the_record_knows_is_found_under_every_name(
    found: Callable[..., list[str]], name: str
) -> None:
    assert found(speaker=name) == ["april 0", "mars 0", "undated 0"]


def test_a_speaker_is_found_where_only_a_pronoun_stands(home_of: Callable[..., Home]) -> None:
    named = (
        "Prime Minister Phạm Minh Chính arrived on Monday" + ", and the train was late" * 5 + "."
    )
    meant = "He asked Japan to build new trains" + ", and they were never late" * 5 + "."
    home = home_of(
        Article("visit", f"{named} {meant}", lang="en"), Article("other", meant, lang="en")
    )
    hits = home.answerer().search("Japan trains", where=Facets(speaker="Phạm Minh Chính")).hits
    assert sorted(hit.text for hit in hits) == [meant, named]
    assert {hit.source.article_id for hit in hits} == {"visit"}


@pytest.mark.parametrize(
    ("sector", "articles"),
    [
        ("tourism", ["mars 0", "november 0"]),
        ("Du lịch", ["mars 0", "november 0"]),
        ("green_energy", ["april 0"]),
        ("economie verte et energie", ["april 0"]),
        ("health", []),
    ],
)
def test_a_sector_of_the_taxonomy_means_what_its_sentences_are_about(
    found: Callable[..., list[str]], sector: str, articles: list[str]
) -> None:
    assert found(sector=sector) == articles


def test_what_the_record_does_not_know_must_stand_in_the_passage(
    found: Callable[..., list[str]],
) -> None:
    assert found() == EVERYTHING
    assert found(speaker="weather Monday") == [f"april {WEATHER}"]
    assert found(sector="dinner") == ["november 0"]
    assert found(speaker="Ada Lovelace") == []


def test_speaker_and_sector_and_the_other_limits_hold_together(
    found: Callable[..., list[str]],
) -> None:
    assert found(speaker="Chính", sector="tourism") == ["mars 0"]
    assert found(speaker="Chính", sector="engineers") == ["april 0"]
    assert found(speaker="Chính", lang="en") == ["april 0", "undated 0"]
    assert found(speaker="Takaichi Sanae", sector="green_energy") == []


def test_a_filter_that_leaves_few_passages_still_gives_as_many_as_are_asked_for(
    home_of: Callable[..., Home],
) -> None:
    crowd = (Article(f"a{n:03}", f"Japan Japan Japan. Number {n}.", lang="en") for n in range(300))
    home = home_of(APRIL, NOVEMBER, *crowd)
    hits = home.answerer(candidates=10).search("Japan", where=Facets(speaker="Chính"), k=5).hits
    assert [hit.source.article_id for hit in hits] == ["april"]
    hits = home.answerer(candidates=10).search("Japan", where=Facets(speaker="Ishiba"), k=5).hits
    assert sorted(hit.source.article_id for hit in hits) == ["april", "november"]


def test_an_answer_comes_from_the_passages_of_the_speaker(answerer: Answerer) -> None:
    question = "Who promised to promote tourism?"
    reply = answerer.ask(question, where=Facets(speaker="Takaichi Sanae"))
    assert {each.source.article_id for each in reply.citations} == {"november"}
    with pytest.raises(BadQuestionError):
        answerer.ask("", where=Facets(speaker="Takaichi Sanae"))
