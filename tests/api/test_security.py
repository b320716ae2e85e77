"""Keys as they are sent, hosts, sites, headers and addresses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError

from api.app import create_app
from api.builder import Builder
from api.errors import UnsafeBindError
from api.security import check_bind
from api.settings import ApiSettings
from index import GenerationStore, IndexSettings, Jobs, KeyStore, Library
from tests.api.standins import LookupAnswerer

KEY = "correct-horse-battery"
Served = Callable[..., TestClient]


@pytest.fixture
def served(
    answerer: LookupAnswerer, library: Library, store: GenerationStore, jobs: Jobs
) -> Served:
    def serve(
        host: str = "127.0.0.1", key: str | None = KEY, hosts: str = "", origins: str = ""
    ) -> TestClient:
        secret = SecretStr(key) if key else None
        settings = ApiSettings(
            host=host,
            api_key=secret,
            trusted_hosts=hosts,
            build_after_seconds=0,
            cors_origins=origins,
        )
        builder = Builder(jobs, library, store, IndexSettings(home=store.home), settings)
        app = create_app(answerer, library, store, settings, builder)
        return TestClient(app, base_url="http://127.0.0.1")

    return serve


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
def test_a_key_is_sent_in_one_of_two_headers(served: Served, headers: dict[str, str]) -> None:
    assert served("0.0.0.0").get("/v1/articles", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", WRONG)
def test_a_key_that_is_not_quite_the_right_one_opens_nothing(
    served: Served, headers: dict[str, str]
) -> None:
    assert served("0.0.0.0").get("/v1/articles", headers=headers).status_code == 401
    assert served().get("/v1/builds", headers=headers).status_code == 401


def test_a_missing_key_is_told_before_the_body_is_looked_at(served: Served) -> None:
    reply = served().put("/v1/articles/n", content=b"{", headers={"Content-Type": "text/plain"})
    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert reply.json()["type"] == "urn:onrecord:key-required"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_an_address_that_others_can_reach_needs_a_key(host: str, tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "library.sqlite")
    for _ in range(2):  # without a library, and with a key that is revoked
        with pytest.raises(UnsafeBindError, match="`onrecord key new`, or set ONRECORD_API_KEY"):
            check_bind(ApiSettings(host=host), keys)
        key, _ = keys.new("reader", "read")
        check_bind(ApiSettings(host=host), keys)
        keys.revoke(key.id)
    check_bind(ApiSettings(host=host, api_key=SecretStr(KEY)), keys)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_loopback_needs_no_key_unless_a_proxy_lets_others_in(host: str, tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "library.sqlite")
    check_bind(ApiSettings(host=host), keys)
    with pytest.raises(UnsafeBindError, match="through the proxy"):
        check_bind(ApiSettings(host=host, behind_proxy=True), keys)


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


FROM_ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}


def test_without_a_key_no_page_from_elsewhere_writes(served: Served, library: Library) -> None:
    client = served(key=None)
    refused = client.delete("/v1/articles/vns/gunma-1", headers=FROM_ELSEWHERE)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:onrecord:foreign-page")
    assert library.count() == 1
    for site in ("none", "same-origin"):
        kept = client.get("/v1/builds", headers={"Sec-Fetch-Site": site})
        assert kept.status_code == 200
    named = served(key=None, origins="https://evil.example")
    assert named.get("/v1/builds", headers=FROM_ELSEWHERE).status_code == 200


PREFLIGHT = {
    "Origin": "https://desk.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


def test_pages_from_elsewhere_may_read_nothing_unless_their_site_is_named(served: Served) -> None:
    asked = {"Origin": "https://desk.example"}
    shut = served(key=None)
    assert shut.options("/v1/ask", headers=PREFLIGHT).status_code == 405
    assert "access-control-allow-origin" not in shut.get("/v1/articles", headers=asked).headers
    named = served(key=None, origins="https://desk.example, http://localhost:3000")
    before = named.options("/v1/ask", headers=PREFLIGHT)
    assert before.status_code == 200
    assert before.headers["access-control-allow-origin"] == "https://desk.example"
    assert before.headers["x-content-type-options"] == "nosniff"
    reply = named.get("/v1/articles", headers=asked)
    assert reply.headers["access-control-allow-origin"] == "https://desk.example"
    assert "access-control-allow-credentials" not in reply.headers
    other = named.get("/v1/articles", headers={"Origin": "https://desk.example.evil.example"})
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize("origins", ["*", "desk.example", "https://desk.example/", "https://*.b"])
def test_a_site_is_named_by_its_whole_origin(origins: str) -> None:
    with pytest.raises(ValidationError, match="an origin is `https://host`"):
        ApiSettings(cors_origins=origins)
