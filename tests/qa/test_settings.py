"""A language model is set whole, or refused with what is missing."""

from __future__ import annotations

import pytest

from api.errors import SettingsError
from api.settings import read_settings

WHOLE = {"LLM_BASE_URL": "http://127.0.0.1:8080/v1", "LLM_MODEL": "tiny", "LLM_API_KEY": "sk-1"}


def set_to(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"ONRECORD_{name}", value)


def test_a_model_is_read_with_its_key_which_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, **WHOLE)
    settings = read_settings().qa
    assert (settings.llm_base_url, settings.llm_model) == (WHOLE["LLM_BASE_URL"], "tiny")
    assert "sk-1" not in repr(settings)
    assert settings.llm_api_key is not None
    assert settings.llm_api_key.get_secret_value() == "sk-1"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"LLM_MODEL": ""}, "ONRECORD_LLM_MODEL: .*name the model"),
        ({"LLM_BASE_URL": ""}, "ONRECORD_LLM_MODEL: .*set ONRECORD_LLM_BASE_URL"),
        (
            {"LLM_BASE_URL": "", "LLM_MODEL": ""},
            "ONRECORD_LLM_API_KEY: .*set ONRECORD_LLM_BASE_URL",
        ),
        ({"LLM_BASE_URL": "file:///etc/passwd"}, "ONRECORD_LLM_BASE_URL: .*http"),
        ({"LLM_BASE_URL": "localhost:8080"}, "ONRECORD_LLM_BASE_URL: .*http"),
        ({"LLM_BASE_URL": "http://"}, "ONRECORD_LLM_BASE_URL: .*a host"),
        ({"LLM_BASE_URL": "http://a:b@host/v1"}, "ONRECORD_LLM_BASE_URL: .*no password"),
        ({"LLM_BASE_URL": "http://host/v1?key=a"}, "ONRECORD_LLM_BASE_URL: .*query"),
        ({"LLM_BASE_URL": "http://["}, "ONRECORD_LLM_BASE_URL: "),
        ({"LLM_TIMEOUT_SECONDS": "0"}, "ONRECORD_LLM_TIMEOUT_SECONDS: .*greater than 0"),
    ],
)
def test_what_is_half_set_or_cannot_be_used_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], message: str
) -> None:
    set_to(monkeypatch, **WHOLE | change)
    with pytest.raises(SettingsError, match=message):
        read_settings()
