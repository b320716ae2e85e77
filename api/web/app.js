// The page: its views and the way between them, the keys of the keyboard, the two dialogs.

import { close, hide, isOpen } from "./article.js";
import { showBuilds } from "./builds.js";
import * as chat from "./chat.js";
import { key } from "./client.js";
import { announce, button, byId, element, many, moment } from "./dom.js";
import { showLibrary } from "./library.js";
import * as limits from "./limits.js";
import * as shelf from "./shelf.js";
import { welcome } from "./welcome.js";

const VIEWS = ["ask", "articles", "builds"];
const LIMITS = ["from", "to", "lang", "outlet", "speaker", "sector"];

function show(view) {
  for (const name of VIEWS) {
    byId(`${name}-view`).hidden = name !== view;
    byId(`to-${name}`).ariaCurrent = name === view ? "page" : null;
  }
  document.title = view === "ask" ? "On Record" : `${byId(`${view}-title`).textContent} · On Record`;
}

// What the address names: a view, a kept conversation, or a question to ask.
function route() {
  hide();
  const named = new URLSearchParams(location.hash.slice(1));
  const view = VIEWS.find((name) => named.has(name)) ?? "ask";
  show(view);
  if (view === "articles") {
    showLibrary();
    welcome(); // counts its languages and outlets, too
  }
  if (view === "builds") showBuilds();
  if (view !== "ask") {
    byId(`${view}-title`).focus();
    return;
  }
  const question = named.get("q")?.trim();
  if (question) {
    const given = LIMITS.filter((name) => named.get(name)).map((name) => [name, named.get(name)]);
    limits.set(Object.fromEntries(given));
    chat.open();
    const linked = Number(named.get("generation")) || null;
    chat.ask(question, limits.read(), linked).then(welcome);
  } else if (!named.has("c")) {
    chat.open();
    welcome();
  } else if (named.get("c") !== chat.current()) {
    const kept = shelf.read(named.get("c"));
    chat.open(kept);
    if (!kept) announce("That conversation is not kept in this browser.");
    welcome();
  }
  // On a phone the focus would bring its keyboard over the page.
  if (!matchMedia("(pointer: coarse)").matches) byId("question").focus({ preventScroll: true });
}

function go(hash) {
  if (location.hash === hash || (hash === "#" && !location.hash)) route();
  else location.hash = hash;
}

const shelfDialog = byId("shelf");

function drawShelf() {
  const kept = shelf.all();
  const one = (conversation) => {
    const open = () => {
      shelfDialog.close();
      go(`#c=${conversation.id}`);
    };
    const forget = () => {
      shelf.remove(conversation.id);
      if (conversation.id === chat.current()) chat.open();
      drawShelf();
      byId("close-shelf").focus();
      announce("Deleted");
    };
    const { question } = conversation.turns[0];
    const facts = `${many(conversation.turns.length, "question")} · ${moment(conversation.updated)}`;
    const opener = button("", open, { className: "source" });
    opener.append(
      element("span", { className: "name" }, question),
      element("span", { className: "facts" }, facts),
    );
    return element("li", {}, opener, button("Delete", forget, { ariaLabel: `Delete: ${question}` }));
  };
  byId("shelf-list").replaceChildren(...kept.map(one));
  if (!kept.length) byId("shelf-list").append(element("li", {}, "None yet."));
  byId("clear-shelf").hidden = kept.length < 2;
  byId("clear-shelf").textContent = "Delete all";
}

byId("open-shelf").addEventListener("click", () => {
  drawShelf();
  shelfDialog.showModal();
});
byId("close-shelf").addEventListener("click", () => shelfDialog.close());
byId("clear-shelf").addEventListener("click", ({ currentTarget: pressed }) => {
  const kept = shelf.all();
  const sure = `Really delete all ${kept.length}?`;
  if (pressed.textContent !== sure) return void (pressed.textContent = sure);
  for (const { id } of kept) shelf.remove(id);
  shelfDialog.close();
  go("#");
});

const keyDialog = byId("key-dialog");
document.addEventListener("key-needed", () => {
  byId("key-trouble").textContent = key.value ? "The key that was given does not open this." : "";
  if (!keyDialog.open) keyDialog.showModal();
});
byId("close-key").addEventListener("click", () => keyDialog.close());
byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const given = byId("key").value.trim();
  const sound = /^[\x21-\x7e]*$/.test(given); // what a header can carry
  byId("key-trouble").textContent = sound ? "" : "A key has no such characters.";
  if (!sound) return;
  key.value = given;
  byId("key").value = "";
  keyDialog.close();
  if (byId("builds-view").hidden) welcome();
  else showBuilds();
});

byId("fresh").addEventListener("click", () => {
  limits.set({});
  go("#");
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  show("ask");
  byId("question").focus();
});
addEventListener("hashchange", route);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    if (isOpen()) close();
    else byId("limits").open = false;
  }
  const typing = event.target.closest("input, textarea, select, dialog");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (byId("ask-view").hidden) go(byId("to-ask").hash || "#");
    byId("question").focus();
  }
});

route();
