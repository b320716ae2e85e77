"""axe-core finds nothing serious on the page, in light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page

from index import Article, Library
from tests.api.browsing import Readers, answered, ask, fits

# What axe calls serious or critical; the rest is advice.
FINDINGS = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary}`));
}"""


def empty(page: Page) -> None:
    page.locator(".examples").wait_for()


def limits(page: Page) -> None:
    empty(page)
    page.get_by_role("button", name="Việt Nam News").click()
    page.locator("#limits summary").click()


def answer(page: Page) -> None:
    ask(page, "What about Japan?")
    answered(page)


def article(page: Page) -> None:
    answer(page)
    page.locator(".source").first.click()
    page.locator("#cited").wait_for()


def abstention(page: Page) -> None:
    ask(page, "Who won the football?")
    answered(page)


def refusal(page: Page) -> None:
    ask(page, "x" * 2500)
    page.get_by_role("alert").wait_for()


def articles(page: Page) -> None:
    page.goto(f"{page.url}#articles")
    page.locator("#articles-list li").first.wait_for()


def builds(page: Page) -> None:
    page.goto(f"{page.url}#builds")
    page.get_by_text("Index 1").wait_for()


def conversations(page: Page) -> None:
    answer(page)
    page.get_by_role("button", name="Conversations").click()
    page.locator("#shelf-list .source").first.wait_for()


STATES = (empty, limits, answer, article, abstention, refusal, articles, builds, conversations)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    readers: Readers, library: Library, scheme: str, width: int
) -> None:
    readers.expected = "the server responded with a status of 422"
    library.put(Article("untitled-1", "Sans titre.", lang="fr"))
    context = readers.context(
        color_scheme=scheme, viewport={"width": width, "height": 740}, reduced_motion="reduce"
    )
    found = {state.__name__: findings(readers.open(context), state) for state in STATES}
    assert found == {name: [] for name in found}


def findings(page: Page, reach: Callable[[Page], None]) -> list[str]:
    """What axe has against a state of the page, which fits its window."""
    reach(page)
    assert fits(page)
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found: list[str] = page.evaluate(FINDINGS)
    page.close()
    return found
