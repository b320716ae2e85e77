"""`POST /v1/ask` and `/v1/search`."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from index import Article, Library
from tests.api.standins import QUOTE, TEXT, LookupAnswerer


def test_a_reply_quotes_the_stored_text_with_its_place(
    client: TestClient, article: Article
) -> None:
    reply = client.post("/v1/ask", json={"question": "What about Japan?"})
    start = TEXT.index(QUOTE)
    assert reply.status_code == 200
    assert reply.json() == {
        "question": "What about Japan?",
        "resolved_question": "What about Japan?",
        "answered": True,
        "reason": None,
        "missing": [],
        "message": "",
        "confidence": 0.9,
        "answer": f"{QUOTE} [1]",
        "citations": [
            {
                "number": 1,
                "article_id": "vns/gunma-1",
                "article_sha256": article.sha256,
                "title": "Chính in Gunma",
                "outlet": "Việt Nam News",
                "date": "2023-12-15",
                "lang": "en",
                "url": "https://example.org/gunma",
                "quote": QUOTE,
                "start": start,
                "end": start + len(QUOTE),
                "marks": [{"start": TEXT.index("Japan"), "end": TEXT.index("Japan") + 5}],
                "copies": [],
            }
        ],
        "nearest": [],
        "mode": "extractive",
        "generation": 1,
        "took_ms": {"search": 1.0, "total": 2.0},
    }


def test_an_abstention_is_a_reply_with_a_reason_and_the_nearest_passages(
    client: TestClient,
) -> None:
    reply = client.post("/v1/ask", json={"question": "Who won the football?", "k": 2})
    body = reply.json()
    assert reply.status_code == 200
    assert (body["answered"], body["reason"]) == (False, "weak_evidence")
    assert (body["missing"], body["message"]) == (
        ["football"],
        "The closest passages do not say “football”.",
    )
    assert (body["answer"], body["citations"]) == ("", [])
    assert [hit["rank"] for hit in body["nearest"]] == [1, 2]
    assert body["nearest"][1]["text"] == QUOTE


def test_earlier_turns_resolve_a_follow_up(client: TestClient) -> None:
    turn = {"question": "Who visited Gunma?", "answer": None}
    body = {"question": "What was proposed there for Japan?", "history": [turn]}
    reply = client.post("/v1/ask", json=body).json()
    assert reply["resolved_question"] == "Who visited Gunma? What was proposed there for Japan?"


def test_filters_limit_what_is_found(client: TestClient) -> None:
    asked = {"question": "What about Japan?", "filters": {"lang": "fr", "from": "2020-01-01"}}
    reply = client.post("/v1/ask", json=asked).json()
    assert (reply["answered"], reply["nearest"]) == (False, [])


def test_search_gives_ranked_passages_and_explains_only_when_asked(client: TestClient) -> None:
    asked = {"question": "Japan", "k": 1}
    [hit] = client.post("/v1/search", json=asked).json()["hits"]
    assert (hit["rank"], hit["explain"]) == (1, None)
    assert hit["passage_id"] == f"vns/gunma-1#0-{hit['end']}"
    assert hit["text"] == TEXT[hit["start"] : hit["end"]]
    [explained] = client.post("/v1/search", json={**asked, "explain": True}).json()["hits"]
    assert explained["explain"] == {"lexical": 0.5, "matched": []}


def test_quotes_and_passages_name_the_articles_that_carry_the_same_story(
    client: TestClient, library: Library
) -> None:
    library.put(Article("wire/9", TEXT, outlet="The Wire"))
    asked = {"question": "What about Japan?"}
    [citation] = client.post("/v1/ask", json=asked).json()["citations"]
    assert citation["copies"] == [{"article_id": "wire/9", "outlet": "The Wire"}]
    hit = client.post("/v1/search", json=asked).json()["hits"][0]
    assert hit["copies"] == [{"article_id": "wire/9", "outlet": "The Wire"}]


def test_an_event_stream_sends_each_step_and_then_the_whole_reply(client: TestClient) -> None:
    question = {"question": "What about Japan?"}
    headers = {"Accept": "text/event-stream"}
    streamed = client.post("/v1/ask", json=question, headers=headers)
    assert streamed.headers["content-type"] == "text/event-stream; charset=utf-8"
    events = [event.split("\n") for event in streamed.text.strip().split("\n\n")]
    names = [event[0].removeprefix("event: ") for event in events]
    assert names == ["resolved", "hits", "sentence", "done"]
    resolved, hits, said, done = (json.loads(event[1].removeprefix("data: ")) for event in events)
    assert done == client.post("/v1/ask", json=question).json()
    assert resolved == {"resolved_question": "What about Japan?", "generation": 1}
    assert hits["hits"] == client.post("/v1/search", json=question).json()["hits"]
    assert said == {
        "text": done["answer"],
        "citations": done["citations"],
        "mode": "extractive",
    }


def test_what_is_refused_before_a_stream_begins_is_refused_with_its_status(
    client: TestClient,
) -> None:
    headers = {"Accept": "text/event-stream"}
    refused = client.post("/v1/ask", json={"question": "?"}, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:onrecord:bad-question"


def test_what_goes_wrong_in_the_middle_of_a_stream_is_its_last_event(
    client: TestClient, answerer: LookupAnswerer
) -> None:
    def fail() -> None:
        raise RuntimeError("secret path")

    answerer.reading = fail
    headers = {"Accept": "text/event-stream"}
    streamed = client.post("/v1/ask", json={"question": "What about Japan?"}, headers=headers)
    *_, last = streamed.text.strip().split("\n\n")
    name, data = last.split("\n")
    assert (streamed.status_code, name) == (200, "event: error")
    assert json.loads(data.removeprefix("data: "))["type"] == "urn:onrecord:internal-error"
    assert "secret" not in streamed.text


def test_a_full_queue_turns_further_questions_away_while_health_still_answers(
    client: TestClient, answerer: LookupAnswerer
) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        entered.set()
        assert go_on.wait(10)

    answerer.during = hold
    question = {"question": "What about Japan?"}
    with ThreadPoolExecutor(6) as pool:
        working = pool.submit(client.post, "/v1/ask", json=question)
        assert entered.wait(10)
        # One works and one may wait; of four more, exactly three are turned away, at once.
        others = [pool.submit(client.post, "/v1/ask", json=question) for _ in range(4)]
        shed: list[Response] = []
        while len(shed) < 3:
            shed = [each.result() for each in others if each.done()]
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ok", "generation": 1}
        go_on.set()
        statuses = sorted(each.result().status_code for each in [working, *others])
    assert statuses == [200, 200, 503, 503, 503]
    assert {reply.headers["retry-after"] for reply in shed} == {"1"}
    assert {reply.json()["type"] for reply in shed} == {"urn:onrecord:busy"}
    assert client.post("/v1/ask", json=question).status_code == 200


@pytest.mark.parametrize("route", ["/v1/ask", "/v1/search"])
def test_a_reply_names_the_generation_that_went_live_meanwhile(
    client: TestClient, answerer: LookupAnswerer, route: str
) -> None:
    answerer.newest = 7
    for _ in range(200):
        if client.post(route, json={"question": "Japan"}).json()["generation"] == 7:
            return
        threading.Event().wait(0.02)
    pytest.fail("the new generation never went live")
