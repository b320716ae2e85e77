"""`DELETE /v1/articles/{id}?prove=true`: the server builds, moves, and proves what is gone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.builder import Builder
from api.settings import ApiSettings
from index import Article, GenerationStore, IndexSettings, Jobs, Library, build, load_analyser
from qa import Answerer, QaSettings
from tests.api.conftest import LOCAL, WORKER
from tests.api.standins import QUOTE
from tests.fakes import WordEmbedder
from tests.qa.homes import BY_WORDS

PATH = "/v1/articles/vns/gunma-1"
Serve = Callable[..., TestClient]


@pytest.fixture
def settings(tmp_path: Path) -> ApiSettings:
    return ApiSettings(build_after_seconds=0, refresh_seconds=3600)


@pytest.fixture
def store(tmp_path: Path, library: Library) -> GenerationStore:
    """A store with a generation of the library, built with the encoder that hashes words."""
    library.put(Article("flood", "The river rose at night. Nobody was hurt.", lang="en"))
    store = GenerationStore(tmp_path)
    build(library, store, WordEmbedder(), IndexSettings(home=tmp_path))
    return store


@pytest.fixture
def serve(
    library: Library, store: GenerationStore, jobs: Jobs, settings: ApiSettings
) -> Iterator[Serve]:
    """A server of the home whose builds are made by the given command."""
    with ExitStack() as stack:

        def started(*worker: str) -> TestClient:
            index = IndexSettings(home=store.home)
            builder = Builder(jobs, library, store, index, settings, worker or WORKER)
            answerer = Answerer(
                store,
                Library(library.path, read_only=True),
                load_analyser(),
                WordEmbedder(),
                QaSettings(),
                calibration=BY_WORDS,
            )
            app = create_app(answerer, library, store, settings, builder)
            client = TestClient(app, base_url=LOCAL, raise_server_exceptions=False)
            return stack.enter_context(client)

        yield started


def test_a_proof_is_given_once_the_server_has_moved(
    serve: Serve, store: GenerationStore, library: Library
) -> None:
    client = serve()
    question = {"question": QUOTE}
    assert client.post("/v1/ask", json=question).json()["answered"]
    reply = client.delete(PATH, params={"prove": True})
    assert reply.status_code == 200
    proof = reply.json()
    assert (proof["id"], proof["proved"], proof["generation"]) == ("vns/gunma-1", True, 2)
    assert proof["probe"] == {"asked": 3, "hits": 0, "quotes": 0, "copies": []}
    assert (proof["kept_in"], proof["purge"]) == ([1], None)
    [articles] = [count for count in proof["counts"] if count["place"] == "articles"]
    assert (articles["live_before"], articles["live_after"]) == (1, 0)
    after = client.post("/v1/ask", json=question).json()
    assert (after["generation"], after["answered"]) == (2, False)
    assert library.article_ids() == ["flood"]


def test_a_purge_over_http_leaves_no_byte_also_after_the_fact(
    serve: Serve, store: GenerationStore
) -> None:
    client = serve()
    assert client.delete(PATH).status_code == 204
    assert client.delete(PATH, params={"prove": True}).json()["kept_in"] == [1]
    proof = client.delete(PATH, params={"purge": True}).json()
    assert (proof["proved"], proof["purge"]["found"], proof["purge"]["named"]) == (True, {}, 0)
    assert store.kept() == (2,)
    stored = b"".join(path.read_bytes() for path in store.home.rglob("*") if path.is_file())
    assert QUOTE.encode() not in stored
    gone = client.delete(PATH, params={"purge": True})
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:onrecord:no-such-article")


def test_when_the_build_fails_the_reply_says_that_the_article_is_removed_all_the_same(
    serve: Serve, library: Library, store: GenerationStore
) -> None:
    client = serve(sys.executable, "-c", "raise SystemExit(3)")
    reply = client.delete(PATH, params={"purge": True})
    assert (reply.status_code, reply.json()["type"]) == (503, "urn:onrecord:not-proved")
    assert reply.json()["title"] == "Removed, and not proved"
    assert "removed from the library all the same" in reply.json()["detail"]
    assert "build 1 ended as failed" in reply.json()["detail"]
    assert library.article_ids() == ["flood"]
    assert store.kept() == (1,)


def test_an_index_that_this_server_does_not_serve_yet_is_no_proof(
    library: Library, store: GenerationStore, jobs: Jobs, settings: ApiSettings
) -> None:
    pinned = Answerer(
        store,
        Library(library.path, read_only=True),
        load_analyser(),
        WordEmbedder(),
        QaSettings(),
        calibration=BY_WORDS,
        generation=1,
    )
    builder = Builder(jobs, library, store, IndexSettings(home=store.home), settings, WORKER)
    app = create_app(pinned, library, store, settings, builder)
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        reply = client.delete(PATH, params={"prove": True})
    assert reply.status_code == 503
    assert "generation 1 is still served, not generation 2" in reply.json()["detail"]


def test_the_schema_names_the_proof(serve: Serve) -> None:
    schema = serve().get("/openapi.json").json()
    described = schema["paths"]["/v1/articles/{article_id}"]["delete"]
    [body] = described["responses"]["200"]["content"].values()
    assert body["schema"] == {"$ref": "#/components/schemas/ProofOut"}
    assert "204" in described["responses"]
    assert [each["name"] for each in described["parameters"]] == ["article_id", "prove", "purge"]
