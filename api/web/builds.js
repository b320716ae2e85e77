// The operator's page: builds as they go, started and cancelled, and the indexes that are kept.

import { call } from "./client.js";
import { announce, button, byId, element, many, moment } from "./dom.js";

const view = byId("builds");
const STATES = {
  queued: "waits",
  running: "runs",
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "interrupted",
  refused: "refused: worse than what serves",
};
let [timer, last] = [null, {}];

// Shows the builds, and looks again while the page is seen: often while one goes on.
export async function showBuilds() {
  clearTimeout(timer);
  if (byId("builds-view").hidden) return;
  let going = false;
  try {
    const [{ builds }, { generations }] = await Promise.all([
      call("/v1/builds?limit=15"),
      call("/v1/generations"),
    ]);
    going = builds.some(isGoing);
    tell(builds);
    draw(builds, generations);
  } catch (error) {
    refused(error);
    if (error.status === 401 || error.status === 403) return;
  }
  timer = setTimeout(showBuilds, going ? 700 : 10_000);
}

const isGoing = (build) => build.state === "queued" || build.state === "running";

// What ended since the last look is said once.
function tell(builds) {
  for (const build of builds.filter((one) => last[one.id] && !isGoing(one))) {
    announce(`Build ${build.id} ${STATES[build.state]}`);
  }
  last = Object.fromEntries(builds.filter(isGoing).map((build) => [build.id, true]));
}

function refused(error) {
  const needed = error.status === 401 || error.status === 403;
  view.replaceChildren(
    element("p", { className: "trouble", role: "alert" }, `${error.title}. ${error.message}`),
    needed ? button("Give a key", () => document.dispatchEvent(new Event("key-needed"))) : "",
  );
}

async function act(path, options) {
  try {
    await call(path, options);
  } catch (error) {
    return refused(error);
  }
  await showBuilds();
}

const start = (full) => () => act("/v1/builds", { method: "POST", body: { full } });

function draw(builds, generations) {
  // A button that is about to be pressed, or has the focus, is not replaced under the hand.
  if (!view.querySelector(".row")) {
    view.replaceChildren(
      element(
        "div",
        { className: "row" },
        button("Build now", start(false), { className: "" }),
        button("Embed all anew", start(true)),
      ),
      element("ol", { className: "builds", ariaLabel: "Builds" }),
      element("h2", {}, "Indexes that are kept"),
      element("ul", { className: "generations" }),
    );
  }
  const list = view.querySelector(".builds");
  list.replaceChildren(...builds.map((build) => row(build, list.querySelector(`#cancel-${build.id}`))));
  if (!builds.length) list.append(element("li", {}, "Nothing was built by a server yet."));
  view.querySelector(".generations").replaceChildren(...generations.toReversed().map(kept));
}

function row(build, pressed) {
  const head = element(
    "p",
    { className: "row" },
    element("strong", {}, `Build ${build.id}`),
    element("span", { className: `state-${build.state}` }, STATES[build.state]),
    element("span", { className: "facts" }, moment(build.started ?? build.created)),
  );
  const made = element("li", {}, head, element("p", { className: "facts" }, outcome(build)));
  if (!isGoing(build)) return made;
  const known = build.total ? { max: build.total, value: build.done ?? 0 } : {};
  const bar = element("progress", { ...known, ariaLabel: `Build ${build.id}` });
  const cancel = () => act(`/v1/builds/${build.id}`, { method: "DELETE" });
  head.append(pressed ?? button("Cancel", cancel, { id: `cancel-${build.id}` }));
  made.append(bar);
  return made;
}

function outcome(build) {
  if (build.error) return build.error;
  if (isGoing(build)) {
    const done = build.total ? `, ${build.done ?? 0} of ${build.total}` : "";
    return build.stage ? `${build.stage}${done}` : "";
  }
  const seconds = Object.values(build.seconds ?? {}).reduce((sum, each) => sum + each, 0);
  return [
    build.generation !== null && `index ${build.generation}`,
    build.embedded !== null && `${many(build.embedded, "text")} embedded, ${build.reused} kept`,
    build.removed && `${many(build.removed, "passage")} removed`,
    seconds && `${seconds.toFixed(1)} s`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function kept(one) {
  const place = one.live ? "serves" : one.aside ? "kept aside" : "";
  const className = one.live ? "serves" : "facts";
  const counts = `${many(one.counts.articles ?? 0, "article")}, ${many(one.counts.passages ?? 0, "passage")}`;
  const facts = [counts, one.encoder, moment(one.created)].join(" · ");
  return element(
    "li",
    {},
    element("p", { className: "row" }, element("strong", {}, `Index ${one.number}`), element("span", { className }, place)),
    element("p", { className: "facts" }, facts),
  );
}
