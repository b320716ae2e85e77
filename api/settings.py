"""ApiSettings, and the one place where the environment is read: `read_settings`."""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.errors import SettingsError
from index import IndexSettings
from qa import QaSettings

PREFIX = "ONRECORD_"

LogFormat = Literal["readable", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class ApiSettings(BaseSettings):
    """How the server listens and what it accepts; every field is also `ONRECORD_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="TCP port; 0 takes a free one.")
    api_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Key for writing, and for reading from beyond loopback; 16 characters or more.",
    )
    rate_per_minute: int = Field(
        default=600,
        ge=0,
        le=100_000,
        description="Requests that a key may make in a minute, unless `key new` gave it a rate of "
        "its own; 0 sets no limit.",
    )
    cors_origins: str = Field(
        default="",
        description="Sites whose pages may use the API, as `https://host:port`, separated by "
        "commas.",
    )
    behind_proxy: bool = Field(
        default=False,
        description="A proxy on this machine lets others in: keys are needed as beyond loopback.",
    )
    trusted_hosts: str = Field(
        default="",
        description="Further host names that requests may carry, separated by commas: "
        "those of a proxy in front. On loopback only local names are served without it.",
    )
    max_body_bytes: int = Field(
        default=8 * 1024 * 1024, ge=1024, description="Largest request body, in bytes."
    )
    max_concurrency: int = Field(
        default=0,
        ge=0,
        le=1024,
        description="Questions answered at the same time, in threads; 0 is as many as cores.",
    )
    queue: int = Field(
        default=16,
        ge=0,
        le=10_000,
        description="Questions that may wait their turn; more get 503.",
    )
    queue_seconds: float = Field(
        default=5.0, gt=0, le=600, description="Seconds that a question waits its turn, then 503."
    )
    drain_seconds: float = Field(
        default=1.0,
        ge=0,
        le=60,
        description="Seconds from SIGTERM, when /readyz turns to 503, to the last question taken.",
    )
    refresh_seconds: float = Field(
        default=1.0, ge=0.05, le=3600, description="Seconds between looks for a new generation."
    )
    build_after_seconds: float = Field(
        default=5.0,
        ge=0,
        le=86_400,
        description="Seconds from the last write to the build that makes it found, ten times as "
        "long at most while writes go on; 0 leaves building to you.",
    )
    build_memory_mb: int = Field(
        default=0,
        ge=0,
        description="Megabytes that a build of the server may take, some 800 at the least with "
        "the packaged encoder; 0 sets no limit.",
    )
    min_free_mb: int = Field(
        default=50,
        ge=0,
        description="Free megabytes on the disk below which the server takes in nothing more and "
        "builds nothing.",
    )
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = Field(
        default="readable", description="Lines of the log: `readable`, or `json` for programs."
    )
    log_level: Annotated[LogLevel, BeforeValidator(_lower)] = Field(
        default="info",
        description="What is logged: `debug`, `info` (a line a request), `warning` or `error`.",
    )
    log_questions: bool = Field(
        default=False, description="Whether questions are written to the log and to traces."
    )
    otlp_endpoint: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="OpenTelemetry collector that gets the traces, as `http://host:4318`; needs "
        "the extra `telemetry`.",
    )

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, value: str) -> str:
        for each in value.replace(",", " ").split():
            if not re.fullmatch(r"https?://[^/\s*]+", each):
                raise ValueError("an origin is `https://host` or `https://host:port`, no more")
        return value

    @property
    def origins(self) -> tuple[str, ...]:
        """`cors_origins`, one by one."""
        return tuple(self.cors_origins.replace(",", " ").split())

    @property
    def is_open(self) -> bool:
        """True when nobody beyond this machine can ask."""
        return self.is_loopback and not self.behind_proxy

    @property
    def workers(self) -> int:
        """Questions answered at the same time."""
        return self.max_concurrency or os.cpu_count() or 1

    @property
    def is_loopback(self) -> bool:
        """True when the address can be reached from this machine alone."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True)
class Settings:
    """The settings of all three packages, as one process uses them."""

    index: IndexSettings
    qa: QaSettings
    api: ApiSettings


def read_settings(
    home: Path | None = None, environ: Mapping[str, str] | None = None, **api: Any
) -> Settings:
    """The settings of this process: defaults, then `ONRECORD_*`, then what is given here.

    `environ` is only looked through for misspelt names. `api` overrides fields of ApiSettings;
    None means not given.

    Raises:
        SettingsError: a variable is misspelt, or a value cannot be used.
    """
    check_names(os.environ if environ is None else environ, known_names())
    index: dict[str, Any] = {"home": home} if home else {}
    given = {name: value for name, value in api.items() if value is not None}
    try:
        return Settings(IndexSettings(**index), QaSettings(), ApiSettings(**given))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "_".join(map(str, first["loc"])).upper()
        raise SettingsError(f"{name}: {first['msg']}") from None


def known_names() -> set[str]:
    """Every variable that some package reads."""
    fields: set[str] = set()
    for settings in (IndexSettings, QaSettings, ApiSettings):
        fields |= settings.model_fields.keys()
    return {PREFIX + field.upper() for field in fields}


def check_names(environ: Iterable[str], known: set[str]) -> None:
    """Nothing, when every `ONRECORD_*` name in `environ` is `known`.

    Raises:
        SettingsError: the first name, in alphabetical order, that no package reads.
    """
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.0)
            raise SettingsError(f"{name} is not a setting; did you mean {near[0]}?")
