// The leaderboard holds nicknames that their owners gave for it, and nobody else.
import { add, keyed, make, many, show, write } from "./dom.js";

export function leaders(section, list, rows, most = Infinity) {
  show(section, rows);
  const shown = (rows ?? []).slice(0, most).map((row, i) => ({ ...row, i }));
  keyed(list, shown, { key: (row) => row.i, create, update });
}

function create() {
  const item = make("li");
  item.parts = {
    place: add(item, "span", "place"), who: add(item, "bdi"), goals: add(item, "span", "soft") };
  return item;
}

function update({ parts }, row) {
  write(parts.place, row.i + 1);
  write(parts.who, row.nickname);
  write(parts.goals, many(row.reached, "goal"));
}
