"""What Prometheus reads: counts that are right, labels that are few, and nothing that was said."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import prometheus_client
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.types import Message

from api.app import create_app
from api.builder import Builder
from api.settings import ApiSettings
from index import Article, GenerationStore, Jobs, Library
from tests.api.conftest import LOCAL
from tests.api.standins import LookupAnswerer
from tests.api.test_app import wait_until

ASKED = {"question": "What about Japan?"}
STREAMED = {"Accept": "text/event-stream"}
Figures = dict[tuple[str, ...], float]


def figures(client: TestClient) -> Figures:
    """Every sample but buckets, by its name and the values of its labels in the order of names."""
    reply = client.get("/metrics")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
        if "le" not in sample.labels
    }


def requests(found: Figures) -> Figures:
    """How many requests by method, route and status, without those for the figures themselves."""
    name = "onrecord_request_seconds_count"
    return {key[1:]: n for key, n in found.items() if key[0] == name and key[2] != "/metrics"}


def test_a_request_is_counted_under_the_template_of_its_route(client: TestClient) -> None:
    client.get("/v1/articles/vns/gunma-1")
    client.get("/v1/articles/none")
    client.get("/v1/articles/none?sha256=zz")
    client.get("/nowhere")
    client.get("/healthz", headers={"Host": "evil.example"})
    assert requests(figures(client)) == {
        ("GET", "/v1/articles/{article_id}", "2xx"): 1,
        ("GET", "/v1/articles/{article_id}", "4xx"): 2,
        ("GET", "none", "4xx"): 2,
    }


def test_hostile_paths_methods_and_headers_add_no_label(client: TestClient) -> None:
    for n in range(20):
        mark = f"x'\"}}{n}"
        for path in (f"/{mark}", f"/v1/articles/{mark}%25", f"/web/{mark}", f"/v1/builds/{mark}"):
            for method in ("GET", "DELETE", f"X{n}", "TRACE", "get"):
                client.request(method, path, headers={"X-Request-Id": mark, "X-API-Key": mark})
    found = requests(figures(client))
    routes = {
        "none",
        "/v1/articles/{article_id}",
        "/web/{name}",
        "/v1/builds/{number}",
    }
    assert {route for _, route, _ in found} == routes
    assert {method for method, _, _ in found} == {"GET", "DELETE", "other"}
    assert {status for _, _, status in found} == {"4xx"}
    assert sum(found.values()) == 20 * 4 * 5


def test_answers_are_counted_by_outcome_and_their_stages_timed(client: TestClient) -> None:
    client.post("/v1/ask", json=ASKED)
    client.post("/v1/ask", json=ASKED, headers=STREAMED)
    client.post("/v1/ask", json={"question": "What about Zanzibar?"})
    client.post("/v1/ask", json={"question": " "})
    found = figures(client)
    answers = {key[1:]: n for key, n in found.items() if key[0] == "onrecord_answers_total"}
    assert answers == {("extractive", "answered"): 2, ("extractive", "weak_evidence"): 1}
    assert found["onrecord_stage_seconds_count", "search"] == 3
    assert found["onrecord_stage_seconds_sum", "search"] == pytest.approx(0.003)


def test_a_streamed_reply_is_counted_at_its_end(
    client: TestClient, answerer: LookupAnswerer
) -> None:
    midway: list[Figures] = []
    answerer.reading = lambda: midway.append(requests(figures(client)))
    client.post("/v1/ask", json=ASKED, headers=STREAMED)
    assert midway == [{}]
    assert requests(figures(client)) == {("POST", "/v1/ask", "2xx"): 1}


def test_a_stream_that_breaks_off_is_counted_as_failed(
    client: TestClient, answerer: LookupAnswerer
) -> None:
    def fail() -> None:
        raise OSError("the disk is gone")

    answerer.reading = fail
    reply = client.post("/v1/ask", json=ASKED, headers=STREAMED)
    assert reply.status_code == 200
    assert requests(figures(client)) == {("POST", "/v1/ask", "5xx"): 1}


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_client_that_leaves_is_counted(
    app: FastAPI, answerer: LookupAnswerer, accept: str
) -> None:
    answerer.reading = lambda: time.sleep(0.15)

    def said() -> Iterator[Message]:
        yield {"type": "http.request", "body": b'{"question": "What about Japan?"}'}
        while True:
            yield {"type": "http.disconnect"}

    saying = said()

    async def receive() -> Message:
        return next(saying)

    async def send(_: Message) -> None:
        await anyio.sleep(0)

    headers = {"host": "localhost", "content-type": "application/json", "accept": accept}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/ask",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "query_string": b"",
    }
    anyio.run(app, scope, receive, send)
    client = TestClient(app, base_url=LOCAL)
    assert requests(figures(client)) == {("POST", "/v1/ask", "left"): 1}


def test_the_gate_tells_what_runs_and_what_was_turned_away(
    answerer: LookupAnswerer, library: Library, store: GenerationStore, builder: Builder
) -> None:
    settings = ApiSettings(max_concurrency=1, queue=0, build_after_seconds=0)
    app = create_app(answerer, library, store, settings, builder)
    inside: list[Figures] = []

    with TestClient(app, base_url=LOCAL) as client:

        def crowd() -> None:
            answerer.during = lambda: None
            assert client.post("/v1/ask", json=ASKED).status_code == 503
            inside.append(figures(client))

        answerer.during = crowd
        assert client.post("/v1/ask", json=ASKED).status_code == 200
        outside = figures(client)
    names = ("onrecord_gate_running", "onrecord_gate_waiting", "onrecord_gate_refused_total")
    assert [inside[0][name,] for name in names] == [1, 0, 1]
    assert [outside[name,] for name in names] == [0, 0, 1]


def test_the_index_tells_what_it_holds_and_whether_it_is_behind(
    client: TestClient, library: Library
) -> None:
    found = figures(client)
    assert found["onrecord_generation",] == 1
    assert found["onrecord_index_articles",] == found["onrecord_index_passages",] == 1
    assert (found["onrecord_library_revision",], found["onrecord_index_behind",]) == (1, 0)
    library.put(Article("new", "Some words."))
    found = figures(client)
    assert (found["onrecord_library_revision",], found["onrecord_index_behind",]) == (2, 1)


def test_what_cannot_be_read_is_left_out_and_all_else_is_there(
    client: TestClient, store: GenerationStore
) -> None:
    shutil.rmtree(store.folder(1))
    found = figures(client)
    assert ("onrecord_index_articles",) not in found
    assert found["onrecord_generation",] == 1
    assert found["onrecord_builds_to_come",] == 0
    assert found["process_open_fds",] > 3
    assert found["process_resident_memory_bytes",] > 1e7


def test_a_server_with_nothing_to_ask_says_so(
    library: Library, store: GenerationStore, settings: ApiSettings, builder: Builder
) -> None:
    client = TestClient(create_app(None, library, store, settings, builder), base_url=LOCAL)
    assert figures(client)["onrecord_generation",] == 0


def test_builds_are_counted_by_how_they_ended(client: TestClient) -> None:
    before = figures(client)
    assert before["onrecord_builds_total", "succeeded"] == 0
    assert ("onrecord_last_build_seconds",) not in before
    number = client.post("/v1/builds").json()["id"]
    waits = figures(client)["onrecord_builds_to_come",]
    wait_until(lambda: client.get(f"/v1/builds/{number}").json()["ended"] is not None)
    found = figures(client)
    assert (waits, found["onrecord_builds_to_come",]) == (1, 0)
    assert found["onrecord_builds_total", "succeeded"] == 1
    assert 0 < found["onrecord_last_build_seconds",] < 60


def test_every_figure_is_listed_in_the_readme(app: FastAPI, client: TestClient, jobs: Jobs) -> None:
    client.post("/v1/ask", json=ASKED)
    app.state.watch.metrics.model_called("ok")
    app.state.watch.metrics.sentence_dropped("quote")
    jobs.end(jobs.start(jobs.add("request", 1).id, 1).id, "succeeded", 1)
    parts = re.compile(r"_(count|sum|created)$")
    told = {parts.sub("", name) for name, *_ in figures(client)}
    told = {f"{name}_total" if f"{name}_total" in told else name for name in told}
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    listed = set(re.findall(r"`(onrecord_\w+)`", readme))
    assert listed == {name for name in told if name.startswith("onrecord_")}


def test_calls_of_a_model_and_what_is_dropped_of_its_words_are_counted(
    app: FastAPI, client: TestClient
) -> None:
    metrics = app.state.watch.metrics
    metrics.model_called("ok")
    metrics.model_called("timeout")
    metrics.model_called("timeout")
    metrics.sentence_dropped("quote")
    found = figures(client)
    assert found["onrecord_model_calls_total", "ok"] == 1
    assert found["onrecord_model_calls_total", "timeout"] == 2
    assert found["onrecord_model_sentences_dropped_total", "quote"] == 1


def test_nothing_that_was_asked_or_sent_is_in_the_figures(
    client: TestClient, answerer: LookupAnswerer
) -> None:
    headers = {"X-API-Key": "SECRET-key-of-somebody", "X-Request-Id": "SECRET-id"}
    client.post("/v1/ask", json={"question": "What about SECRET?"}, headers=headers)
    client.get("/v1/articles?query=SECRET", headers=headers)
    client.put("/v1/articles/SECRET", json={"text": "SECRET words."}, headers=headers)

    def fail() -> None:
        raise ValueError("SECRET")

    answerer.during = fail
    client.post("/v1/ask", json=ASKED, headers=headers)
    assert "SECRET" not in client.get("/metrics").text


def test_whoever_may_read_may_read_the_figures(
    answerer: LookupAnswerer, library: Library, store: GenerationStore, builder: Builder
) -> None:
    key = "correct-horse-battery"
    settings = ApiSettings(host="0.0.0.0", api_key=SecretStr(key), build_after_seconds=0)
    client = TestClient(create_app(answerer, library, store, settings, builder), base_url=LOCAL)
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"X-API-Key": key}).status_code == 200


def test_two_apps_count_apart_and_nothing_is_counted_for_the_whole_process(
    answerer: LookupAnswerer,
    library: Library,
    store: GenerationStore,
    settings: ApiSettings,
    builder: Builder,
) -> None:
    one, other = (
        TestClient(create_app(answerer, library, store, settings, builder), base_url=LOCAL)
        for _ in range(2)
    )
    one.get("/healthz")
    assert requests(figures(one)) == {("GET", "/healthz", "2xx"): 1}
    assert requests(figures(other)) == {}
    assert b"onrecord" not in prometheus_client.generate_latest()
