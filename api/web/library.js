// The page of the articles: searched, limited, leafed through; one click opens one.

import { openPlaces } from "./article.js";
import { call } from "./client.js";
import { button, byId, element, factsOf, many, titled } from "./dom.js";

const LIMIT = 25;
const form = byId("articles-form");
let [offset, asking, timer] = [0, null, null];

export async function showLibrary() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const given = [...new FormData(form)].filter(([, value]) => value.trim());
  const query = new URLSearchParams([...given, ["offset", offset], ["limit", LIMIT]]);
  try {
    draw(await call(`/v1/articles?${query}`, { signal }));
  } catch (error) {
    if (error.name !== "AbortError") byId("articles-count").textContent = `${error.title}. ${error.message}`;
  }
}

function draw({ total, articles }) {
  const range = articles.length ? ` · ${offset + 1}–${offset + articles.length}` : "";
  byId("articles-count").textContent = total ? `${many(total, "article")}${range}` : "No article passes.";
  byId("articles-list").replaceChildren(...articles.map((_, at) => row(articles, at)));
  byId("articles-pages").hidden = total <= LIMIT;
  byId("articles-back").disabled = offset === 0;
  byId("articles-on").disabled = offset + LIMIT >= total;
}

function row(articles, at) {
  const article = articles[at];
  const made = button("", (event) => openPlaces(articles, at, event.currentTarget), {
    className: "source",
  });
  const facts = [factsOf(article), many(article.characters, "character")].filter(Boolean).join(" · ");
  made.append(
    element("span", titled(article)),
    element("span", { className: "facts" }, facts),
  );
  return element("li", {}, made);
}

function leaf(by) {
  offset = Math.max(0, offset + by);
  showLibrary().then(() => byId("articles-title").focus());
  scrollTo({ top: 0 });
}

form.addEventListener("input", () => {
  offset = 0;
  clearTimeout(timer);
  timer = setTimeout(showLibrary, 200);
});
form.addEventListener("submit", (event) => event.preventDefault());
byId("articles-back").addEventListener("click", () => leaf(-LIMIT));
byId("articles-on").addEventListener("click", () => leaf(LIMIT));
