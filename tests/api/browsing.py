"""Readers: pages of a served app in real Chromium, and what a browser has to complain of."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    expect,
)

CHROMIUM = "/usr/bin/chromium"
# No name is looked up: what a page is made to reach for elsewhere leaves this machine never.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Readers:
    """Opens pages; what a browser complains of, or tries to reach elsewhere, fails the test.

    Chromium itself notes replies that are errors: a test that wants one names it in `expected`.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.expected = ""
        self.troubles: list[str] = []

    def context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(**options)
        context.set_default_timeout(15_000)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        context.on("dialog", self._dismiss)
        context.on("request", self._look)
        return context

    def open(self, context: BrowserContext | None = None, path: str = "/", **options: Any) -> Page:
        page = (context or self.context(**options)).new_page()
        page.goto(self.address + path)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def _dismiss(self, dialog: Dialog) -> None:
        self.troubles.append(dialog.message)
        with suppress(Error):  # its page is gone
            dialog.dismiss()

    def _look(self, request: Request) -> None:
        if not request.url.startswith(self.address):
            self.troubles.append(request.url)

    def check(self) -> None:
        found = [each for each in self.troubles if not self.expected or self.expected not in each]
        assert found == []


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def answered(page: Page, count: int = 1) -> None:
    """Waits until so many turns have their whole reply."""
    expect(page.locator(".turn .state .facts")).to_have_count(count, timeout=15_000)


def fits(page: Page) -> bool:
    """True when nothing is wider than the window."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return wide
