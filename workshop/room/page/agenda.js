// One agenda on all pages: a sign and a word for every state, times where there are any.
import { minutes, time } from "./clock.js";
import { add, dress, keyed, make, mark, write } from "./dom.js";

const SIGNS = { past: "✓", now: "▸", coming: "", skipped: "–" };
const WORDS = { past: "over", now: "on now", coming: "", skipped: "left out" };

export function number(stem) {
  return stem.split("_")[0].replace(/^0+(?=.)/, "");
}

export function title(entry) {
  return entry.lesson ? `${number(entry.lesson)}. ${entry.title}` : entry.title;
}

// With `open(entry, index)` entries are buttons, `ready` says when those to come can be pressed.
export function agenda(list, entries, { most = Infinity, open = null, ready = false } = {}) {
  const on = Math.max(0, entries.findIndex((entry) => entry.state === "now"));
  const first = Math.max(0, Math.min(on - 1, entries.length - most));
  const shown = entries.map((entry, i) => ({ ...entry, i })).slice(first, first + most);
  keyed(list, shown, {
    key: (entry) => entry.i, create: () => create(open),
    update: (item, entry) => update(item, entry, ready && entry.state === "coming"),
  });
}

function create(open) {
  const item = make("li"), parts = {};
  for (const name of ["sign", "time", "title", "minutes"]) parts[name] = add(item, "span", name);
  mark(parts.sign, "aria-hidden", true);
  parts.words = add(parts.title, open ? "button" : "span", "words");
  parts.state = add(parts.title, "span", "unseen");
  if (open) parts.words.addEventListener("click", () => open(item.entry, item.entry.i));
  item.parts = parts;
  return item;
}

function update(item, entry, ready) {
  const { sign, time: when, words, state, minutes: long } = item.parts;
  item.entry = entry;
  dress(item, entry.state);
  mark(item, "aria-current", entry.state === "now" ? "step" : null);
  if (words.tagName === "BUTTON") words.disabled = !ready;
  write(sign, SIGNS[entry.state]);
  write(when, time(entry.starts));
  write(words, title(entry));
  write(state, WORDS[entry.state] && `, ${WORDS[entry.state]}`);
  write(long, minutes(entry.took ?? entry.minutes));
}
