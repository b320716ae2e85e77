"""What an article, a question or a model says is text on the page, with and without its policy."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from starlette.types import Message, Receive, Scope, Send

from api.app import create_app
from api.builder import Builder
from api.settings import ApiSettings
from index import Article, Facets, GenerationStore, Library, PersonRow, Place, RecordFilter, Span
from qa import Answer, Citation, Found, RecordPage, Resolved, Sentence, Step
from tests.api.browsing import Readers, answered
from tests.api.payloads import FOREIGN, KINDS, PAYLOADS
from tests.api.serving import serving
from tests.api.standins import LookupAnswerer

ALL = "What is said?"
# Nodes that run, load or hold something; how many there are never changes.
CENSUS = """() => {
  const kinds = "script,style,link,meta,base,iframe,object,embed,img,image,svg,math,video,audio,"
    + "source,template,noscript,marquee,form,body,[srcdoc],[style]";
  const names = [...document.querySelectorAll("*")].flatMap((one) => one.getAttributeNames());
  return [
    document.querySelectorAll(kinds).length,
    names.filter((name) => name.startsWith("on")).length,
    [...document.links].filter((link) => !/^https?:$/.test(link.protocol)).length,
    location.origin + location.pathname,
    frames.length,
  ];
}"""


class HostileAnswerer(LookupAnswerer):
    """Says every payload, each from its article, when asked for all; else only what was asked."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.cited = tuple(
            Citation(
                number,
                article.source,
                span := _said(payload),
                span.slice(article.text),
                (Span(span.start, span.start + len(payload)),),
                (dataclasses.replace(article.source, article_id=f"copy-{number:03}"),),
            )
            for number, (article, payload) in enumerate(
                zip(library.articles(), PAYLOADS, strict=True), 1
            )
        )

    def stream(
        self,
        question: str,
        turns: Any = (),
        where: Facets | None = None,
        k: int | None = None,
        explain: bool = False,
    ) -> Generator[Step, None, None]:
        cited = self.cited if question == ALL else ()
        resolved = question if cited else f"{question} as it was understood"
        yield Resolved(resolved, self.generation)
        yield Found(lambda: ())
        said = [f"{payload} [{n}]" for n, payload in enumerate(PAYLOADS, 1) if cited]
        for sentence, citation in zip(said, cited, strict=True):
            yield Sentence(sentence, (citation,), "generated")
        yield Answer(
            question=question,
            resolved_question=resolved,
            answered=bool(cited),
            reason=None if cited else "weak_evidence",
            missing=() if cited else (question,),
            message="" if cited else f"The closest passages do not say “{question}”.",
            confidence=0.9 if cited else 0.1,
            answer=" ".join(said),
            citations=cited,
            nearest=(),
            mode="generated" if cited else "extractive",
            generation=self.generation,
            took_ms={"total": 1.0},
        )

    def leaders(
        self, where: RecordFilter | None = None, offset: int = 0, limit: int = 20
    ) -> RecordPage[PersonRow]:
        """A person by the name of each payload."""
        rows = [
            PersonRow(f"p{one.number}", payload, (payload,), (), 1, 1, Place(one.source, one.span))
            for one, payload in zip(self.cited, PAYLOADS, strict=True)
        ]
        return self._page(rows, offset, limit, lambda row: row.mention)


class Stripped:
    """An app whose pages come without a Content-Security-Policy."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def without(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [h for h in message["headers"] if h[0] != b"content-security-policy"]
                message = {**message, "headers": kept}
            await send(message)

        await self.app(scope, receive, without)


@pytest.fixture(params=["policy", "no policy"])
def hostile(
    request: pytest.FixtureRequest,
    library: Library,
    article: Article,
    store: GenerationStore,
    builder: Builder,
    serve: Callable[[Any], Readers],
) -> Readers:
    library.remove(article.id)
    for number, payload in enumerate(PAYLOADS, 1):
        url = payload if number % 2 else f"https://{FOREIGN}/{payload}"
        text = f"{payload} before. {payload} was said. {payload} after."
        library.put(Article(f"n{number:03}", text, payload, None, payload, "en", url))
    settings = ApiSettings(max_concurrency=1, queue=3, build_after_seconds=0)
    app = create_app(HostileAnswerer(library), library, store, settings, builder)
    return serve(app if request.param == "policy" else Stripped(app))


def test_there_are_a_hundred_and_fifty_payloads() -> None:
    assert len(set(PAYLOADS)) == 150


@pytest.mark.browser
def test_a_page_that_takes_text_for_markup_is_noticed(browser: Browser) -> None:
    async def naive(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"  # the server goes on without a lifespan
        at = scope["path"].removeprefix("/")
        said = KINDS[int(at)] if at.isdecimal() else "<p>nothing</p>"
        head = (b"content-type", b"text/html; charset=utf-8")
        await send({"type": "http.response.start", "status": 200, "headers": [head]})
        await send({"type": "http.response.body", "body": f"<p>{said}</p>".encode()})

    noticed, troubles = 0, []
    with serving(naive) as port:
        readers = Readers(browser, f"http://127.0.0.1:{port}")
        context = readers.context()
        clean = readers.open(context).evaluate(CENSUS)
        for number in range(len(KINDS)):
            page = context.new_page()  # a dialog of the one before may still be open
            page.goto(f"{readers.address}/{number}", wait_until="commit")
            page.wait_for_timeout(50)
            noticed += bool(readers.troubles or page.evaluate(CENSUS)[:3] != clean[:3])
            troubles += readers.troubles
            readers.troubles.clear()
        context.close()
    assert noticed > 40
    assert "1" in troubles  # a dialog
    assert any(FOREIGN in each for each in troubles)


@pytest.mark.browser
def test_payloads_in_articles_and_in_a_written_answer_are_only_text(
    hostile: Readers, request: pytest.FixtureRequest
) -> None:
    page = hostile.open()
    policed = "content-security-policy" in page.request.get(hostile.address).headers
    assert policed == (request.node.callspec.params["hostile"] == "policy")
    page.locator(".shelves").wait_for()
    clean = page.evaluate(CENSUS)
    assert page.locator("#leaders option").count() == 50
    page.get_by_label("Your question").fill(ALL)
    page.keyboard.press("Enter")
    answered(page)
    assert texts(page, ".quotes .source .name") == list(PAYLOADS)
    assert texts(page, ".quotes blockquote mark") == list(PAYLOADS)
    assert texts(page, ".written") == [f"{each} {n}" for n, each in enumerate(PAYLOADS, 1)]
    assert texts(page, ".copies .link") == list(PAYLOADS)
    assert page.evaluate(CENSUS) == clean

    page.locator(".quotes .source").first.click()
    page.locator("#cited").wait_for()
    seen = page.evaluate(LEAF_THROUGH)
    assert [title for title, *_ in seen] == list(PAYLOADS)
    assert [cited for _, cited, _ in seen] == [f"{each} was said." for each in PAYLOADS]
    linked = [link for *_, link in seen]
    assert [bool(link) for link in linked] == [
        bool(number % 2 == 0 or each.startswith("https:"))
        for number, each in enumerate(PAYLOADS, 1)
    ]
    assert all(link.startswith(f"https://{FOREIGN}/") for link in linked if link)
    assert page.evaluate(CENSUS)[:2] == clean[:2]

    page.goto(f"{hostile.address}/#articles")
    named = []
    for first in range(1, 150, 25):
        page.get_by_text(f"150 articles · {first}–{first + 24}").wait_for()
        named += texts(page, "#articles-list .name")
        page.locator("#articles-on").dispatch_event("click")
    assert sorted(named) == sorted(PAYLOADS)
    assert page.locator("#articles-form [name=outlet] option").count() > 1
    assert page.evaluate(CENSUS)[:2] == clean[:2]


# Leafs through the citations; of each article its title, its marked words and its link.
LEAF_THROUGH = """async () => {
  const by = (id) => document.getElementById(id);
  const seen = [];
  while (true) {
    const place = `${seen.length + 1} of 150`;
    for (let waited = 0; waited < 500; waited++) {
      const shown = by("article-place").textContent === place && by("cited");
      const title = by("article-title").textContent;
      if (shown && by("cited").textContent === `${title} was said.`) break;
      await new Promise((resume) => setTimeout(resume, 4));
    }
    const link = by("article-source").querySelector("a")?.href ?? "";
    seen.push([by("article-title").textContent, by("cited").textContent, link]);
    if (by("next-citation").disabled) return seen;
    by("next-citation").click();
  }
}"""


@pytest.mark.browser
def test_payloads_in_questions_are_only_text(hostile: Readers) -> None:
    page = hostile.open()
    page.locator(".shelves").wait_for()
    clean = page.evaluate(CENSUS)
    typed, linked = PAYLOADS[::2], PAYLOADS[1::2]
    assert page.evaluate(ASK_EACH, typed) == 75
    trimmed = page.evaluate("said => said.map((each) => each.trim())", typed)
    assert texts(page, ".turn > h2") == trimmed
    understood = [f"Understood as: {each} as it was understood" for each in trimmed]
    assert texts(page, ".understood") == understood
    assert page.evaluate(CENSUS) == clean

    page.reload()  # what was kept of the conversation is written anew
    answered(page, 75)
    assert texts(page, ".turn > h2") == trimmed
    page.get_by_role("button", name="Conversations").click()
    assert texts(page, "#shelf-list .name") == trimmed[:1]
    assert page.evaluate(CENSUS) == clean

    page.get_by_role("button", name="Close").click()
    assert page.evaluate(FOLLOW_EACH, linked) == 75
    assert page.evaluate(CENSUS) == clean


UNTIL = """const until = async (holds) => {
  for (let waited = 0; waited < 1000 && !holds(); waited++) {
    await new Promise((resume) => setTimeout(resume, 4));
  }
  return holds();
};"""

# Asks each as a reader would, in one conversation.
ASK_EACH = f"""async (payloads) => {{
  {UNTIL}
  const by = (id) => document.getElementById(id);
  const [field, form, button] = ["question", "form", "ask"].map(by);
  let asked = 0;
  for (const payload of payloads) {{
    field.value = payload;
    form.requestSubmit();
    const told = () => document.querySelectorAll(".state .facts").length === asked + 1;
    if (!(await until(() => told() && button.textContent === "Ask"))) break;
    asked += 1;
  }}
  return asked;
}}"""

# Follows a link to each, which names it as the question and as limits, too.
FOLLOW_EACH = f"""async (payloads) => {{
  {UNTIL}
  const button = document.getElementById("ask");
  let followed = 0;
  for (const payload of payloads) {{
    const named = {{ q: payload, speaker: payload.slice(0, 500), outlet: payload.slice(0, 500) }};
    location.hash = new URLSearchParams(named).toString();
    const shown = () => document.querySelector(".turn > h2")?.textContent === payload.trim();
    if (!(await until(() => shown() && button.textContent === "Ask"))) break;
    followed += 1;
  }}
  return followed;
}}"""


def texts(page: Page, selector: str) -> list[str]:
    """The text of each element."""
    return page.locator(selector).all_text_contents()


def _said(payload: str) -> Span:
    """Where an article says a payload in the sentence that is cited."""
    start = len(f"{payload} before. ")
    return Span(start, start + len(f"{payload} was said."))
