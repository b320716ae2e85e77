"""`onrecord record` and `onrecord coverage`: what is printed, and that it can be proved."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.commands.record import record
from index.record import ACTS, TIMES
from tests.qa.homes import APRIL, MARS, NOVEMBER, UNDATED, Home

RUN = CliRunner()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with ExitStack() as stack:
        made = Home(tmp_path_factory.mktemp("home"), stack)
        made.build(APRIL, NOVEMBER, MARS, UNDATED)
        yield made.path


def run(home: Path, *arguments: str, stdin: bytes | None = None) -> Result:
    return RUN.invoke(app, ["--home", str(home), *arguments], input=stdin)


def printed(home: Path, *arguments: str) -> str:
    done = run(home, *arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_each_row_shows_who_did_what_and_below_it_the_quote_with_its_place(home: Path) -> None:
    shown = printed(home, "record", "--leader", "chinh", "--as-of", "2025-04-28")
    assert shown.splitlines() == [
        "2025-04-28  Phạm Minh Chính  ask  → Japan  future  semiconductors",
        "    Prime Minister Phạm Minh Chính asked Japan to train more engineers for the "
        "semiconductor industry.",
        "    Two leaders, Việt Nam News, april [0:98]",
        "",
        "2024-03-01  Phạm Minh Chính  ask  → Japan  future  tourism",
        "    Le Premier ministre vietnamien Pham Minh Chinh a demandé au Japon de soutenir le "
        "tourisme.",
        "    Agence France, mars [0:90]",
        "",
        "2 on record, generation 1",
    ]


@pytest.mark.parametrize(
    ("options", "n"),
    [
        ((), 5),
        (("--as-of", "2025-04-27"), 1),
        (("--as-of", "2030-01-01"), 4),
        (("--as-of", "2030-01-01", "--to", "2024-12-31"), 1),
        (("--from", "2025-01-01", "--as-of", "2025-06-30"), 2),
        (("--sector", "tourisme", "--lang", "fr"), 1),
        (("--act", "commit"), 2),
        (("--time", "done"), 0),
        (("--counterpart", "Japan", "--outlet", "Việt Nam News"), 1),
        (("--leader", "nobody"), 0),
    ],
)
def test_options_limit_the_rows(home: Path, options: tuple[str, ...], n: int) -> None:
    assert printed(home, "record", *options).endswith(f"{n} on record, generation 1\n")
    assert len(json.loads(printed(home, "record", *options, "--json"))) == n


@pytest.mark.parametrize("form", ["--csv", "--json"])
def test_what_is_saved_can_be_proved_and_a_changed_quote_cannot(home: Path, form: str) -> None:
    saved = run(home, "record", form).stdout_bytes
    proof = run(home, "verify", "-", stdin=saved)
    assert (proof.exit_code, proof.stdout) == (
        0,
        "5 quotes checked, all word for word in their articles\n",
    )
    changed = run(home, "verify", "-", "--json", stdin=saved.replace(b"engineers", b"lawyers"))
    assert changed.exit_code == 1
    [failure] = json.loads(changed.stdout)["failures"]
    assert (failure["number"], failure["article_id"]) == (2, "april")
    assert failure["reason"] == "the text at [0, 98) is not the quote"


def test_a_saved_file_is_proved_with_the_line_ends_of_the_article(
    home: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "record.csv"
    saved.write_bytes(run(home, "record", "--csv").stdout_bytes)
    assert b"a new train\r\nline." in saved.read_bytes()
    assert run(home, "verify", str(saved)).exit_code == 0


def test_no_cell_of_the_csv_is_a_formula(home: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(printed(home, "record", "--csv"))))
    assert rows[-1]["quote"] == "'=Prime Minister Phạm Minh Chính proposed a new train\nline."
    assert rows[1] == {
        "date": "2025-04-28",
        "actor": "Phạm Minh Chính",
        "actor_id": "pham-minh-chinh",
        "act": "ask",
        "counterpart": "Japan",
        "time": "future",
        "sectors": "semiconductors",
        "resolved": "False",
        "quote": APRIL.text[:98],
        "title": "Two leaders",
        "outlet": "Việt Nam News",
        "lang": "en",
        "url": "https://example.org/april",
        "article_id": "april",
        "article_sha256": APRIL.sha256,
        "start": "0",
        "end": "98",
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--act", "promise"), "'commit', 'propose', 'ask', 'agree', 'sign', 'report'"),
        (("--time", "never"), "'future', 'ongoing', 'done'"),
        (("--as-of", "2025"), "%Y-%m-%d"),
    ],
)
def test_a_wrong_option_is_refused_with_the_choices(
    home: Path, options: tuple[str, ...], said: str
) -> None:
    done = run(home, "record", *options)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_the_choices_are_those_of_the_record() -> None:
    hints = get_type_hints(record)
    assert get_args(get_args(hints["act"])[0]) == ACTS
    assert get_args(get_args(hints["time"])[0]) == TIMES


def test_coverage_shows_counts_and_empty_cells(home: Path) -> None:
    shown = printed(home, "coverage", "--top", "2").splitlines()
    assert shown[0].split() == [str(n) for n in range(1, 16)]
    assert shown[1].split() == ["Phạm", "Minh", "Chính", "1", *"····1·········"]
    assert shown[2].split() == ["Ishiba", "Shigeru", *"··1············"]
    assert "  1 semiconductors" in shown
    assert "  9 health  (nobody)" in shown
    assert shown[-2:] == ["27 cells are empty", "2 of 3 people, generation 1"]


def test_coverage_as_csv_and_json_says_the_same(home: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(printed(home, "coverage", "--csv"))))
    assert [row["id"] for row in rows] == ["pham-minh-chinh", "ishiba-shigeru", "takaichi-sanae"]
    told = json.loads(printed(home, "coverage", "--json"))
    assert (told["generation"], told["total"], len(told["sectors"])) == (1, 3, 15)
    for row, leader in zip(rows, told["leaders"], strict=True):
        assert leader["counts"] == {each["id"]: int(row[each["id"]]) for each in told["sectors"]}
    assert {"leader": "takaichi-sanae", "sector": "health"} in told["empty"]
    assert len(told["empty"]) == 3 * 15 - 4


def test_coverage_of_articles_that_say_nothing_is_empty(home: Path) -> None:
    assert "0 of 0 people" in printed(home, "coverage", "--to", "1999-01-01")
    assert printed(home, "coverage", "--csv", "--to", "1999-01-01").count("\n") == 1


def test_without_an_index_the_commands_say_the_way_out(tmp_path: Path) -> None:
    for command in ("record", "coverage"):
        done = run(tmp_path, command)
        assert done.exit_code == 1
        assert "onrecord" in done.stderr
