import dataclasses
import errno
import os
import resource
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import (
    Article,
    BuildLockedError,
    BuildReport,
    DamagedGenerationError,
    EmbedderMismatchError,
    GateRefusedError,
    GenerationStore,
    IndexSettings,
    Library,
    NoGenerationError,
    RecordFilter,
    TermTableError,
    Vectors,
    WriteFailedError,
    build,
    load_analyser,
    open_current,
    open_snapshot,
)
from index.generations import Manifest
from index.record import ArticleRecord, load_taxonomy, rules_digest
from tests.fakes import WordEmbedder

NEWS = Article("news", "A lighthouse opens. Visitors climb 99 steps.", lang="en")


@pytest.fixture
def rebuild(
    library: Library, store: GenerationStore, embedder: WordEmbedder, settings: IndexSettings
) -> Callable[..., BuildReport]:
    """Builds, and forgets what was embedded before."""

    def again(*, full: bool = False, gate: Callable[[int], None] | None = None) -> BuildReport:
        embedder.encoded.clear()
        return build(library, store, embedder, settings, full=full, gate=gate)

    return again


Rebuild = Callable[..., BuildReport]


# -- the first build


def test_a_first_build_embeds_every_passage_and_sentence_and_serves(
    rebuild: Rebuild, store: GenerationStore, embedder: WordEmbedder
) -> None:
    report = rebuild()
    assert (report.generation, report.articles, report.passages, report.sentences) == (1, 3, 5, 8)
    assert (report.embedded, report.reused, report.removed) == (13, 0, 0)
    assert not report.unchanged
    assert store.current() == 1
    assert list(report.seconds) == ["read", "record", "embed", "write", "verify", "publish"]
    assert len(embedder.encoded) == len(set(embedder.encoded))


def test_the_manifest_says_what_the_generation_was_built_from(
    rebuild: Rebuild, store: GenerationStore, library: Library, settings: IndexSettings
) -> None:
    report = rebuild()
    manifest = store.verify(1)
    assert manifest == Manifest(
        number=1,
        encoder="words",
        fingerprint="words-64",
        dim=64,
        settings={
            "encoder": settings.encoder,
            "passage_pieces": 32,
            "overlap_pieces": 16,
            "terms": load_analyser().table.digest,
            "sectors": load_taxonomy().fingerprint,
            "record": rules_digest(),
        },
        counts={"articles": 3, "passages": 5, "sentences": 8},
        library_revision=library.revision,
        digest=report.digest,
        created=manifest.created,
        files=manifest.files,
    )


def test_progress_of_each_stage_ends_with_its_total(
    library: Library, store: GenerationStore, embedder: WordEmbedder, settings: IndexSettings
) -> None:
    told: dict[str, tuple[int, int]] = {}

    def tell(stage: str, done: int, total: int) -> None:
        told[stage] = (done, total)

    build(library, store, embedder, settings, progress=tell)
    assert list(told) == ["read", "record", "embed", "write", "verify"]
    assert (told["read"], told["record"]) == ((3, 3), (3, 3))
    assert (told["write"], told["verify"]) == ((1, 1), (1, 1))
    assert told["embed"] == (len(embedder.encoded), len(embedder.encoded))


# -- what changed and what did not


def test_a_second_build_of_the_same_library_does_nothing_and_says_so(
    rebuild: Rebuild, store: GenerationStore, embedder: WordEmbedder
) -> None:
    first = rebuild()
    second = rebuild()
    assert second == dataclasses.replace(
        first, embedded=0, reused=13, extracted=0, seconds=second.seconds, unchanged=True
    )
    assert embedder.encoded == []
    assert store.kept() == (1,)


def test_an_added_article_costs_only_its_own_texts(
    rebuild: Rebuild, library: Library, embedder: WordEmbedder
) -> None:
    rebuild()
    library.put(NEWS)
    report = rebuild()
    assert sorted(embedder.encoded) == [
        "A lighthouse opens.",
        "A lighthouse opens. Visitors climb 99 steps.",
        "Visitors climb 99 steps.",
    ]
    assert (report.generation, report.articles) == (2, 4)
    assert (report.embedded, report.reused, report.removed) == (3, 13, 0)


def test_an_edited_sentence_costs_itself_and_its_passage(
    rebuild: Rebuild, library: Library, embedder: WordEmbedder
) -> None:
    library.put(NEWS)
    rebuild()
    library.put(dataclasses.replace(NEWS, text="A lighthouse opens. Visitors climb 98 steps."))
    report = rebuild()
    assert sorted(embedder.encoded) == [
        "A lighthouse opens. Visitors climb 98 steps.",
        "Visitors climb 98 steps.",
    ]
    assert (report.embedded, report.reused, report.removed) == (2, 14, 1)


def test_an_edit_of_what_is_known_about_an_article_embeds_nothing(
    rebuild: Rebuild, library: Library, store: GenerationStore, embedder: WordEmbedder
) -> None:
    rebuild()
    library.put(dataclasses.replace(library.get("ferry"), title="Sailing again", outlet="Coast"))
    report = rebuild()
    assert embedder.encoded == []
    assert (report.generation, report.embedded, report.reused) == (2, 0, 13)
    [source] = open_snapshot(store, 2, library).tables.sources[:1]
    assert (source.title, source.outlet) == ("Sailing again", "Coast")


def test_a_removed_article_costs_nothing_and_is_found_no_more(
    rebuild: Rebuild, library: Library, store: GenerationStore, embedder: WordEmbedder
) -> None:
    rebuild()
    library.remove("ferry")
    report = rebuild()
    assert embedder.encoded == []
    assert (report.articles, report.embedded, report.removed) == (2, 0, 3)
    snapshot = open_snapshot(store, report.generation, library)
    assert snapshot.lexical(load_analyser().query_terms("Gdańsk ferry", "en"), 9)[0].tolist() == []


def test_a_full_build_embeds_everything_anew(
    rebuild: Rebuild, store: GenerationStore, embedder: WordEmbedder
) -> None:
    first = rebuild()
    texts = list(embedder.encoded)
    report = rebuild(full=True)
    assert embedder.encoded == texts
    assert (report.generation, report.embedded, report.reused) == (2, 13, 0)
    assert report.digest == first.digest
    assert store.current() == 2


def test_other_settings_are_built_though_the_library_stands_still(
    rebuild: Rebuild,
    library: Library,
    store: GenerationStore,
    embedder: WordEmbedder,
    settings: IndexSettings,
) -> None:
    rebuild()
    larger = settings.model_copy(update={"passage_pieces": 200})
    report = build(library, store, embedder, larger)
    assert (report.generation, report.passages, report.sentences) == (2, 3, 8)


def test_terms_of_ones_own_are_built_though_the_library_stands_still_and_embed_nothing(
    rebuild: Rebuild,
    library: Library,
    store: GenerationStore,
    embedder: WordEmbedder,
    settings: IndexSettings,
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("customs_house\tcustoms house\tbureau de douane\t\n", encoding="utf-8")
    ours = settings.model_copy(update={"terms": own})
    question = load_analyser(own).query_terms("Le bureau de douane", "fr")

    rebuild()
    rows, _ = open_snapshot(store, 1, library).lexical(question, 9)
    assert rows.tolist() == []
    embedder.encoded.clear()
    report = build(library, store, embedder, ours)
    assert embedder.encoded == []
    assert (report.unchanged, report.generation) == (False, 2)
    assert (report.embedded, report.reused, report.removed) == (0, 13, 0)
    before, after = (store.manifest(number).settings for number in (1, 2))
    assert {name for name in after if after[name] != before[name]} == {"terms"}
    rows, _ = open_snapshot(store, 2, library).lexical(question, 9)
    assert sorted(rows.tolist()) == [1, 2]  # those of the ferry that name the customs house
    assert build(library, store, embedder, ours).unchanged
    assert not build(library, store, embedder, settings).unchanged


def test_vectors_of_another_encoder_are_not_reused(
    rebuild: Rebuild, library: Library, store: GenerationStore, settings: IndexSettings
) -> None:
    class OtherWeights(WordEmbedder):
        fingerprint = "words-64-retrained"

    rebuild()
    report = build(library, store, OtherWeights(), settings)
    assert (report.generation, report.embedded, report.reused) == (2, 13, 0)
    assert store.manifest(2).fingerprint == "words-64-retrained"


def test_what_a_refused_build_embedded_is_not_embedded_again(
    rebuild: Rebuild, library: Library, embedder: WordEmbedder
) -> None:
    rebuild()
    library.put(NEWS)
    with pytest.raises(GateRefusedError):
        rebuild(gate=refuse)
    library.put(dataclasses.replace(NEWS, id="more"))
    report = rebuild()
    assert embedder.encoded == []
    assert (report.generation, report.embedded, report.reused, report.removed) == (3, 0, 19, 0)


def test_after_a_return_to_an_older_generation_nothing_is_embedded_again(
    rebuild: Rebuild, library: Library, store: GenerationStore, embedder: WordEmbedder
) -> None:
    rebuild()
    library.put(NEWS)
    rebuild()
    store.use(1)
    report = rebuild()
    assert embedder.encoded == []
    assert (report.generation, report.articles, report.reused) == (3, 4, 16)


# -- the same whoever builds


def test_two_clean_builds_in_two_homes_have_one_digest(
    rebuild: Rebuild, library: Library, tmp_path: Path, settings: IndexSettings
) -> None:
    other = GenerationStore(tmp_path / "other")
    with Library(other.home / "library.sqlite") as copy:
        for article in reversed(list(library.articles())):
            copy.put(article)
        report = build(copy, other, WordEmbedder(), settings)
    assert report.digest == rebuild().digest


def test_two_clean_builds_write_the_same_bytes_but_for_the_engine_of_words(
    rebuild: Rebuild, store: GenerationStore
) -> None:
    for _ in range(2):
        rebuild(full=True)
    first, second = (store.manifest(number).files for number in (1, 2))
    ours = {name for name in first if not name.startswith("lexical/")}
    assert {name: first[name] for name in ours} == {name: second[name] for name in ours}
    assert {name for name in second if name not in ours} == {
        name for name in second if name.startswith("lexical/")
    }


def test_a_build_that_reuses_has_the_digest_of_a_clean_one(
    rebuild: Rebuild, library: Library
) -> None:
    rebuild()
    library.put(NEWS)
    library.remove("gao")
    assert rebuild().digest == rebuild(full=True).digest


def test_the_digest_differs_when_a_word_does(rebuild: Rebuild, library: Library) -> None:
    library.put(NEWS)
    first = rebuild()
    library.put(dataclasses.replace(NEWS, text=NEWS.text.replace("99", "98")))
    assert rebuild().digest != first.digest


def test_one_text_under_two_ids_is_found_under_both(
    rebuild: Rebuild, library: Library, store: GenerationStore, embedder: WordEmbedder
) -> None:
    library.put(NEWS)
    library.put(dataclasses.replace(NEWS, id="news-again"))
    rebuild()
    snapshot = open_snapshot(store, 1, library)
    for rows, scores in (
        snapshot.dense(embedder.encode_question("a lighthouse opens").vector, 2),
        snapshot.lexical(load_analyser().query_terms("lighthouse", "en"), 9),
    ):
        articles = snapshot.tables.passages["article"][rows]
        ids = [snapshot.tables.sources[article].article_id for article in articles]
        assert ids == ["news", "news-again"]
        assert scores[0] == scores[1]


# -- libraries of hardly anything


def test_an_empty_library_makes_an_index_that_finds_nothing(
    tmp_path: Path, embedder: WordEmbedder, settings: IndexSettings
) -> None:
    store = GenerationStore(tmp_path / "empty")
    with Library(tmp_path / "empty" / "library.sqlite") as library:
        report = build(library, store, embedder, settings)
        assert (report.generation, report.articles, report.passages) == (1, 0, 0)
        snapshot = open_snapshot(store, 1, library)
        assert snapshot.dense(embedder.encode_question("ferry").vector, 5)[0].tolist() == []
        assert snapshot.lexical(load_analyser().query_terms("ferry", "en"), 5)[0].tolist() == []
        library.put(NEWS)
        assert build(library, store, embedder, settings).passages == 1


@pytest.mark.parametrize("text", ["", " \n\n ", "…", "2025-04-28"])
def test_an_article_without_a_sentence_is_kept_but_never_found(
    rebuild: Rebuild, library: Library, store: GenerationStore, text: str
) -> None:
    for id in ("ferry", "gao", "recolte"):
        library.remove(id)
    library.put(Article("blank", text, lang="en"))
    report = rebuild()
    assert report.articles == 1
    snapshot = open_snapshot(store, 1, library)
    assert snapshot.lexical(load_analyser().query_terms("ferry", "en"), 5)[0].tolist() == []


# -- what goes wrong


class TornEmbedder(WordEmbedder):
    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        raise KeyboardInterrupt


class BrokenEmbedder(WordEmbedder):
    """Weights gone wrong: a text and its vector have nothing to do with each other."""

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        return np.full((len(texts), self.dim), np.nan, dtype=np.float32)


@pytest.mark.parametrize(
    ("embedder_class", "error"),
    [(TornEmbedder, KeyboardInterrupt), (BrokenEmbedder, DamagedGenerationError)],
)
def test_a_build_that_fails_leaves_the_current_generation_and_nothing_else(
    rebuild: Rebuild,
    library: Library,
    store: GenerationStore,
    settings: IndexSettings,
    embedder_class: type[WordEmbedder],
    error: type[BaseException],
) -> None:
    rebuild()
    library.put(NEWS)
    with pytest.raises(error):
        build(library, store, embedder_class(), settings, full=True)
    assert store.current() == 1
    assert [path.name for path in (settings.home / "generations").iterdir()] == ["000001"]
    assert rebuild().generation == 2


def test_a_first_build_that_fails_leaves_no_index(
    library: Library, store: GenerationStore, settings: IndexSettings
) -> None:
    with pytest.raises(KeyboardInterrupt):
        build(library, store, TornEmbedder(), settings)
    with pytest.raises(NoGenerationError):
        store.current()
    assert store.kept() == ()


def test_a_build_beside_another_is_refused(rebuild: Rebuild, store: GenerationStore) -> None:
    with store.writing(), pytest.raises(BuildLockedError):
        rebuild()


def _flip(folder: Path) -> None:
    path = folder / "passage_vectors.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        shutil.rmtree,
        _flip,
        lambda folder: (folder / "manifest.json").write_bytes(b"{"),
        lambda folder: (folder / "articles.jsonl").unlink(),
        lambda folder: (folder / "articles.jsonl").write_bytes(b"\xff"),
    ],
    ids=["gone", "bit flipped", "no manifest", "no articles", "no text"],
)
def test_a_previous_generation_that_cannot_be_read_is_built_anew(
    rebuild: Rebuild, store: GenerationStore, damage: Callable[[Path], object]
) -> None:
    first = rebuild()
    damage(store.folder(1))
    report = rebuild()
    assert (report.generation, report.embedded, report.reused) == (2, 13, 0)
    assert report.digest == first.digest
    assert store.verify(store.current()).number == 2


def test_what_the_engines_cannot_write_is_told_and_leaves_nothing(
    rebuild: Rebuild, library: Library, store: GenerationStore, settings: IndexSettings
) -> None:
    """A limit on the size of a file stands in for a disk that takes only so much."""
    rebuild()
    library.put(NEWS)
    whole = {path.stat().st_size for path in store.folder(1).rglob("*") if path.is_file()}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in sorted({0, *(size - 1 for size in whole if size)}):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            with pytest.raises(WriteFailedError, match=f"the index in {settings.home} was not wr"):
                rebuild()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert os.listdir(settings.home / "generations") == ["000001"]
        assert store.verify(store.current()).number == 1
    assert rebuild().generation == 2


def test_a_generation_that_cannot_go_live_is_taken_back(
    rebuild: Rebuild,
    library: Library,
    store: GenerationStore,
    settings: IndexSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    rebuild()
    library.put(NEWS)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)  # of CURRENT
        with pytest.raises(WriteFailedError, match="the disk is full"):
            rebuild()
    assert (store.current(), store.kept()) == (1, (1,))
    assert sorted(os.listdir(settings.home / "generations")) == ["000001"]
    assert rebuild().generation == 2


def test_a_build_is_live_though_what_is_old_cannot_be_removed(
    rebuild: Rebuild,
    store: GenerationStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rename = os.rename

    def stuck(old: Path, new: Path) -> None:
        if new.name.startswith(".gone-"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rename(old, new)

    for _ in range(3):
        rebuild(full=True)
    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", stuck)
        assert rebuild(full=True).generation == 4
    assert "what is old stays until the next build" in caplog.text
    assert (store.current(), store.kept()) == (4, (1, 2, 3, 4))
    rebuild(full=True)
    assert store.kept() == (3, 4, 5)


# -- the gate


def refuse(number: int) -> None:
    raise GateRefusedError(number, number - 1, ("Success@1 1.000 → 0.500",))


def test_a_gate_is_asked_before_the_new_generation_goes_live(
    rebuild: Rebuild, store: GenerationStore, library: Library
) -> None:
    seen = []

    def look(number: int) -> None:
        snapshot = open_snapshot(store, number, library)
        seen.append((number, store.aside(), len(snapshot.tables.sources)))

    report = rebuild(gate=look)
    assert seen == [(1, (1,), 3)]
    stages = ["read", "record", "embed", "write", "verify", "gate", "publish"]
    assert list(report.seconds) == stages
    assert (store.current(), store.kept(), store.aside()) == (1, (1,), ())


def test_a_gate_is_not_asked_when_nothing_is_built(rebuild: Rebuild) -> None:
    rebuild()
    assert rebuild(gate=refuse).unchanged


def test_what_a_gate_refuses_is_kept_aside_and_what_was_live_stays(
    rebuild: Rebuild, library: Library, store: GenerationStore
) -> None:
    rebuild()
    library.put(NEWS)
    with pytest.raises(GateRefusedError, match="generation 2 is worse than generation 1") as caught:
        rebuild(gate=refuse)
    assert "`onrecord use 2` makes it live all the same" in str(caught.value)
    assert (store.current(), store.kept(), store.aside()) == (1, (1,), (2,))
    assert len(open_snapshot(store, 2, library).tables.sources) == 4
    with pytest.raises(GateRefusedError):
        rebuild(gate=refuse)
    assert store.aside() == (3,)  # one is enough
    assert rebuild().generation == 4
    assert (store.kept(), store.aside()) == ((1, 4), ())


def test_what_is_aside_is_not_fallen_back_to(
    rebuild: Rebuild, library: Library, store: GenerationStore
) -> None:
    rebuild()
    library.put(NEWS)
    with pytest.raises(GateRefusedError):
        rebuild(gate=refuse)
    store.publish(3)
    snapshot, [fault] = open_current(store, library)
    assert (snapshot.number, type(fault)) == (1, NoGenerationError)


def test_what_is_aside_can_be_asked_though_its_articles_have_changed_since(
    rebuild: Rebuild, library: Library, store: GenerationStore
) -> None:
    rebuild()
    library.put(NEWS)
    with pytest.raises(GateRefusedError):
        rebuild(gate=refuse)
    library.remove("news")
    assert open_snapshot(store, 2, library).text(2) == NEWS.text
    assert library.texts([("news", NEWS.sha256)]) == {("news", NEWS.sha256): NEWS.text}
    rebuild()
    assert library.texts([("news", NEWS.sha256)]) == {}


@pytest.mark.parametrize("error", [KeyboardInterrupt, EmbedderMismatchError("a", "b")])
def test_a_gate_that_comes_to_no_verdict_leaves_nothing(
    rebuild: Rebuild, library: Library, store: GenerationStore, error: BaseException
) -> None:
    def broken(number: int) -> None:
        raise error

    rebuild()
    library.put(NEWS)
    with pytest.raises(error if isinstance(error, type) else type(error)):
        rebuild(gate=broken)
    assert (store.current(), store.kept(), store.aside()) == (1, (1,), ())
    assert os.listdir(store.home / "generations") == ["000001"]


# -- what is kept


def test_as_many_generations_stay_as_the_settings_say(
    rebuild: Rebuild, store: GenerationStore
) -> None:
    for _ in range(5):
        rebuild(full=True)
    assert store.kept() == (3, 4, 5)


def test_a_removed_article_can_be_quoted_until_the_last_generation_with_it_is_pruned(
    rebuild: Rebuild, library: Library, store: GenerationStore
) -> None:
    rebuild()
    ferry = library.get("ferry")
    library.remove("ferry")
    for generation in (2, 3):
        assert rebuild(full=True).generation == generation
        assert library.texts([("ferry", ferry.sha256)]) == {("ferry", ferry.sha256): ferry.text}
    assert rebuild(full=True).generation == 4
    assert library.texts([("ferry", ferry.sha256)]) == {}


# -- the record


def test_a_generation_holds_the_record_of_its_articles(
    rebuild: Rebuild, store: GenerationStore, library: Library
) -> None:
    report = rebuild()
    assert (report.extracted, report.unrecorded) == (3, ())
    snapshot = open_snapshot(store, 1, library)
    _, rows = snapshot.record.statements(RecordFilter(person="Anna Nowak"))
    assert [(row.actor, row.act) for row in rows] == [("Anna Nowak", "report")]
    quote = rows[0].place.span.slice(library.get("ferry").text)
    assert quote.startswith("Captain Anna Nowak said that")
    ends = {(span.start, span.end) for span in map(snapshot.sentence_span, range(4))}
    assert (rows[0].place.span.start, rows[0].place.span.end) in ends


def test_only_articles_that_changed_are_read_for_the_record(
    rebuild: Rebuild, library: Library, store: GenerationStore
) -> None:
    rebuild()
    library.put(NEWS)
    assert rebuild().extracted == 1
    library.put(dataclasses.replace(library.get("gao"), title="Another"))
    assert rebuild().extracted == 0
    library.remove("news")
    assert rebuild().extracted == 0
    assert rebuild(full=True).extracted == 3
    files = [store.manifest(number).files["record.sqlite"] for number in (4, 5)]
    assert files[0] == files[1]


def test_what_a_refused_build_has_read_for_the_record_is_not_read_again(
    rebuild: Rebuild, library: Library
) -> None:
    rebuild()
    library.put(NEWS)
    with pytest.raises(GateRefusedError):
        rebuild(gate=refuse)
    library.put(dataclasses.replace(library.get("gao"), title="Another"))
    assert rebuild().extracted == 0


def test_sectors_of_ones_own_are_built_though_the_library_stands_still_and_embed_nothing(
    rebuild: Rebuild,
    library: Library,
    store: GenerationStore,
    embedder: WordEmbedder,
    settings: IndexSettings,
    tmp_path: Path,
) -> None:
    rebuild()
    own = tmp_path / "own.tsv"
    own.write_text("harbours\tharbour\tport\tcảng\n", "utf-8")
    ours = settings.model_copy(update={"sectors": own})
    embedder.encoded.clear()
    report = build(library, store, embedder, ours)
    assert (report.unchanged, report.extracted, embedder.encoded) == (False, 3, [])
    before, after = (store.manifest(number).settings for number in (1, 2))
    assert {name for name in after if after[name] != before[name]} == {"sectors"}
    [row] = open_snapshot(store, 2, library).record.sectors(RecordFilter(sector="harbours"))
    assert (row.sector, row.articles) == ("harbours", 1)
    own.write_text("harbours\tharbour\n", "utf-8")
    load_taxonomy.cache_clear()
    with pytest.raises(TermTableError, match=r"own\.tsv, line 1: "):
        build(library, store, embedder, ours)
    assert store.kept() == (1, 2)


def test_an_article_that_ends_the_rules_in_an_error_is_named_and_the_build_goes_on(
    rebuild: Rebuild, store: GenerationStore, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str, *given: object) -> ArticleRecord:
        if text == library.get("recolte").text:
            raise IndexError("tuple index out of range")
        return ArticleRecord()

    monkeypatch.setattr("index.record.extraction.extract", fail)
    report = rebuild()
    assert (report.generation, report.unrecorded) == (1, ("recolte",))
    monkeypatch.undo()
    library.put(dataclasses.replace(library.get("gao"), title="Another"))
    again = rebuild()
    assert (again.extracted, again.unrecorded) == (1, ())
