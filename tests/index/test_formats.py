"""What an older version wrote is opened, what a newer one wrote is refused by its number."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from api.schemas import AnswerOut
from index import (
    GenerationStore,
    IndexSettings,
    Library,
    LibraryError,
    UnknownFormatError,
    build,
    load_analyser,
    open_snapshot,
)
from qa import Answerer, QaSettings, verify
from tests.data.homes.make import CERTAIN
from tests.fakes import WordEmbedder

HOMES = Path(__file__).parents[1] / "data" / "homes"


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A home of the first format: schema 1, format 1, one article corrected after the build."""
    return Path(shutil.copytree(HOMES / "first" / "home", tmp_path / "first"))


def asked(home: Path, library: Library, question: str) -> dict[str, object]:
    """A reply on the wire, without its times."""
    answerer = Answerer(
        GenerationStore(home),
        library,
        load_analyser(None),
        WordEmbedder(),
        QaSettings(),
        calibration=CERTAIN,
    )
    reply = AnswerOut.of(answerer.ask(question)).model_dump(mode="json")
    del reply["took_ms"]
    return reply


def schema(home: Path) -> int:
    with sqlite3.connect(home / "library.sqlite") as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("read_only", [True, False])
def test_a_home_of_the_first_format_gives_the_reply_it_gave(first: Path, read_only: bool) -> None:
    assert schema(first) == 1
    stored = json.loads((HOMES / "first" / "reply.json").read_text("utf-8"))
    with Library(first / "library.sqlite", read_only=read_only) as library:
        assert verify(stored, library).ok
        reply = asked(first, library, stored["question"])
    assert reply == stored
    assert (schema(first) == 1) is read_only


def test_a_home_of_the_first_format_is_built_on_and_its_old_wording_stays_proved(
    first: Path,
) -> None:
    stored = json.loads((HOMES / "first" / "reply.json").read_text("utf-8"))
    settings = IndexSettings(home=first, encoder="words")
    with Library(first / "library.sqlite") as library:
        report = build(library, GenerationStore(first), WordEmbedder(), settings)
        assert (report.generation, report.articles) == (2, 2)
        assert "fifty" in str(asked(first, library, stored["question"])["answer"])
        assert verify(stored, library).ok


def test_a_home_of_the_first_format_has_an_empty_record_until_it_is_built_anew(
    first: Path,
) -> None:
    store = GenerationStore(first)
    with Library(first / "library.sqlite") as library:
        old = open_snapshot(store, 1, library).record
        assert (old.is_built, old.persons(), old.statements()) == (False, (0, []), (0, []))
        build(library, store, WordEmbedder(), IndexSettings(home=first, encoder="words"))
        new = open_snapshot(store, 2, library).record
        assert (new.is_built, new.find("Anna Nowak")) == (True, ("anna-nowak",))


def test_the_first_format_is_kept_byte_for_byte(first: Path) -> None:
    assert GenerationStore(first).verify(1).format == 1
    assert sum(p.stat().st_size for p in HOMES.rglob("*") if p.is_file()) < 200_000


def test_a_generation_of_a_newer_format_is_refused_by_its_number(first: Path) -> None:
    store = GenerationStore(first)
    known = store.manifest(1).format
    (store.folder(1) / "manifest.json").write_text(
        replace(store.manifest(1), format=known + 1).to_json()
    )
    told = f"generation 1 has format {known + 1}, this version reads up to 1; upgrade onrecord"
    with Library(first / "library.sqlite") as library:
        for refuse in (
            lambda: store.verify(1),
            lambda: store.use(1),
            lambda: open_snapshot(store, 1, library),
            lambda: asked(first, library, "Who?"),
        ):
            with pytest.raises(UnknownFormatError, match=told):
                refuse()
    assert store.current() == 1


@pytest.mark.parametrize("read_only", [True, False])
def test_a_library_of_a_newer_schema_is_refused_and_left_as_it_is(
    first: Path, read_only: bool
) -> None:
    with sqlite3.connect(first / "library.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryError, match=r"has schema 99, this version reads up to \d; upgrade"):
        Library(first / "library.sqlite", read_only=read_only)
    assert schema(first) == 99
