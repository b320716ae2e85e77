// What a reply looks like: its quotes, its silence, its facts, and all of it as plain text.

import { openPlaces } from "./article.js";
import { button, element, factsOf, many, marked, nameOf, titled } from "./dom.js";

const HEADINGS = {
  common_words: "Too general to look up",
  no_passage: "Nothing within these limits",
  unknown_name: "Not on record",
  outside_period: "Nothing from that time",
  weak_evidence: "Not sure enough to answer",
  not_in_documents: "Not on record",
};
const SHOWN = 3; // of the closest passages, before all of them are asked for

// What is behind a quote, as a card; one click shows the quote in its article.
function card(places, at) {
  const source = places[at];
  const [name, facts] = [nameOf(source), factsOf(source)];
  const label = source.number ? `Citation ${source.number}` : `Passage ${source.rank}`;
  const made = button("", (event) => openPlaces(places, at, event.currentTarget), {
    className: "source",
    ariaLabel: `${[label, name, facts].filter(Boolean).join(", ")}. Show it in the article`,
  });
  made.append(
    element("span", { className: "number" }, `${source.number ?? source.rank}`),
    element("span", titled(source)),
    element("span", { className: "facts" }, facts),
  );
  return made;
}

function copies(source) {
  if (!source.copies?.length) return null;
  const named = new Map(source.copies.map((copy) => [copy.outlet ?? copy.article_id, copy]));
  const links = [...named].map(([name, copy]) => {
    const place = { ...copy, lang: source.lang, words: source.quote ?? source.text };
    return button(name, (event) => openPlaces([place], 0, event.currentTarget), {
      className: "link",
    });
  });
  return element("p", { className: "copies" }, "Also carried by ", ...separated(links));
}

const separated = (nodes) => nodes.flatMap((node, at) => (at ? [", ", node] : [node]));

// A quote or a passage above its card. A click anywhere on the words opens the article, too.
function quoted(places, at) {
  const source = places[at];
  const opener = card(places, at);
  const words = element(
    "blockquote",
    { lang: source.lang ?? "" },
    ...marked(source.quote ?? source.text, source.start, source.marks),
  );
  words.addEventListener("click", () => getSelection().isCollapsed && opener.click());
  return element("li", {}, words, opener, copies(source));
}

export function quotesOf(citations, from = 0) {
  return citations.slice(from).map((_, at) => quoted(citations, from + at));
}

// A written sentence; its [1] marks become buttons that open what they stand for.
export function written({ text, citations }, places) {
  const pieces = text.split(/(\[\d+\])/).map((piece) => {
    const number = Number(/^\[(\d+)\]$/.exec(piece)?.[1]);
    const at = places.findIndex((place) => place.number === number);
    if (at < 0 || !citations.some((one) => one.number === number)) return piece;
    return button(`${number}`, (event) => openPlaces(places, at, event.currentTarget), {
      className: "mark",
      ariaLabel: `Citation ${number}`,
    });
  });
  return element("p", { className: "written" }, ...pieces);
}

export function abstention(reply) {
  const nearest = element("ol", { className: "nearest", ariaLabel: "Closest passages" });
  const show = (count) =>
    nearest.append(
      ...reply.nearest.slice(nearest.children.length, count).map((_, at) =>
        quoted(reply.nearest, nearest.children.length + at),
      ),
    );
  show(SHOWN);
  const rest = reply.nearest.length - SHOWN;
  const more = button(`Show ${many(rest, "passage")} more`, () => {
    const first = nearest.children.length;
    show(Infinity);
    more.remove();
    nearest.children[first].querySelector(".source").focus();
  });
  return element(
    "div",
    { className: "abstention" },
    element("h3", {}, HEADINGS[reply.reason] ?? "No answer"),
    element("p", {}, reply.message),
    reply.nearest.length ? element("h4", {}, "Closest passages") : null,
    reply.nearest.length ? nearest : null,
    rest > 0 ? more : null,
  );
}

function certainty(confidence) {
  if (confidence >= 0.75) return "High confidence";
  return confidence >= 0.5 ? "Fair confidence" : "Low confidence";
}

const MODES = {
  extractive: "quoted word for word",
  generated: "written by a language model, backed by the quotes below",
};

export function factsOfReply(reply) {
  const words = [`index ${reply.generation}`];
  if (reply.answered) {
    words.unshift(certainty(reply.confidence), MODES[reply.mode] ?? reply.mode);
  }
  const percent = Math.round(100 * reply.confidence);
  return element(
    "p",
    { className: "facts", title: `Confidence ${percent} %, ${Math.round(reply.took_ms.total)} ms` },
    words.join(" · "),
  );
}

// What is said once to those who listen, when the reply is whole.
export function spoken(reply) {
  if (!reply.answered) return `${HEADINGS[reply.reason] ?? "No answer"}. ${reply.message}`;
  return `${many(reply.citations.length, "quote")}. ${reply.answer}`;
}

const line = (source) =>
  [nameOf(source), source.outlet, source.date, `${source.article_id} [${source.start}:${source.end}]`, source.url]
    .filter(Boolean)
    .join(", ");

// The reply as text, with its sources.
export function asText(question, reply) {
  const body = reply.answered
    ? [
        reply.mode === "extractive"
          ? reply.citations.map((one) => `“${one.quote}” [${one.number}]`).join("\n")
          : reply.answer,
        reply.citations.map((one) => `[${one.number}] ${line(one)}`).join("\n"),
      ]
    : [reply.message];
  return [question, ...body, `On Record, index ${reply.generation}`].join("\n\n");
}
