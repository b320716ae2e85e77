// What the search is limited to: the fields below the question, and a chip for each that is set.

import { button, byId, day, element, language, many } from "./dom.js";

const fields = [...byId("limits").querySelectorAll("input, select")];

const WORDS = {
  from: (value) => `from ${day(value)}`,
  to: (value) => `to ${day(value)}`,
  lang: language,
};

const worded = (value, name) => (WORDS[name] ?? String)(value);

export const inWords = (filters) =>
  Object.entries(filters).map(([name, value]) => worded(value, name)).join(" · ");

export const read = () =>
  Object.fromEntries(fields.map((one) => [one.name, one.value.trim()]).filter(([, value]) => value));

export function set(filters) {
  for (const one of fields) {
    const value = filters[one.name] ?? "";
    if (one.tagName === "SELECT" && ![...one.options].some((each) => each.value === value)) {
      one.add(new Option(worded(value, one.name), value));
    }
    one.value = value;
  }
  draw();
}

export const add = (filters) => set({ ...read(), ...filters });

// The rows of a count as the options of a select; what is chosen stays chosen.
export function fill(select, rows) {
  const chosen = select.value;
  const options = rows.map(({ name, articles }) =>
    new Option(`${worded(name, select.name)} (${articles})`, name),
  );
  if (chosen && !rows.some(({ name }) => name === chosen)) options.unshift(new Option(chosen));
  select.replaceChildren(new Option("any", ""), ...options);
  select.value = chosen;
}

export function offer({ languages, outlets }, leaders, sectors) {
  const [langs, papers] = ["lang", "outlet"].map((name) => fields.find((one) => one.name === name));
  fill(langs, languages);
  fill(papers, outlets);
  const options = (rows, named) =>
    rows.map((row) =>
      element("option", { value: named(row), label: `${named(row)} (${many(row.statements, "statement")})` }),
    );
  byId("leaders").replaceChildren(...options(leaders, (row) => row.name));
  byId("sectors").replaceChildren(...options(sectors, (row) => row.label.en));
}

function draw() {
  const filters = read();
  const chips = Object.entries(filters).map(([name, value]) => {
    const words = worded(value, name);
    const without = () => {
      const { [name]: _, ...rest } = read();
      set(rest);
      byId("question").focus();
    };
    return button(`${words} ×`, without, { className: "chip", ariaLabel: `Remove limit: ${words}` });
  });
  byId("chips").replaceChildren(...chips);
}

byId("limits").addEventListener("change", draw);
