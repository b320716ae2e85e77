"""`/v1/articles`: the library over HTTP."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from index import Article, Library
from tests.api.standins import TEXT

BRIDGE = "The bridge at Ninh Bình was opened on Monday by the minister of transport."


def test_the_list_is_paged_and_filtered_and_leaves_the_texts_out(
    client: TestClient, library: Library
) -> None:
    library.put(Article("a", BRIDGE, lang="en"))
    page = client.get("/v1/articles", params={"offset": 1, "limit": 1}).json()
    assert (page["total"], page["offset"], page["limit"]) == (2, 1, 1)
    assert page["articles"][0]["id"] == "vns/gunma-1"
    assert page["articles"][0]["characters"] == len(TEXT)
    assert "text" not in page["articles"][0]
    asked = {"outlet": "VIỆT NAM NEWS", "from": "2023-12-15", "to": "2023-12-15"}
    assert client.get("/v1/articles", params=asked).json()["total"] == 1
    assert client.get("/v1/articles", params={"from": "2023-12-16"}).json()["total"] == 0
    assert client.get("/v1/articles", params={"query": "gunma"}).json()["total"] == 1


def test_an_article_is_read_by_an_id_with_slashes(client: TestClient, article: Article) -> None:
    reply = client.get("/v1/articles/vns%2Fgunma-1")
    assert reply.status_code == 200
    assert reply.json() == {
        "id": "vns/gunma-1",
        "sha256": article.sha256,
        "characters": len(TEXT),
        "title": "Chính in Gunma",
        "date": "2023-12-15",
        "outlet": "Việt Nam News",
        "lang": "en",
        "url": "https://example.org/gunma",
        "text": TEXT,
        "searchable": True,
    }


def test_the_wording_that_a_citation_names_is_read_after_an_edit_and_after_removal(
    client: TestClient, article: Article
) -> None:
    path, old = "/v1/articles/vns/gunma-1", {"sha256": article.sha256}
    assert client.put(path, json={"text": BRIDGE}).json()["outcome"] == "changed"
    edited = client.get(path).json()
    assert (edited["text"], edited["searchable"]) == (BRIDGE, False)
    quoted = client.get(path, params=old).json()
    assert (quoted["text"], quoted["searchable"]) == (TEXT, True)
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.get(path, params=old).json()["text"] == TEXT
    assert client.get(path, params={"sha256": "0" * 64}).status_code == 404


def test_putting_an_article_says_what_became_of_it(client: TestClient, library: Library) -> None:
    sent = {"text": BRIDGE, "source": "VNA", "date": "2025-01-02", "lang": "en", "title": "Open"}
    first = client.put("/v1/articles/b/1", json=sent)
    sha256 = hashlib.sha256(BRIDGE.encode()).hexdigest()
    assert first.status_code == 201
    assert first.json() == {
        "id": "b/1",
        "sha256": sha256,
        "outcome": "added",
        "searchable": False,
    }
    served = client.get("/v1/articles/vns/gunma-1").json()
    kept = {"text": TEXT, **{name: served[name] for name in ("title", "date", "lang", "url")}}
    as_served = client.put("/v1/articles/vns/gunma-1", json={**kept, "outlet": served["outlet"]})
    assert (as_served.json()["outcome"], as_served.json()["searchable"]) == ("unchanged", True)
    again = client.put("/v1/articles/b/1", json=sent)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    edited = client.put("/v1/articles/b/1", json={"text": BRIDGE, "outlet": "AFP"})
    assert (edited.status_code, edited.json()["outcome"]) == (200, "changed")
    stored = library.get("b/1")
    assert (stored.text, stored.title, stored.outlet) == (BRIDGE, None, "AFP")


def test_what_is_left_out_is_read_from_the_edges_of_the_text(
    client: TestClient, library: Library
) -> None:
    text = " date 2023-12-15 HÀ NỘI — Prime Minister Phạm Minh Chính visited the region. — VNS"
    client.put("/v1/articles/x", json={"text": text})
    stored = library.get("x")
    assert (stored.text, str(stored.date), stored.outlet) == (text, "2023-12-15", "VNS")


def test_a_removed_article_is_gone_once(client: TestClient) -> None:
    assert client.delete("/v1/articles/vns/gunma-1").status_code == 204
    again = client.delete("/v1/articles/vns/gunma-1")
    assert (again.status_code, again.json()["type"]) == (404, "urn:onrecord:no-such-article")


@pytest.mark.parametrize("wrapped", [False, True])
def test_each_article_of_a_list_is_taken_in_or_refused_on_its_own(
    client: TestClient, library: Library, wrapped: bool
) -> None:
    entries: list[object] = [
        {"id": "one", "text": BRIDGE},
        {"id": "two"},
        {"text": BRIDGE + " Again."},
        "no object",
        {"id": "three", "text": "   "},
        {"id": "four", "text": BRIDGE, "date": "soon"},
        {"id": "five", "text": BRIDGE, "colour": "red"},
        {"id": "vns/gunma-1", "text": TEXT + " More."},
    ]
    reply = client.post("/v1/articles", json={"articles": entries} if wrapped else entries)
    assert reply.status_code == 200
    named = hashlib.sha256(f"{BRIDGE} Again.".encode()).hexdigest()[:16]
    outcomes = [(each["id"], each["outcome"]) for each in reply.json()["written"]]
    assert outcomes == [("one", "added"), (named, "added"), ("vns/gunma-1", "changed")]
    assert [each["searchable"] for each in reply.json()["written"]] == [False] * 3
    refused = reply.json()["refused"]
    assert [each["index"] for each in refused] == [1, 3, 4, 5, 6]
    assert refused[0]["reason"] == "text: Field required"
    assert refused[4]["reason"] == "colour: Extra inputs are not permitted"
    assert library.count() == 3


def test_more_articles_than_one_list_may_hold_are_refused_together(
    client: TestClient, library: Library
) -> None:
    reply = client.post("/v1/articles", json=[{"text": "a"}] * 1001)
    assert (reply.status_code, library.count()) == (422, 1)


def test_an_edit_of_the_metadata_alone_is_not_searchable_yet(client: TestClient) -> None:
    path = "/v1/articles/vns/gunma-1"
    edited = client.put(path, json={"text": TEXT, "title": "Another"}).json()
    assert (edited["outcome"], edited["searchable"]) == ("changed", False)


def test_an_almost_full_disk_refuses_what_is_new_and_lets_removals_and_readers_pass(
    client: TestClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(free=49_900_000)
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    for reply in (
        client.put("/v1/articles/b", json={"text": BRIDGE}),
        client.post("/v1/articles", json=[{"text": BRIDGE}]),
        client.post("/v1/builds"),
    ):
        assert (reply.status_code, reply.json()["type"]) == (507, "urn:onrecord:disk-full")
        assert "free some space" in reply.json()["detail"]
    assert library.article_ids() == ["vns/gunma-1"]
    assert client.post("/v1/ask", json={"question": "What about Japan?"}).status_code == 200
    assert client.delete("/v1/articles/vns/gunma-1").status_code == 204
