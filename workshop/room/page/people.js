// The board keeps everybody and takes in who has changed; who has not is the same object.

export const hidden = { on: localStorage.getItem("hide names") === "yes" };
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", ROW = 20;

export function hide(on) {
  hidden.on = on;
  localStorage.setItem("hide names", on ? "yes" : "no");
}

export function merge(old, view) {
  const people = new Map(view.partial ? old : []);
  for (const id of view.removed ?? []) people.delete(id);
  for (const person of view.people) people.set(person.id, person);
  return people;
}

// A label says nothing of a person, and stays theirs: 1 is "A 1", 21 is "B 1".
export function label(person) {
  if (!hidden.on) return person.name;
  const row = Math.floor((person.id - 1) / ROW), letter = LETTERS[row % LETTERS.length];
  return `${letter.repeat(1 + Math.floor(row / LETTERS.length))} ${((person.id - 1) % ROW) + 1}`;
}

export function passed(person, stem) {
  return [...(person.lessons[stem]?.checks ?? "")].filter((one) => one === "p").length;
}

export function reached(person) {
  return Object.values(person.lessons).filter((lesson) => lesson.reached).length;
}

function progress(person, stem) {
  if (stem) return (person.lessons[stem]?.reached ? 1000 : 0) + passed(person, stem);
  const checks = Object.keys(person.lessons).map((one) => passed(person, one));
  return 1000 * reached(person) + checks.reduce((sum, count) => sum + count, 0);
}

const NAMES = new Intl.Collator([], { numeric: true, sensitivity: "base" });
const KEYS = {
  name: () => 0,
  progress: (person, stem) => -progress(person, stem),
  stuck: (person) => (person.stuck ? -1 - person.stuck.minutes : 0),
  hands: (person) => person.hand ?? Infinity,
};

export function sorted(people, order, stem) {
  const rows = [...people.values()].map((person) => ({
    person, key: KEYS[order](person, stem), name: label(person) }));
  rows.sort((a, b) => (a.key === b.key ? 0 : a.key - b.key) || NAMES.compare(a.name, b.name)
    || a.person.id - b.person.id);
  return rows.map((row) => row.person);
}

export function waiting(people) {
  return [...people.values()].filter((person) => person.hand !== null).sort((a, b) => a.hand - b.hand);
}

export function stuck(people) {
  return [...people.values()].filter((person) => person.stuck)
    .sort((a, b) => b.stuck.minutes - a.stuck.minutes);
}
