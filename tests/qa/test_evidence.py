"""Which sentences are quoted, and in what order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index import Article, Snapshot, load_analyser, open_snapshot
from qa import Evidence
from qa.evidence import ScoredSentences, score_sentences, select_evidence
from qa.queries import Query, read_query
from qa.retrieval import retrieve
from tests.fakes import WordEmbedder
from tests.qa.homes import Home

BRIDGE = Article(
    "bridge",
    "Ada Lund opened the new bridge on Friday. "
    "She praised the welders of the northern yard. "
    "The old bridge was closed for two years. "
    "The new bridge, Ada Lund said, cost 30 million euros.",
    title="Harbour crossing",
    lang="en",
)
SPORT = Article("sport", "The home team lost again. Rain fell all evening.", lang="en")


def scored(home: Home, question: str) -> tuple[Snapshot, Query, ScoredSentences]:
    snapshot = open_snapshot(home.store, home.store.current(), home.library)
    query = read_query(question, load_analyser(), WordEmbedder())
    found = retrieve(snapshot, query, None, candidates=50, judged=50)
    return snapshot, query, score_sentences(snapshot, query, found)


def asked(home: Home, question: str, limit: int = 3) -> tuple[Evidence, ...]:
    snapshot, query, sentences = scored(home, question)
    return select_evidence(snapshot, query, sentences, limit=limit)


def test_quotes_are_slices_of_the_article_best_first(home_of: Callable[..., Home]) -> None:
    found = asked(home_of(BRIDGE, SPORT), "Who opened the new bridge?")
    assert found[0].quote == "Ada Lund opened the new bridge on Friday."
    assert [one.score for one in found] == sorted([one.score for one in found], reverse=True)
    assert all(one.quote == one.span.slice(BRIDGE.text) for one in found)


def test_marks_count_in_the_text_of_the_article(home_of: Callable[..., Home]) -> None:
    [best, *_] = asked(home_of(BRIDGE, SPORT), "How much did the new bridge cost?")
    assert [mark.slice(BRIDGE.text) for mark in best.marks] == ["30 million euros"]
    assert best.span.start > 0


def test_a_sentence_with_a_number_comes_first_where_one_is_asked_for(
    home_of: Callable[..., Home],
) -> None:
    home = home_of(
        Article("a", "The yard has welders. The yard has 40 of the best.", lang="en"), SPORT
    )
    [first, *_] = asked(home, "How many welders has the yard?")
    assert first.quote == "The yard has 40 of the best."
    [first, *_] = asked(home, "What welders has the yard?")
    assert first.quote == "The yard has welders."


def test_a_sentence_counts_the_name_that_it_leaves_to_the_one_before_or_the_title(
    home_of: Callable[..., Home],
) -> None:
    text = "{} spoke for an hour. She praised the welders. He walked for an hour. She praised it."
    home = home_of(Article("a", text.format("Ada Lund"), lang="en"))
    snapshot, _, sentences = scored(home, "Ada Lund praised")
    quotes = [snapshot.sentence_span(row).slice(snapshot.text(0)) for row in sentences.rows]
    assert quotes.index("She praised the welders.") < quotes.index("She praised it.")


def test_no_quote_is_given_twice(home_of: Callable[..., Home]) -> None:
    said = (
        "The ferry to the northern islands sails every Monday and every Thursday of the long "
        "winter from the old fishing harbour below the castle."
    )
    home = home_of(
        Article("a", said, lang="en"),
        Article("b", f"{said.upper()} Nothing else is known of its owner or its crew.", lang="en"),
        Article("c", f"It is said again. {said.replace('winter', 'summer')} Hm.", lang="en"),
        Article("d", "“The ferry to the northern islands sails”: so it began.", lang="en"),
    )
    found = asked(home, "Which days does the ferry to the northern islands sail?", limit=5)
    assert sum("northern" in one.quote.casefold() for one in found) == 2
    assert {one.source.article_id for one in found} >= {"d"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [("Which sectors did Ada Lund name?", 3), ("When did Ada Lund name sectors?", 2)],
)
def test_a_question_for_a_list_is_given_runners_up_that_another_is_not(
    home_of: Callable[..., Home], question: str, expected: int
) -> None:
    text = "Ada Lund named sectors first. Rain fell all day. Lund likes fish. Snow will fall."
    assert len(asked(home_of(Article("a", text, lang="en")), question)) == expected


def test_the_best_of_another_language_stands_beside_the_best_of_the_question_s_own(
    home_of: Callable[..., Home],
) -> None:
    french = "Le pont neuf de Lund fut un grand chantier. La pluie tombe. Le port dort."
    english = "The Lund bridge had 40 welders. Rain falls. The harbour sleeps."
    home = home_of(Article("e", english, lang="en"), Article("f", french, lang="fr"))
    [first, *_] = asked(home, "Combien de welders pour le pont de Lund ?")
    assert first.quote == "The Lund bridge had 40 welders."


def test_at_most_the_limit_is_quoted_and_nothing_found_gives_nothing(
    home_of: Callable[..., Home],
) -> None:
    home = home_of(BRIDGE, SPORT)
    assert len(asked(home, "What are the facts on the new bridge?", limit=2)) == 2
    snapshot, query, _ = scored(home, "bridge")
    nothing = retrieve(snapshot, query, None, candidates=50, judged=0)
    sentences = score_sentences(snapshot, query, nothing)
    assert select_evidence(snapshot, query, sentences, limit=3) == ()
