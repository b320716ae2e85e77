"""The chat page: its policy and weight, and in a real browser what a reader sees and does."""

from __future__ import annotations

import dataclasses
import re
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.types import Message, Receive, Scope, Send

import api
from api.app import create_app
from api.builder import Builder
from api.gate import Gate
from api.settings import ApiSettings
from index import Article, GenerationStore, IndexSettings, Jobs, Library
from qa import Answer, Sentence, Step
from tests.api.browsing import Readers, answered, ask, fits
from tests.api.standins import QUOTE, TEXT, LookupAnswerer

WEB = Path(api.__file__).parent / "web"
ASK = "What about Japan?"
KEY = "correct-horse-battery"
SLEEPER = (sys.executable, "-c", "import time; time.sleep(30)")


def test_the_page_runs_only_its_own_scripts_and_styles(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    policies = [reply.headers["content-security-policy"] for reply in (first, second)]
    [one, other] = [re.findall(r"script-src 'nonce-([^']+)';", each)[0] for each in policies]
    assert one != other
    tags = re.findall(r"<(?:script|link rel=\"(?:stylesheet|modulepreload)\")[^>]*>", first.text)
    assert len(tags) >= 3
    assert all(f'nonce="{one}"' in tag for tag in tags)
    assert "NONCE" not in first.text
    assert "unsafe" not in policies[0]
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policies[0]


@pytest.mark.parametrize("path", ["/", *(f"/web/{each.name}" for each in sorted(WEB.iterdir()))])
def test_a_file_of_the_page_names_no_other_host_and_makes_no_markup(
    path: str, client: TestClient
) -> None:
    reply = client.get(path)
    if path == "/web/index.html":  # is served with its nonces alone
        assert reply.status_code == 404
        return
    assert reply.status_code == 200
    assert not re.search(r"(src|href)=.?(https?:)?//|@import|url\(", reply.text)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|setAttribute", reply.text
    )
    for name in re.findall(r'from "\./([^"]+)"', reply.text):
        kind = client.get(f"/web/{name}").headers["content-type"]
        assert kind == "text/javascript; charset=utf-8"


def test_the_page_weighs_at_most_a_hundred_kilobytes() -> None:
    assert sum(each.stat().st_size for each in WEB.iterdir()) <= 100_000


@pytest.fixture
def settings() -> ApiSettings:
    return ApiSettings(max_concurrency=1, queue=3, refresh_seconds=0.05, build_after_seconds=0)


@pytest.mark.browser
def test_a_reader_asks_opens_a_citation_follows_up_and_meets_an_abstention(
    readers: Readers,
) -> None:
    context = readers.context(permissions=["clipboard-read", "clipboard-write"])
    page = readers.open(context)
    page.get_by_role("button", name="What did Phạm Minh Chính propose").wait_for()
    assert (
        page.locator(".lead").inner_text().startswith("1 article in English, of 15 December 2023")
    )

    ask(page, ASK)
    answered(page)
    quote = page.locator(".quotes blockquote")
    assert quote.text_content() == QUOTE
    assert quote.get_attribute("lang") == "en"
    assert quote.locator("mark").inner_text() == "Japan"
    card = page.locator(".quotes .source")
    expected = "1\nChính in Gunma\nViệt Nam News · 15 December 2023 · English"
    assert card.inner_text() == expected
    assert page.locator(".state .facts").inner_text() == (
        "High confidence · quoted word for word · index 1"
    )
    assert page.locator("#announcer").text_content() == f"1 quote. {QUOTE} [1]"

    card.click()
    page.locator("#cited").wait_for()
    assert page.locator("#article-text mark").inner_text() == QUOTE
    assert page.locator("#article-text").text_content() == TEXT
    assert page.locator("#article-text script").count() == 0
    assert page.get_by_role("link", name="original").get_attribute("href") == (
        "https://example.org/gunma"
    )
    assert card.get_attribute("aria-current") == "location"
    page.get_by_role("button", name="Back").click()
    page.locator("#article").wait_for(state="hidden")

    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied").wait_for()
    start = TEXT.index(QUOTE)
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"{ASK}\n\n“{QUOTE}” [1]\n\n[1] Chính in Gunma, Việt Nam News, 2023-12-15, "
        f"vns/gunma-1 [{start}:{start + len(QUOTE)}], https://example.org/gunma\n\n"
        "On Record, index 1"
    )

    ask(page, "What was said there of Gunma?")
    answered(page, 2)
    resolved = f"{ASK} What was said there of Gunma?"
    assert page.locator(".understood").inner_text() == f"Understood as: {resolved}"
    page.get_by_role("button", name="Edit the question as it was understood").click()
    assert page.get_by_label("Your question").input_value() == resolved

    ask(page, "Who won the football?")
    answered(page, 3)
    silence = page.locator(".abstention")
    assert silence.get_by_role("heading").first.inner_text() == "Not sure enough to answer"
    assert silence.locator("p").first.inner_text() == "The closest passages do not say “football”."
    nearest = silence.locator("blockquote")
    assert nearest.nth(2).text_content() == "<script>alert(1)</script> is only text here."
    nearest.nth(2).click()
    page.locator("#cited").wait_for()
    assert page.locator("#article-place").inner_text() == "3 of 3"

    page.get_by_role("button", name="New", exact=True).click()
    page.locator("#welcome").wait_for()
    assert page.locator(".turn").count() == 0


@pytest.mark.browser
def test_conversations_are_kept_and_deleted_and_two_tabs_stay_the_same(readers: Readers) -> None:
    context = readers.context()
    page = readers.open(context)
    ask(page, ASK)
    answered(page)
    page.reload()
    answered(page)
    assert page.locator(".quotes blockquote").text_content() == QUOTE

    other = readers.open(context, f"/{page.evaluate('location.hash')}")
    answered(other)
    ask(other, "What was said there of Gunma?")
    answered(other, 2)
    answered(page, 2)  # the first tab follows

    page.get_by_role("button", name="Conversations").click()
    entry = page.locator("#shelf-list .source")
    assert entry.inner_text().startswith(f"{ASK}\n2 questions · ")
    page.get_by_role("button", name=f"Delete: {ASK}").click()
    page.get_by_text("None yet.").wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".turn").count() == 0
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.browser
def test_a_link_asks_its_question_and_tells_when_its_index_is_gone(readers: Readers) -> None:
    same = readers.open(path="/#q=What+about+Japan%3F&generation=1&lang=en")
    answered(same)
    assert same.locator(".turn h2").inner_text() == ASK
    assert same.locator(".limited").inner_text() == "Limits: English"
    assert same.locator(".linked").count() == 0

    gone = readers.open(path="/#q=What+about+Japan%3F&generation=7")
    gone.get_by_text("which is no longer kept").wait_for()
    assert gone.locator(".linked").inner_text() == (
        "This link was made with index 7, which is no longer kept. "
        "The reply comes from index 1, so it may differ."
    )
    assert gone.locator(".quotes blockquote").text_content() == QUOTE


CROWD = """() => {
  const body = JSON.stringify({ question: "What about Japan?" });
  const headers = { "Content-Type": "application/json" };
  const ask = () => fetch("/v1/ask", { method: "POST", headers, body });
  globalThis.crowd = [ask(), ask(), ask(), ask()]; // one is answered, three wait
}"""


@pytest.mark.browser
def test_an_error_and_an_overload_are_told_and_can_be_tried_again(
    readers: Readers, app: FastAPI, answerer: LookupAnswerer
) -> None:
    readers.expected = "the server responded with a status of"
    page = readers.open()
    page.locator(".examples").wait_for()
    ask(page, "x" * 2500)  # one long word
    error = page.get_by_role("alert")
    error.wait_for()
    assert "2,500 characters" in error.inner_text()
    assert fits(page)
    page.get_by_role("button", name="Edit").click()
    assert page.get_by_label("Your question").input_value() == "x" * 2500

    free = threading.Event()
    answerer.during = lambda: free.wait(10)
    page.evaluate(CROWD)
    page.get_by_role("button", name="New", exact=True).click()
    gate: Gate = app.state.parts.gate
    for _ in range(200):
        if gate.is_full:
            break
        page.wait_for_timeout(20)
    ask(page, ASK)
    busy = page.get_by_role("alert")
    busy.wait_for()
    assert busy.inner_text().startswith("Too many questions at once")
    free.set()
    page.evaluate("() => Promise.all(crowd).then(() => true)")
    page.get_by_role("button", name="Try again").click()
    answered(page)
    assert busy.count() == 0


@pytest.mark.browser
def test_a_question_can_be_stopped_and_asked_again(
    readers: Readers, answerer: LookupAnswerer
) -> None:
    page = readers.open()
    page.locator(".examples").wait_for()
    go = threading.Event()
    answerer.reading = lambda: go.wait(10)
    ask(page, ASK)
    page.get_by_text("Reading 3 passages").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()
    go.set()
    page.get_by_role("button", name="Try again").click()
    answered(page)
    assert page.get_by_role("button", name="Ask", exact=True).is_visible()


class Vanishing:
    """The app, whose connection breaks after the first sentence of a streamed reply."""

    def __init__(self, app: FastAPI) -> None:
        self.app, self.gone = app, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def broken(message: Message) -> None:
            await send(message)
            if b"event: sentence" in message.get("body", b"") and not self.gone:
                self.gone = True
                await anyio.sleep(0.5)  # a browser drops what it has not read when the line breaks
                raise ConnectionError("gone")

        await self.app(scope, receive, broken)


@pytest.mark.browser
def test_a_server_that_goes_away_in_the_middle_leaves_what_had_come(
    app: FastAPI, serve: Callable[[Any], Readers]
) -> None:
    readers = serve(Vanishing(app))
    readers.expected = "net::ERR_"
    page = readers.open()
    ask(page, ASK)
    told = page.get_by_role("alert")
    told.wait_for()
    assert told.locator("strong").inner_text() == "The reply broke off"
    assert page.locator(".quotes blockquote").text_content() == QUOTE
    page.get_by_role("button", name="Try again").click()
    answered(page)
    assert page.locator(".quotes blockquote").count() == 1


@pytest.mark.browser
def test_everything_can_be_done_with_the_keyboard(readers: Readers) -> None:
    page = readers.open()
    page.locator(".examples").wait_for()
    focused = "document.activeElement.id || document.activeElement.className"
    assert page.evaluate(focused) == "question"
    page.keyboard.type("Who won the")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("football?")
    page.keyboard.press("Enter")
    answered(page)
    assert page.locator(".turn h2").text_content() == "Who won the\nfootball?"
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(focused) == "source":
            break
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "2px"
    page.keyboard.press("Enter")
    page.locator("#cited").wait_for()
    assert page.evaluate(focused) == "article-body"
    place = page.locator("#article-place")
    assert place.inner_text() == "3 of 3"
    page.keyboard.press("ArrowLeft")
    assert place.inner_text() == "2 of 3"
    assert page.locator("#cited").text_content() == QUOTE
    page.keyboard.press("Escape")
    page.locator("#article").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Passage 2, Chính in Gunma")
    page.keyboard.press("/")
    assert page.evaluate(focused) == "question"


@pytest.mark.browser
def test_on_a_phone_the_article_covers_the_chat_and_comes_back(
    readers: Readers, library: Library, answerer: LookupAnswerer
) -> None:
    words = f"{'Endless' * 400} ends. The harbour of Gdańsk is open. {'long ' * 40_000}"
    library.put(Article("long", words, "T" * 2000, None, "O" * 300, "en", None))
    page = readers.open(viewport={"width": 360, "height": 740}, color_scheme="dark", has_touch=True)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    page.locator(".examples").wait_for()
    assert fits(page)
    ask(page, "Which harbour?")
    answered(page)
    assert fits(page)
    began = time.perf_counter()
    page.locator(".source").tap()
    page.locator("#cited").wait_for()
    assert time.perf_counter() - began < 3  # 200,000 characters
    assert fits(page)
    box = page.locator("#article").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 740}
    mark = page.locator("#cited").bounding_box()
    assert mark is not None
    assert 0 < mark["y"] < 740
    assert page.locator("#main").evaluate("main => main.inert") is True
    page.go_back()
    page.locator("#article").wait_for(state="hidden")
    assert page.locator("#main").evaluate("main => main.inert") is False
    assert page.locator(".turn").count() == 1


@pytest.mark.browser
def test_a_wording_that_is_gone_is_told_of_and_its_quote_stays(
    readers: Readers, library: Library
) -> None:
    readers.expected = "the server responded with a status of 404"
    page = readers.open()
    ask(page, ASK)
    answered(page)
    page.locator(".source").click()
    page.locator("#cited").wait_for()
    library.remove("vns/gunma-1")
    library.prune_revisions(set())
    page.reload()
    answered(page)
    page.locator(".source").click()
    page.get_by_text("This wording is no longer kept").wait_for()
    assert page.locator("#article-text").text_content() == QUOTE


class WritingAnswerer(LookupAnswerer):
    """Says in its own words what it quotes."""

    def stream(self, *asked: Any, **named: Any) -> Generator[Step, None, None]:
        for step in super().stream(*asked, **named):
            if isinstance(step, Sentence):
                step = dataclasses.replace(step, text="Six, he said. [1]", mode="generated")
            elif isinstance(step, Answer):
                step = dataclasses.replace(step, answer="Six, he said. [1]", mode="generated")
            yield step


@pytest.mark.browser
def test_a_written_answer_names_its_quotes_in_its_sentences(
    library: Library,
    store: GenerationStore,
    settings: ApiSettings,
    builder: Builder,
    serve: Callable[[Any], Readers],
) -> None:
    page = serve(create_app(WritingAnswerer(library), library, store, settings, builder)).open()
    ask(page, ASK)
    answered(page)
    assert page.locator(".written").inner_text() == "Six, he said. 1"
    assert "written by a language model" in page.locator(".state .facts").inner_text()
    page.get_by_role("button", name="Citation 1", exact=True).click()
    page.locator("#cited").wait_for()
    assert page.locator("#cited").text_content() == QUOTE


@pytest.mark.browser
def test_articles_are_searched_and_leafed_through_and_limits_are_counted(
    readers: Readers, library: Library
) -> None:
    for number in range(30):
        library.put(Article(f"n{number:02}", f"Text {number}.", f"Title {number}", lang="fr"))
    page = readers.open(path="/#articles")
    count = page.locator("#articles-count")
    page.get_by_text("31 articles · 1–25").wait_for()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("31 articles · 26–31").wait_for()
    page.get_by_label("Search titles").fill("gunma")
    page.get_by_text("1 article · 1–1").wait_for()
    assert count.get_attribute("role") == "status"
    page.locator("#articles-list .source").click()
    page.get_by_text("HÀ NỘI").wait_for()
    assert page.locator("#article-text").text_content() == TEXT

    page.get_by_role("link", name="Ask").click()
    page.get_by_role("button", name="Việt Nam News").click()
    assert page.locator("#chips").inner_text() == "Việt Nam News ×"
    page.get_by_text("Limits").click()
    assert page.locator("#limits [name=lang] option").all_inner_texts() == [
        "any",
        "English (1)",
    ]
    page.get_by_role("button", name="Remove limit: Việt Nam News").click()
    assert page.locator("#chips").inner_text() == ""


@pytest.mark.browser
def test_an_operator_gives_a_key_and_watches_a_build(
    library: Library, store: GenerationStore, jobs: Jobs, serve: Callable[[Any], Readers]
) -> None:
    settings = ApiSettings(api_key=SecretStr(KEY), build_after_seconds=0)
    home = IndexSettings(home=store.home)
    builder = Builder(jobs, library, store, home, settings, SLEEPER)
    answerer = LookupAnswerer(library)
    readers = serve(create_app(answerer, library, store, settings, builder))
    readers.expected = "the server responded with a status of 401"
    page = readers.open(path="/#builds")
    page.get_by_role("textbox", name="API key").fill(KEY)
    page.get_by_role("button", name="Use this key").click()
    page.get_by_role("button", name="Build now").click()
    page.get_by_role("progressbar", name="Build 1").wait_for()
    assert page.get_by_text("Index 1").is_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("cancelled", exact=True).wait_for()
    assert page.evaluate("sessionStorage.getItem('onrecord.key')") == KEY
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
