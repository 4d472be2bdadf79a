// One tab for each lesson, and one for all: the same grid with other columns.
import { number } from "./agenda.js";
import { add, at, dress, keyed, make, mark, prose, show, write } from "./dom.js";
import { passed, reached } from "./people.js";

const KINDS = { p: "passed", f: "failed", w: "waiting", b: "broken", r: "rehearsed", "-": "nothing" };
const SIGNS = { p: "✓", f: "✗", w: "⋯", b: "!", r: "~", "-": "·" };
const WORDS = { p: "passed", f: "failed", w: "waiting", b: "broken", r: "rehearsed", "-": "nothing yet" };

export function columns(view, lesson, people) {
  return lesson ? ofLesson(lesson, people) : ofAll(view.lessons, people);
}

function ofLesson({ stem, checks }, people) {
  const counts = checks.map((_, i) => people.filter((one) => one.lessons[stem]?.checks[i] === "p").length);
  return [
    plain("Passed", "4.25rem", (one) => one.lessons[stem] && `${passed(one, stem)}/${checks.length}`),
    ...checks.map((check, i) => ({
      head: check.todo ?? "G", title: `${check.todo ? `TODO ${check.todo}` : "Goal"}: ${check.title}`,
      square: true, width: "minmax(1.9rem, 3rem)", count: counts[i],
      cell: (person) => letter(person.lessons[stem]?.checks[i] ?? "-"),
    })),
    plain("Tries", "3.25rem", (one) => one.lessons[stem]?.tries),
    plain("Solved in", "4.75rem", (one) => took(one.lessons[stem])),
    plain("Graded", "4.25rem", (one) => GRADED[one.lessons[stem]?.graded]),
  ];
}

const GRADED = { passed: "✓ yes", failed: "✗ no", waiting: "⋯", broken: "! broken" };
const took = (lesson) => (lesson?.minutes == null ? "" : `${Math.round(lesson.minutes)} min`);

function ofAll(lessons, people) {
  return [
    plain("Solved", "4.25rem", (one) => `${reached(one)}/${lessons.length}`),
    ...lessons.map((lesson) => ({
      head: number(lesson.stem), title: `Lesson ${number(lesson.stem)}, ${lesson.title}`, square: true,
      width: "minmax(3rem, 5.5rem)", count: summary(lesson), cell: (person) => state(person, lesson),
    })),
  ];
}

function plain(title, width, text) {
  return { head: title, title, width, cell: (person) => ({ kind: "plain", text: text(person) || "" }) };
}

function letter(one) {
  return { kind: `square ${KINDS[one]}`, text: SIGNS[one], words: WORDS[one] };
}

function state(person, lesson) {
  const mine = person.lessons[lesson.stem];
  if (!mine) return letter("-");
  if (mine.reached) return { kind: "square passed", text: "✓", words: "solved" };
  const count = passed(person, lesson.stem), all = lesson.checks.length;
  return { kind: `square ${mine.outcome}`, text: `${count}/${all}`, words: `${count} of ${all} checks` };
}

function summary({ solved, median, planned }) {
  return median === null ? `${solved} ✓` : `${solved} ✓\n${Math.round(median)}/${planned} min`;
}

export function tabs(list, view, chosen, on, choose) {
  const items = [{ stem: "", title: "All lessons" }, ...view.lessons];
  keyed(list, items, {
    key: ({ stem }) => stem,
    create: ({ stem, title }) => tab(stem, title, choose),
    update: (node, { stem, open }) => {
      const now = stem && stem === on;
      dress(node, [now && "now", stem && !open && "closed"].filter(Boolean).join(" "));
      mark(node, "aria-selected", stem === chosen);
      node.tabIndex = stem === chosen ? 0 : -1;
      write(node.parts.now, now ? " now" : "");
      write(node.parts.closed, stem && !open ? ", not open" : "");
    },
  });
}

function tab(stem, title, choose) {
  const node = make("button");
  node.type = "button";
  node.id = `tab-${stem || "all"}`;
  node.title = title;
  mark(node, "role", "tab");
  mark(node, "aria-controls", "panel");
  add(node, "span", "", stem ? number(stem) : "All");
  const now = add(node, "span", "state");
  add(node, "span", "unseen", `, ${title}`);
  node.parts = { now, closed: add(node, "span", "unseen") };
  node.addEventListener("click", () => choose(stem));
  return node;
}

export function walk(list) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...list.children], here = all.indexOf(event.target.closest("button"));
    const next = all[(here + step + all.length) % all.length];
    next.click();
    next.focus();
  });
}

export function heading(view, lesson, people) {
  mark(at("panel"), "aria-labelledby", `tab-${lesson?.stem ?? "all"}`);
  write(at("lesson-title"), lesson ? `${number(lesson.stem)}. ${lesson.title}` : "All lessons");
  write(at("facts"), lesson ? facts(lesson, people.length) : overall(view, people));
  for (const name of ["open", "release", "legend"]) show(at(name), lesson);
  if (!lesson) return;
  write(at("open"), lesson.open ? "Close the lesson" : "Open the lesson");
  write(at("release"), lesson.released ? "Solution is released" : "Release the solution");
  at("release").disabled = lesson.released;
  keyed(at("checks"), lesson.checks, {
    key: (check) => `${lesson.stem}/${check.name}`, create: () => make("li"),
    update: (item, { todo, title }) => prose(item, `${todo ? `${todo}:` : "G:"} ${title}`),
  });
}

function facts({ solved, working, median, planned, hardest }, all) {
  const words = [`${solved} of ${all} solved it`, `${working} at work`];
  if (median !== null) words.push(`median ${Math.round(median)} min, planned ${planned}`);
  if (hardest) words.push(`hardest: ${hardest.title.replaceAll("`", "")} (${hardest.people})`);
  return words.join(" · ");
}

function overall(view, people) {
  const done = people.reduce((sum, person) => sum + reached(person), 0);
  const each = people.length ? (done / people.length).toFixed(1) : "0";
  return people.length ? `${each} of ${view.lessons.length} lessons solved by each, on average` : "";
}
