"""The whole way with the real encoder: article file in, cited answer out, corrected and removed."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from api.app import create_app
from api.builder import Builder
from api.cli import app
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, Library
from qa import QaSettings, open_answerer

pytestmark = pytest.mark.model

FORUM = "004_c343ca25df146372"
PROJECTS = "How many valid projects does Japan have in Việt Nam?"
FERRY = "When will the ferry between Gdansk and Karlskrona resume?"
FERRY_TEXT = (
    "GDAŃSK (AFP) — 🚢 The ferry between Gdańsk and Karlskrona will resume on {day}, "
    "Polish transport minister Łucja Nowak said on Friday.\n\n"
    "She promised two sailings a day, and lower fares for lorries."
)


def run(home: Path, *arguments: object, exit_code: int = 0) -> Result:
    """What one command printed, its exit code checked."""
    line = ["--home", str(home), *map(str, arguments)]
    result = CliRunner().invoke(app, line, catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with an index of the articles that come with the program; only for reading."""
    home = tmp_path_factory.mktemp("seeded")
    added = run(home, "add", Path(__file__).parent.parent / "seeds")
    assert added.stdout == "5 added, 0 changed, 0 unchanged, 0 refused\n"
    assert json.loads(run(home, "build", "--json").stdout)["articles"] == 5
    return home


@pytest.fixture
def home(seeded: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(seeded, tmp_path / "home"))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """The server, started before there is anything to serve."""
    home = tmp_path / "empty"
    index_settings = IndexSettings(home=home)
    opener = partial(open_answerer, index_settings, QaSettings())
    settings = ApiSettings(refresh_seconds=0.05, build_after_seconds=0)
    path, store = home / "library.sqlite", GenerationStore(home)
    with Library(path) as library, Jobs(path) as jobs:
        builder = Builder(jobs, library, store, index_settings, settings)
        app = create_app(None, library, store, settings, builder, opener)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            yield client


def wait_for(generation: int, client: TestClient) -> None:
    """Until the server has moved to that generation by itself."""
    deadline = time.monotonic() + 60
    while client.get("/readyz").json().get("generation") != generation:
        assert time.monotonic() < deadline, f"generation {generation} never went live"
        time.sleep(0.05)


def ask(client: TestClient, question: str) -> dict[str, Any]:
    """The reply, every quote of it compared with the article that the server shows."""
    reply: dict[str, Any] = client.post("/v1/ask", json={"question": question}).json()
    for citation in reply["citations"]:
        wording = {"sha256": citation["article_sha256"]}
        article = client.get(f"/v1/articles/{citation['article_id']}", params=wording).json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert f"{citation['quote']} [{citation['number']}]" in reply["answer"]
    assert reply["answered"] == bool(reply["citations"])
    return reply


def sources(reply: dict[str, Any]) -> set[str]:
    """The articles that a reply quotes or shows."""
    return {each["article_id"] for each in (*reply["citations"], *reply["nearest"])}


def quoted(reply: dict[str, Any], words: str) -> dict[str, Any]:
    """The one citation of a reply that holds these words."""
    [citation] = [each for each in reply["citations"] if words in each["quote"]]
    return dict(citation)


def lasting(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply without what differs from one generation of the same articles to the next."""
    return {name: value for name, value in reply.items() if name not in ("generation", "took_ms")}


def test_an_article_is_added_asked_about_corrected_and_removed_while_the_server_runs(
    client: TestClient, seeds: Path, tmp_path: Path
) -> None:
    home, file = tmp_path / "empty", tmp_path / "ferry.txt"
    assert client.get("/readyz").status_code == 503

    run(home, "add", *seeds.glob(f"{FORUM}*"))
    run(home, "build")
    wait_for(1, client)
    first = ask(client, PROJECTS)
    told = quoted(first, "5,500 valid projects")
    assert (first["generation"], told["article_id"]) == (1, FORUM)
    assert (told["outlet"], told["date"], told["lang"]) == ("VNS", "2025-04-28", "en")
    assert "ferry" not in sources(ask(client, FERRY))

    file.write_text(FERRY_TEXT.format(day="3 March"), "utf-8")
    run(home, "add", file)
    run(home, "build")
    wait_for(2, client)
    new = ask(client, FERRY)
    assert (new["generation"], quoted(new, "on 3 March")["article_id"]) == (2, "ferry")

    edited = {"text": FERRY_TEXT.format(day="17 April")}
    written = client.put("/v1/articles/ferry", json=edited).json()
    assert (written["outcome"], written["searchable"]) == ("changed", False)
    run(home, "build")
    wait_for(3, client)
    corrected = ask(client, FERRY)
    assert quoted(corrected, "on 17 April")["article_id"] == "ferry"
    assert "3 March" not in corrected["answer"]
    assert client.get("/v1/articles/ferry").json()["searchable"]
    # What was said before stays provable: a kept generation quotes the old wording.
    save(new, file := tmp_path / "reply.json")
    run(home, "verify", file)

    assert client.delete("/v1/articles/ferry").status_code == 204
    assert client.get("/v1/articles/ferry").status_code == 404
    run(home, "build")
    wait_for(4, client)
    assert "ferry" not in sources(ask(client, FERRY))
    assert lasting(ask(client, PROJECTS)) == lasting(first)


def test_the_reply_that_the_readme_shows_is_the_one_that_is_given(seeded: Path) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    [(line, shown)] = re.findall(r"\n\$ (make ask .*)\n((?s:.*?))```", readme)
    question = shlex.split(line)[-1].removeprefix("Q=")
    assert run(seeded, "ask", "--", question).stdout == shown


def save(reply: dict[str, Any], file: Path) -> None:
    file.write_text(json.dumps(reply), "utf-8")


def evaluate(home: Path, questions: Path) -> dict[str, Any]:
    """The evaluation of one question that the forum's article answers."""
    asked = {"id": "1", "question": PROJECTS, "lang": "en", "relevant": [FORUM]}
    questions.write_text(json.dumps(asked), "utf-8")
    evaluation: dict[str, Any] = json.loads(run(home, "evaluate", questions, "--json").stdout)
    return evaluation


def test_the_terminal_goes_the_same_way_and_proves_what_it_said(home: Path, tmp_path: Path) -> None:
    reply = json.loads(run(home, "ask", PROJECTS, "--json").stdout)
    assert quoted(reply, "5,500 valid projects")["article_id"] == FORUM
    assert run(home, "ask", PROJECTS).stdout.startswith(f"{reply['citations'][0]['quote']} [1]\n")
    save(reply, file := tmp_path / "reply.json")
    proved = json.loads(run(home, "verify", file, "--json").stdout)
    assert proved == {"ok": True, "checked": len(reply["citations"]), "failures": []}

    questions = tmp_path / "questions.jsonl"
    figures = evaluate(home, questions)["figures"]["lang=en"]
    assert [figures[name]["value"] for name in ("Success@5", "answer_rate", "verbatim")] == [1] * 3

    assert run(home, "remove", FORUM).stdout == f"removed {FORUM}\n"
    status = json.loads(run(home, "status", "--json").stdout)
    assert (status["articles"], status["live"]["counts"]["articles"]) == (4, 5)
    assert not status["up_to_date"]
    run(home, "build")
    assert json.loads(run(home, "status", "--json").stdout)["up_to_date"]
    assert FORUM not in sources(json.loads(run(home, "ask", PROJECTS, "--json").stdout))
    assert evaluate(home, questions)["run"][0]["orphans"] == [FORUM]


@pytest.fixture(scope="module")
def reply(seeded: Path) -> str:
    """A reply as the command line prints it."""
    return run(seeded, "ask", PROJECTS, "--json").stdout


@pytest.mark.parametrize(
    ("written", "forged"),
    [
        ('"quote": "As', '"quote": "Is'),
        ('"answer": "As of March', '"answer": "As of April'),
        ('"start": 5', '"start": 6'),
        ('"article_sha256": "', '"article_sha256": "0'),
        ('"answered": true', '"answered": false'),
    ],
)
def test_a_saved_reply_in_which_one_thing_was_changed_is_not_proved(
    seeded: Path, reply: str, tmp_path: Path, written: str, forged: str
) -> None:
    changed = reply.replace(written, forged, 1)
    assert changed != reply
    (tmp_path / "reply.json").write_text(changed, "utf-8")
    assert "faults" in run(seeded, "verify", tmp_path / "reply.json", exit_code=1).stderr
