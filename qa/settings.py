"""QaSettings: how a question is searched and when an answer is given."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class QaSettings(BaseSettings):
    """Settings of the read road; frozen."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", frozen=True, extra="forbid")

    k: int = Field(default=10, ge=1, le=50, description="Passages returned by a search.")
    candidates: int = Field(
        default=200, ge=10, description="Passages that each kind of search hands to fusion."
    )
    judged: int = Field(
        default=50, ge=10, description="Passages of both that are judged by every signal."
    )
    max_citations: int = Field(
        default=3, ge=1, le=10, description="Sentences that an answer quotes at most."
    )
    max_question_chars: int = Field(
        default=32_000, ge=100, description="Characters that a question may have."
    )
