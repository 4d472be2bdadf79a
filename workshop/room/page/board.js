// The instructor's page: one column of numbers to watch, one press for what comes next.
import { title } from "./agenda.js";
import { aside } from "./aside.js";
import { countdown, going, heard, left, moments, time } from "./clock.js";
import { act, listen, openEntry, openPerson, proposals, renew } from "./controls.js";
import { announce, at, dress, mark, show, write } from "./dom.js";
import { Grid } from "./grid.js";
import { begin } from "./page.js";
import { columns, heading, tabs, walk } from "./overview.js";
import { hidden, hide, merge, sorted } from "./people.js";

const FOLLOW = null, HEADS = { before: "Not begun yet", running: "Now", paused: "Paused", ended: "The end" };
const grid = new Grid(at("grid"), openPerson);
const spoken = moments(announce);
let live = null, view = null, clock = null, people = new Map(), chosen = FOLLOW;

function take(newest) {
  people = merge(people, newest);
  view = newest;
  clock = heard(view.clock);
  renew(live, view);
  head();
  proposals(at("proposals"), view.proposals);
  body(false);
  tick();
}

function lessonOn() {
  const entry = view.agenda[clock.entry];
  return going(clock) ? entry?.lesson ?? "" : "";
}

function head() {
  const entry = view.agenda[clock.entry], on = going(clock);
  dress(document.body, clock.state);
  document.title = `The board: ${view.title}`;
  write(at("state"), HEADS[clock.state] + (on ? `, ${clock.entry + 1} of ${view.agenda.length}` : ""));
  write(at("on"), on && entry ? title(entry) : view.title);
  show(at("start"), clock.state === "before");
  for (const name of ["less", "one", "five", "pause", "next"]) show(at(name), on);
  show(at("ask"), view.lessons.some((lesson) => lesson.questions));
  write(at("pause"), clock.state === "paused" ? "Go on" : "Pause");
  write(at("code"), view.join.code);
  door(view.join.open);
  write(at("address"), view.join.address);
  mark(at("leaderboard"), "aria-pressed", view.leaderboard_on);
  show(at("end"), clock.state !== "ended" && clock.state !== "before");
}

function door(open) {
  show(at("closed"), !open);
  write(at("door"), open ? "Close the door" : "Open the door");
  write(at("door-facts"), open ? "Whoever knows the code comes in."
    : "The door is closed: nobody new comes in. Personal codes still work.");
}

function body(forced) {
  const stem = chosen ?? lessonOn(), everybody = [...people.values()];
  const lesson = view.lessons.find((one) => one.stem === stem);
  tabs(at("tabs"), view, lesson?.stem ?? "", lessonOn(), choose);
  heading(view, lesson, everybody);
  at("open").onclick = () => act(lesson.open ? "close" : "open", { lesson: stem });
  at("release").onclick = () => act("release", { lesson: stem });
  write(at("people"), here(everybody));
  show(at("grid"), people.size);
  show(at("nobody"), !people.size);
  const rows = sorted(people, at("order").value, lesson?.stem);
  grid.show(lesson?.stem ?? "", columns(view, lesson, everybody), rows, forced);
  beside();
}

function beside() {
  aside(view, people, clock, { act, open: openPerson, entry: openEntry });
}

function here(everybody) {
  const count = everybody.filter((person) => person.here).length;
  return `${everybody.length} joined, ${count} here`;
}

// Whoever chooses the lesson that is on goes on with the session; other tabs stay.
function choose(stem) {
  chosen = stem === lessonOn() ? FOLLOW : stem;
  body(true);
}

function tick() {
  if (!clock) return;
  const seconds = left(clock), over = seconds <= -1;
  show(at("left"), going(clock));
  write(at("left"), countdown(seconds));
  dress(at("left"), over ? "over" : "");
  write(at("until"), until(over));
  if (going(clock)) spoken(clock);
}

function until(over) {
  if (clock.state === "before") return "";
  if (clock.state === "ended") return "The session is over.";
  const words = [over ? "over time" : `until ${time(clock.ends)}`];
  if (clock.state === "paused") words[0] = "left when we go on";
  const behind = Math.round(clock.behind);
  if (behind) words.push(`${Math.abs(behind)} min ${behind > 0 ? "behind" : "ahead"}`);
  if (clock.finish) words.push(`all ends at ${time(clock.finish)}`);
  return words.join(" · ");
}

function begun() {
  at("hide").checked = hidden.on;
  at("hide").addEventListener("change", () => {
    hide(at("hide").checked);
    body(true);
  });
  at("order").addEventListener("change", () => body(true));
  walk(at("tabs"));
  listen();
  setInterval(tick, 250);
  setInterval(() => view && beside(), 15000);
}

begun();
live = await begin("/api/board", take);
