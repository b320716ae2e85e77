"""Keys, hosts, headers and addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.builder import Builder
from api.errors import UnsafeBindError
from api.security import check_bind
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, Library
from tests.api.standins import LookupAnswerer

KEY = "correct-horse-battery"
Served = Callable[..., TestClient]


@pytest.fixture
def served(
    answerer: LookupAnswerer, library: Library, store: GenerationStore, jobs: Jobs
) -> Served:
    def serve(host: str = "127.0.0.1", key: str | None = KEY, hosts: str = "") -> TestClient:
        secret = SecretStr(key) if key else None
        settings = ApiSettings(
            host=host, api_key=secret, trusted_hosts=hosts, build_after_seconds=0
        )
        builder = Builder(jobs, library, store, IndexSettings(home=store.home), settings)
        app = create_app(answerer, library, store, settings, builder)
        return TestClient(app, base_url="http://127.0.0.1")

    return serve


def requests(client: TestClient, headers: dict[str, str]) -> Iterator[tuple[str, int]]:
    """What each kind of request gets with these headers."""
    asked = {"question": "What about Japan?"}
    yield "read", client.post("/v1/ask", json=asked, headers=headers).status_code
    yield "read", client.get("/v1/articles", headers=headers).status_code
    yield "read", client.get("/v1/generations", headers=headers).status_code
    article = {"text": "Some words of an article."}
    yield "write", client.get("/v1/builds", headers=headers).status_code
    yield "write", client.post("/v1/builds", headers=headers).status_code
    yield "write", client.put("/v1/articles/n", json=article, headers=headers).status_code
    yield "write", client.post("/v1/articles", json=[article], headers=headers).status_code
    yield "write", client.delete("/v1/articles/n", headers=headers).status_code
    yield "open", client.get("/healthz", headers=headers).status_code
    yield "open", client.get("/readyz", headers=headers).status_code
    yield "open", client.get("/", headers=headers).status_code


RIGHT = [
    {"Authorization": f"Bearer {KEY}"},
    {"Authorization": f"bearer  {KEY}"},
    {"X-API-Key": KEY},
]
WRONG = [
    {},
    {"Authorization": KEY},
    {"Authorization": f"Basic {KEY}"},
    {"Authorization": "Bearer"},
    {"Authorization": f"Bearer {KEY}x"},
    {"Authorization": "Bearer wrong", "X-API-Key": KEY},
    {"X-API-Key": KEY[:-1]},
    {"X-API-Key": KEY.upper()},
    {"X-API-Key": ""},
]


@pytest.mark.parametrize("headers", RIGHT)
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_right_key_opens_everything(served: Served, host: str, headers: dict[str, str]) -> None:
    assert all(status < 300 for _, status in requests(served(host), headers))


@pytest.mark.parametrize("headers", WRONG)
def test_without_the_right_key_reading_is_open_on_loopback_only_and_writing_nowhere(
    served: Served, library: Library, headers: dict[str, str]
) -> None:
    for kind, status in requests(served("127.0.0.1"), headers):
        assert (status == 401) is (kind == "write"), kind
    for kind, status in requests(served("0.0.0.0"), headers):
        assert (status == 401) is (kind != "open"), kind
    assert library.count() == 1


def test_with_no_key_set_all_is_open_on_loopback(served: Served) -> None:
    assert all(status < 300 for _, status in requests(served(key=None), {}))


def test_a_missing_key_is_told_before_the_body_is_looked_at(served: Served) -> None:
    reply = served().put("/v1/articles/n", content=b"{", headers={"Content-Type": "text/plain"})
    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert reply.json()["type"] == "urn:onrecord:key-required"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_an_address_that_others_can_reach_needs_a_key(host: str) -> None:
    with pytest.raises(UnsafeBindError, match="ONRECORD_API_KEY"):
        check_bind(ApiSettings(host=host))
    check_bind(ApiSettings(host=host, api_key=SecretStr(KEY)))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_loopback_needs_no_key(host: str) -> None:
    check_bind(ApiSettings(host=host))


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("LocalHost", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("evil.example@127.0.0.1", 400),
        ("127.0.0.1/evil", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
def test_on_loopback_only_local_names_are_served(served: Served, header: str, status: int) -> None:
    reply = served(key=None).get("/healthz", headers={"Host": header})
    assert reply.status_code == status
    if status == 400:
        assert reply.json()["type"] == "urn:onrecord:unknown-host"


def test_a_trusted_host_is_served_beside_the_local_ones(served: Served) -> None:
    client = served(hosts="news.example, other.example")
    statuses = {
        name: client.get("/healthz", headers={"Host": name}).status_code
        for name in ("news.example", "other.example:8443", "localhost", "evil.example")
    }
    assert list(statuses.values()) == [200, 200, 200, 400]


@pytest.mark.parametrize("path", ["/", "/docs", "/healthz", "/web/app.js", "/nowhere", "/v1/ask"])
def test_every_reply_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_the_key_is_in_no_text_of_the_settings() -> None:
    assert KEY not in repr(ApiSettings(api_key=SecretStr(KEY)))
