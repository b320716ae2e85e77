// The chat page. Everything that comes from the server becomes text nodes, never markup.

const byId = (id) => document.getElementById(id);
const [turns, status, form, question, key, dialog] =
  ["turns", "status", "form", "question", "key", "article"].map(byId);
const MAX_TURNS = 50;
let history = [];

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

async function call(path, body) {
  const headers = key.value ? { "X-API-Key": key.value } : {};
  if (body) headers["Content-Type"] = "application/json";
  const reply = await fetch(path, {
    method: body ? "POST" : "GET",
    headers,
    body: body && JSON.stringify(body),
  });
  const content = await reply.json();
  if (reply.ok) return content;
  if (reply.status === 401) byId("key-row").hidden = false;
  throw new Error(content.detail ?? `The server answered ${reply.status}.`);
}

const sourceLine = (source) =>
  [source.title ?? source.article_id, source.outlet, source.date].filter(Boolean).join(" · ");

// The words of a quote, those that answer in <mark>. Offsets count code points of the article.
function marked(source, words) {
  const points = Array.from(words);
  const parts = [];
  let done = source.start;
  const part = (from, to) => points.slice(from - source.start, to - source.start).join("");
  for (const { start, end } of source.marks ?? []) {
    parts.push(part(done, start), element("mark", {}, part(start, end)));
    done = end;
  }
  return [...parts, part(done, source.end)];
}

const outlets = (copies) =>
  [...new Set(copies.map((copy) => copy.outlet ?? copy.article_id))].join(", ");

// A quote or a passage, with a button that opens its article at the place.
function quoted(source, words, mark) {
  const open = element(
    "button",
    { type: "button", className: "source", title: "Open the article at this place" },
    mark && element("span", { className: "number" }, mark),
    sourceLine(source),
  );
  open.addEventListener("click", () => openArticle(source).catch(showError));
  const quote = element("blockquote", { lang: source.lang ?? "" }, ...marked(source, words));
  const copies = source.copies.length
    ? [element("p", { className: "copies" }, `Also carried by ${outlets(source.copies)}`)]
    : [];
  return element("li", {}, quote, open, ...copies);
}

function answerView(reply) {
  if (!reply.answered) {
    const nearest = reply.nearest.map((hit) => quoted(hit, hit.text, ""));
    return [
      element("p", { className: "abstention" }, reply.message),
      ...(nearest.length
        ? [element("p", {}, "The nearest passages:"), element("ol", { className: "nearest" }, ...nearest)]
        : []),
    ];
  }
  const cited = reply.citations.map((one) => quoted(one, one.quote, `[${one.number}]`));
  const list = element("ol", { className: "quotes" }, ...cited);
  // Extractive answers are their quotes; a written one stands above them.
  return reply.mode === "extractive" ? [list] : [element("p", {}, reply.answer), list];
}

async function openArticle(source) {
  const path = `/v1/articles/${encodeURIComponent(source.article_id)}`;
  const article = await call(`${path}?sha256=${source.article_sha256}`);
  byId("article-title").textContent = source.title ?? source.article_id;
  const line = byId("article-source");
  line.replaceChildren([source.outlet, source.date].filter(Boolean).join(" · "));
  if (/^https?:\/\//i.test(source.url ?? "")) {
    line.append(" ", element("a", { href: source.url, rel: "noopener noreferrer" }, "original"));
  }
  // Offsets count code points; a string's own indexes count UTF-16 units.
  const points = Array.from(article.text);
  const part = (from, to) => points.slice(from, to).join("");
  const mark = element("mark", {}, part(source.start, source.end));
  const text = byId("article-text");
  text.lang = source.lang ?? "";
  text.replaceChildren(part(0, source.start), mark, part(source.end));
  dialog.showModal();
  mark.scrollIntoView({ block: "center" });
}

function showError(error) {
  status.textContent = error.message;
  status.className = "error";
}

function filters() {
  const given = [...new FormData(form)].filter(([, value]) => value.trim());
  return Object.fromEntries(given);
}

async function ask() {
  const asked = question.value.trim();
  if (!asked) return;
  byId("ask").disabled = true;
  status.className = "";
  status.textContent = "Searching…";
  try {
    const reply = await call("/v1/ask", { question: asked, history, filters: filters() });
    const understood = reply.resolved_question !== reply.question
      ? [element("p", { className: "understood" }, `Understood as: ${reply.resolved_question}`)]
      : [];
    const turn = element("li", {}, element("h2", {}, asked), ...understood, ...answerView(reply));
    turns.append(turn);
    turn.scrollIntoView({ block: "start" });
    history = [...history, { question: asked, answer: reply.answer || null }].slice(-MAX_TURNS);
    question.value = "";
    status.textContent = "";
  } catch (error) {
    showError(error);
  } finally {
    byId("ask").disabled = false;
    question.focus();
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
byId("fresh").addEventListener("click", () => {
  history = [];
  turns.replaceChildren();
  status.textContent = "";
  question.focus();
});
byId("close").addEventListener("click", () => dialog.close());
question.focus();
