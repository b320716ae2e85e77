// The server: requests, streamed replies, and what goes wrong with them as one kind of error.

const KEY = "onrecord.key";
let kept = "";

// The API key: kept for this tab alone, in memory where the browser keeps nothing.
export const key = {
  get value() {
    try {
      return sessionStorage.getItem(KEY) ?? kept;
    } catch {
      return kept;
    }
  },
  set value(words) {
    kept = words;
    try {
      sessionStorage.setItem(KEY, words);
    } catch {
      // in memory, then
    }
  },
};

class Problem extends Error {
  constructor(title, detail, status = 0, seconds = null) {
    super(detail);
    Object.assign(this, { title, status, seconds });
  }
}

const unreachable = () =>
  new Problem("The server cannot be reached", "It may be stopped, or the network is down.");

async function request(path, { method = "GET", body, signal, accept = "application/json" } = {}) {
  const headers = { Accept: accept };
  if (key.value) headers["X-API-Key"] = key.value;
  if (body) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(path, { method, headers, signal, body: body && JSON.stringify(body) });
  } catch (error) {
    throw error.name === "AbortError" ? error : unreachable();
  }
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => ({}));
  if (reply.status === 401) document.dispatchEvent(new Event("key-needed"));
  throw new Problem(
    told.title ?? "The server refused",
    told.detail ?? `It answered ${reply.status}.`,
    reply.status,
    Number(reply.headers.get("Retry-After")) || null,
  );
}

export async function call(path, options) {
  const reply = await request(path, options);
  return reply.status === 204 ? null : reply.json();
}

// The events of a streamed reply as { event, data }; comments are passed over.
export async function* events(path, body, signal) {
  const options = { method: "POST", body, signal, accept: "text/event-stream" };
  const reader = (await request(path, options)).body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  while (true) {
    const { done, value } = await reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : brokenOff();
    });
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop();
    yield* blocks.map(parsed).filter((each) => each.data !== undefined);
  }
}

export const brokenOff = () =>
  new Problem("The reply broke off", "The server went away before the answer was whole.");

function parsed(block) {
  const lines = block.split("\n").map((line) => line.split(/: ?(.*)/s));
  const data = lines.filter(([name]) => name === "data").map(([, value]) => value);
  const event = lines.find(([name]) => name === "event")?.[1];
  return { event, data: data.length ? JSON.parse(data.join("\n")) : undefined };
}
