"""The write road, and search of one kind at a time: from article files to an index on disk."""

from index.analysis import Analyser, load_analyser
from index.articles import Article, Facets, Passage, Source, Span, text_sha256
from index.backup import BackupReport, write_backup
from index.building import BuildReport, build
from index.dense import FaissStore, Rows, Scores, VectorStore
from index.doctor import examine
from index.embedding import Embedder, Encoded, SentenceTransformerEmbedder, Vectors, load_embedder
from index.erasure import Erasure, unfinished_purges
from index.errors import (
    ArticleNotFoundError,
    BackupError,
    BuildLockedError,
    DamagedGenerationError,
    DiskFullError,
    EmbedderMismatchError,
    EncoderError,
    ErasureError,
    GateRefusedError,
    GenerationError,
    ImportRefusedError,
    IndexingError,
    JobNotFoundError,
    LibraryError,
    NoGenerationError,
    ReadOnlyLibraryError,
    TermTableError,
    UnknownFormatError,
    UnreadableCurrentError,
    WriteFailedError,
)
from index.findings import Finding, stand_alone
from index.generations import GenerationStore, Manifest
from index.importers import article_from, read_paths
from index.jobs import Job, JobReason, Jobs, JobState
from index.language import detect_language
from index.late import mean_by_rarity
from index.lexical import LexicalIndex, QueryTerm
from index.library import Library
from index.outlets import OutletNames
from index.polyglot import languages_read
from index.proofs import PLACES, Ask, Count, Probe, Proof
from index.remains import Remains
from index.restore import RestoreReport, restore_backup
from index.settings import PACKAGED_ENCODER, IndexSettings
from index.snapshot import Snapshot, Texts, open_current, open_snapshot
from index.text import STOP_WORDS, Word, encoder_text, fold, is_marked, is_stop_word, stem, words

__all__ = [
    "PACKAGED_ENCODER",
    "PLACES",
    "STOP_WORDS",
    "Analyser",
    "Article",
    "ArticleNotFoundError",
    "Ask",
    "BackupError",
    "BackupReport",
    "BuildLockedError",
    "BuildReport",
    "Count",
    "DamagedGenerationError",
    "DiskFullError",
    "Embedder",
    "EmbedderMismatchError",
    "Encoded",
    "EncoderError",
    "Erasure",
    "ErasureError",
    "Facets",
    "FaissStore",
    "Finding",
    "GateRefusedError",
    "GenerationError",
    "GenerationStore",
    "ImportRefusedError",
    "IndexSettings",
    "IndexingError",
    "Job",
    "JobNotFoundError",
    "JobReason",
    "JobState",
    "Jobs",
    "LexicalIndex",
    "Library",
    "LibraryError",
    "Manifest",
    "NoGenerationError",
    "OutletNames",
    "Passage",
    "Probe",
    "Proof",
    "QueryTerm",
    "ReadOnlyLibraryError",
    "Remains",
    "RestoreReport",
    "Rows",
    "Scores",
    "SentenceTransformerEmbedder",
    "Snapshot",
    "Source",
    "Span",
    "TermTableError",
    "Texts",
    "UnknownFormatError",
    "UnreadableCurrentError",
    "VectorStore",
    "Vectors",
    "Word",
    "WriteFailedError",
    "article_from",
    "build",
    "detect_language",
    "encoder_text",
    "examine",
    "fold",
    "is_marked",
    "is_stop_word",
    "languages_read",
    "load_analyser",
    "load_embedder",
    "mean_by_rarity",
    "open_current",
    "open_snapshot",
    "read_paths",
    "restore_backup",
    "stand_alone",
    "stem",
    "text_sha256",
    "unfinished_purges",
    "words",
    "write_backup",
]
