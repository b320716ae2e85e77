"""`onrecord`: what each command prints, and its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner, Result

import index
import qa
from api.cli import app
from index import Article, Library
from tests.api.standins import QUOTE, TEXT, LookupAnswerer
from tests.fakes import WordEmbedder

RUN = CliRunner()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *arguments: str, typed: str | None = None) -> Result:
    return RUN.invoke(app, [*arguments, "--home", str(home)], input=typed)


def write(path: Path, *articles: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in articles), "utf-8")
    return path


@pytest.fixture
def filled(home: Path, article: Article) -> Path:
    with Library(home / "library.sqlite") as library:
        library.put(article)
    return home


@pytest.fixture
def answering(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose questions are answered by looking words up."""

    def open_answerer(*_: object) -> LookupAnswerer:
        return LookupAnswerer(Library(filled / "library.sqlite", read_only=True))

    monkeypatch.setattr(qa, "open_answerer", open_answerer)
    return filled


def test_add_counts_what_became_of_each_article(home: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", {"id": "a", "text": "One."}, {"id": "b", "text": "Two."})
    first = run(home, "add", str(file))
    assert first.exit_code == 0
    assert first.stdout == "2 added, 0 changed, 0 unchanged, 0 refused\n"
    assert "run `onrecord build`" in first.stderr
    write(file, {"id": "a", "text": "One."}, {"id": "b", "text": "Two, edited."})
    second = run(home, "add", str(file))
    assert second.stdout == "0 added, 1 changed, 1 unchanged, 0 refused\n"


def test_add_exits_1_when_anything_was_refused_and_the_rest_is_in(
    home: Path, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.jsonl", {"id": "a", "text": "One."}, {"id": "b"})
    done = run(home, "add", str(file), str(tmp_path / "none.txt"), "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert (report["added"], report["changed"], report["unchanged"]) == (1, 0, 0)
    assert [Path(each["where"]).name for each in report["refused"]] == ["a.jsonl:2", "none.txt"]


def test_status_of_an_empty_home_creates_nothing(home: Path) -> None:
    done = run(home, "status", "--json")
    state = json.loads(done.stdout)
    assert (state["articles"], state["live"], state["kept"]) == (0, None, [])
    assert "none yet" in run(home, "status").stdout
    assert not home.exists()


def test_status_says_when_the_library_changed_since_the_build(
    tmp_path: Path, store: object, library: Library
) -> None:
    state = json.loads(run(tmp_path, "status", "--json").stdout)
    assert (state["live"]["generation"], state["kept"], state["up_to_date"]) == (1, [1], True)
    assert "changed since" not in run(tmp_path, "status").stdout
    library.put(Article("new", "Some words."))
    assert "The library has changed since: run `onrecord build`." in run(tmp_path, "status").stdout


def test_home_may_stand_before_the_command_and_the_nearer_one_counts(
    filled: Path, tmp_path: Path
) -> None:
    before = RUN.invoke(app, ["--home", str(filled), "status", "--json"])
    assert json.loads(before.stdout)["articles"] == 1
    both = ["--home", str(tmp_path / "x"), "status", "--json", "--home", str(filled)]
    assert json.loads(RUN.invoke(app, both).stdout)["articles"] == 1


def test_remove_takes_articles_out_and_names_those_that_are_not_there(filled: Path) -> None:
    done = run(filled, "remove", "vns/gunma-1", "none")
    assert (done.exit_code, done.stdout) == (1, "removed vns/gunma-1\n")
    assert "not in the library: none" in done.stderr
    with Library(filled / "library.sqlite") as library:
        assert library.count() == 0


def test_ask_prints_the_quotes_and_below_them_their_places(answering: Path) -> None:
    done = run(answering, "ask", "What about Japan?")
    start = TEXT.index(QUOTE)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        f"{QUOTE} [1]",
        "",
        "[1] Chính in Gunma, Việt Nam News, 2023-12-15, "
        f"vns/gunma-1 [{start}:{start + len(QUOTE)}]",
        "",
        "generation 1, confidence 0.90",
    ]


def test_ask_names_the_outlets_that_carry_the_same_story(answering: Path) -> None:
    with Library(answering / "library.sqlite") as library:
        library.put(Article("wire/9", TEXT, outlet="The Wire"))
        library.put(Article("wire/10", TEXT))
    lines = run(answering, "ask", "What about Japan?").stdout.splitlines()
    assert lines[3] == "    also carried by wire/10, The Wire"
    silent = run(answering, "ask", "Who won the football?").stdout.splitlines()
    assert silent.count("    also carried by wire/10, The Wire") == 3


def test_ask_says_so_when_the_documents_do_not_and_still_exits_0(answering: Path) -> None:
    done = run(answering, "ask", "Who won the football?", "--k", "1", "--explain")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "The closest passages do not say “football”."
    assert lines[4].startswith("1. 🌉 HÀ NỘI — Prime Minister")
    assert lines[6] == "   score 1: lexical 0.5"


def test_an_article_cannot_command_the_terminal(answering: Path) -> None:
    with Library(answering / "library.sqlite") as library:
        library.put(Article("esc", "The zebra \x1b]0;owned\x07 \x9b31m walked.", "t\x1b[2J"))
    done = run(answering, "ask", "Where is the zebra?")
    assert "zebra" in done.stdout
    assert not any(c in done.stdout for c in "\x1b\x07\x9b")


def test_a_saved_reply_is_proved_and_a_forged_one_is_not(answering: Path, tmp_path: Path) -> None:
    reply = run(answering, "ask", "What about Japan?", "--json").stdout
    saved = tmp_path / "reply.json"
    saved.write_text(reply, "utf-8")
    proved = run(answering, "verify", str(saved))
    assert (proved.exit_code, proved.stdout[:16]) == (0, "1 quotes checked")
    forged = reply.replace("six orientations", "ten orientations")
    failed = run(answering, "verify", "-", "--json", typed=forged)
    assert failed.exit_code == 1
    report = json.loads(failed.stdout)
    assert (report["ok"], report["checked"]) == (False, 1)
    assert report["failures"][0]["article_id"] == "vns/gunma-1"


def test_build_makes_the_library_searchable_and_embeds_nothing_twice(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "load_embedder", lambda settings: WordEmbedder())
    first = run(filled, "build")
    assert (first.exit_code, first.stdout[:32]) == (0, "generation 1 is live: 1 articles")
    assert run(filled, "build").stdout == "generation 1 is up to date: nothing to embed\n"
    with Library(filled / "library.sqlite") as library:
        library.put(Article("twin", TEXT, "The same words again", lang="en"))
    report = json.loads(run(filled, "build", "--json").stdout)
    assert (report["generation"], report["articles"], report["embedded"]) == (2, 2, 0)
    state = json.loads(run(filled, "status", "--json").stdout)
    assert (state["live"]["generation"], state["up_to_date"]) == (2, True)


def test_build_of_a_mistyped_home_creates_nothing(home: Path) -> None:
    done = run(home, "build")
    assert (done.exit_code, home.exists()) == (1, False)
    assert "there is no library at" in done.stderr


QUESTIONS: tuple[dict[str, object], ...] = (
    {"id": "1", "question": "What about Japan?", "relevant": ["vns/gunma-1"], "lang": "en"},
    {"id": "2", "question": "Who won the football?", "answerable": False, "lang": "en"},
    {"id": "3", "question": "Où est Gunma?", "relevant": ["vns/gunma-1"], "lang": "fr"},
)


def test_evaluate_saves_what_a_later_run_is_compared_with(answering: Path, tmp_path: Path) -> None:
    file, saved = write(tmp_path / "q.jsonl", *QUESTIONS), tmp_path / "before.json"
    done = run(answering, "evaluate", str(file), "--save", str(saved), "--json")
    assert done.exit_code == 0
    assert done.stdout == saved.read_text("utf-8")
    figures = json.loads(done.stdout)["figures"]
    assert sorted(figures) == ["all", "lang=en", "lang=fr"]
    assert (figures["all"]["Success@1"]["value"], figures["all"]["Success@1"]["n"]) == (1.0, 2)
    same = run(answering, "evaluate", str(file), "--against", str(saved), "--max-drop", "0")
    assert same.exit_code == 0
    assert "Success@1         1.000 → 1.000  +0.000" in same.stdout

    with Library(answering / "library.sqlite") as library:
        library.put(Article("a", "Japan, Gunma and other words.", lang="en"))
    worse = run(answering, "evaluate", str(file), "--against", str(saved), "--max-drop", "0.1")
    assert worse.exit_code == 1
    assert "worse: Success@1 1.0000 → 0.0000" in worse.stderr


def test_evaluate_selects_by_label_and_limit(answering: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "q.jsonl", *QUESTIONS)

    def asked(*options: str) -> list[str]:
        done = run(answering, "evaluate", str(file), "--json", *options)
        return [each["id"] for each in json.loads(done.stdout)["run"]]

    assert asked("--where", "lang=en") == ["1", "2"]
    assert asked("--where", "lang=en", "--limit", "1") == ["1"]
    unknown = run(answering, "evaluate", str(file), "--where", "lang=de")
    assert (unknown.exit_code, "there are: en, fr" in unknown.stderr) == (2, True)


def test_chat_follows_up_and_starts_over(answering: Path) -> None:
    typed = "What about Japan?\n?!\nWhat was said there of Gunma?\n/new\nthere Gunma\n/quit\n"
    done = run(answering, "chat", typed=typed)
    assert done.exit_code == 0
    assert done.stdout.count("(understood as: What about Japan? What was said there") == 1
    assert done.stdout.count("understood as") == 1
    assert "the question is empty" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", "What about Japan?"], "no index in"),
        (["verify", "-"], "there is no library at"),
        (["remove", "a"], "there is no library at"),
        (["serve", "--host", "0.0.0.0"], "there is no API key"),
    ],
)
def test_an_error_is_one_line_on_standard_error_with_exit_code_1(
    home: Path, arguments: list[str], told: str
) -> None:
    done = run(home, *arguments, typed="{}")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("onrecord: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_misspelt_variable_stops_every_command(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_ENCODR", "x")
    done = run(home, "status")
    assert done.exit_code == 1
    assert "did you mean ONRECORD_ENCODER?" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "x", "--k", "0"],
        ["ask", "x", "--from", "soon"],
        ["evaluate", "q.jsonl", "--max-drop", "0.1"],
        ["verify", "/nowhere/reply.json"],
        ["fly"],
    ],
)
def test_a_wrong_use_exits_2(filled: Path, arguments: list[str]) -> None:
    assert run(filled, *arguments).exit_code == 2


def test_every_command_has_help_with_an_example() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    commands = group.commands
    assert sorted(commands) == [
        "add",
        "ask",
        "backup",
        "build",
        "calibrate",
        "chat",
        "coverage",
        "diff",
        "doctor",
        "evaluate",
        "key",
        "mcp",
        "record",
        "remove",
        "restore",
        "serve",
        "status",
        "use",
        "verify",
        "why-not",
    ]
    for name in [*sorted(commands.keys() - {"key"}), "key new", "key list", "key revoke"]:
        shown = RUN.invoke(app, [*name.split(), "--help"]).stdout
        assert f"onrecord {name}" in shown.split("Examples:")[1]
        assert "--home" in shown
