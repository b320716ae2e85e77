"""`/v1/chat/completions` and `/v1/models`, as OpenAI's own client and bare requests use them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import SecretStr

from api.app import create_app
from api.builder import Builder
from api.settings import ApiSettings
from index import Article, GenerationStore, IndexSettings, Jobs, Library
from tests.api.serving import serving
from tests.api.standins import QUOTE, LookupAnswerer

SOURCES = "\n\nSources:\n- [1] Chính in Gunma, Việt Nam News, 2023-12-15"
SILENCE = "The documents do not answer this. The closest passages do not say “football”."
KEY = "correct-horse-battery"


def user(content: object) -> dict[str, object]:
    return {"role": "user", "content": content}


def assistant(content: object) -> dict[str, object]:
    return {"role": "assistant", "content": content}


JAPAN = user("What about Japan?")


def post(client: TestClient, *messages: object, **fields: object) -> dict[str, Any]:
    """The reply to a conversation, which must be one."""
    reply = client.post("/v1/chat/completions", json={"messages": messages, **fields})
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def chunks(client: TestClient, *messages: object, **fields: object) -> list[Any]:
    """What a streamed reply sends, event by event."""
    body = {"messages": messages, "stream": True, **fields}
    reply = client.post("/v1/chat/completions", json=body)
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    events = [
        event.removeprefix("data: ") for event in reply.text.removesuffix("\n\n").split("\n\n")
    ]
    return [event if event == "[DONE]" else json.loads(event) for event in events]


# What is said


def test_a_reply_has_the_answer_its_sources_and_the_whole_reply_of_ask(client: TestClient) -> None:
    reply = post(client, JAPAN, model="on-record")
    asked = client.post("/v1/ask", json={"question": "What about Japan?"}).json()
    ChatCompletion.model_validate(reply, strict=True)
    assert reply.pop("id").startswith("chatcmpl-")
    assert reply.pop("created") > 1_700_000_000
    assert reply == {
        "object": "chat.completion",
        "model": "on-record",
        "system_fingerprint": "generation-1",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": f"{QUOTE} [1]{SOURCES}",
                    "refusal": None,
                    "annotations": [
                        {
                            "type": "url_citation",
                            "url_citation": {
                                "start_index": 0,
                                "end_index": len(f"{QUOTE} [1]"),
                                "title": "Chính in Gunma",
                                "url": "https://example.org/gunma",
                                "number": 1,
                            },
                        }
                    ],
                },
                "finish_reason": "stop",
                "logprobs": None,
            }
        ],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        "on_record": asked,
    }


def test_an_abstention_says_so_and_cites_nothing(client: TestClient) -> None:
    reply = post(client, user("Who won the football?"))
    [choice] = reply["choices"]
    assert choice["message"]["content"] == SILENCE
    assert choice["message"]["annotations"] == reply["on_record"]["citations"] == []
    assert choice["finish_reason"] == "stop"
    assert reply["on_record"]["nearest"]


def test_chunks_bring_the_role_each_sentence_the_sources_and_then_the_whole_reply(
    client: TestClient,
) -> None:
    whole = post(client, JAPAN)
    *sent, last, end = chunks(client, JAPAN)
    for chunk in (*sent, last):
        ChatCompletionChunk.model_validate(chunk, strict=True)
    assert end == "[DONE]"
    assert [chunk["choices"][0]["delta"] for chunk in sent] == [
        {"role": "assistant", "content": ""},
        {"content": f"{QUOTE} [1]"},
        {"content": SOURCES},
    ]
    assert {chunk["choices"][0]["finish_reason"] for chunk in sent} == {None}
    assert last["choices"] == [
        {
            "index": 0,
            "delta": {"annotations": whole["choices"][0]["message"]["annotations"]},
            "finish_reason": "stop",
            "logprobs": None,
        }
    ]
    assert last["on_record"] == whole["on_record"]
    heads = {(each["id"], each["created"], each["system_fingerprint"]) for each in (*sent, last)}
    assert len(heads) == 1
    assert not any("usage" in chunk for chunk in sent)


def test_a_streamed_abstention_has_no_sentence(client: TestClient) -> None:
    *sent, _, _ = chunks(client, user("Who won the football?"))
    assert [each["choices"][0]["delta"] for each in sent] == [
        {"role": "assistant", "content": ""},
        {"content": SILENCE},
    ]


def test_usage_comes_last_where_it_is_asked_for(client: TestClient) -> None:
    *sent, usage, _ = chunks(client, JAPAN, stream_options={"include_usage": True})
    assert usage["choices"] == []
    assert usage["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    assert {chunk["usage"] for chunk in sent} == {None}


def test_a_title_makes_no_link_image_or_line_of_its_own(
    client: TestClient, library: Library
) -> None:
    title = "![x](http://evil.example)\n- [2] <b>Forged</b>\u202e `"
    library.put(Article("wire/1", "A whale was seen.", title, outlet="The [Wire]"))
    content = post(client, user("Where is the whale?"))["choices"][0]["message"]["content"]
    assert content == (
        "A whale was seen. [1]\n\nSources:\n"
        "- [1] !(x)(http://evil.example) - (2) ‹b›Forged‹/b› ', The (Wire)"
    )


# What is asked, and what is refused


def test_messages_before_the_question_are_its_history(client: TestClient) -> None:
    first = post(client, JAPAN)["choices"][0]["message"]
    reply = post(client, JAPAN, first, user("Who was there in Gunma?"))["on_record"]
    earlier = {"question": "What about Japan?", "answer": QUOTE}
    asked = {"question": "Who was there in Gunma?", "history": [earlier]}
    assert reply["resolved_question"] == "What about Japan? Who was there in Gunma?"
    assert reply == client.post("/v1/ask", json=asked).json()


def test_filters_and_k_are_those_of_ask(client: TestClient) -> None:
    filtered = post(client, JAPAN, filters={"lang": "fr"})
    assert filtered["on_record"]["answered"] is False
    asked = user("Who won the football?")
    assert len(post(client, asked, k=1)["on_record"]["nearest"]) == 1


def test_what_has_no_effect_on_quotes_is_taken(client: TestClient) -> None:
    fields = {
        "temperature": 0.2,
        "top_p": 1,
        "max_tokens": 1,
        "max_completion_tokens": None,
        "stop": ["."],
        "seed": 7,
        "user": "u1",
        "n": 1,
        "stream": False,
        "stream_options": None,
        "modalities": ["text"],
        "response_format": {"type": "text"},
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "logprobs": False,
        "metadata": {"a": "b"},
    }
    plain, laden = post(client, JAPAN), post(client, JAPAN, **fields)
    assert laden["choices"] == plain["choices"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"n": 2}, "n"),
        ({"modalities": ["text", "audio"]}, "modalities.1"),
        ({"response_format": {"type": "json_object"}}, "response_format.type"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"logprobs": True}, "logprobs"),
        ({"stream": "yes"}, "stream"),
        ({"k": 0}, "k"),
        ({"filters": {"land": "fr"}}, "filters.land"),
        ({"messages": []}, "messages"),
        ({"messages": [JAPAN] * 1001}, "messages"),
        ({"messages": [{"role": "boss", "content": "?"}]}, "messages.0.role"),
        ({"messages": [user([{"text": "?"}])]}, "messages.0.content.0.type"),
        ({"messages": [user("nul \0")]}, "messages.0.content.0.text"),
    ],
)
def test_what_would_mislead_or_cannot_be_read_is_refused_by_name(
    client: TestClient, fields: dict[str, object], param: str
) -> None:
    reply = client.post("/v1/chat/completions", json={"messages": [JAPAN], **fields})
    body = reply.json()
    assert (reply.status_code, body["type"]) == (422, "urn:onrecord:invalid")
    assert body["errors"][0]["field"] == body["error"]["param"] == param
    assert body["error"]["message"] == body["detail"]


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([{"role": "system", "content": "Be brief."}], "none has the role `user`"),
        ([JAPAN, user([{"type": "image_url", "image_url": {"url": "x"}}])], "images"),
        ([user([{"type": "input_audio", "input_audio": {"data": "x"}}])], "sound"),
        ([JAPAN, user(" ")], "no text"),
        ([user(None)], "no text"),
        ([user("?!")], "the question is empty"),
    ],
)
def test_a_conversation_without_a_question_is_refused(
    client: TestClient, messages: list[object], said: str
) -> None:
    reply = client.post("/v1/chat/completions", json={"messages": messages})
    assert reply.status_code == 422
    assert reply.json()["error"]["code"] == "bad_question"
    assert said in reply.json()["error"]["message"]


def test_an_error_is_a_problem_and_an_error_of_openais(client: TestClient) -> None:
    reply = client.post("/v1/chat/completions", json={"messages": [JAPAN], "model": "gpt-4o"})
    assert (reply.status_code, reply.headers["content-type"]) == (404, "application/problem+json")
    body = reply.json()
    assert body.pop("request_id") == reply.headers["x-request-id"]
    assert body == {
        "type": "urn:onrecord:no-such-model",
        "title": "No such model",
        "status": 404,
        "detail": "there is no model 'gpt-4o': this server has 'on-record'",
        "error": {
            "message": "there is no model 'gpt-4o': this server has 'on-record'",
            "type": "invalid_request_error",
            "code": "model_not_found",
            "param": None,
        },
    }


def test_a_long_name_of_a_model_is_not_sent_back_whole(client: TestClient) -> None:
    reply = client.post("/v1/chat/completions", json={"messages": [JAPAN], "model": "m" * 500})
    assert len(reply.json()["detail"]) < 120


def test_a_defect_tells_nothing_of_itself(client: TestClient, answerer: LookupAnswerer) -> None:
    def fail() -> None:
        raise RuntimeError("secret path")

    answerer.during = fail
    reply = client.post("/v1/chat/completions", json={"messages": [JAPAN]})
    assert (reply.status_code, reply.json()["error"]["type"]) == (500, "server_error")
    assert "secret" not in reply.text
    answerer.during, answerer.reading = lambda: None, fail
    *_, last = chunks(client, JAPAN)
    assert last["error"]["code"] == "internal_error"
    assert "secret" not in str(last)


def test_the_model_is_listed_with_the_generation_that_serves(client: TestClient) -> None:
    model = {
        "id": "on-record",
        "object": "model",
        "created": 1_735_689_600,
        "owned_by": "on-record",
        "generation": 1,
    }
    assert client.get("/v1/models").json() == {"object": "list", "data": [model]}
    assert client.get("/v1/models/on-record").json() == model
    unknown = client.get("/v1/models/org/other")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "model_not_found")


def test_before_the_first_build_the_model_is_listed_and_answers_nothing(
    library: Library, store: GenerationStore, settings: ApiSettings, builder: Builder
) -> None:
    app = create_app(None, library, store, settings, builder)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        [model] = client.get("/v1/models").json()["data"]
        assert (model["created"], model["generation"]) == (0, None)
        reply = client.post("/v1/chat/completions", json={"messages": [JAPAN]})
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "no_index")


# The official client


Connect = Callable[..., openai.OpenAI]


@pytest.fixture
def connect(
    answerer: LookupAnswerer, library: Library, store: GenerationStore, jobs: Jobs
) -> Iterator[Connect]:
    """A call that serves with these settings and gives the official client of it."""
    with ExitStack() as stack:

        def connected(key: str = "any", **fields: Any) -> openai.OpenAI:
            settings = ApiSettings(build_after_seconds=0, **fields)
            builder = Builder(jobs, library, store, IndexSettings(home=store.home), settings)
            app = create_app(answerer, library, store, settings, builder)
            port = stack.enter_context(serving(app))
            client = openai.OpenAI(
                base_url=f"http://127.0.0.1:{port}/v1", api_key=key, max_retries=0
            )
            return stack.enter_context(client)

        yield connected


@pytest.mark.network
def test_the_official_client_asks_and_follows_up(connect: Connect) -> None:
    client = connect()
    assert [model.id for model in client.models.list()] == ["on-record"]
    messages: list[Any] = [JAPAN]
    reply = client.chat.completions.create(model="on-record", messages=messages)
    message = reply.choices[0].message
    assert message.content == f"{QUOTE} [1]{SOURCES}"
    assert message.annotations is not None
    assert message.annotations[0].url_citation.url == "https://example.org/gunma"
    messages += [message, user([{"type": "text", "text": "Who was there in Gunma?"}])]
    filters = {"filters": {"lang": "en"}, "k": 3}
    follow_up = client.chat.completions.create(
        model="on-record", messages=messages, extra_body=filters
    )
    assert follow_up.model_extra is not None
    resolved = follow_up.model_extra["on_record"]["resolved_question"]
    assert resolved == "What about Japan? Who was there in Gunma?"


@pytest.mark.network
def test_the_official_client_streams(connect: Connect) -> None:
    client = connect()
    messages: list[Any] = [JAPAN]
    with client.chat.completions.create(
        model="on-record",
        messages=messages,
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        *sent, last, usage = stream
    said = "".join(chunk.choices[0].delta.content or "" for chunk in (*sent, last))
    assert said == f"{QUOTE} [1]{SOURCES}"
    assert last.choices[0].finish_reason == "stop"
    assert last.model_extra is not None
    assert last.model_extra["on_record"]["citations"][0]["quote"] == QUOTE
    assert usage.usage is not None
    with client.chat.completions.stream(model="on-record", messages=messages) as helper:
        assert helper.get_final_completion().choices[0].message.content == said


@pytest.mark.network
def test_the_official_client_raises_its_own_errors(
    connect: Connect, answerer: LookupAnswerer
) -> None:
    key = SecretStr(KEY)
    client = connect(KEY, host="0.0.0.0", api_key=key, max_concurrency=1, queue=0)
    ask = client.chat.completions.create
    messages: list[Any] = [JAPAN]
    assert ask(model="on-record", messages=messages).choices
    with pytest.raises(openai.NotFoundError) as unknown:
        ask(model="gpt-4o", messages=messages)
    assert unknown.value.code == "model_not_found"
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        ask(model="on-record", messages=messages, n=2)
    assert (refused.value.param, refused.value.type) == ("n", "invalid_request_error")
    stranger = client.with_options(api_key="wrong")
    with pytest.raises(openai.AuthenticationError) as closed:
        stranger.chat.completions.create(model="on-record", messages=messages)
    assert closed.value.code == "invalid_api_key"

    entered, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        entered.set()
        assert go_on.wait(10)

    answerer.during = hold
    working = threading.Thread(target=ask, kwargs={"model": "on-record", "messages": messages})
    working.start()
    try:
        assert entered.wait(10)
        with pytest.raises(openai.InternalServerError) as busy:
            ask(model="on-record", messages=messages)
    finally:
        go_on.set()
        working.join(10)
    assert (busy.value.status_code, busy.value.code) == (503, "busy")
    assert busy.value.response.headers["retry-after"] == "1"


@pytest.mark.network
def test_an_error_in_the_middle_of_a_stream_is_raised_by_the_official_client(
    connect: Connect, answerer: LookupAnswerer
) -> None:
    def fail() -> None:
        raise RuntimeError("secret path")

    answerer.reading = fail
    messages: list[Any] = [JAPAN]
    client = connect()
    got: list[ChatCompletionChunk] = []
    with (
        client.chat.completions.create(model="on-record", messages=messages, stream=True) as stream,
        pytest.raises(openai.APIError, match="the server's log says why") as broken,
    ):
        got.extend(stream)
    assert [chunk.choices[0].delta.role for chunk in got] == ["assistant"]
    assert broken.value.code == "internal_error"
