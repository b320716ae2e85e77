// Elements of the page. What comes from the server or a reader becomes text nodes, never markup.

export const byId = (id) => document.getElementById(id);

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const button = (label, onclick, properties = {}) =>
  element("button", { type: "button", className: "quiet", onclick, ...properties }, label);

// Says something once to those who listen to the page.
export function announce(words) {
  byId("announcer").textContent = words;
}

// The pieces of `text` between these code points, one more than there are places. Offsets of the
// server count code points; a string's own indexes count UTF-16 units.
export function cut(text, ...places) {
  const pieces = [];
  let [point, unit] = [0, 0];
  for (const place of places) {
    const from = unit;
    for (; point < place && unit < text.length; point++) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
    }
    pieces.push(text.slice(from, unit));
  }
  return [...pieces, text.slice(unit)];
}

// The nodes of a quote, the words that answer in <mark>; `marks` are places in the article.
export function marked(quote, start, marks = []) {
  const places = marks.flatMap((mark) => [mark.start - start, mark.end - start]);
  return cut(quote, ...places).map((piece, at) => (at % 2 ? element("mark", {}, piece) : piece));
}

// Made when first needed: each takes a browser some milliseconds, and a question shall not wait.
const late = (make) => {
  let made;
  return () => (made ??= make());
};
const numbers = late(() => new Intl.NumberFormat("en"));
const days = late(() => new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }));
const moments = late(() => new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }));
const tongues = late(() => new Intl.DisplayNames(["en"], { type: "language" }));

export const day = (date) => days().format(new Date(date));
export const moment = (date) => moments().format(new Date(date));
export const many = (count, one, more = `${one}s`) =>
  `${numbers().format(count)} ${count === 1 ? one : more}`;
export const listed = (words) =>
  new Intl.ListFormat("en", { type: "conjunction" }).format(words);

export function language(code) {
  try {
    return tongues().of(code);
  } catch {
    return code; // no code of a language
  }
}

// What an article is called, and what else is known of it. Some have no title, and go by their id.
export const nameOf = (source) => source.title || source.article_id || source.id;
export const titled = (source) =>
  source.title
    ? { className: "name", lang: source.lang ?? "", textContent: source.title }
    : { className: "name untitled", lang: "", textContent: nameOf(source) };
export const factsOf = (source) =>
  [source.outlet, source.date && day(source.date), source.lang && language(source.lang)]
    .filter(Boolean)
    .join(" · ");

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Beyond loopback without TLS a browser has no clipboard but this.
    const area = element("textarea", { value: text, className: "unseen" });
    const focused = document.activeElement;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    focused?.focus();
  }
}
