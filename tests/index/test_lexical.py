import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import Article, Facets, LexicalIndex, QueryTerm, Snapshot, load_analyser
from index.lexical import LexicalRow

IndexOf = Callable[..., Snapshot]


def found(
    snapshot: Snapshot, question: str, lang: str | None, where: Facets | None = None, k: int = 9
) -> list[str]:
    """The ids of the articles of the passages that are found, best first."""
    rows, _ = snapshot.lexical(load_analyser().query_terms(question, lang), k, where)
    articles = snapshot.tables.passages["article"][rows]
    return [snapshot.tables.sources[article].article_id for article in articles]


# -- marks


@pytest.fixture(scope="module")
def marked(index_of: IndexOf) -> Snapshot:
    """Verdicts and teas, each beside a text whose words are the same when marks are dropped."""
    return index_of(
        Article("an-appeal", "An appeal: an envoy, an expert and an aide met.", lang="en"),
        Article("an-vi", "Tòa tuyên án hôm qua tại thành phố sau nhiều giờ xét xử.", lang="vi"),
        Article("the-tea", "The tea of the hills: the buyer, the grower and the port.", lang="en"),
        Article("the-fr", "Le port de Marseille exporte du thé vers sept pays voisins.", lang="fr"),
        Article("gdansk", "A ferry left Gdańsk.", lang="en"),
        Article("hanoi", "Họ đến Hà Nội.", lang="vi"),
    )


@pytest.mark.parametrize(
    ("typed", "lang", "article"),
    [
        ("Gdańsk", "en", "gdansk"),
        ("gdansk", "en", "gdansk"),
        ("GDAN\u0301SK", "en", "gdansk"),
        ("Hà Nội", "vi", "hanoi"),
        ("ha noi", "vi", "hanoi"),
        ("Hanoi", "en", "hanoi"),
        ("thành phố", "vi", "an-vi"),
        ("thanh pho", "vi", "an-vi"),
    ],
)
def test_a_word_is_found_however_its_marks_are_typed(
    marked: Snapshot, typed: str, lang: str, article: str
) -> None:
    assert found(marked, typed, lang) == [article]


def test_a_word_typed_with_marks_finds_a_text_written_without(index_of: IndexOf) -> None:
    snapshot = index_of(Article("bare", "The ferry left Gdansk.", lang="en"))
    assert found(snapshot, "Gdańsk", "en") == ["bare"]


@pytest.mark.parametrize("lang", ["en", "fr", "vi", None])
@pytest.mark.parametrize(
    ("typed", "ranked"),
    [("án", ["an-vi", "an-appeal"]), ("thé", ["the-fr", "the-tea"])],
)
def test_a_word_typed_with_marks_ranks_its_own_spelling_above_four_of_another(
    marked: Snapshot, typed: str, ranked: list[str], lang: str | None
) -> None:
    assert found(marked, typed, lang) == ranked


@pytest.mark.parametrize("n_others", [0, 2, 20, 1000])
@pytest.mark.parametrize("n_words", [6, 20, 30])
def test_an_exact_spelling_leads_in_a_corpus_of_any_size_and_in_a_longer_text(
    tmp_path: Path, n_words: int, n_others: int
) -> None:
    article = Article("a", "")
    exact = LexicalRow(article, ["an", *["x"] * (n_words - 1)], ["án", *["-"] * (n_words - 1)])
    often = LexicalRow(article, ["an"] * 4 + ["y"] * 16, ["-"] * 20)
    other = LexicalRow(article, ["z"] * 20, ["-"] * 20)
    LexicalIndex.write(tmp_path / "lexical", [often, exact, *[other] * n_others])
    rows, _ = LexicalIndex(tmp_path / "lexical").search([QueryTerm(("an",), "án")], 9)
    assert rows.tolist() == [1, 0]


def test_a_word_typed_without_marks_favours_no_spelling(tmp_path: Path) -> None:
    article = Article("a", "")
    spellings = [LexicalRow(article, ["an", "x"], [word, "-"]) for word in ("án", "-", "ấn")]
    LexicalIndex.write(tmp_path / "lexical", spellings)
    rows, scores = LexicalIndex(tmp_path / "lexical").search([QueryTerm(("an",))], 9)
    assert rows.tolist() == [0, 1, 2]
    assert len(set(scores.tolist())) == 1


# -- languages


@pytest.fixture(scope="module")
def stemmed(index_of: IndexOf) -> Snapshot:
    return index_of(
        Article("en", "The minister announced new elections.", lang="en"),
        Article("fr", "Les ministres annoncent une élection.", lang="fr"),
        Article("unknown", "Minister announced.", lang=None),
    )


@pytest.mark.parametrize("typed", ["election", "elections", "élection", "Élections"])
@pytest.mark.parametrize("lang", ["en", "fr", "vi", None])
def test_any_form_of_a_word_finds_every_form_of_it_in_each_language(
    stemmed: Snapshot, typed: str, lang: str | None
) -> None:
    assert sorted(found(stemmed, typed, lang)) == ["en", "fr"]


def test_a_text_of_no_known_language_is_found_by_the_word_as_it_stands(stemmed: Snapshot) -> None:
    assert "unknown" in found(stemmed, "minister", "en")
    assert found(stemmed, "announced", "en")[0] in {"en", "unknown"}


@pytest.fixture(scope="module")
def three_languages(index_of: IndexOf) -> Snapshot:
    """One piece of news in three languages, and one of another thing."""
    return index_of(
        Article("en", "The prime minister spoke of rice.", lang="en"),
        Article("fr", "Le premier ministre a parlé du riz.", lang="fr"),
        Article("vi", "Thủ tướng nói về gạo.", lang="vi"),
        Article("x", "A storm closed the coast road.", lang="en"),
    )


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Which prime minister?", "en"),
        ("Quel premier ministre ?", "fr"),
        ("thủ tướng nào?", "vi"),
        ("thu tuong nao?", "vi"),
        ("rice", "en"),
        ("riz", "fr"),
        ("gạo", "vi"),
    ],
)
def test_a_question_in_one_language_finds_its_concept_in_each_and_its_own_first(
    three_languages: Snapshot, question: str, lang: str
) -> None:
    ranked = found(three_languages, question, lang)
    assert ranked[0] == lang
    assert sorted(ranked) == ["en", "fr", "vi"]


# -- order


def test_equal_passages_come_in_the_order_of_their_rows(index_of: IndexOf) -> None:
    snapshot = index_of(*(Article(id, "Rice prices rose.", lang="en") for id in "dbca"))
    assert found(snapshot, "rice", "en") == ["a", "b", "c", "d"]
    assert found(snapshot, "rice", "en", k=2) == ["a", "b"]


def test_the_passage_that_holds_more_of_the_words_ranks_first(index_of: IndexOf) -> None:
    snapshot = index_of(
        Article("a", "Rice prices fell.", lang="en"),
        Article("b", "Rice exports rose.", lang="en"),
        Article("c", "Steel exports rose.", lang="en"),
    )
    assert found(snapshot, "Did rice exports rise?", "en") == ["b", "c", "a"]


def test_a_word_of_the_title_finds_every_passage_of_the_article(snapshot: Snapshot) -> None:
    assert found(snapshot, "service", "en") == ["ferry", "ferry", "ferry"]


def test_scores_fall_from_first_to_last(snapshot: Snapshot) -> None:
    _, scores = snapshot.lexical(
        load_analyser().query_terms("Gdańsk ferry bridge harbour", "en"), 9
    )
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    assert scores[-1] > 0


@pytest.mark.parametrize("question", ["", "?", "zeppelin"])
def test_a_question_that_nothing_answers_finds_nothing(snapshot: Snapshot, question: str) -> None:
    assert found(snapshot, question, "en") == []


# -- facets

APRIL = datetime.date(2025, 4, 1)
DAY = datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def faceted(index_of: IndexOf) -> Snapshot:
    plain = Article(
        "1-en",
        "Rice exports rose, Anna Nowak said.",
        date=APRIL,
        outlet="Việt Nam News",
        lang="en",
    )
    return index_of(
        plain,
        replace(plain, id="2-fr", text="Le riz (rice) de Claire Le Goff.", lang="fr"),
        replace(plain, id="3-late", date=APRIL + DAY, outlet="Baltic Wire"),
        replace(plain, id="4-undated", text="Rice in Hà Nội.", date=None, outlet=None),
    )


ALL = ["1-en", "2-fr", "3-late", "4-undated"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Facets(), ALL),
        (Facets(lang="fr"), ["2-fr"]),
        (Facets(lang="FR"), ["2-fr"]),
        (Facets(lang="de"), []),
        (Facets(outlet="Viet Nam NEWS"), ["1-en", "2-fr"]),
        (Facets(outlet="News"), []),
        (Facets(date_from=APRIL), ["1-en", "2-fr", "3-late"]),
        (Facets(date_to=APRIL), ["1-en", "2-fr"]),
        (Facets(date_from=APRIL + DAY, date_to=APRIL + DAY), ["3-late"]),
        (Facets(date_from=APRIL + 2 * DAY), []),
        (Facets(speaker="Anna Nowak"), ["1-en", "3-late"]),
        (Facets(speaker="Nowak, Anna"), ["1-en", "3-late"]),
        (Facets(speaker="Claire Le Goff"), ["2-fr"]),
        (Facets(speaker="Anna Dubois"), []),
        (Facets(sector="export"), ["1-en", "3-late"]),
        (Facets(sector="rice exports"), ["1-en", "3-late"]),
        (Facets(sector="Hà Nội"), ["4-undated"]),
        (Facets(sector="hanoi"), ["4-undated"]),
        (Facets(sector="?"), []),
        (Facets(lang="en", outlet="Baltic Wire", date_from=APRIL, speaker="nowak"), ["3-late"]),
    ],
)
def test_only_passages_within_the_facets_are_found(
    faceted: Snapshot, where: Facets, expected: list[str]
) -> None:
    assert sorted(found(faceted, "rice", "en", where)) == expected


def test_a_facet_changes_no_score(faceted: Snapshot) -> None:
    query = load_analyser().query_terms("rice exports", "en")
    rows, scores = faceted.lexical(query, 9)
    within_rows, within_scores = faceted.lexical(query, 9, Facets(lang="en"))
    free = dict(zip(rows.tolist(), scores.tolist(), strict=True))
    assert len(within_rows) == 3
    assert [free[row] for row in within_rows.tolist()] == pytest.approx(within_scores.tolist())


# -- the index by itself


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    """Four passages of a few terms each."""
    article = Article("a", "", lang="en")
    terms = [["rice", "port"], ["rice", "ferry"], ["steel", "=metal"], ["acier", "=metal"]]
    rows = [LexicalRow(article, each, ["-", "-"]) for each in terms]
    LexicalIndex.write(tmp_path / "lexical", rows)
    return LexicalIndex(tmp_path / "lexical")


def scored(index: LexicalIndex, *query: QueryTerm) -> dict[int, float]:
    """Row → score, in the order of rank."""
    rows, scores = index.search(query, 9)
    return dict(zip(rows.tolist(), scores.tolist(), strict=True))


def test_a_word_of_several_forms_is_found_by_any_of_them(index: LexicalIndex) -> None:
    assert sorted(scored(index, QueryTerm(("steel", "ferry")))) == [1, 2]


def test_a_word_is_scored_by_the_best_of_its_forms(index: LexicalIndex) -> None:
    rice, port = (scored(index, QueryTerm((form,)))[0] for form in ("rice", "port"))
    assert rice < port
    assert scored(index, QueryTerm(("rice", "port"))) == pytest.approx({0: port, 1: rice})


def test_each_word_adds_its_score(index: LexicalIndex) -> None:
    rice, port = QueryTerm(("rice",)), QueryTerm(("port",))
    together = scored(index, rice, port)
    assert list(together) == [0, 1]
    assert together[0] == pytest.approx(scored(index, rice)[0] + scored(index, port)[0])


def test_a_concept_counts_half_of_what_a_word_as_rare_does(index: LexicalIndex) -> None:
    rice = scored(index, QueryTerm(("rice",)))  # in two passages, as the concept is
    metal = scored(index, QueryTerm(("=metal",)))
    assert list(metal) == [2, 3]
    assert metal[2] == pytest.approx(rice[0] / 2)


def test_a_text_that_holds_the_word_itself_leads_those_of_its_concept(index: LexicalIndex) -> None:
    assert list(scored(index, QueryTerm(("acier", "=metal")))) == [3, 2]


def test_a_query_of_no_terms_finds_nothing(index: LexicalIndex) -> None:
    assert index.search([], 9)[0].tolist() == []
    assert index.search([QueryTerm(())], 9)[0].tolist() == []


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.7, 1.0])
def test_among_allowed_rows_the_best_are_found_with_the_scores_they_have_anyway(
    tmp_path: Path, share: float
) -> None:
    made = np.random.default_rng(3)
    article = Article("a", "x", lang="en")
    words = [made.choice(list("abcdefgh"), made.integers(1, 9)).tolist() for _ in range(4000)]
    LexicalIndex.write(tmp_path / "many", (LexicalRow(article, each, []) for each in words))
    index = LexicalIndex(tmp_path / "many")
    query = [QueryTerm(("a",)), QueryTerm(("b",))]
    allowed = made.random(4000) < share
    rows, scores = index.search(query, 4000)
    kept = allowed[rows]
    for k in (5, 4000):
        best, best_scores = index.search(query, k, Facets(lang="en"), allowed)
        assert best.tolist() == rows[kept][:k].tolist()
        assert best_scores.tolist() == scores[kept][:k].tolist()


def test_rows_within_facets_come_in_order(index: LexicalIndex) -> None:
    assert index.rows_within(Facets(lang="en")).tolist() == [0, 1, 2, 3]
    assert index.rows_within(Facets(sector="rice")).tolist() == [0, 1]
    assert index.rows_within(Facets(lang="fr")).tolist() == []


# -- a disk that cannot be written


def test_an_index_opens_where_the_engine_can_make_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LexicalIndex.write(tmp_path / "lexical", [LexicalRow(Article("a", "Tea."), ["tea"], ["-"])])
    lock = tmp_path / "lexical" / ".tantivy-meta.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    (tmp_path / "links").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "links"))
    index = LexicalIndex(tmp_path / "lexical")
    assert list((tmp_path / "links").iterdir()) == []
    assert index.rows_within(Facets()).tolist() == [0]
    assert index.search([QueryTerm(("tea",))], 5)[0].tolist() == [0]
