// Of each lesson its owner reads three things: how far, what is open, and what comes of it.
import { number } from "./agenda.js";
import { time } from "./clock.js";
import { add, dress, keyed, make, many, mark, prose, show, write } from "./dom.js";

const SIGNS = { passed: "✓", failed: "✗", waiting: "⋯", broken: "!", rehearsed: "~", "": "" };
const OUTCOMES = { passed: "passed", failed: "not passed", waiting: "waiting", broken: "the kit failed",
  rehearsed: "rehearsed only" };
const MORE = ["graded", "handed", "attempts", "solution", "stretch"];
const PLACES = { attendee: "answered on your machine", box: "run again by the instructor" };

// The lesson that is on comes first: on a phone the others are far below.
export function lessons(list, all, on) {
  const first = all.filter(({ stem }) => stem === on);
  const ordered = [...first, ...all.filter(({ stem }) => stem !== on)];
  keyed(list, ordered, {
    key: ({ stem }) => stem, create, update: (item, one) => update(item, one, one.stem === on) });
}

function create() {
  const item = make("li"), parts = { sign: add(item, "span", "symbol"), name: add(item, "h3") };
  mark(parts.sign, "aria-hidden", true);
  parts.far = add(item, "p", "far");
  parts.track = add(item, "span", "track");
  parts.fill = add(parts.track, "span", "fill");
  const more = add(item, "div", "more");
  parts.failed = add(more, "ul", "open");
  for (const name of MORE) parts[name] = add(more, "p", name);
  item.parts = parts;
  return item;
}

function update(item, lesson, on) {
  const { parts } = item, outcome = lesson.reached ? "passed" : lesson.outcome;
  dress(item, `${outcome || "nothing"}${on ? " on" : ""}`);
  mark(item, "aria-current", on ? "step" : null);
  write(parts.sign, SIGNS[outcome]);
  write(parts.name, `${number(lesson.stem)}. ${lesson.title}`);
  write(parts.far, far(lesson, on));
  show(parts.track, lesson.outcome);
  parts.fill.style.width = `${lesson.total ? (100 * lesson.passed) / lesson.total : 0}%`;
  keyed(parts.failed, lesson.failed.map((text, i) => ({ text, i })), {
    key: ({ i }) => i, create: () => make("li"), update: (line, { text }) => prose(line, text) });
  show(parts.failed, lesson.failed.length);
  details(parts, lesson);
}

function far({ outcome, passed, total, reached, open }, on) {
  const words = [];
  if (reached && passed < total) words.push("solved before");
  else if (outcome) words.push(`${passed} of ${total} checks passed`);
  else if (on || open) words.push("no check yet");
  if (on) words.push("on now");
  else if (!open) words.push("not open yet");
  return words.join(" · ");
}

function details(parts, lesson) {
  const { graded, attempts, stem } = lesson;
  say(parts.graded, graded && verdict(graded));
  say(parts.handed, lesson.handed_in && `Handed in at ${time(lesson.handed_in)}`);
  const waits = lesson.open && lesson.outcome && !graded;
  say(parts.attempts, waits && `${many(attempts, "attempt")} at the grading left`);
  const command = `workshop solution ${stem.split("_")[0]}`;
  say(parts.solution, lesson.released && `The solution is released: \`${command}\``);
  say(parts.stretch, lesson.reached && lesson.stretch && `If you have time: ${lesson.stretch}`);
}

function verdict({ outcome, score, place, at }) {
  return `Graded: ${[OUTCOMES[outcome], score, PLACES[place], time(at)].filter(Boolean).join(", ")}`;
}

function say(line, text) {
  show(line, text);
  if (text) prose(line, text);
}
