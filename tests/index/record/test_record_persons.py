"""People over articles, and who held an office when."""

import datetime
from itertools import permutations

import pytest

from index.record import ArticleRecord, People, Roster, find_people, merge_people
from index.sentences import sentence_spans

APRIL = datetime.date(2025, 4, 28)
NOVEMBER = datetime.date(2025, 11, 25)


def record(text: str, lang: str = "en") -> ArticleRecord:
    people, mentions = find_people(text, sentence_spans(text, lang), lang)
    return ArticleRecord(people, mentions)


def merged(*articles: tuple[datetime.date | None, str]) -> People:
    """Articles as (date, text), named a, b, c … in order."""
    return merge_people(
        (chr(97 + at), date, record(text)) for at, (date, text) in enumerate(articles)
    )


def holders(
    people: People,
    role: str,
    of: str | None,
    on: tuple[datetime.date, datetime.date] | datetime.date | None = None,
) -> list[str]:
    return [holder.leader.name for holder in Roster(people.leaders).holder(role, of, on)]


def test_one_name_with_and_without_marks_and_in_either_order_is_one_person() -> None:
    people = merged(
        (APRIL, "Prime Minister Phạm Minh Chính spoke. PM Ishiba Shigeru spoke."),
        (NOVEMBER, "Prime Minister Pham Minh Chinh spoke. Shigeru Ishiba said no."),
    )
    assert [leader.id for leader in people.leaders] == ["ishiba-shigeru", "pham-minh-chinh"]
    assert people.by_id["pham-minh-chinh"].name == "Phạm Minh Chính"
    assert people.by_id["ishiba-shigeru"].articles == ("a", "b")
    assert people.ids["a", 0] == people.ids["b", 0] == "pham-minh-chinh"


def test_a_lone_family_name_joins_the_full_name_of_the_same_office() -> None:
    people = merged(
        (APRIL, "Japanese Prime Minister Ishiba Shigeru spoke."),
        (APRIL, "Japanese Prime Minister Ishiba spoke."),
    )
    assert [leader.id for leader in people.leaders] == ["ishiba-shigeru"]


def test_a_lone_family_name_in_another_office_stays_another_person() -> None:
    people = merged(
        (APRIL, "Gunma Governor Yamamoto Ichita spoke."),
        (APRIL, "Finance Minister Yamamoto spoke."),
    )
    assert [leader.id for leader in people.leaders] == ["yamamoto", "yamamoto-ichita"]


def test_two_lone_names_in_two_offices_are_told_apart_by_them() -> None:
    people = merged((APRIL, "Judge Trabuco spoke."), (APRIL, "Senator Trabuco spoke."))
    assert [leader.id for leader in people.leaders] == ["trabuco-judge", "trabuco-senator"]


def test_two_people_of_one_family_name_stay_two() -> None:
    people = merged((APRIL, "Donald Trump spoke."), (APRIL, "Melania Trump spoke."))
    assert [leader.id for leader in people.leaders] == ["donald-trump", "melania-trump"]
    assert people.find("trump") == ()
    assert [leader.name for leader in people.find("Trump Donald")] == ["Donald Trump"]


def test_a_part_of_a_name_finds_everybody_who_is_written_so() -> None:
    people = merged((APRIL, "Prime Minister Phạm Minh Chính spoke. PM Chính left."))
    assert [leader.name for leader in people.find("chinh")] == ["Phạm Minh Chính"]


def test_an_office_knows_its_country_from_another_article() -> None:
    people = merged(
        (APRIL, "Thai Prime Minister Srettha Thavisin spoke."),
        (NOVEMBER, "Prime Minister Srettha Thavisin spoke."),
    )
    [tenure] = people.leaders[0].tenures
    assert (tenure.office.of, tenure.first, tenure.last) == ("thailand", APRIL, NOVEMBER)


def test_one_office_at_two_dates_is_two_people() -> None:
    people = merged(
        (APRIL, "Japanese Prime Minister Ishiba Shigeru spoke."),
        (NOVEMBER, "Japanese Prime Minister Takaichi spoke."),
    )
    month = (datetime.date(2025, 4, 1), datetime.date(2025, 4, 30))
    assert holders(people, "prime_minister", "japan", month) == ["Ishiba Shigeru"]
    assert holders(people, "prime_minister", "Japan", NOVEMBER) == ["Takaichi"]
    assert holders(people, "prime_minister", "Nhật Bản") == ["Takaichi"]
    assert holders(people, "prime_minister", "vietnam", NOVEMBER) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-12-01", []),
        ("2025-04-20", ["Ishiba Shigeru"]),
        ("2025-05-20", ["Ishiba Shigeru"]),
        ("2025-08-01", []),
        ("2027-01-01", []),
        ("9999-12-31", []),
    ],
)
def test_a_date_far_from_every_article_has_no_holder(day: str, expected: list[str]) -> None:
    people = merged(
        (APRIL, "Japanese Prime Minister Ishiba Shigeru spoke."),
        (NOVEMBER, "Japanese Prime Minister Takaichi spoke."),
    )
    on = datetime.date.fromisoformat(day)
    assert holders(people, "prime_minister", "japan", on) == expected


def test_between_two_articles_that_name_one_holder_it_is_that_one() -> None:
    text = "Japanese Prime Minister Ishiba Shigeru spoke."
    people = merged((APRIL, text), (NOVEMBER, text))
    [holder] = Roster(people.leaders).holder("prime_minister", "japan", datetime.date(2025, 8, 1))
    assert [sighting.article_id for sighting in holder.seen] == ["a", "b"]


def test_former_holders_and_undated_articles_do_not_answer_for_a_date() -> None:
    people = merged(
        (APRIL, "Former Japanese Prime Minister Kishida Fumio spoke."),
        (None, "Japanese Prime Minister Takaichi spoke."),
    )
    assert holders(people, "prime_minister", "japan", APRIL) == []
    assert holders(people, "prime_minister", "japan") == ["Takaichi"]


def test_a_company_is_one_with_and_without_the_word_for_it() -> None:
    people = merged((APRIL, "Trương Gia Bình, chairman of FPT Group, spoke."))
    for of in ("FPT Group", "FPT", "Tập đoàn FPT", "groupe FPT"):
        assert holders(people, "chairman", of, APRIL) == ["Trương Gia Bình"]


def test_the_order_of_the_articles_changes_nothing() -> None:
    articles = [
        ("a", APRIL, record("Japanese Prime Minister Ishiba Shigeru met Mr Brown.")),
        ("b", NOVEMBER, record("PM Ishiba said no. Shigeru Ishiba left. Judge Brown said yes.")),
        ("c", None, record("Senator Brown spoke. Prime Minister Pham Minh Chinh said so.")),
    ]
    everything = [merge_people(order) for order in permutations(articles)]
    assert all(people == everything[0] for people in everything)
