// One question with its reply: asked, streamed, stopped, tried again.

import { brokenOff, call, events } from "./client.js";
import { announce, button, copyText, element } from "./dom.js";
import { abstention, asText, factsOfReply, quotesOf, spoken, written } from "./reply.js";

const LONG = 300; // characters of a question that may have to be scrolled, with the keyboard, too

export class Turn {
  // `entry` is what is kept: { question, filters, reply }; `linked` the index that a link names;
  // `on` does what concerns the conversation: again(turn), edit(words), link(turn), limits(filters).
  constructor(entry, on, linked = null) {
    Object.assign(this, { entry, on, linked });
    this.understood = element("div");
    this.answer = element("div", { className: "answer" });
    this.state = element("div", { className: "state" });
    this.view = element(
      "li",
      { className: "turn" },
      element("h2", { tabIndex: entry.question.length > LONG ? 0 : -1 }, entry.question),
      this.limits(),
      this.understood,
      this.answer,
      this.state,
    );
    if (entry.reply) this.show(entry.reply);
  }

  get isRunning() {
    return Boolean(this.stopper);
  }

  async run(history) {
    this.entry.reply = null;
    this.stopper = new AbortController();
    this.view.ariaBusy = "true";
    this.begin();
    const { question, filters } = this.entry;
    try {
      const body = { question, history, filters };
      for await (const { event, data } of events("/v1/ask", body, this.stopper.signal)) {
        if (event === "resolved") this.begin(data);
        else if (event === "hits") this.say(`Reading ${data.hits.length} passages…`);
        else if (event === "sentence") this.add(data);
        else if (event === "done") this.show((this.entry.reply = data));
        else if (event === "error") throw Object.assign(new Error(data.detail), data);
      }
      if (!this.entry.reply) throw brokenOff();
      announce(spoken(this.entry.reply));
    } catch (error) {
      this.fail(error);
    } finally {
      this.stopper = null;
      this.view.ariaBusy = null;
    }
  }

  stop() {
    this.stopper?.abort();
  }

  // A reply begins, or begins anew.
  begin(resolved) {
    [this.sentences, this.citations, this.quotes] = [[], [], null];
    this.answer.replaceChildren();
    this.understood.replaceChildren();
    if (resolved) this.tell(resolved.resolved_question);
    this.say("Searching…");
  }

  say(words) {
    this.state.replaceChildren(element("p", { className: "working" }, words));
  }

  tell(resolved) {
    if (resolved === this.entry.question) return;
    const edit = button("Edit", () => this.on.edit(resolved), { className: "link" });
    edit.ariaLabel = "Edit the question as it was understood";
    const words = element("span", { className: "understood" }, `Understood as: ${resolved}`);
    this.understood.replaceChildren(element("p", {}, words, " ", edit));
  }

  add(sentence) {
    this.sentences.push(sentence);
    const known = this.citations.length;
    for (const one of sentence.citations) {
      if (!this.citations.some((other) => other.number === one.number)) this.citations.push(one);
    }
    this.quotes ??= element("ol", { className: "quotes", ariaLabel: "Quotes" });
    if (sentence.mode !== "extractive") {
      const view = written(sentence, this.citations);
      if (this.quotes.isConnected) this.quotes.before(view);
      else this.answer.append(view);
    }
    if (!this.quotes.isConnected) this.answer.append(this.quotes);
    this.quotes.append(...quotesOf(this.citations, known));
  }

  // The whole reply. What was streamed already stays as it is: somebody may be reading it.
  show(reply) {
    const streamed = this.sentences?.map((one) => one.text).join(" ");
    if (!reply.answered) this.answer.replaceChildren(abstention(reply));
    else if (streamed !== reply.answer) {
      this.begin();
      this.add({ text: reply.answer, citations: reply.citations, mode: reply.mode });
    }
    this.tell(reply.resolved_question);
    this.state.replaceChildren(factsOfReply(reply), this.actions(reply));
    if (this.linked && this.linked !== reply.generation) this.compare(reply.generation);
  }

  actions(reply) {
    const copied = (text, done) => async (event) => {
      const pressed = event.currentTarget;
      await copyText(text());
      announce(done);
      const label = pressed.textContent;
      pressed.textContent = "Copied";
      setTimeout(() => (pressed.textContent = label), 2000);
    };
    return element(
      "div",
      { className: "row", role: "group", ariaLabel: "This reply" },
      button("Copy", copied(() => asText(this.entry.question, reply), "Copied with its sources"), {
        title: "Copy as text, with its sources",
      }),
      button("Copy link", copied(() => this.on.link(this), "Link copied"), {
        title: "Copy a link that asks this question again",
      }),
      button("Ask again", () => this.on.again(this)),
    );
  }

  fail(error) {
    const stopped = error.name === "AbortError";
    const wait = error.seconds ? ` Try again in ${error.seconds} s.` : "";
    const told = stopped
      ? element("p", { className: "working" }, "Stopped.")
      : element(
          "div",
          { className: "trouble", role: "alert" },
          element("strong", {}, error.title ?? "Something went wrong"),
          element("p", {}, `${error.message}${wait}`),
        );
    if (!stopped && this.sentences.length) {
      told.append(element("p", {}, "What is above had come until then."));
    }
    if (stopped) announce("Stopped");
    this.state.replaceChildren(
      told,
      element(
        "div",
        { className: "row" },
        button("Try again", () => this.on.again(this)),
        button("Edit", () => this.on.edit(this.entry.question)),
      ),
    );
  }

  limits() {
    const words = this.on.limits(this.entry.filters);
    return words ? element("p", { className: "limited" }, `Limits: ${words}`) : null;
  }

  // A link named another index than the one that answers now.
  async compare(generation) {
    const note = (kept) =>
      `This link was made with index ${this.linked}${kept}. The reply comes from index ${generation}, so it may differ.`;
    const line = element("p", { className: "linked", role: "status" }, note(""));
    this.state.before(line);
    try {
      const { generations } = await call("/v1/generations");
      const kept = generations.some((one) => one.number === this.linked);
      line.textContent = note(kept ? ", which no longer serves" : ", which is no longer kept");
    } catch {
      // what is said is true without it
    }
  }
}
