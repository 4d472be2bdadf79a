// Beside the grid stands what needs the instructor, and who has waited longest comes first.
import { agenda, number } from "./agenda.js";
import { going, minutes, now, time } from "./clock.js";
import { add, announce, at, keyed, make, many, prose, show, write } from "./dom.js";
import { label, stuck, waiting } from "./people.js";
import { quiz } from "./quiz.js";

const MOST_HANDS = 8, MOST_STUCK = 6, MOST_ADVICE = 5;
let raised = null;

export function aside(view, people, clock, { act, open, entry }) {
  const up = waiting(people);
  heard(up);
  hands(up, clock, act, open);
  inTrouble(stuck(people), open);
  advice(view.advice.slice(0, MOST_ADVICE));
  question(view.quiz);
  show(at("plan"), view.agenda.length);
  agenda(at("agenda"), view.agenda, { open: entry, ready: going(clock) });
  said(view.messages);
}

function heard(up) {
  const ids = new Set(up.map((person) => person.id));
  const fresh = raised && up.filter((person) => !raised.has(person.id));
  if (fresh?.length) announce(`Hands up: ${fresh.map(label).join(", ")}.`);
  raised = ids;
}

function hands(up, clock, act, open) {
  write(at("hands-count"), up.length || "");
  remain("hands-rest", up.length, MOST_HANDS, "Nobody asks for help.");
  keyed(at("hands"), up.slice(0, MOST_HANDS), {
    key: (person) => person.id,
    create: () => {
      const item = line(open);
      const helped = add(item, "button", "helped", "Helped");
      helped.type = "button";
      item.parts.whom = add(helped, "span", "unseen");
      helped.addEventListener("click", () => act("helped", { person: item.person.id }));
      return item;
    },
    update: (item, person) => {
      fill(item, person, `waits ${minutes(Math.max(0, now() - person.hand) / 60)}`);
      write(item.parts.whom, ` ${label(person)}`);
    },
  });
}

function inTrouble(rows, open) {
  write(at("stuck-count"), rows.length || "");
  remain("stuck-rest", rows.length, MOST_STUCK, "Nobody is stuck.");
  keyed(at("stuck"), rows.slice(0, MOST_STUCK), {
    key: (person) => person.id, create: () => line(open),
    update: (item, person) => {
      const { lesson, title, minutes: long, tries } = person.stuck;
      fill(item, person, `${number(lesson)}: ${title} · ${minutes(long)}, ${many(tries, "try", "tries")}`);
    },
  });
}

function remain(name, count, most, nobody) {
  show(at(name), !count || count > most);
  write(at(name), count ? `and ${count - most} more` : nobody);
}

function line(open) {
  const item = make("li"), button = add(item, "button", "who");
  button.type = "button";
  button.addEventListener("click", () => open(item.person));
  item.parts = { who: add(button, "bdi"), why: add(item, "span", "why") };
  return item;
}

function fill(item, person, why) {
  item.person = person;
  write(item.parts.who, label(person));
  prose(item.parts.why, why);
}

function advice(rows) {
  show(at("no-advice"), !rows.length);
  keyed(at("advice"), rows, {
    key: ({ lesson, check, text }) => `${lesson}/${check}/${text}`,
    create: () => {
      const item = make("li");
      item.parts = { text: add(item, "span"), why: add(item, "span", "why") };
      return item;
    },
    update: (item, { lesson, title, text, people }) => {
      prose(item.parts.text, text);
      prose(item.parts.why, `${many(people, "person", "people")} · ${number(lesson)}: ${title}`);
    },
  });
}

function question(asked) {
  show(at("asked"), asked);
  quiz(at("quiz"), asked);
  show(at("answer"), asked?.state === "open");
}

function said(messages) {
  show(at("said"), messages.length);
  keyed(at("messages"), messages, {
    key: ({ id }) => id, create: () => make("li"),
    update: (item, { at: when, text }) => write(item, `${time(when)}  ${text}`),
  });
}
