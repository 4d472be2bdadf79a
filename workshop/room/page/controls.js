// Whatever cannot be taken back is asked twice; everything else is one press.
import { number, title } from "./agenda.js";
import { ask } from "./api.js";
import { minutes } from "./clock.js";
import { add, at, keyed, make, prose, show, write } from "./dom.js";
import { attempt } from "./page.js";
import { label } from "./people.js";

let live = null, view = null, person = null, entry = null, questions = {};

export const act = (name, body = {}) => attempt(live, `/api/board/${name}`, body);

export function renew(following, newest) {
  live = following;
  view = newest;
}

function open(name) {
  at(name).returnValue = "";
  at(name).showModal();
}

// What a dialog was closed with says what to do; Escape and Cancel close it with nothing.
function closed(name, doing) {
  at(name).addEventListener("close", () => {
    if (at(name).returnValue) doing(at(name).returnValue);
  });
}

function press(name, doing) {
  at(name).addEventListener("click", doing);
}

export function listen() {
  const steps = { less: -5, one: 1, five: 5 };
  for (const name of Object.keys(steps)) press(name, () => act("add", { minutes: steps[name] }));
  press("pause", () => act(view.clock.state === "paused" ? "resume" : "pause"));
  press("next", () => act("next", { from: view.clock.entry }));
  press("door", () => act("door", { open: !view.join.open }));
  press("grades", grades);
  press("leaderboard", () => act("leaderboard", { on: !view.leaderboard_on }));
  press("answer", () => act("answer"));
  press("clear", () => act("clear"));
  starting();
  saying();
  asking();
  persons();
  press("more", others);
  closed("others", () => open("ending"));
  closed("ending", () => act("end"));
  closed("entry", (chosen) => (chosen === "go" ? act("go", { entry: entry.index })
    : act("shorten", { entry: entry.index, minutes: Number(at("entry-minutes").value) })));
}

function starting() {
  press("start", () => {
    at("plans").replaceChildren(...view.plans.map(plan));
    open("starting");
  });
  closed("starting", () => {
    const chosen = document.querySelector("input[name=plan]:checked");
    if (chosen) act("start", { plan: chosen.value, measured: at("measured").checked });
  });
}

function plan({ key, title: name, minutes: long }, i) {
  const row = make("label", "check"), choice = add(row, "input");
  Object.assign(choice, { type: "radio", name: "plan", value: key, checked: i === 0 });
  add(row, "span", "", `${name}, ${minutes(long)}`);
  return row;
}

function saying() {
  const count = () => write(at("room-left"), 300 - at("text").value.length);
  press("say", () => open("saying"));
  at("text").addEventListener("input", count);
  closed("saying", async () => {
    const text = at("text").value.trim();
    if (text && (await act("say", { text }))) at("text").value = "";
    count();
  });
}

function asking() {
  press("ask", () => {
    const lessons = view.lessons.filter((lesson) => lesson.questions);
    const chosen = view.agenda[view.clock.entry]?.lesson;
    at("ask-lesson").replaceChildren(...lessons.map(({ stem, title: name }) =>
      new Option(`${number(stem)}. ${name}`, stem, stem === chosen, stem === chosen)));
    numbers();
    open("asking");
    preview();
  });
  at("ask-lesson").addEventListener("change", numbers);
  at("ask-number").addEventListener("change", chosenText);
  closed("asking", () => act("ask", {
    lesson: at("ask-lesson").value, number: Number(at("ask-number").value) }));
}

function numbers() {
  const count = view.lessons.find(({ stem }) => stem === at("ask-lesson").value)?.questions ?? 0;
  const options = Array.from({ length: count }, (_, i) => new Option(`Question ${i + 1}`, i));
  at("ask-number").replaceChildren(...options);
  chosenText();
}

async function preview() {
  questions = (await ask("/api/board/questions").catch(() => null)) ?? questions;
  chosenText();
}

function chosenText() {
  prose(at("ask-text"), questions[at("ask-lesson").value]?.[at("ask-number").value] ?? "");
}

export function openPerson(who) {
  person = who;
  write(at("person-name"), label(who));
  write(at("person-facts"), who.here ? "Is here." : "Away: none of their devices answers.");
  write(at("person-new"), "");
  show(at("person-remove"), true);
  show(at("person-sure"), false);
  open("person");
}

function persons() {
  press("person-code", async () => {
    const reply = await act("code", { person: person.id });
    if (reply) write(at("person-new"), reply.code);
  });
  press("person-remove", () => {
    show(at("person-remove"), false);
    show(at("person-sure"), true);
    at("person-sure").focus();
  });
  closed("person", () => act("remove", { person: person.id }));
}

export function openEntry(one, index) {
  entry = { ...one, index };
  write(at("entry-title"), title(one));
  const measured = one.measured === null ? "" : `, took ${minutes(one.measured)} in earlier sessions`;
  write(at("entry-facts"), `The syllabus plans ${minutes(one.planned)}${measured}.`);
  at("entry-minutes").value = Math.round(one.minutes);
  open("entry");
}

async function grades() {
  const reply = await act("grades");
  if (reply) write(at("grades-taken"), reply.graded === 1 ? "1 is new." : `${reply.graded || "None"} are new.`);
}

async function others() {
  write(at("grades-taken"), "");
  open("others");
  const links = await ask("/api/board/links").catch(() => null);
  if (links) write(at("projector-link"), new URL(links.projector, location.origin).href);
}

export function proposals(list, rows) {
  show(list, rows.length);
  keyed(list, rows, {
    key: ({ text }) => text,
    create: () => {
      const item = make("li"), text = add(item, "span"), apply = add(item, "button", "", "Apply");
      apply.type = "button";
      apply.addEventListener("click", () => act(item.proposal.action, item.proposal.body));
      item.parts = { text, what: add(apply, "span", "unseen") };
      return item;
    },
    update: (item, proposal) => {
      item.proposal = proposal;
      write(item.parts.text, proposal.text);
      write(item.parts.what, `: ${proposal.text}`);
    },
  });
}
