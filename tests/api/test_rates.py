"""So many requests a minute for each key, and when it may go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.builder import Builder
from api.errors import RateExceededError
from api.rates import Rates
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, KeyStore, Library
from tests.api.standins import LookupAnswerer


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many seconds pass."""
    now = [1_700_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


def test_a_key_goes_on_when_its_oldest_request_is_a_minute_old(
    passes: Callable[[float], None],
) -> None:
    rates = Rates(3)
    for _ in range(3):
        rates.count("a")
        passes(10)
    for _ in range(2):  # what is refused does not count
        with pytest.raises(RateExceededError, match="may make 3 requests a minute") as refused:
            rates.count("a")
        assert refused.value.retry_after == 30
    passes(30.5)
    rates.count("a")
    with pytest.raises(RateExceededError) as refused:
        rates.count("a")
    assert refused.value.retry_after == 10


def test_each_key_has_its_own_count_and_may_have_its_own_rate() -> None:
    rates = Rates(1)
    rates.count("a")
    rates.count("b")
    for _ in range(4):
        rates.count("c", 4)
        rates.count("free", 0)
    for key, rate in (("a", None), ("b", None), ("c", 4)):
        with pytest.raises(RateExceededError):
            rates.count(key, rate)


def test_0_sets_no_limit() -> None:
    rates = Rates(0)
    for _ in range(1000):
        rates.count("a")


@pytest.fixture
def limited(
    answerer: LookupAnswerer, library: Library, store: GenerationStore, jobs: Jobs
) -> FastAPI:
    settings = ApiSettings(host="0.0.0.0", rate_per_minute=2, build_after_seconds=0)
    builder = Builder(jobs, library, store, IndexSettings(home=store.home), settings)
    return create_app(answerer, library, store, settings, builder)


def test_over_http_too_many_requests_get_429_and_the_time_to_wait(
    limited: FastAPI, library: Library
) -> None:
    keys = KeyStore(library.path)
    client = TestClient(limited, base_url="http://127.0.0.1")

    def ask(sent: str) -> tuple[int, str | None]:
        reply = client.get("/v1/articles", headers={"X-API-Key": sent})
        return reply.status_code, reply.headers.get("retry-after")

    _, one = keys.new("one", "read")
    _, other = keys.new("other", "read", 1)
    assert [ask(one) for _ in range(3)] == [(200, None), (200, None), (429, "60")]
    assert [ask(other) for _ in range(2)] == [(200, None), (429, "60")]
    refused = client.post("/v1/ask", content=b"{", headers={"X-API-Key": one})
    assert refused.json()["type"] == "urn:onrecord:rate-exceeded"
    assert client.get("/healthz").status_code == 200
    # Whoever may only read is counted when it would write, and does not learn more by it.
    _, third = keys.new("third", "read")
    wrote = [client.post("/v1/builds", headers={"X-API-Key": third}) for _ in range(3)]
    assert [reply.status_code for reply in wrote] == [403, 403, 429]
