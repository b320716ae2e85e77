"""QaSettings: how a question is searched and when an answer is given."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
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
    max_recorded: int = Field(
        default=8, ge=1, le=50, description="Statements on record that an answer lists at most."
    )
    max_question_chars: int = Field(
        default=32_000, ge=100, description="Characters that a question may have."
    )
    llm_base_url: str = Field(
        default="",
        description="Address of a language model that may write the answers, as "
        "`http://host:8080/v1`: a server that speaks OpenAI's chat API; needs the extra `llm`.",
    )
    llm_model: str = Field(default="", description="Name of the model at that address.")
    llm_api_key: SecretStr | None = Field(default=None, description="Key for that address.")
    llm_timeout_seconds: float = Field(
        default=20.0,
        gt=0,
        le=600,
        description="Seconds that the model has for a whole reply; then sentences are quoted.",
    )
    llm_evidence: int = Field(
        default=8, ge=1, le=20, description="Sentences that the model is given at most."
    )
    llm_concurrency: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Replies that the model writes at a time; beyond them sentences are quoted.",
    )
    llm_max_tokens: int = Field(
        default=800, ge=50, le=8_000, description="Tokens that the model may write for a reply."
    )

    @field_validator("llm_base_url")
    @classmethod
    def _check_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an address begins with http:// or https:// and a host")
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError("it may hold no password, query or fragment; see ONRECORD_LLM_API_KEY")
        return value

    @field_validator("llm_model")
    @classmethod
    def _check_model(cls, value: str, others: ValidationInfo) -> str:
        if others.data.get("llm_base_url", value) and not value:
            raise ValueError("ONRECORD_LLM_BASE_URL is set, so name the model there as well")
        if value and not others.data.get("llm_base_url", value):
            raise ValueError("it needs an address: set ONRECORD_LLM_BASE_URL as well")
        return value

    @field_validator("llm_api_key")
    @classmethod
    def _check_key(cls, value: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        if value is not None and not others.data.get("llm_base_url", value):
            raise ValueError("it needs an address: set ONRECORD_LLM_BASE_URL as well")
        return value
