// The article beside the chat, with the cited sentence marked and in view; on a phone it covers
// the chat, and the way back is its button, Esc or the browser's own.

import { call } from "./client.js";
import { button, byId, cut, element, factsOf, titled } from "./dom.js";

const pane = byId("article");
const narrow = matchMedia("(max-width: 56rem)");
const articles = new Map(); // texts read lately, by wording
let [places, at, opener, asked] = [[], 0, null, 0];

export const isOpen = () => !pane.hidden;

// Shows places of articles: citations, passages, or whole articles, which have no place in them.
export function openPlaces(all, which, by) {
  [places, opener] = [all, by];
  if (!isOpen()) {
    pane.hidden = false;
    history.pushState({ article: true }, "");
    arrange();
  }
  return show(which);
}

export function close() {
  if (history.state?.article) history.back();
  else hide();
}

export function hide() {
  if (!isOpen()) return;
  asked++;
  pane.hidden = true;
  arrange();
  select(null);
  (opener?.isConnected ? opener : byId("question")).focus({ preventScroll: !narrow.matches });
}

// What the pane covers cannot be reached meanwhile.
function arrange() {
  document.body.classList.toggle("reading", isOpen());
  const covered = isOpen() && narrow.matches;
  byId("main").inert = covered;
  document.querySelector(".masthead").inert = covered;
}

function select(source) {
  for (const one of document.querySelectorAll("[aria-current=location]")) one.ariaCurrent = null;
  if (source) source.ariaCurrent = "location";
}

// The card of a place, among those that stand beside the one that opened the pane.
function cardOf(which) {
  const list = opener?.closest("li.turn, ol")?.querySelectorAll(".source") ?? [];
  return list.length === places.length ? list[which] : null;
}

async function show(which) {
  at = which;
  opener = cardOf(at) ?? opener;
  const mine = ++asked;
  const source = places[at];
  head(source);
  select(cardOf(at));
  const [note, text] = [byId("article-note"), byId("article-text")];
  note.hidden = true;
  text.lang = source.lang ?? "";
  if (!articles.has(wording(source))) text.replaceChildren();
  byId("article-body").focus({ preventScroll: true });
  try {
    const article = await read(source);
    if (mine !== asked) return;
    head({ ...article, ...source, title: source.title ?? article.title });
    fill(text, article.text, source);
  } catch (error) {
    if (mine === asked) lost(note, text, source, error);
  }
}

const wording = (source) => `${source.article_sha256 ?? source.sha256 ?? ""} ${source.article_id ?? source.id}`;

async function read(source) {
  const name = wording(source);
  if (!articles.has(name)) {
    const sha256 = source.article_sha256 ? `?sha256=${source.article_sha256}` : "";
    const id = encodeURIComponent(source.article_id ?? source.id);
    articles.set(name, await call(`/v1/articles/${id}${sha256}`));
    if (articles.size > 8) articles.delete(articles.keys().next().value);
  }
  return articles.get(name);
}

function head(source) {
  Object.assign(byId("article-title"), titled(source));
  const line = byId("article-source");
  line.replaceChildren(factsOf(source));
  if (/^https?:\/\//i.test(source.url ?? "")) {
    const link = { href: source.url, rel: "noopener noreferrer", target: "_blank" };
    line.append(line.textContent ? " · " : "", element("a", link, "original"));
  }
  byId("article-steps").hidden = places.length < 2;
  byId("article-place").textContent = `${at + 1} of ${places.length}`;
  byId("previous-citation").disabled = at === 0;
  byId("next-citation").disabled = at === places.length - 1;
}

function fill(view, text, source) {
  let { start, end } = source;
  if (source.words) {
    const unit = text.indexOf(source.words);
    start = unit < 0 ? undefined : [...text.slice(0, unit)].length;
    end = start + [...source.words].length;
  }
  if (start === undefined) {
    view.replaceChildren(...paragraphs(text, 0, 0));
    byId("article-body").scrollTop = 0;
    return;
  }
  const [before, words] = cut(text, start, end);
  view.replaceChildren(...paragraphs(text, before.length, before.length + words.length));
  const mark = view.querySelector("mark");
  mark.id = "cited";
  // Only the pane moves: scrollIntoView would move the page behind it, too.
  const body = byId("article-body");
  const [shown, its] = [body.getBoundingClientRect(), mark.getBoundingClientRect()];
  body.scrollTop += its.top - shown.top - Math.max(24, (shown.height - its.height) / 3);
}

// The text as paragraphs that hold all its characters, what lies between two of them marked. Each
// line is one, unless empty lines part most of them, or a sentence runs on over the end of a line.
function paragraphs(text, from, to) {
  const count = (border) => text.match(border)?.length ?? 0;
  const parted = 4 * count(/\n[^\S\n]*\n/g) > count(/\n/g) || text.slice(from, to).includes("\n");
  let at = 0;
  return (parted ? [text] : text.split(/(?<=\n)/)).map((words) => {
    const [start, end] = [from, to].map((place) => Math.min(Math.max(place - at, 0), words.length));
    at += words.length;
    const mark = start < end ? element("mark", {}, words.slice(start, end)) : null;
    return element("p", {}, words.slice(0, start), mark, words.slice(end));
  });
}

// The wording is gone, or cannot be read now: its quote is still here.
function lost(note, view, source, error) {
  const gone = error.status === 404;
  note.replaceChildren(
    gone
      ? "This wording is no longer kept: the article was changed or removed after the answer was given."
      : `${error.title}. ${error.message}`,
  );
  if (!gone) note.append(" ", button("Try again", () => show(at)));
  note.hidden = false;
  const words = source.quote ?? source.text;
  view.replaceChildren(...(words ? [element("blockquote", {}, words)] : []));
}

const step = (by) => places[at + by] && show(at + by);

byId("close-article").addEventListener("click", close);
byId("previous-citation").addEventListener("click", () => step(-1));
byId("next-citation").addEventListener("click", () => step(1));
byId("article-body").addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowLeft") step(-1);
  if (event.key === "ArrowRight") step(1);
});
addEventListener("popstate", (event) => event.state?.article || hide());
narrow.addEventListener("change", arrange);
