"""Settings of a process: defaults, variables, and what is given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.errors import SettingsError
from api.settings import ApiSettings, known_names, read_settings
from index import IndexSettings
from qa import QaSettings


def test_what_is_given_comes_before_the_variable_and_the_variable_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_PORT", "9000")
    monkeypatch.setenv("ONRECORD_QUEUE", "3")
    monkeypatch.setenv("ONRECORD_HOME", "/elsewhere")
    settings = read_settings(tmp_path, port=9001, host=None)
    assert (settings.api.port, settings.api.queue, settings.api.host) == (9001, 3, "127.0.0.1")
    assert settings.index.home == tmp_path
    assert read_settings().index.home == Path("/elsewhere")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ONRECORD_HOEM", "ONRECORD_HOME"),
        ("ONRECORD_APIKEY", "ONRECORD_API_KEY"),
        ("onrecord_max_body", "ONRECORD_MAX_BODY_BYTES"),
    ],
)
def test_a_misspelt_variable_is_an_error_that_names_the_near_one(written: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"{written} is not a setting; did you mean {meant}"):
        read_settings(environ={"PATH": "/bin", written: "x"})


def test_names_of_other_programs_and_known_names_in_any_case_pass() -> None:
    read_settings(environ={"RECORD_HOME": "x", "ONRECORDS": "x", "onrecord_port": "1"})


def test_a_value_that_cannot_be_used_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_PORT", "many")
    with pytest.raises(SettingsError, match=r"^ONRECORD_PORT: Input should be a valid integer"):
        read_settings()
    monkeypatch.setenv("ONRECORD_PORT", "80")
    monkeypatch.setenv("ONRECORD_API_KEY", "short")
    with pytest.raises(SettingsError, match=r"^ONRECORD_API_KEY: .* at least 16") as caught:
        read_settings()
    assert "short" not in str(caught.value)


@pytest.mark.parametrize("settings", [ApiSettings, IndexSettings, QaSettings])
def test_every_field_says_what_it_means(settings: type[ApiSettings]) -> None:
    assert all(field.description for field in settings.model_fields.values())


def test_no_two_packages_read_the_same_variable() -> None:
    classes = (ApiSettings, IndexSettings, QaSettings)
    assert len(known_names()) == sum(len(each.model_fields) for each in classes)


def test_help_and_status_load_no_heavy_library(tmp_path: Path) -> None:
    program = """
import sys
from api.cli import app
app(sys.argv[1:], standalone_mode=False)
heavy = {"torch", "faiss", "sentence_transformers", "tantivy", "fastapi", "ir_measures"}
print("heavy:", sorted(heavy & sys.modules.keys()))
"""
    for arguments in (["--help"], ["status", "--home", str(tmp_path)]):
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={name: value for name, value in os.environ.items() if "ONRECORD" not in name},
        )
        assert done.stdout.endswith("heavy: []\n"), done.stdout
