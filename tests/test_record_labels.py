"""The labelled record: every label is word for word in its text, and the scorer counts rightly."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from index import Article, read_paths
from index.articles import Span
from index.record.rows import (
    ACTS,
    BOTH_SIDES,
    TIMES,
    ArticleRecord,
    Mention,
    Office,
    Party,
    Person,
    Statement,
)
from tests.record_score import LABELS, OPEN, SETS, Figure, Gold, key, load_labels, misses, score

SECTORS = {
    "agriculture", "culture_exchange", "defence_security", "digital", "education", "finance",
    "green_energy", "health", "infrastructure", "labour", "local_cooperation", "science_technology",
    "semiconductors", "tourism", "trade_investment",
}  # fmt: skip
COUNTRIES = {"Japan", "Vietnam"}

# -- the labels


@pytest.fixture(scope="module")
def gold() -> list[Gold]:
    """Every labelled text: the five articles, the 40 unseen sentences, then 120 to develop on."""
    return [text for name in SETS for text in load_labels(LABELS / f"{name}.jsonl")]


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    """The questions for who held an office when."""
    lines = (LABELS / "questions_office.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_five_articles_and_as_many_english_as_french_sentences_are_labelled(
    gold: list[Gold],
) -> None:
    assert Counter(text.lang for text in gold[:5]) == {"en": 4, "fr": 1}
    assert Counter(text.lang for text in gold[5:45]) == {"en": 20, "fr": 20}
    assert Counter(text.lang for text in gold[45:]) == {"en": 60, "fr": 60}
    assert len({text.id for text in gold}) == 165


def test_sentences_to_develop_on_are_of_other_articles_than_the_unseen(gold: list[Gold]) -> None:
    unseen, more = gold[5:45], gold[45:]
    sources = {text.labels["source"] for text in unseen}
    assert len({text.labels["source"] for text in more} - sources) == len(more)
    for text in more:
        assert all(other.labels["sentence"] not in text.text for other in unseen), text.id
        assert all(text.labels["sentence"] not in other.text for other in unseen), text.id


def test_misses_of_the_unseen_sentences_are_never_listed() -> None:
    assert set(SETS) - OPEN == {"unseen"}


def test_every_labelled_place_is_a_verbatim_slice_of_its_text(gold: list[Gold]) -> None:
    for text in gold:
        for label in text.labels["mentions"]:
            assert text.text[label["start"] : label["end"]] == label["quote"], text.id
            assert text.scope.start <= label["start"] < label["end"] <= text.scope.end, text.id
        for label in (*text.labels["statements"], *text.labels["sectors"]):
            assert text.text[label["start"] : label["end"]] == label["sentence"], text.id
            assert Span(label["start"], label["end"]) in text.sentences, text.id


def test_every_single_sentence_stands_in_its_text_behind_the_one_before_it(
    gold: list[Gold],
) -> None:
    for text in gold[5:]:
        before, sentence = text.sentences
        assert before.slice(text.text) == text.labels["before"]
        assert sentence.slice(text.text) == text.labels["sentence"]
        assert text.text[before.end : sentence.start].strip() == ""


def test_every_form_of_a_name_is_in_the_text_and_every_label_is_of_a_listed_person(
    gold: list[Gold],
) -> None:
    for text in gold:
        people = {person["name"]: person["aliases"] for person in text.labels["people"]}
        assert len(people) == len(text.labels["people"])
        for name, aliases in people.items():
            assert name in aliases
            assert all(alias in text.text for alias in aliases)
        assert {label["person"] for label in text.labels["mentions"]} == set(people), text.id
        assert {label["person"] for label in text.labels["offices"]} <= set(people), text.id
        for label in text.labels["mentions"]:
            assert label["resolved"] or label["quote"] in people[label["person"]], text.id


def test_statements_and_sectors_use_the_agreed_words_and_none_comes_twice(
    gold: list[Gold],
) -> None:
    for text in gold:
        rows = [(row["start"], row["act"], row["actor"]) for row in text.labels["statements"]]
        assert len(set(rows)) == len(rows), text.id
        for row in text.labels["statements"]:
            assert row["act"] in ACTS
            assert row["time"] in TIMES
            assert row["actor"] != row["counterpart"]
        places = [label["start"] for label in text.labels["sectors"]]
        assert len(set(places)) == len(places), text.id
        for label in text.labels["sectors"]:
            assert label["sectors"] == sorted(set(label["sectors"])) != []
            assert set(label["sectors"]) <= SECTORS


def test_actors_of_the_articles_are_their_people_countries_or_places(gold: list[Gold]) -> None:
    for text in gold[:5]:
        people = {person["name"] for person in text.labels["people"]}
        known = people | COUNTRIES | {BOTH_SIDES, "Hà Nam", "Gunma", None}
        for row in text.labels["statements"]:
            assert {row["actor"], row["counterpart"]} <= known, row["sentence"]


def test_offices_carry_the_date_of_their_article(gold: list[Gold]) -> None:
    for text in gold:
        date = text.date and text.date.isoformat()
        assert {label["date"] for label in text.labels["offices"]} <= {date}, text.id


def test_office_questions_come_in_three_languages_and_rest_on_a_verbatim_quote(
    questions: list[dict[str, Any]], seeds: Path
) -> None:
    articles = {item.id: item for item in read_paths([seeds]) if isinstance(item, Article)}
    assert len({question["id"] for question in questions}) == len(questions) >= 12
    languages = Counter(question["lang"] for question in questions if question["person"])
    assert min(languages[lang] for lang in ("en", "fr", "vi")) >= 4
    for question in questions:
        assert (question["person"] is None) == (question["quote"] is None)
        if question["quote"]:
            assert question["quote"] in articles[question["article_id"]].text
            assert key(question["person"]) in key(question["quote"])
        for article_id in question["given_dates"]:
            assert articles[article_id].date is None


def test_a_dated_question_rests_on_an_article_of_that_time(
    questions: list[dict[str, Any]], seeds: Path
) -> None:
    articles = {item.id: item for item in read_paths([seeds]) if isinstance(item, Article)}
    for question in questions:
        if question["as_of"] and question["person"]:
            dated = articles[question["article_id"]].date
            day = str(dated) if dated else question["given_dates"][question["article_id"]]
            assert day.startswith(question["as_of"]), question["id"]


# -- the scorer

TEXT = "Ann Lee said the road opens. She and Japan agreed. Prime Minister Bo Dan slept."
FIRST, SECOND, THIRD = Span(0, 28), Span(29, 50), Span(51, 79)


def labelled() -> Gold:
    labels = {
        "mentions": [
            {"start": 0, "end": 7, "person": "Ann Lee", "resolved": False},
            {"start": 29, "end": 32, "person": "Ann Lee", "resolved": True},
            {"start": 66, "end": 72, "person": "Bo Dan", "resolved": False},
        ],
        "offices": [{"person": "Bo Dan", "role": "prime_minister", "of": None}],
        "statements": [
            row(FIRST, "report", "Ann Lee", None, "ongoing"),
            row(SECOND, "agree", "Ann Lee", "Japan", "done"),
        ],
        "sectors": [{"start": 0, "end": 28, "sectors": ["infrastructure", "trade_investment"]}],
    }
    scope = Span(0, len(TEXT))
    return Gold("a1", TEXT, (FIRST, SECOND, THIRD), scope, "en", None, labels)


def row(place: Span, act: str, actor: str, counterpart: str | None, time: str) -> dict[str, Any]:
    found = {"act": act, "actor": actor, "counterpart": counterpart, "time": time}
    return {"start": place.start, "end": place.end, **found}


ANN, BO, JAPAN = Party(0, "ANN LEE"), Party(1, "Bo Dan"), Party(None, "Japan")
PEOPLE = (Person("Ann Lee", ("Ann Lee",)), Person("Bo Dan", ("Bo Dan",)))
LEADER = Office("prime_minister", "vietnam")


def found() -> ArticleRecord:
    cue = Span(8, 12)
    return ArticleRecord(
        people=PEOPLE,
        mentions=(
            Mention(Span(0, 7), 0),
            Mention(Span(43, 49), 0),
            Mention(Span(66, 72), 1, LEADER),
        ),
        statements=(
            Statement(FIRST, "report", ANN, None, "done", (), False, cue),
            Statement(SECOND, "agree", JAPAN, ANN, "done", (), False, cue),
            Statement(THIRD, "report", BO, None, "done", (), False, cue),
        ),
        sectors=((FIRST, ("infrastructure",)), (THIRD, ("health",))),
    )


def test_the_figures_of_a_small_case_are_those_counted_by_hand() -> None:
    assert score([labelled()], [found()]) == {
        "people": Figure(right=2, predicted=3, gold=2),
        "resolved": Figure(right=0, predicted=0, gold=1),
        "offices": Figure(right=1, predicted=1, gold=1),
        "statements": Figure(right=2, predicted=3, gold=2),
        "acts": Figure(right=2, predicted=3, gold=2),
        "time": Figure(right=1, predicted=2, gold=2),
        "counterpart": Figure(right=2, predicted=2, gold=2),
        "sectors": Figure(right=1, predicted=2, gold=2),
    }


def test_an_act_with_another_actor_counts_as_an_act_only() -> None:
    wrong = Statement(FIRST, "report", BO, None, "ongoing", (), False, Span(8, 12))
    figures = score([labelled()], [ArticleRecord(PEOPLE, (), (wrong,), ())])
    assert figures["acts"] == Figure(right=1, predicted=1, gold=2)
    assert figures["statements"] == Figure(right=0, predicted=1, gold=2)
    assert figures["time"] == Figure()


def test_rows_that_come_twice_count_once() -> None:
    twice = found().mentions[:1] * 2
    figures = score([labelled()], [ArticleRecord(PEOPLE, twice, (), ())])
    assert figures["people"] == Figure(right=1, predicted=1, gold=2)


def test_an_office_of_another_place_is_wrong_where_the_label_names_one() -> None:
    gold = labelled()
    gold.labels["offices"][0]["of"] = "Nhật Bản"
    assert score([gold], [found()])["offices"] == Figure(right=0, predicted=1, gold=1)


def test_precision_recall_and_f1_are_one_when_nothing_was_there_and_nothing_found() -> None:
    assert (Figure().precision, Figure().recall, Figure().f1) == (1.0, 1.0, 1.0)
    figure = Figure(right=1, predicted=2, gold=4)
    assert (figure.precision, figure.recall) == (0.5, 0.25)
    assert figure.f1 == pytest.approx(1 / 3)


def test_spellings_of_a_place_and_of_a_name_are_one() -> None:
    assert key("Việt Nam") == key("Vietnam")
    assert key("Phạm Minh Chính") == key("pham minh chinh")
    assert key("Ishiba Shigeru") != key("Shigeru Ishiba")


def test_perfect_labels_score_one_in_every_kind(gold: list[Gold]) -> None:
    figures = score(gold, [ideal(text) for text in gold])
    assert {figure.f1 for figure in figures.values()} == {1.0}
    assert figures["statements"].gold == sum(len(text.labels["statements"]) for text in gold)


def ideal(text: Gold) -> ArticleRecord:
    """The record that says exactly what the labels say."""
    labels = text.labels
    names = [person["name"] for person in labels["people"]]
    mentions = [
        Mention(Span(m["start"], m["end"]), names.index(m["person"]), held, None, m["resolved"])
        for m in labels["mentions"]
        for held in (None, *(office(o) for o in labels["offices"] if o["person"] == m["person"]))
    ]
    statements = [
        Statement(
            Span(s["start"], s["end"]),
            s["act"],
            Party(None, s["actor"]),
            Party(None, s["counterpart"]) if s["counterpart"] else None,
            s["time"],
            (),
            False,
            Span(s["start"], s["end"]),
        )
        for s in labels["statements"]
    ]
    return ArticleRecord(
        tuple(Person(person["name"], tuple(person["aliases"])) for person in labels["people"]),
        tuple(mentions),
        tuple(statements),
        tuple((Span(s["start"], s["end"]), tuple(s["sectors"])) for s in labels["sectors"]),
    )


def office(label: dict[str, Any]) -> Office:
    return Office(label["role"], label["of"], label["former"])


def test_misses_are_told_in_the_words_of_the_text() -> None:
    told = list(misses(labelled(), found()))
    assert "a1 people too much: 'agreed' | ann lee" in told
    assert "a1 sectors missed: 'Ann Lee said the road opens.' | trade_investment" in told
    assert "a1 statements too much: 'Prime Minister Bo Dan slept.' | report | bo dan" in told
