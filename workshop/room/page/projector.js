// What a room sees from its last row: first how to join, then what is on and how long.
import { agenda, title } from "./agenda.js";
import { countdown, going, heard, left, now, time } from "./clock.js";
import { add, at, command, dress, keyed, make, many, show, write } from "./dom.js";
import { leaders } from "./leaders.js";
import { begin } from "./page.js";
import { quiz } from "./quiz.js";

const FEW = 5, QR = "/api/projector/qr.svg", LINES = 9, LINES_BESIDE = 4, LEADERS = 5, FRESH = 600, NARROW = 900;
const HEADS = { running: "Now", paused: "Paused", ended: "The session is over" };
let clock = null;

function take(view) {
  clock = heard(view.clock);
  const before = clock.state === "before";
  write(at("title"), view.title);
  write(at("counts"), counts(view));
  joining(view, before);
  about(view, view.agenda[clock.entry]);
  message(view.quiz ? null : view.messages[0]);
  quiz(at("quiz"), view.quiz);
  leaders(at("leaders"), at("leaders-list"), view.leaderboard, LEADERS);
  agenda(at("agenda"), view.agenda, { most: view.leaderboard ? LINES_BESIDE : LINES });
  const first = !at("install").hidden || !at("joining").hidden;
  show(at("beside"), view.agenda.length && clock.state !== "ended" && !first);
  look(view);
  tick();
  fit();
}

// What does not fit is made smaller: from the last row nobody can scroll.
function fit() {
  const root = document.documentElement;
  for (let size = 1; size > 0.35; size -= 0.08) {
    root.style.setProperty("--fit", size);
    if (root.scrollHeight <= innerHeight || innerWidth < NARROW) return;
  }
}

function look(view) {
  const kinds = { asking: view.quiz, alone: at("beside").hidden, few: !at("install").hidden };
  dress(document.body, [clock.state, ...Object.keys(kinds).filter((kind) => kinds[kind])].join(" "));
}

function counts({ people, hands }) {
  const here = many(people, "has joined", "have joined");
  return hands && clock.state !== "ended" ? `${here} · ${many(hands, "asks", "ask")} for help` : here;
}

function joining(view, before) {
  const { code, address, open } = view.join;
  show(at("joining"), before && !view.quiz);
  show(at("join"), open && clock.state !== "ended" && (!before || view.quiz));
  at("address-large").style.setProperty("--letters", address.length);
  for (const part of ["", "-large"]) {
    write(at(`code${part}`), code);
    write(at(`address${part}`), address);
    if (!at(`qr${part}`).hasAttribute("src")) at(`qr${part}`).src = QR;
  }
  installing(view, before);
}

// One line for each system; once most people are here, nobody needs it any more.
function installing(view, before) {
  const few = (before || view.people < FEW) && clock.state !== "ended";
  const longest = Math.max(...view.install.map((one) => one.command.length));
  show(at("install"), view.install.length && few && !view.quiz);
  at("commands").style.setProperty("--letters", longest);
  keyed(at("commands"), view.install, {
    key: ({ system }) => system,
    create: () => {
      const row = make("div");
      row.parts = { system: add(row, "dt"), line: add(row, "dd", "code") };
      return row;
    },
    update: ({ parts }, { system, command: text }) => {
      write(parts.system, system);
      command(parts.line, text);
    },
  });
}

function about(view, entry) {
  show(at("clock"), clock.state !== "before");
  write(at("state"), HEADS[clock.state] ?? "");
  write(at("on"), clock.state === "ended" ? "Thank you all for coming" : entry ? title(entry) : view.title);
  const lesson = clock.state !== "ended" && entry?.lesson;
  show(at("solving"), lesson && view.people);
  write(at("solved"), `${view.solved} of ${view.people} solved it`);
  at("solved-fill").style.width = `${view.people ? (100 * view.solved) / view.people : 0}%`;
}

// What was said long ago would only take room from what is on.
function message(newest) {
  show(at("message"), newest && now() - newest.at < FRESH);
  if (newest) write(at("message-text"), newest.text);
}

function tick() {
  if (!clock) return;
  const seconds = left(clock), over = seconds <= -1, text = countdown(seconds);
  show(at("left"), going(clock));
  write(at("left"), text);
  dress(at("left"), [over && "over", (over || text.length > 5) && "long"].filter(Boolean).join(" "));
  write(at("until"), until(over));
}

function until(over) {
  if (clock.state === "ended") return "";
  if (clock.state === "paused") return "are left when we go on";
  return over ? "over time" : `until ${time(clock.ends)}`;
}

addEventListener("resize", fit);
setInterval(tick, 250);
begin("/api/projector", take);
