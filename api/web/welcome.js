// The empty page: what the library holds, and questions to begin with.

import { call } from "./client.js";
import { ask, write } from "./chat.js";
import { button, byId, day, element, language, listed, many } from "./dom.js";
import * as limits from "./limits.js";

const SHOWN = 8; // leaders, sectors and outlets each

// Tells what is there now, and offers it as limits.
export async function welcome() {
  const view = byId("welcome");
  try {
    const overview = await call("/v1/overview");
    // One after the other: a question that is asked meanwhile shall not wait for both.
    const leaders = await call("/v1/leaders?limit=50").then((page) => page.leaders, () => []);
    const sectors = await call("/v1/sectors").then((page) => page.sectors, () => []);
    limits.offer(overview, leaders, sectors);
    limits.fill(byId("articles-form").lang, overview.languages);
    limits.fill(byId("articles-form").outlet, overview.outlets);
    view.replaceChildren(...told(overview, leaders, sectors));
  } catch (error) {
    const line = element("p", {}, `${error.title ?? "Something went wrong"}. ${error.message}`);
    view.replaceChildren(heading(), line, button("Try again", welcome));
  }
}

const heading = () => element("h1", {}, "What is on record?");

function told(overview, leaders, sectors) {
  return [
    heading(),
    element("p", { className: "lead" }, summary(overview)),
    examples(overview.examples),
    element(
      "div",
      { className: "shelves" },
      shelf("Leaders", leaders, (row) => row.name, (row) => row.statements, "speaker"),
      shelf("Sectors", sectors, (row) => row.label.en, (row) => row.statements, "sector"),
      shelf("Outlets", overview.outlets, (row) => row.name, (row) => row.articles, "outlet"),
    ),
  ].filter(Boolean);
}

function summary({ articles, first, last, languages }) {
  const from = first && (first === last ? `, of ${day(first)}` : `, ${day(first)} to ${day(last)}`);
  const tongues = listed(languages.map(({ name }) => language(name)));
  const held = `${many(articles, "article")}${tongues && ` in ${tongues}`}${from ?? ""}.`;
  return `${held} Every answer is their own sentences, word for word, one click from where they stand.`;
}

function examples(rows) {
  if (!rows.length) return null;
  const one = ({ question, lang }) =>
    element("li", {}, button(question, () => ask(question), { className: "example", lang }));
  return element("ul", { className: "examples", ariaLabel: "Questions to begin with" }, ...rows.map(one));
}

// A list that, clicked, limits the search.
function shelf(title, rows, named, counted, field) {
  const counting = rows.filter(counted).slice(0, SHOWN);
  if (!counting.length) return null;
  const one = (row) => {
    const limit = () => {
      limits.add({ [field]: named(row) });
      write(byId("question").value);
    };
    const label = `Limit the search to ${named(row)}`;
    return element(
      "li",
      {},
      button(named(row), limit, { className: "link", title: label }),
      element("span", { className: "count" }, `${counted(row)}`),
    );
  };
  return element(
    "section",
    {},
    element("h2", {}, title),
    element("ul", {}, ...counting.map(one)),
  );
}
