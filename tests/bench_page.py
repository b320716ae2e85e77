"""The time until an answer is seen on the chat page beside the API's own, in one run.

    python -m tests.bench_page HOME QUESTIONS [--limit 20]

Each question is put three times in turn: to the API alone, on a page that is open, and as a link
that a fresh page is opened with. A page's time ends when the first words of the reply are painted;
that of a link is told from the start of its page, and from when all its files were there. Prints
medians of milliseconds, and their ratios to the API's.
"""

from __future__ import annotations

import argparse
import json
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import BrowserContext, Page, sync_playwright

from qa import load_questions
from tests.api.browsing import CHROMIUM, FLAGS
from tests.campaigns.shipped import shipped

WARM_UP = 3
# Notes when the first quote or the reason for having none is painted. It runs before the page does.
NOTE = """addEventListener("DOMContentLoaded", () => {
  const seen = () => document.querySelector(".turn:last-child :is(.quotes, .written, .abstention)");
  globalThis.painted = null;
  new MutationObserver(() => {
    if (globalThis.painted || !seen()) return;
    globalThis.painted = -1;
    requestAnimationFrame(() => setTimeout(() => (globalThis.painted = performance.now())));
  }).observe(document, { childList: true, subtree: true });
});"""
LOADED = """Math.max(...performance.getEntriesByType("resource")
  .filter((one) => one.name.endsWith(".js")).map((one) => one.responseEnd))"""
WHOLE = ".turn:last-child .state .facts"


def main() -> None:
    """Measure and print four lines of medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--limit", type=int, default=20, help="questions that are asked")
    chosen = parser.parse_args()
    asked = [each.question for each in load_questions(chosen.questions) if not each.turns]
    step = max(1, len(asked) // (chosen.limit + WARM_UP))
    asked = asked[::step][: chosen.limit + WARM_UP]
    with shipped(chosen.home) as (_, port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context()
        context.add_init_script(NOTE)
        address = f"http://127.0.0.1:{port}"
        page = context.new_page()
        rows = [
            (over_api(port, each), on_page(page, address, each), *by_link(context, address, each))
            for each in asked
        ]
        browser.close()
    api, sent, linked, loaded = np.median(np.array(rows[WARM_UP:]), axis=0)
    print(f"the API alone {api:.1f} ms ({len(rows) - WARM_UP} questions)")
    print(f"on an open page, from sending {sent:.1f} ms, × {sent / api:.2f}")
    print(f"by a link, from the start of its page {linked:.1f} ms, × {linked / api:.2f}")
    print(f"by a link, once its files are there {loaded:.1f} ms, × {loaded / api:.2f}")


def over_api(port: int, question: str) -> float:
    """Milliseconds until the whole reply is there."""
    http = HTTPConnection("127.0.0.1", port)
    http.connect()
    begun = time.perf_counter()
    body = json.dumps({"question": question})
    http.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
    http.getresponse().read()
    passed = (time.perf_counter() - begun) * 1000
    http.close()
    return passed


def on_page(page: Page, address: str, question: str) -> float:
    """Milliseconds from sending on a page that is open until the first words are painted."""
    page.goto("about:blank")
    page.goto(address)
    page.locator(".shelves").wait_for()
    page.locator("#question").fill(question)
    begun: float = page.evaluate(
        "() => { const now = performance.now();"
        " document.getElementById('form').requestSubmit(); return now; }"
    )
    return painted(page) - begun


def by_link(context: BrowserContext, address: str, question: str) -> tuple[float, float]:
    """Milliseconds until the first words are painted: from navigation, and from its last script."""
    page = context.new_page()
    page.goto(f"{address}/#{urlencode({'q': question})}", wait_until="commit")
    passed, loaded = painted(page), page.evaluate(LOADED)
    page.close()
    return passed, passed - loaded


def painted(page: Page) -> float:
    """When the first words were painted, in milliseconds since navigation began."""
    page.locator(WHOLE).wait_for()
    for _ in range(100):
        at: float | None = page.evaluate("globalThis.painted")
        if at and at > 0:
            return at
        page.wait_for_timeout(10)
    raise RuntimeError("no words of a reply were painted")


if __name__ == "__main__":
    main()
