"""The removal of articles with its proof, and the purge that survives being cut short."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index import (
    PLACES,
    Article,
    ArticleNotFoundError,
    BuildLockedError,
    Erasure,
    ErasureError,
    GenerationStore,
    IndexSettings,
    Library,
    LibraryError,
    NoGenerationError,
    Probe,
    Proof,
    build,
    erasure,
    open_snapshot,
    unfinished_purges,
)
from index.analysis import load_analyser
from index.remains import read_files
from tests.fakes import WordEmbedder
from tests.index.conftest import FERRY, HARVEST

SENTENCE = "Captain Anna Nowak said that every cabin had been painted blue for the summer."
EDIT = "The harbour master will decide about the crossing in the autumn."
COPY = Article("copy", f"Blue cabins. {SENTENCE}", lang="en")

Rebuild = Callable[[], int]


@pytest.fixture
def rebuild(store: GenerationStore, embedder: WordEmbedder, settings: IndexSettings) -> Rebuild:
    def again() -> int:
        with Library(settings.home / "library.sqlite") as library:
            return build(library, store, embedder, settings).generation

    return again


@pytest.fixture
def ask(store: GenerationStore) -> Callable[[str, Sequence[str]], Probe]:
    """Asks both searches of the live generation for each sentence."""

    def asked(article_id: str, sentences: Sequence[str]) -> Probe:
        with Library(store.home / "library.sqlite") as library:
            snapshot = open_snapshot(store, store.current(), library)
        hits = 0
        for sentence in sentences:
            vector = WordEmbedder().encode_question(sentence).vector
            terms = load_analyser().query_terms(sentence, "en")
            for rows, _ in (snapshot.dense(vector, 50), snapshot.lexical(terms, 50)):
                articles = snapshot.tables.passages[rows]["article"]
                hits += sum(snapshot.tables.sources[at].article_id == article_id for at in articles)
        return Probe(len(sentences), hits, 0)

    return asked


Ask = Callable[[str, Sequence[str]], Probe]


@pytest.fixture(autouse=True)
def _files_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process would take a second to start; nobody else has these homes open."""
    monkeypatch.setattr(erasure, "find_remains", read_files)


def figures(proof: Proof, column: str, at: int) -> dict[str, int]:
    """The figures of a column that are not 0."""
    every = {count.place: getattr(count, column)[at] for count in proof.counts}
    assert tuple(every) == PLACES
    return {place: figure for place, figure in every.items() if figure}


def in_home(home: Path, words: str) -> list[str]:
    return [
        path.relative_to(home).as_posix()
        for path in home.rglob("*")
        if path.is_file() and words.encode() in path.read_bytes()
    ]


# -- the proof


def test_a_proof_counts_every_trace_before_and_none_that_is_live_after(
    library: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    rebuild()
    removal = Erasure(library, store, ["ferry"])
    assert removal.remove() == ("ferry",)
    assert ask("ferry", [SENTENCE]).hits > 0
    rebuild()
    [proof] = removal.prove(ask)
    before = figures(proof, "live", 0)
    assert before == {
        "articles": 1,
        "revisions": 1,
        "texts": 1,
        "entries": 1,
        "passages": 3,
        "sentences": 4,
        "passage_vectors": 3,
        "sentence_vectors": 4,
        "searched_vectors": 3,
        "word_pieces": 57,
        "cached_vectors": 7,
        "documents": 3,
        "postings": before["postings"],
        "terms": before["terms"],
        "tokens": before["tokens"],
        "cached_records": 1,
        "record_rows": before["record_rows"],
        "names": 1,
    }
    assert before["postings"] >= before["terms"] > 30
    assert before["record_rows"] > 4  # Anna Nowak, her name, where it stands, what she said
    assert before["tokens"] > before["word_pieces"]  # the title and concepts are counted as well
    assert figures(proof, "live", 1) == {}
    assert figures(proof, "kept", 0) == {}
    assert {"articles": 1, **figures(proof, "kept", 1)} == before
    assert (proof.generation, proof.kept_in, proof.unreadable) == (2, (1,), ())
    assert proof.probe == Probe(4, 0, 0)
    assert (proof.ok, proof.is_purged, proof.shared_with) == (True, False, ())
    assert library.text("ferry", FERRY.sha256) == FERRY.text  # a kept generation quotes it


def test_a_sentence_that_another_article_has_is_named_and_not_held_against_the_removal(
    library: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask, embedder: WordEmbedder
) -> None:
    library.put(COPY)
    rebuild()
    removal = Erasure(library, store, ["ferry"], purge=True)
    removal.remove()
    embedder.encoded.clear()
    rebuild()
    [proof] = removal.prove(ask)
    assert embedder.encoded == []
    assert (proof.ok, proof.shared_with) == (True, ("copy",))
    assert in_home(store.home, SENTENCE) == ["library.sqlite"]
    assert library.get("copy") == COPY


def test_a_text_under_two_ids_stays_for_the_other(
    library: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    library.put(replace(FERRY, id="twin"))
    rebuild()
    removal = Erasure(library, store, ["ferry"], purge=True)
    removal.remove()
    rebuild()
    [proof] = removal.prove(ask)
    assert "texts" not in figures(proof, "live", 0)
    assert (proof.ok, proof.shared_with) == (True, ("twin",))
    assert library.get("twin").text == FERRY.text


def test_many_articles_go_with_one_build_and_each_has_its_proof(
    library: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    rebuild()
    removal = Erasure(library, store, ["ferry", "gao", "ferry", "recolte"], purge=True)
    removal.remove()
    assert rebuild() == 2
    proofs = removal.prove(ask)
    assert [proof.article_id for proof in proofs] == ["ferry", "gao", "recolte"]
    assert all(proof.ok for proof in proofs)
    assert store.kept() == (2,)
    assert library.count() == 0


def test_what_is_not_known_is_told_apart_and_left_alone(
    library: Library, store: GenerationStore, rebuild: Rebuild
) -> None:
    rebuild()
    removal = Erasure(library, store, ["none", "\ud800"], purge=True)
    assert (removal.unknown, dict(removal.subjects)) == (("none", "\ud800"), {})
    assert removal.remove() == ()
    assert unfinished_purges(store.home) == {}


def test_a_removal_is_proved_after_the_fact(
    library: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    rebuild()
    library.remove("ferry")
    rebuild()
    [proof] = Erasure(library, store, ["ferry"]).prove(ask)
    assert (proof.ok, figures(proof, "live", 0), proof.kept_in) == (True, {}, (1,))
    assert proof.probe.asked == 4


def test_nothing_is_proved_of_an_index_that_still_holds_the_article(
    library: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    rebuild()
    removal = Erasure(library, store, ["ferry"])
    removal.remove()
    [proof] = removal.prove(ask)
    assert not proof.ok
    assert figures(proof, "live", 1)["passages"] == 3
    assert proof.probe.hits > 0


def test_nothing_is_proved_without_an_index(
    library: Library, store: GenerationStore, ask: Ask
) -> None:
    removal = Erasure(library, store, ["ferry"])
    removal.remove()
    with pytest.raises(NoGenerationError):
        removal.prove(ask)


def test_an_answer_that_still_comes_from_the_article_is_no_proof(
    library: Library, store: GenerationStore, rebuild: Rebuild
) -> None:
    rebuild()
    removal = Erasure(library, store, ["ferry"])
    removal.remove()
    rebuild()
    assert not removal.prove(lambda id, sentences: Probe(4, 1, 0))[0].ok
    assert not removal.prove(lambda id, sentences: Probe(4, 0, 1))[0].ok
    assert removal.prove(lambda id, sentences: Probe(4, 0, 0))[0].ok


def test_of_a_long_article_thirty_sentences_are_asked_the_first_and_last_among_them(
    library: Library, store: GenerationStore, rebuild: Rebuild
) -> None:
    library.put(Article("long", " ".join(f"Line {n} is here." for n in range(100)), lang="en"))
    removal = Erasure(library, store, ["long"])
    removal.remove()
    rebuild()
    asked: list[str] = []

    def ask(article_id: str, sentences: Sequence[str]) -> Probe:
        asked.extend(sentences)
        return Probe(len(sentences), 0, 0)

    removal.prove(ask)
    assert (len(asked), len(set(asked))) == (30, 30)
    assert (asked[0], asked[1], asked[-1]) == (
        "Line 0 is here.",
        "Line 3 is here.",
        "Line 99 is here.",
    )


# -- the purge


@pytest.fixture(scope="module")
def edited_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two generations, each with a wording of its own of the ferry article."""
    settings = IndexSettings(
        home=tmp_path_factory.mktemp("edited"), passage_pieces=32, overlap_pieces=16
    )
    with Library(settings.home / "library.sqlite") as library:
        for text in (FERRY.text, f"{FERRY.text} {EDIT}"):
            list(library.put_many([replace(FERRY, text=text), HARVEST]))
            build(library, GenerationStore(settings.home), WordEmbedder(), settings)
    return settings.home


@pytest.fixture
def edited(edited_home: Path, settings: IndexSettings) -> Iterator[Library]:
    """A home of its own for each test."""
    shutil.copytree(edited_home, settings.home)
    with Library(settings.home / "library.sqlite") as library:
        yield library


def test_a_purge_leaves_no_generation_no_revision_and_no_byte_of_any_wording(
    edited: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    assert in_home(store.home, EDIT) != []
    removal = Erasure(edited, store, ["ferry"], purge=True)
    removal.remove()
    rebuild()
    [proof] = removal.prove(ask)
    assert figures(proof, "kept", 0)["passages"] == 3
    assert figures(proof, "live", 1) == figures(proof, "kept", 1) == {}
    assert (proof.ok, proof.kept_in, proof.named) == (True, (), 0)
    assert proof.remains is not None
    assert (proof.remains.looked_for, proof.remains.found) == (5, {})
    assert proof.remains.files > 20
    assert store.kept() == (3,)
    assert edited.wordings("ferry") == []
    with pytest.raises(ArticleNotFoundError):
        edited.text("ferry", FERRY.sha256)
    for words in (SENTENCE, EDIT, "ferry", "Ferry back in service", "Nowak"):
        assert in_home(store.home, words) == []
    assert edited.get("recolte") == HARVEST


STEPS = ["count", "note", "remove", "discard", "forget", "vacuum", "ask", "recount", "read files"]


def test_the_steps_of_a_purge_are_told_in_their_order(
    edited: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    told: list[str] = []
    removal = Erasure(edited, store, ["ferry"], purge=True, tell=told.append)
    removal.remove()
    rebuild()
    removal.prove(ask)
    assert told == STEPS


def test_a_purge_that_is_cut_short_at_every_step_is_completed_by_repeating_it(
    edited: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    def purge(torn: str | None) -> list[Proof]:
        def tell(step: str) -> None:
            if step == torn:
                raise KeyboardInterrupt

        removal = Erasure(edited, store, ["ferry"], purge=True, tell=tell)
        removal.remove()
        tell("build")
        rebuild()
        return removal.prove(ask)

    for torn in (*STEPS[:3], "build", *STEPS[3:]):  # each goes one step further than the last
        with pytest.raises(KeyboardInterrupt):
            purge(torn)
        assert (unfinished_purges(store.home) == {}) == (torn in ("count", "note"))
    [proof] = purge(None)
    assert proof.ok
    assert proof.remains is not None
    assert (proof.remains.looked_for, proof.probe.asked) == (5, 5)
    assert in_home(store.home, SENTENCE) == in_home(store.home, "ferry") == []
    assert not (store.home / "erasing.json").exists()


def test_a_generation_that_cannot_be_read_may_hold_the_article_and_is_purged(
    edited: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    (store.folder(1) / "tokens.npy").unlink()
    removal = Erasure(edited, store, ["ferry"])
    removal.remove()
    rebuild()
    [proof] = removal.prove(ask)
    assert (proof.ok, proof.kept_in, proof.unreadable) == (True, (2,), (1,))
    [purged] = Erasure(edited, store, ["ferry"], purge=True).prove(ask)
    assert (purged.ok, purged.unreadable) == (True, ())
    assert store.kept() == (3,)


def test_one_kept_aside_is_purged_with_the_others(
    library: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    rebuild()
    (store.home / "generations" / "000001.aside").touch()
    assert (store.kept(), store.aside()) == ((), (1,))
    removal = Erasure(library, store, ["ferry"], purge=True)
    removal.remove()
    rebuild()
    [proof] = removal.prove(ask)
    assert (proof.ok, store.kept(), store.aside()) == (True, (2,), ())


def test_a_file_that_still_holds_a_sentence_is_named_until_it_is_gone(
    edited: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    stray = store.home / "notes" / "reply.json"
    stray.parent.mkdir()
    stray.write_text(json.dumps({"quote": SENTENCE}), "utf-8")
    removal = Erasure(edited, store, ["ferry"], purge=True)
    removal.remove()
    rebuild()
    [proof] = removal.prove(ask)
    assert not proof.ok
    assert proof.remains is not None
    assert proof.remains.found == {"notes/reply.json": {SENTENCE}}
    assert list(unfinished_purges(store.home)) == ["ferry"]
    stray.unlink()
    [proof] = Erasure(edited, store, ["ferry"], purge=True).prove(ask)
    assert proof.ok
    assert Erasure(edited, store, ["ferry"], purge=True).unknown == ("ferry",)


def test_a_purge_waits_for_no_reader_and_is_repeated_once_it_has_gone(
    edited: Library,
    store: GenerationStore,
    rebuild: Rebuild,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = sqlite3.connect(edited.path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM texts").fetchone()
    removal = Erasure(edited, store, ["ferry"], purge=True)
    removal.remove()
    rebuild()
    monkeypatch.setattr(Library.vacuum, "__defaults__", (0.05,))
    with pytest.raises(LibraryError, match="is being read"):
        removal.prove(ask)
    reader.close()
    [proof] = Erasure(edited, store, ["ferry"], purge=True).prove(ask)
    assert proof.ok


def test_a_purge_beside_a_build_is_refused(
    edited: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    removal = Erasure(edited, store, ["ferry"], purge=True)
    removal.remove()
    rebuild()
    with store.writing(), pytest.raises(BuildLockedError):
        removal.prove(ask)
    assert store.kept() == (1, 2, 3)
    assert removal.prove(ask)[0].ok


def test_what_serves_is_never_discarded(edited: Library, store: GenerationStore, ask: Ask) -> None:
    removal = Erasure(edited, store, ["ferry"], purge=True)
    removal.remove()
    with pytest.raises(ErasureError, match="generation 2, which serves, still quotes 'ferry'"):
        removal.prove(ask)
    assert store.kept() == (1, 2)
    assert len(edited.wordings("ferry")) == 2


def test_an_article_that_came_back_meanwhile_stays_and_is_no_proof(
    edited: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    removal = Erasure(edited, store, ["ferry"], purge=True)
    removal.remove()
    rebuild()
    edited.put(FERRY)
    [proof] = removal.prove(ask)
    assert not proof.ok
    assert figures(proof, "live", 1)["articles"] == 1
    assert edited.get("ferry") == FERRY
    rebuild()
    assert open_snapshot(store, store.current(), edited).tables.sources[0].article_id == "ferry"


def test_a_purged_article_that_is_put_again_is_new(
    edited: Library, store: GenerationStore, rebuild: Rebuild, ask: Ask
) -> None:
    removal = Erasure(edited, store, ["ferry"], purge=True)
    removal.remove()
    rebuild()
    removal.prove(ask)
    assert edited.put(FERRY) == "added"
    assert [revision.number for revision in edited.revisions("ferry")] == [1]


def test_a_note_that_cannot_be_read_is_named(library: Library, store: GenerationStore) -> None:
    (store.home / "erasing.json").write_text('{"ferry": []}', "utf-8")
    with pytest.raises(ErasureError, match=r"erasing\.json.* cannot be read"):
        Erasure(library, store, ["ferry"], purge=True)
