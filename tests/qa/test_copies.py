"""One story that several outlets carry counts once, and every copy stays findable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from index import Article, Facets, GenerationStore, Library, Snapshot, open_snapshot
from qa import Hit
from qa.copies import stories
from tests.qa.homes import FERRY, Home

WIRE = Article(
    "w1",
    "The Baltic ferry resumes its crossings on Monday after a long winter of repairs. "
    "Captain Anna Nowak painted every cabin blue and every door white. "
    "Tickets for the first crossing were sold out within an hour of going on sale.",
    title="Ferry back",
    outlet="Baltic Wire",
    lang="en",
)
SAME = replace(WIRE, id="w2", title=None, outlet="The Morning Post")
LIKE = replace(
    WIRE, id="w3", outlet="Evening News", text=WIRE.text.replace("within an hour", "in a day")
)
OTHER = replace(
    WIRE,
    id="w4",
    outlet="Harbour Times",
    text="The Baltic ferry resumes its crossings on Monday after a long winter of repairs. "
    "Fishermen fear for their nets, and the mayor of Gdynia has promised them new lights. "
    "A hearing of the harbour council is planned for the summer, its chairman told us.",
)


def opened(home: Home) -> Snapshot:
    store: GenerationStore = home.store
    library: Library = home.library
    return open_snapshot(store, store.current(), library)


def named(snapshot: Snapshot, *order: str) -> dict[str, list[str]]:
    rows = {source.article_id: row for row, source in enumerate(snapshot.tables.sources)}
    told = stories(snapshot, [rows[one] for one in order])
    names = {row: name for name, row in rows.items()}
    return {names[row]: [copy.article_id for copy in copies] for row, copies in told.items()}


def outlets(hits: tuple[Hit, ...]) -> list[tuple[int, str | None, list[str | None]]]:
    return [(hit.rank, hit.source.outlet, [one.outlet for one in hit.copies]) for hit in hits]


def test_articles_that_share_four_fifths_of_their_shingles_are_one_story(
    home_of: Callable[..., Home],
) -> None:
    snapshot = opened(home_of(WIRE, SAME, LIKE, OTHER, FERRY))
    assert named(snapshot, "w2", "ferry", "w3", "w1", "w4") == {
        "w2": ["w3", "w1"],
        "ferry": [],
        "w4": [],
    }


def test_the_best_ranked_stands_for_its_copies(home_of: Callable[..., Home]) -> None:
    snapshot = opened(home_of(WIRE, SAME))
    assert named(snapshot, "w1", "w2") == {"w1": ["w2"]}
    assert named(snapshot, "w2", "w1", "w2") == {"w2": ["w1"]}
    assert named(snapshot) == {}


def test_texts_shorter_than_a_shingle_are_copies_only_when_equal(
    home_of: Callable[..., Home],
) -> None:
    short = [Article(f"s{n}", text) for n, text in enumerate(["It rains.", "It rains.", "It"])]
    assert named(opened(home_of(*short)), "s0", "s1", "s2") == {"s0": ["s1"], "s2": []}


def test_an_answer_and_a_search_show_a_story_once_with_the_outlets_that_carry_it(
    home_of: Callable[..., Home],
) -> None:
    answerer = home_of(WIRE, SAME, OTHER, FERRY).answerer()
    question = "Which cabin did Captain Anna Nowak of the Baltic ferry paint?"
    [first, *others] = answerer.ask(question).citations
    assert (first.source.article_id, [one.article_id for one in first.copies]) == ("w1", ["w2"])
    assert "w2" not in [one.source.article_id for one in others]
    found = answerer.search("Baltic ferry crossings").hits
    assert (1, "Baltic Wire", ["The Morning Post"]) in outlets(found)
    assert "The Morning Post" not in [hit.source.outlet for hit in found]
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))


def test_a_copy_is_found_by_its_own_outlet_and_in_the_hits_for_evaluation(
    home_of: Callable[..., Home],
) -> None:
    answerer = home_of(WIRE, SAME, OTHER).answerer()
    mine = answerer.search("Baltic ferry crossings", where=Facets(outlet="The Morning Post")).hits
    assert {(hit.source.article_id, hit.copies) for hit in mine} == {("w2", ())}
    _, hits = answerer.ask_with_hits("Baltic ferry crossings", depth=50)
    assert {"w1", "w2", "w4"} == {hit.source.article_id for hit in hits}
    assert all(hit.copies == () for hit in hits)
