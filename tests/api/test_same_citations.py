"""One question, one list of citations, whichever way it is asked; with the real encoder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from mcp import Client
from typer.testing import CliRunner

from api.app import create_app
from api.builder import Builder
from api.cli import app as command_line
from api.mcp_server import create_server
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, Library
from qa import QaSettings, open_answerer
from tests.api.conftest import LOCAL

pytestmark = pytest.mark.model

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTIONS = [
    "How many valid projects does Japan have in Việt Nam?",
    "Combien de projets le Japon a-t-il au Vietnam ?",
    "Thủ tướng đề nghị Nhật Bản làm gì?",
    "When will the ferry between Gdansk and Karlskrona resume?",
]
TALK = [QUESTIONS[0], "And in which sectors?"]

Citations = list[dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    run(home, "add", str(SEEDS))
    run(home, "build")
    return home


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[FastAPI]:
    index_settings = IndexSettings(home=home)
    path, store = home / "library.sqlite", GenerationStore(home)
    settings = ApiSettings(build_after_seconds=0)
    with Library(path) as library, Jobs(path) as jobs:
        builder = Builder(jobs, library, store, index_settings, settings)
        answerer = open_answerer(index_settings, QaSettings())
        yield create_app(answerer, library, store, settings, builder)
        answerer.close()


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=LOCAL)  # its lifespan does not run: others need the answerer


def run(home: Path, *arguments: str) -> str:
    done = CliRunner().invoke(command_line, ["--home", str(home), *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def events(client: TestClient, path: str, body: dict[str, object]) -> list[tuple[str, Any]]:
    """The events of a streamed reply: name and data."""
    reply = client.post(path, json=body, headers={"Accept": "text/event-stream"})
    assert reply.status_code == 200, reply.text
    parts = [event.rpartition("data: ") for event in reply.text.strip().split("\n\n")]
    return [(name.strip(), data) for name, _, data in parts if data != "[DONE]"]


def streamed(client: TestClient, body: dict[str, object]) -> tuple[Citations, Citations]:
    """The citations of the sentences of `/v1/ask` as they come, and those of its end."""
    got = [(name, json.loads(data)) for name, data in events(client, "/v1/ask", body)]
    sentences = [data for name, data in got if name == "event: sentence"]
    return [each for one in sentences for each in one["citations"]], got[-1][1]["citations"]


def chatted(client: TestClient, messages: list[Any], stream: bool) -> Citations:
    """The citations of a reply to a chat client."""
    body = {"messages": messages, "stream": stream}
    if stream:
        *_, (_, last) = events(client, "/v1/chat/completions", body)
        reply = json.loads(last)
    else:
        reply = client.post("/v1/chat/completions", json=body).json()
    citations: Citations = reply["on_record"]["citations"]
    return citations


def through_mcp(app: FastAPI, asked: list[dict[str, object]]) -> list[Citations]:
    """The citations of one call after another."""

    async def call() -> list[Citations]:
        # The server of the tools closes its desk at its end, and with it the answerer.
        async with Client(create_server(app.state.parts, 60)) as models:
            replies = [await models.call_tool("ask", each) for each in asked]
        return [(each.structured_content or {})["citations"] for each in replies]

    return anyio.run(call)


def test_five_ways_to_ask_cite_the_same(home: Path, app: FastAPI, client: TestClient) -> None:
    plain = {}
    for question in QUESTIONS:
        body: dict[str, object] = {"question": question}
        cited = plain[question] = client.post("/v1/ask", json=body).json()["citations"]
        assert streamed(client, body) == (cited, cited)
        for stream in (False, True):
            assert chatted(client, [{"role": "user", "content": question}], stream) == cited
        assert json.loads(run(home, "ask", question, "--json"))["citations"] == cited
    assert [bool(cited) for cited in plain.values()] == [True, True, True, False]

    reply = client.post("/v1/chat/completions", json={"messages": [asking(TALK[0])]}).json()
    earlier = {"question": TALK[0], "answer": reply["on_record"]["answer"]}
    follow_up: dict[str, object] = {"question": TALK[1], "history": [earlier]}
    talk = client.post("/v1/ask", json=follow_up).json()
    assert talk["resolved_question"] != TALK[1]
    assert talk["citations"]
    messages = [asking(TALK[0]), reply["choices"][0]["message"], asking(TALK[1])]
    for stream in (False, True):
        assert chatted(client, messages, stream) == talk["citations"]

    asked: list[dict[str, object]] = [{"question": question} for question in QUESTIONS]
    assert through_mcp(app, [*asked, follow_up]) == [*plain.values(), talk["citations"]]


def asking(question: str) -> dict[str, str]:
    return {"role": "user", "content": question}
