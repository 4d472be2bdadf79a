// Five hundred rows stay smooth because a row is touched only when its own person changed.
import { add, dress, forget, keyed, make, mark, write } from "./dom.js";
import { hidden, label } from "./people.js";

const REST = 4000;
const part = (parent, tag, role, kind = "") => {
  const node = add(parent, tag, kind);
  node.setAttribute("role", role);
  return node;
};

export class Grid {
  touched = -Infinity;
  columns = [];
  current = null;

  constructor(table, open) {
    this.table = table;
    this.head = table.querySelector("thead tr");
    this.body = table.querySelector("tbody");
    for (const name of ["pointermove", "keydown", "pointerdown"]) {
      this.body.addEventListener(name, () => { this.touched = performance.now(); });
    }
    this.body.addEventListener("keydown", (event) => this.typed(event));
    this.body.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) open(button.closest("tr").person);
    });
    this.body.addEventListener("focusin", ({ target }) => this.stand(target.closest("tr")));
  }

  // Columns are `{head, title, width, square, count, cell(person) → {kind, text, words}}`.
  show(name, columns, people, forced) {
    if (this.name !== name) this.rebuild(name, columns);
    this.columns = columns;
    columns.forEach((column, i) => write(this.heads[i].count, column.count ?? ""));
    const busy = !forced && performance.now() - this.touched < REST;
    keyed(this.body, people, {
      key: (person) => person.id, create: () => this.create(),
      update: (row, person) => this.update(row, person), settled: busy,
    });
    if (!this.current?.isConnected) this.stand(this.body.firstElementChild);
  }

  rebuild(name, columns) {
    this.name = name;
    forget(this.body);
    this.current = null;
    this.head.replaceChildren();
    const widths = columns.map((column) => column.width);
    this.table.style.setProperty("--template", `minmax(9rem, 1fr) ${widths.join(" ")}`);
    part(this.head, "th", "columnheader", "name").textContent = "Name";
    this.heads = columns.map((column) => heading(this.head, column));
  }

  create() {
    const row = make("tr");
    row.setAttribute("role", "row");
    const head = part(row, "th", "rowheader", "name"), button = add(head, "button");
    button.type = "button";
    button.tabIndex = -1;
    row.parts = { button, who: add(button, "bdi"), badges: add(head, "span", "badges"),
      cells: this.columns.map(() => part(row, "td", "cell")) };
    return row;
  }

  update(row, person) {
    if (row.person === person && row.masked === hidden.on) return;
    row.person = person;
    row.masked = hidden.on;
    write(row.parts.who, label(person));
    const { kinds, words } = badges(person);
    dress(row, kinds);
    write(row.parts.badges, words);
    this.columns.forEach((column, i) => paint(row.parts.cells[i], column.cell(person)));
  }

  stand(row) {
    if (!row || row === this.current) return;
    if (this.current) this.current.parts.button.tabIndex = -1;
    this.current = row;
    row.parts.button.tabIndex = 0;
  }

  typed(event) {
    const row = event.target.closest("tr");
    const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling,
      Home: this.body.firstElementChild, End: this.body.lastElementChild }[event.key];
    if (!next) return;
    event.preventDefault();
    next.parts.button.focus();
  }
}

function heading(head, { head: text, title, square }) {
  const cell = part(head, "th", "columnheader", square ? "square" : "");
  cell.title = title;
  mark(add(cell, "span", "", text), "aria-hidden", true);
  add(cell, "span", "unseen", title);
  return { count: add(cell, "span", "count") };
}

const BADGES = [
  ["hand", "hand up", (person) => person.hand !== null], ["stuck", "stuck", (person) => person.stuck],
  ["done", "done", (person) => person.done], ["away", "away", (person) => !person.here],
];

function badges(person) {
  const held = BADGES.filter(([, , has]) => has(person));
  return { kinds: held.map(([kind]) => kind).join(" "), words: held.map(([, words]) => words).join(" · ") };
}

function paint(cell, { kind, text, words }) {
  if (cell.shown === kind + text) return;
  cell.shown = kind + text;
  dress(cell, kind);
  write(cell, text);
  mark(cell, "aria-label", words ?? null);
}
