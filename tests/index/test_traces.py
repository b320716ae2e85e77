"""What the library and a generation hold of an article, counted table by table."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from index import Article, GenerationStore, IndexSettings, Library, build
from index.traces import IN_GENERATION, Held, Shelf, Subject, trace_library
from tests.fakes import WordEmbedder
from tests.index.conftest import FERRY


@pytest.fixture
def built(library: Library, store: GenerationStore, settings: IndexSettings) -> GenerationStore:
    build(library, store, WordEmbedder(), settings)
    return store


def present(held: Held) -> dict[str, int]:
    assert tuple(held.counts) == IN_GENERATION
    return {place: figure for place, figure in held.counts.items() if figure}


def test_an_article_that_was_never_there_leaves_no_trace(built: GenerationStore) -> None:
    shelf = Shelf(built.folder(1))
    assert present(shelf.trace(Subject("none"))) == {}
    assert not shelf.names("none")


def test_every_table_of_an_article_is_counted_and_what_can_be_looked_for_is_noted(
    built: GenerationStore,
) -> None:
    shelf = Shelf(built.folder(1))
    held = shelf.trace(Subject("gao"))
    assert shelf.names("gao")
    assert {place: held.counts[place] for place in ("entries", "passages", "sentences")} == {
        "entries": 1,
        "passages": 1,
        "sentences": 2,
    }
    assert (held.counts["documents"], held.counts["cached_vectors"]) == (1, 3)
    assert held.counts["postings"] == held.counts["terms"] == len(held.terms)
    assert {"gao", "minh"} <= held.terms
    assert (len(held.keys), held.shared, len(held.wordings)) == (3, frozenset(), 1)


def test_a_term_of_two_articles_is_a_trace_of_neither(
    library: Library, store: GenerationStore, settings: IndexSettings
) -> None:
    library.put(Article("port", "The harbour froze. Skaters came.", lang="en"))
    build(library, store, WordEmbedder(), settings)
    held = Shelf(store.folder(1)).trace(Subject("port"))
    assert {"froze", "skater"} <= held.terms
    assert "harbour" not in held.terms


def test_an_index_that_only_forgot_the_name_of_an_article_still_holds_it(
    built: GenerationStore,
) -> None:
    folder = built.folder(1)
    before = Shelf(folder).trace(Subject("gao"))
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    stay = [json.loads(line)["id"] != "gao" for line in lines]
    kept = "".join(line for line, stays in zip(lines, stay, strict=True) if stays)
    (folder / "articles.jsonl").write_text(kept, "utf-8")
    np.save(folder / "articles.npy", np.load(folder / "articles.npy")[stay])
    after = Shelf(folder).trace(Subject("gao"))
    assert after.counts == {**before.counts, "entries": 0}
    assert after.terms == before.terms


def test_terms_of_an_earlier_generation_are_looked_for_in_this_one(
    built: GenerationStore, library: Library, settings: IndexSettings
) -> None:
    held = Shelf(built.folder(1)).trace(Subject("gao"))
    library.remove("gao")
    build(library, built, WordEmbedder(), settings)
    shelf = Shelf(built.folder(2))
    assert present(shelf.trace(Subject("gao", terms=held.terms, keys=held.keys))) == {}
    others = Shelf(built.folder(2)).trace(Subject("gao", terms=frozenset({"harbour"})))
    assert others.counts["postings"] == 0  # the ferry's own


def test_a_vector_that_another_article_needs_is_shared(
    built: GenerationStore, library: Library, settings: IndexSettings
) -> None:
    held = Shelf(built.folder(1)).trace(Subject("gao"))
    library.remove("gao")
    library.put(Article("copy", "Xin chào. Giá gạo xuất khẩu tăng mạnh.", lang="vi"))
    build(library, built, WordEmbedder(), settings)
    after = Shelf(built.folder(2)).trace(Subject("gao", keys=held.keys))
    assert present(after) == {}
    assert after.shared == {"copy"}


def test_an_empty_index_holds_nothing(
    library: Library, store: GenerationStore, settings: IndexSettings
) -> None:
    for id in library.article_ids():
        library.remove(id)
    build(library, store, WordEmbedder(), settings)
    held = Shelf(store.folder(1)).trace(Subject("gao", terms=frozenset({"gao"})))
    assert present(held) == {}


def test_a_revision_is_live_while_it_is_current_or_quoted_by_what_serves_or_by_nothing(
    library: Library,
) -> None:
    edit = replace(FERRY, text="Another wording.")
    library.put(edit)
    one, two = FERRY.sha256, edit.sha256
    live = {"articles": 1, "revisions": 2, "texts": 2}
    none = {"articles": 0, "revisions": 0, "texts": 0}
    assert trace_library(library, "ferry", [], []) == (live, none)
    assert trace_library(library, "ferry", [one], [one, two]) == (live, none)
    half = {"articles": 0, "revisions": 1, "texts": 1}
    assert trace_library(library, "ferry", [two], [one]) == ({**half, "articles": 1}, half)
    library.remove("ferry")
    assert trace_library(library, "ferry", [], [two]) == (half, half)
    assert trace_library(library, "ferry", [], [one, two]) == (none, {**live, "articles": 0})


def test_a_text_that_another_article_has_as_well_is_no_trace(library: Library) -> None:
    library.put(replace(FERRY, id="twin"))
    live, _ = trace_library(library, "ferry", [], [])
    assert live == {"articles": 1, "revisions": 1, "texts": 0}


def test_a_subject_is_the_same_after_a_journey_through_json() -> None:
    subject = Subject("a", ("One.", "Two."), ("Title",), frozenset({"x", "y"}), frozenset({"00"}))
    assert Subject.of("a", json.loads(json.dumps(subject.fields()))) == subject
    more = Subject("a", ("Two.", "Three."), (), frozenset({"z"}))
    assert (subject | more).sentences == ("One.", "Two.", "Three.")
    assert (subject | more).terms == {"x", "y", "z"}
