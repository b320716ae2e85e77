"""The chat page: its policy, and in a real browser what a reader sees."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, sync_playwright

from tests.api.standins import QUOTE, TEXT


def test_the_page_runs_only_its_own_script_and_style(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    policies = [reply.headers["content-security-policy"] for reply in (first, second)]
    [one, other] = [re.findall(r"script-src 'nonce-([^']+)'", each)[0] for each in policies]
    assert one != other
    assert first.text.count(f'nonce="{one}"') == 2
    assert "NONCE" not in first.text
    assert "unsafe" not in first.headers["content-security-policy"]


def test_the_page_asks_for_nothing_from_other_hosts(client: TestClient) -> None:
    for path in ("/", "/web/app.js", "/web/style.css"):
        assert not re.search(r"(src|href)=.?(https?:)?//|@import|url\(", client.get(path).text)
    script = client.get("/web/app.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script.text
    )


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """The open page; what the browser complains of, and what it tries to reach, fails the test."""
    troubles: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            troubles.append(message.text)

    def on_dialog(dialog: Dialog) -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    def on_request(request: Request) -> None:
        if not request.url.startswith(address):
            troubles.append(request.url)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.set_default_timeout(15_000)
        page.on("console", on_console)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", on_dialog)
        page.on("request", on_request)
        page.goto(address)
        yield page
        browser.close()
    # Chromium itself notes the refused question of the last test.
    assert [trouble for trouble in troubles if "status of 422" not in trouble] == []


@pytest.mark.browser
def test_a_reader_asks_opens_a_citation_follows_up_and_meets_an_abstention(page: Page) -> None:
    page.get_by_label("Your question").fill("What about Japan?")
    page.get_by_role("button", name="Ask").click()
    quote = page.locator(".quotes blockquote")
    assert quote.inner_text() == QUOTE
    assert quote.locator("mark").inner_text() == "Japan"
    source = page.locator(".quotes .source")
    assert source.inner_text() == "[1]Chính in Gunma · Việt Nam News · 2023-12-15"

    source.click()
    page.locator("dialog[open]").wait_for()
    assert page.locator("#article-text mark").inner_text() == QUOTE
    assert page.locator("#article-text").text_content() == TEXT
    assert page.locator("#article-text script").count() == 0
    page.get_by_role("button", name="Close").click()

    page.get_by_label("Your question").fill("What was said there of Gunma?")
    page.keyboard.press("Enter")
    understood = page.locator(".understood")
    expected = "Understood as: What about Japan? What was said there of Gunma?"
    assert understood.inner_text() == expected

    page.get_by_label("Your question").fill("Who won the football?")
    page.get_by_role("button", name="Ask").click()
    told = page.locator(".abstention").inner_text()
    assert told == "The closest passages do not say “football”."
    nearest = page.locator(".nearest blockquote")
    assert nearest.nth(2).text_content() == "<script>alert(1)</script> is only text here."
    assert page.locator("#turns > li").count() == 3

    page.get_by_role("button", name="New conversation").click()
    assert page.locator("#turns > li").count() == 0


@pytest.mark.browser
def test_an_error_is_told_on_the_page_and_the_question_stays(page: Page) -> None:
    page.get_by_label("Your question").fill("x" * 2500)
    page.get_by_role("button", name="Ask").click()
    error = page.locator("#status.error")
    error.wait_for()
    assert "2,500 characters" in error.inner_text()
    assert page.get_by_label("Your question").input_value() == "x" * 2500
