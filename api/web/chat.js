// The conversation on the page: its turns, the question below them, and what is kept of it.

import { hide } from "./article.js";
import { byId } from "./dom.js";
import * as limits from "./limits.js";
import * as shelf from "./shelf.js";
import { Turn } from "./turn.js";

const [MAX_TURNS, MAX_HISTORY] = [50, 300_000]; // the server takes so many, and some more characters
const [list, form, question] = ["turns", "form", "question"].map(byId);
let [id, turns, running] = [shelf.newId(), [], null];

const on = {
  again: (turn) => running || run(turn),
  edit: write,
  link: (turn) => linkTo(turn.entry),
  limits: limits.inWords,
};

export const current = () => (turns.length ? id : null);

// A new conversation, or one that was kept.
export function open(kept = null) {
  running?.stop();
  hide();
  [id, running] = [kept?.id ?? shelf.newId(), null];
  turns = (kept?.turns ?? []).map((entry) => new Turn(entry, on));
  list.replaceChildren(...turns.map((turn) => turn.view));
  draw();
  turns.at(-1)?.view.scrollIntoView({ block: "start" });
}

// Puts words into the field of the question, to be changed and sent.
export function write(words) {
  question.value = words;
  grow();
  question.focus();
  question.setSelectionRange(words.length, words.length);
}

export async function ask(words, filters = limits.read(), linked = null) {
  const turn = new Turn({ question: words, filters, reply: null }, on, linked);
  turns.push(turn);
  list.append(turn.view);
  await run(turn);
}

async function run(turn) {
  running = turn;
  draw();
  // What was pressed to ask again goes, and the focus would go with it.
  if (turn.view.contains(document.activeElement)) turn.view.firstElementChild.focus();
  turn.view.scrollIntoView({ block: "start" });
  const mine = id;
  await turn.run(before(turn));
  if (running === turn) running = null;
  draw();
  if (mine === id && turn.entry.reply) keep();
}

// The turns before one, as the server takes them.
function before(turn) {
  let room = MAX_HISTORY;
  const answered = turns.slice(0, turns.indexOf(turn)).filter((one) => one.entry.reply);
  return answered
    .map(({ entry }) => ({ question: entry.question, answer: entry.reply.answer || null }))
    .reverse()
    .slice(0, MAX_TURNS)
    .filter((one) => (room -= one.question.length + (one.answer?.length ?? 0)) >= 0)
    .reverse();
}

function keep() {
  const entries = turns.map((turn) => turn.entry).filter((entry) => entry.reply);
  shelf.save({ id, updated: Date.now(), turns: entries });
  if (!byId("ask-view").hidden) history.replaceState(history.state, "", `#c=${id}`);
}

function linkTo({ filters, reply }) {
  const asked = { q: reply.resolved_question, generation: reply.generation, ...filters };
  return `${location.origin}/#${new URLSearchParams(asked)}`;
}

function draw() {
  byId("welcome").hidden = turns.length > 0;
  byId("ask").textContent = running ? "Stop" : "Ask";
  byId("ask").classList.toggle("stop", Boolean(running));
  byId("to-ask").href = turns.length ? `#c=${id}` : "#";
}

function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight}px`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = question.value.trim();
  if (running || !words) return question.focus();
  question.value = "";
  byId("limits").open = false;
  grow();
  ask(words);
});
byId("ask").addEventListener("click", (event) => {
  if (!running) return;
  event.preventDefault();
  running.stop();
  question.focus();
});
question.addEventListener("input", grow);
question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
shelf.watch((changed, kept) => {
  if (changed === id && kept && !running) open(kept);
});
