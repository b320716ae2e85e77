"""The write road, and search of one kind at a time: from article files to an index on disk."""

from index.analysis import Analyser, load_analyser
from index.articles import Article, Facets, Passage, Source, Span, text_sha256
from index.building import BuildReport, build
from index.dense import FaissStore, Rows, Scores, VectorStore
from index.embedding import Embedder, Encoded, SentenceTransformerEmbedder, Vectors, load_embedder
from index.errors import (
    ArticleNotFoundError,
    BuildLockedError,
    DamagedGenerationError,
    EmbedderMismatchError,
    EncoderError,
    GenerationError,
    ImportRefusedError,
    IndexingError,
    LibraryError,
    NoGenerationError,
    TermTableError,
    UnknownFormatError,
)
from index.generations import GenerationStore, Manifest
from index.importers import article_from, read_paths
from index.language import detect_language
from index.late import mean_by_rarity
from index.lexical import LexicalIndex, QueryTerm
from index.library import Library
from index.settings import PACKAGED_ENCODER, IndexSettings
from index.snapshot import Snapshot, Texts, open_current, open_snapshot
from index.text import STOP_WORDS, Word, encoder_text, fold, is_marked, is_stop_word, stem, words

__all__ = [
    "PACKAGED_ENCODER",
    "STOP_WORDS",
    "Analyser",
    "Article",
    "ArticleNotFoundError",
    "BuildLockedError",
    "BuildReport",
    "DamagedGenerationError",
    "Embedder",
    "EmbedderMismatchError",
    "Encoded",
    "EncoderError",
    "Facets",
    "FaissStore",
    "GenerationError",
    "GenerationStore",
    "ImportRefusedError",
    "IndexSettings",
    "IndexingError",
    "LexicalIndex",
    "Library",
    "LibraryError",
    "Manifest",
    "NoGenerationError",
    "Passage",
    "QueryTerm",
    "Rows",
    "Scores",
    "SentenceTransformerEmbedder",
    "Snapshot",
    "Source",
    "Span",
    "TermTableError",
    "Texts",
    "UnknownFormatError",
    "VectorStore",
    "Vectors",
    "Word",
    "article_from",
    "build",
    "detect_language",
    "encoder_text",
    "fold",
    "is_marked",
    "is_stop_word",
    "load_analyser",
    "load_embedder",
    "mean_by_rarity",
    "open_current",
    "open_snapshot",
    "read_paths",
    "stem",
    "text_sha256",
    "words",
]
