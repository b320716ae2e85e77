import datetime
import math
from pathlib import Path

import numpy as np
import pytest

from index import (
    Article,
    DamagedGenerationError,
    Facets,
    GenerationStore,
    IndexSettings,
    Library,
    NoGenerationError,
    Snapshot,
    build,
    load_analyser,
    open_current,
    open_snapshot,
)
from tests.fakes import WordEmbedder


def ids(snapshot: Snapshot, rows: np.ndarray) -> list[str]:
    articles = snapshot.tables.passages["article"][rows]
    return [snapshot.tables.sources[article].article_id for article in articles]


# -- what it holds


def test_articles_stand_in_the_order_of_their_ids(snapshot: Snapshot) -> None:
    assert [source.article_id for source in snapshot.tables.sources] == ["ferry", "gao", "recolte"]
    assert snapshot.number == 1


def test_the_text_of_an_article_is_the_one_that_was_put(snapshot: Snapshot) -> None:
    assert snapshot.text(2).startswith("La récolte de blé a doublé en avril.")


def test_sentence_spans_cut_whole_sentences_out_of_the_text(snapshot: Snapshot) -> None:
    written = [
        snapshot.sentence_span(row).slice(snapshot.text(int(sentence["article"])))
        for row, sentence in enumerate(snapshot.tables.sentences)
    ]
    assert written[-4:] == [
        "Giá gạo xuất khẩu tăng mạnh.",
        "Ông Trần Văn Minh cho biết kho đã đầy.",
        "La récolte de blé a doublé en avril.",
        "La ministre Claire Dubois a signé un accord.",
    ]


def test_a_passage_runs_from_its_first_sentence_to_its_last(snapshot: Snapshot) -> None:
    for row, passage in enumerate(snapshot.tables.passages):
        first, last = int(passage["first_sentence"]), int(passage["last_sentence"])
        span = snapshot.passage_span(row)
        assert first < last
        assert span.start == snapshot.sentence_span(first).start
        assert span.end == snapshot.sentence_span(last - 1).end
        for sentence in range(first, last):
            assert snapshot.tables.sentences["article"][sentence] == passage["article"]


def test_an_article_of_many_words_is_cut_into_passages_that_share_a_sentence(
    snapshot: Snapshot,
) -> None:
    text = snapshot.text(0)
    written = [snapshot.passage_span(row).slice(text) for row in range(3)]
    assert [passage.count(".") for passage in written] == [2, 2, 2]
    assert written[0].startswith("The Gdańsk ferry resumes")
    assert written[1].startswith("Captain Anna Nowak")
    assert written[2].startswith("Tickets cost")
    assert written[2].endswith("closed the coastal road.")


def test_every_sentence_has_its_terms_in_the_order_of_the_text(snapshot: Snapshot) -> None:
    last = snapshot.tables.sentences[-1]
    tokens = snapshot.tokens.tokens[int(last["first_token"]) : int(last["last_token"])]
    terms = [snapshot.tokens.vocabulary[token] for token in tokens]
    assert terms == [
        "la",
        "ministr",
        "clair",
        "dubois",
        "a",
        "sign",
        "un",
        "accord",
        "=minister",
        "=sign",
        "=agreement",
    ]


def test_there_is_a_vector_of_every_passage_and_sentence(snapshot: Snapshot) -> None:
    assert snapshot.passage_vectors.shape == (5, 64)
    assert snapshot.sentence_vectors.shape == (8, 64)
    norms = np.linalg.norm(snapshot.sentence_vectors.astype(np.float32), axis=1)
    assert norms == pytest.approx(np.ones(8), abs=1e-3)


def test_every_sentence_has_its_word_pieces(snapshot: Snapshot, embedder: WordEmbedder) -> None:
    for row, sentence in enumerate(snapshot.tables.sentences):
        text = snapshot.sentence_span(row).slice(snapshot.text(int(sentence["article"])))
        encoded = embedder.encode_question(text)
        held = slice(*snapshot.pieces.offsets[row : row + 2])
        assert snapshot.pieces.ids[held].tolist() == encoded.pieces.tolist()
        aligned = snapshot.pieces.align(np.array([row]), encoded.piece_vectors)
        assert aligned == pytest.approx(np.full((1, len(encoded.pieces)), 0.15))


def test_a_word_piece_is_as_rare_as_the_passages_that_hold_it_are_few(
    snapshot: Snapshot, embedder: WordEmbedder
) -> None:
    said_closed = embedder.encode_question("said closed")  # in two passages of five, and in one
    assert snapshot.pieces.rarity(said_closed.pieces) == pytest.approx(
        [math.log(1 + 3.5 / 2.5), math.log(1 + 4.5 / 1.5)]
    )


# -- search


@pytest.mark.parametrize(
    ("question", "article"),
    [("Captain Anna Nowak", "ferry"), ("gia gao tang manh", "gao"), ("la ministre", "recolte")],
)
def test_the_passage_that_shares_the_words_is_nearest(
    snapshot: Snapshot, embedder: WordEmbedder, question: str, article: str
) -> None:
    rows, _ = snapshot.dense(embedder.encode_question(question).vector, 1)
    assert ids(snapshot, rows) == [article]


APRIL = datetime.date(2025, 4, 1)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Facets(), {"ferry", "gao", "recolte"}),
        (Facets(lang="fr"), {"recolte"}),
        (Facets(outlet="viet nam news"), {"gao"}),
        (Facets(date_from=APRIL), {"ferry", "recolte"}),
        (Facets(speaker="Claire Dubois"), {"recolte"}),
        (Facets(speaker="Tran Van Minh", lang="vi"), {"gao"}),
        (Facets(speaker="Tran Van Minh", lang="fr"), set()),
        (Facets(sector="storms"), {"ferry"}),
        (Facets(lang="de"), set()),
    ],
)
def test_dense_search_stays_within_the_facets(
    snapshot: Snapshot, embedder: WordEmbedder, where: Facets, expected: set[str]
) -> None:
    rows, _ = snapshot.dense(embedder.encode_question("ferry").vector, 99, where)
    assert set(ids(snapshot, rows)) == expected


def test_an_open_snapshot_answers_from_its_generation_after_that_was_pruned(
    library: Library, store: GenerationStore, embedder: WordEmbedder, settings: IndexSettings
) -> None:
    frugal = settings.model_copy(update={"keep_generations": 1})
    build(library, store, embedder, frugal)
    reader = open_snapshot(store, 1, library)
    library.put(Article("news", "The ferry sank.", lang="en"))
    build(library, store, embedder, frugal)
    assert store.kept() == (2,)
    for search in (
        reader.lexical(load_analyser().query_terms("ferry", "en"), 1),
        reader.dense(embedder.encode_question("the gdansk ferry").vector, 1),
    ):
        assert ids(reader, search[0]) == ["ferry"]
    assert len(reader.tables.sources) == 3
    assert reader.record.find("anna nowak") == ("anna-nowak",)


# -- opening


@pytest.fixture
def two_built(
    library: Library, store: GenerationStore, embedder: WordEmbedder, settings: IndexSettings
) -> GenerationStore:
    build(library, store, embedder, settings)
    library.put(Article("news", "A lighthouse opens.", lang="en"))
    build(library, store, embedder, settings)
    return store


def test_the_current_generation_opens_without_complaint(
    two_built: GenerationStore, library: Library
) -> None:
    snapshot, refused = open_current(two_built, library)
    assert (snapshot.number, refused) == (2, ())


def test_a_flipped_bit_in_any_file_falls_back_to_the_generation_before_and_names_the_file(
    two_built: GenerationStore, library: Library
) -> None:
    folder = two_built.folder(2)
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    names = {path.relative_to(folder).as_posix() for path in files}
    assert {"manifest.json", "articles.jsonl", "passages.faiss", "lexical/meta.json"} <= names
    for path in files:
        whole = path.read_bytes()
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 1
        path.write_bytes(flipped)
        snapshot, [refused] = open_current(two_built, library)
        path.write_bytes(whole)
        assert isinstance(refused, DamagedGenerationError)
        assert (snapshot.number, refused.number) == (1, 2)
        assert refused.file == path.relative_to(folder).as_posix()
    assert open_current(two_built, library)[0].number == 2


def test_a_missing_file_falls_back_and_is_named(
    two_built: GenerationStore, library: Library
) -> None:
    (two_built.folder(2) / "tokens.npy").unlink()
    snapshot, refused = open_current(two_built, library)
    assert snapshot.number == 1
    assert [str(error) for error in refused] == [
        "generation 2: tokens.npy is missing; run `onrecord build --full`"
    ]


def test_an_older_generation_that_current_names_is_opened_though_newer_ones_are_there(
    two_built: GenerationStore, library: Library
) -> None:
    two_built.publish(1)
    assert open_current(two_built, library)[0].number == 1


def test_when_no_generation_is_whole_the_fault_of_the_current_one_is_told(
    two_built: GenerationStore, library: Library
) -> None:
    (two_built.folder(1) / "tokens.npy").unlink()
    (two_built.folder(2) / "passages.npy").unlink()
    with pytest.raises(DamagedGenerationError, match=r"generation 2: passages\.npy is missing"):
        open_current(two_built, library)


def test_a_home_without_an_index_cannot_be_opened(tmp_path: Path, library: Library) -> None:
    with pytest.raises(NoGenerationError):
        open_current(GenerationStore(tmp_path / "nowhere"), library)
