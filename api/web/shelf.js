// Past conversations, kept in this browser: each under a name of its own, so that two tabs that
// write at once lose nothing of each other.

const PREFIX = "onrecord.1.";
const MOST = 200;
const memory = new Map(); // where the browser keeps nothing

function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

export const newId = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 8);

export function save(conversation) {
  const name = PREFIX + conversation.id;
  const words = JSON.stringify(conversation);
  const older = all().filter((one) => one.id !== conversation.id);
  for (const one of older.splice(MOST - 1)) remove(one.id);
  while (true) {
    try {
      storage().setItem(name, words);
      return;
    } catch {
      if (!older.length) return void memory.set(name, words);
      remove(older.pop().id); // full: the oldest makes room
    }
  }
}

export const read = (id) => parsed(storage()?.getItem(PREFIX + id) ?? memory.get(PREFIX + id));

export function remove(id) {
  storage()?.removeItem(PREFIX + id);
  memory.delete(PREFIX + id);
}

// All conversations, the newest first.
export function all() {
  const names = [...Object.keys(storage() ?? {}), ...memory.keys()];
  return names
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => read(name.slice(PREFIX.length)))
    .filter(Boolean)
    .sort((one, other) => other.updated - one.updated);
}

// Calls `changed(id, conversation)` when another tab writes one; null when it deleted it.
export function watch(changed) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith(PREFIX)) changed(key.slice(PREFIX.length), parsed(newValue));
  });
}

function parsed(words) {
  try {
    const conversation = JSON.parse(words);
    return conversation?.turns?.length ? conversation : null;
  } catch {
    return null; // not ours
  }
}
