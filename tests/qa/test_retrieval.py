"""What is found for a question, each signal worked out by hand, and within which limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index import Article, Facets
from index.commonness import PRIOR_PASSAGES
from qa import Answerer, Hit
from tests.qa.homes import FERRY, HARVEST, RICE, Home, numbered

HomeOf = Callable[..., Home]


def found(answerer: Answerer, question: str, **asked: Any) -> list[str]:
    """The ids of the articles of the passages that are found, best first."""
    return [hit.source.article_id for hit in answerer.search(question, **asked).hits]


# -- every signal by hand


@pytest.fixture(scope="module")
def animals(home_of: HomeOf) -> Answerer:
    """Three passages: of 5 words below a title of 1, of 3, and of 2."""
    return home_of(
        Article("a", "Wombat numbat. Quokka quokka wombat.", title="Quokka", lang="en"),
        Article("b", "Numbat numbat bilby.", lang="en"),
        Article("c", "Bilby potoroo.", lang="en"),
    ).answerer()


def bm25(counts: list[int], length: int, mean: float, *, n: int, k1: float, b: float) -> float:
    """BM25 of words that stand in one of `n` passages."""
    rarity = math.log(1 + (n - 1 + 0.5) / (1 + 0.5))
    norm = k1 * (1 - b + b * length / mean)
    return sum(rarity * count * (k1 + 1) / (count + norm) for count in counts)


def test_every_signal_of_a_passage_is_what_the_formulas_give(animals: Answerer) -> None:
    first = animals.search("quokka wombat", explain=True).hits[0]
    assert (first.passage_id, first.rank) == ("a#0-36", 1)
    assert first.matched == ("quokka", "wombat")
    assert dict(first.explain) == pytest.approx(
        {
            # With its title the passage has 6 words, 3 quokkas and 2 wombats; so has its article.
            "lexical": bm25([3, 2], 6, 11 / 3, n=3, k1=1.2, b=0.75),
            # In the language at large nobody speaks of either.
            "context": bm25([3, 2], 6, 11 / 3, n=3 + PRIOR_PASSAGES, k1=0.9, b=0.4),
            # (2, 1, 2) · (1, 0, 1) of wombats, numbats and quokkas; titles have no vector.
            "passage": 4 / (math.sqrt(9) * math.sqrt(2)),
            "sentence": 3 / (math.sqrt(5) * math.sqrt(2)),
            # Each piece is met by itself; four bits hold numbers up to 0.15.
            "late": 0.15,
            "boost": 1.0,
        },
        rel=1e-3,
    )


def test_a_passage_that_holds_no_word_of_the_question_has_nothing_but_its_vectors(
    animals: Answerer,
) -> None:
    last = animals.search("quokka wombat", explain=True).hits[-1]
    assert last.source.article_id in {"b", "c"}
    assert (last.explain["lexical"], last.explain["context"], last.explain["late"]) == (0, 0, 0)
    assert last.matched == ()


def test_the_rest_of_an_article_speaks_for_a_passage_without_the_words(home_of: HomeOf) -> None:
    padding = "All around it other animals of that island slept and slept and slept again. "
    text = f"The quokka smiled. {padding * 2}The potoroo smiled too. {padding * 2}".strip()
    home = home_of(Article("far", text, lang="en"), *numbered(3, "Bilbies dig."))
    hits = [
        hit
        for hit in home.answerer().search("quokka", explain=True).hits
        if hit.source.article_id == "far"
    ]
    other = next(hit for hit in hits if "potoroo" in hit.text and "quokka" not in hit.text)
    assert other.explain["lexical"] == 0
    assert other.explain["context"] == hits[0].explain["context"] > 0


def test_a_rarer_word_found_makes_the_better_late_match(animals: Answerer) -> None:
    late = {
        hit.source.article_id: hit.explain["late"]
        for hit in animals.search("quokka bilby", explain=True).hits
    }
    rare, common = (math.log(1 + (3 - f + 0.5) / (f + 0.5)) for f in (1, 2))
    assert late["a"] == pytest.approx(0.15 * rare / (rare + common), rel=1e-3)
    assert late["b"] == late["c"] == pytest.approx(0.15 * common / (rare + common), rel=1e-3)


def test_scores_lie_in_0_1_and_fall_with_the_rank(animals: Answerer) -> None:
    hits = animals.search("quokka bilby").hits
    scores = [hit.score for hit in hits]
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert 1 >= scores[0] > scores[1] >= scores[2] >= 0


def test_equal_passages_come_in_the_order_of_their_articles(home_of: HomeOf) -> None:
    twins = home_of(*(Article(id, "Wombats dig.", lang="en") for id in "dbca")).answerer()
    assert found(twins, "wombats")[0] == "a"


def test_the_words_found_are_told_as_they_were_typed(answerer: Answerer) -> None:
    first = answerer.search("Zeppelins or GDANSK Ferries?", explain=True).hits[0]
    assert first.matched == ("GDANSK", "Ferries")


def test_nothing_is_explained_that_was_not_asked_for(animals: Answerer) -> None:
    assert all((hit.explain, hit.matched) == ({}, ()) for hit in animals.search("quokka").hits)


def test_a_hit_is_the_slice_of_its_article_that_it_names(answerer: Answerer) -> None:
    texts = {article.id: article.text for article in (FERRY, HARVEST, RICE)}
    hits: tuple[Hit, ...] = answerer.search("Gdańsk, Hà Nội, récolte").hits
    assert len(hits) == 3
    for hit in hits:
        assert hit.text == hit.span.slice(texts[hit.source.article_id])
        assert hit.passage_id == f"{hit.source.article_id}#{hit.span.start}-{hit.span.end}"


# -- limits


@pytest.fixture(scope="module")
def many(home_of: HomeOf) -> Home:
    """Sixty articles about ferries, and three of one paper that hold the word once."""
    texts = (
        "Behind the old quay a ferry waits for the pilot to come on board.",
        "Nobody in the harbour saw whether that ferry ever left again.",
        "Storms keep every ferry in its place until the end of the week.",
    )
    few = (
        Article(f"f{at}", text, outlet="Baltic Wire", lang="en") for at, text in enumerate(texts)
    )
    return home_of(*numbered(60, "Ferry, ferry, ferry."), *few)


def test_k_is_how_many_passages_come_back_and_the_setting_says_how_many_without(many: Home) -> None:
    answerer = many.answerer(k=7)
    asked = [len(found(answerer, "ferry", k=k)) for k in (1, 5, 50)]
    assert (asked, len(found(answerer, "ferry"))) == ([1, 5, 50], 7)
    assert found(answerer, "ferry", k=20)[:5] == found(answerer, "ferry", k=5)


def test_no_more_passages_come_back_than_were_judged(many: Home) -> None:
    assert len(found(many.answerer(judged=10), "ferry", k=50)) == 10


def test_filters_apply_before_the_best_are_taken(many: Home) -> None:
    answerer = many.answerer(candidates=10, judged=10)
    within = found(answerer, "ferry", where=Facets(outlet="baltic wire"), k=3)
    assert sorted(within) == ["f0", "f1", "f2"]
    assert not set(within) & set(found(answerer, "ferry", k=3))


def test_filters_that_let_nothing_through_leave_nothing(many: Home) -> None:
    assert found(many.answerer(), "ferry", where=Facets(lang="vi")) == []


def test_a_filter_on_a_speaker_keeps_passages_that_hold_every_word_of_the_name(
    answerer: Answerer,
) -> None:
    assert found(answerer, "ferry", where=Facets(speaker="pham minh chinh")) == ["rice"]
    assert found(answerer, "ferry", where=Facets(speaker="Anna Chính")) == []


# -- questions of every kind


@pytest.mark.parametrize(
    ("typed", "article"),
    [
        ("pham minh chinh", "rice"),
        ("Phạm Minh Chính", "rice"),
        ("PHẠM MINH CHÍNH", "rice"),
        ("Ha Noi", "rice"),
        ("Hà Nội", "rice"),
        ("Hanoi", "rice"),
        ("gdansk", "ferry"),
        ("GDAŃSK", "ferry"),
        ("recolte de ble", "harvest"),
        ("Récolte de blé", "harvest"),
        ("Nowak", "ferry"),
    ],
)
def test_a_name_finds_its_article_with_and_without_its_marks(
    answerer: Answerer, typed: str, article: str
) -> None:
    assert found(answerer, typed)[0] == article


@pytest.mark.parametrize(
    ("typed", "text"), [("Phạm Minh Chính", "Pham Minh Chinh"), ("Hà Nội", "Ha Noi")]
)
def test_a_name_typed_with_its_marks_finds_a_text_that_has_none(
    home_of: HomeOf, typed: str, text: str
) -> None:
    bare = Article("bare", f"Yesterday {text} welcomed a guest.", lang="en")
    answerer = home_of(bare, *numbered(3, "Bilbies dig.")).answerer()
    assert found(answerer, typed)[0] == "bare"


def test_a_text_written_as_the_question_comes_before_one_without_marks(home_of: HomeOf) -> None:
    answerer = home_of(
        Article("bare", "Ông Pham Minh Chinh cho biết hôm nay.", lang="vi"),
        Article("marked", "Ông Phạm Minh Chính cho biết như vậy.", lang="vi"),
    ).answerer()
    assert found(answerer, "Phạm Minh Chính") == ["marked", "bare"]


def test_a_question_of_stop_words_alone_is_searched_by_them(answerer: Answerer) -> None:
    [first, *_] = answerer.search("what was it after the", explain=True).hits
    assert (first.source.article_id, first.matched) == ("ferry", ("after", "the"))


@pytest.mark.parametrize(
    ("lang", "text", "question"),
    [
        ("de", "Die Fähre fährt am Montag wieder. Sie ist blau.", "Wann fährt die Fähre wieder?"),
        ("ja", "首相は群馬県を訪問した。協力を提案した。", "首相はどこを訪問した？"),
        ("ru", "Паром пойдёт в понедельник.", "Когда пойдёт паром?"),
    ],
)
def test_a_language_without_rules_of_its_own_is_found_by_its_words(
    home_of: HomeOf, lang: str, text: str, question: str
) -> None:
    home = home_of(Article("own", text, lang=lang), FERRY, HARVEST)
    [first, *_] = home.answerer().search(question, explain=True).hits
    assert first.source.article_id == "own"
    assert first.explain["lexical"] > 0


def test_an_empty_library_has_no_passages_and_says_nothing(home_of: HomeOf) -> None:
    home = home_of()
    home.build()
    answerer = home.answerer()
    assert answerer.search("ferry").hits == ()
    reply = answerer.ask("ferry")
    assert (reply.answered, reply.reason, reply.confidence) == (False, "no_passage", 0.0)


def test_an_article_without_a_sentence_is_in_no_ones_way(home_of: HomeOf, tmp_path: Path) -> None:
    answerer = home_of(Article("empty", "…", lang="en"), FERRY).answerer()
    assert found(answerer, "ferry")[0] == "ferry"
