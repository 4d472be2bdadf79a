// An attendee's own page: it knows one person, and works best on a phone beside the laptop.
import { agenda, title } from "./agenda.js";
import { send } from "./api.js";
import { countdown, going, heard, left, minutes, moments, time } from "./clock.js";
import { announce, at, command, dress, keyed, make, show, write } from "./dom.js";
import { leaders } from "./leaders.js";
import { lessons } from "./lessons.js";
import { attempt, begin, complain } from "./page.js";
import { quiz } from "./quiz.js";

const HEADS = { before: "Not begun yet", running: "Now", paused: "Paused", ended: "The end" };
const spoken = moments(announce);
let clock = null, live = null, seen = null;

const act = (name, body) => attempt(live, `/api/me/${name}`, body);

function take(view) {
  clock = heard(view.clock);
  const entry = view.agenda[clock.entry], lesson = clock.state !== "ended" && entry?.lesson;
  dress(document.body, clock.state);
  write(at("title"), view.title);
  write(at("who"), view.name);
  write(at("state"), HEADS[clock.state]);
  write(at("on"), heading(view, entry));
  acts(view, lesson);
  messages(view.messages);
  show(at("asked"), view.quiz);
  quiz(at("quiz"), view.quiz, (choice) => act("vote", { question: view.quiz.key, choice }));
  lessons(at("lessons"), view.lessons, entry?.lesson);
  show(at("plan"), view.agenda.length);
  agenda(at("agenda"), view.agenda);
  nickname(view);
  show(at("certificate"), view.certificate);
  news(view, entry);
  tick();
}

function heading(view, entry) {
  if (clock.state === "ended") return "Thank you for coming";
  return clock.state === "before" || !entry ? "Welcome" : title(entry);
}

function acts(view, lesson) {
  show(at("acts"), clock.state !== "ended");
  dress(at("hand"), view.hand ? "on" : "");
  write(at("hand"), view.hand ? "Hand is up · take it down" : "I need help");
  at("hand").onclick = () => act("hand", { up: !view.hand });
  show(at("done"), lesson);
  dress(at("done"), view.done ? "on" : "");
  write(at("done"), view.done ? "✓ Done · undo" : "I am done");
  at("done").onclick = () => act("done", { done: !view.done });
}

function messages(all) {
  show(at("messages"), all.length);
  if (!all.length) return;
  write(at("newest"), `${time(all[0].at)}  ${all[0].text}`);
  show(at("older"), all.length > 1);
  keyed(at("earlier"), all.slice(1), {
    key: ({ id }) => id, create: () => make("li"),
    update: (item, { at: when, text }) => write(item, `${time(when)}  ${text}`),
  });
}

function nickname(view) {
  leaders(at("board"), at("leaders"), view.leaderboard_on ? view.leaderboard ?? [] : null);
  show(at("no-leaders"), !view.leaderboard?.length);
  if (document.activeElement !== at("nickname")) at("nickname").value = view.nickname ?? "";
  write(at("appear"), view.nickname ? "Change it" : "Put me on it");
  show(at("vanish"), view.nickname);
}

// What is new since the last view is said once; the first view is read by the reader itself.
function news(view, entry) {
  const now = { entry: clock.entry, message: view.messages[0]?.id, asked: view.quiz?.key };
  if (seen) {
    if (now.message && now.message !== seen.message) announce(`Message: ${view.messages[0].text}`);
    else if (now.asked && now.asked !== seen.asked) announce("There is a new question to all.");
    else if (entry && now.entry !== seen.entry) announce(`Now: ${title(entry)}`);
  }
  seen = now;
}

function tick() {
  if (!clock) return;
  const seconds = left(clock), over = seconds <= -1, shown = going(clock);
  show(at("left"), shown);
  write(at("left"), countdown(seconds));
  dress(at("left"), over ? "over" : "");
  write(at("until"), until(over));
  if (shown) spoken(clock);
}

function until(over) {
  if (clock.state === "before") return "This page shows what is on as soon as the session begins.";
  if (clock.state === "ended") return "The session is over. Your results stay here while the room is open.";
  if (clock.state === "paused") return "left when we go on";
  return over ? "over time" : `left, until ${time(clock.ends)}`;
}

async function more() {
  const reply = await act("code");
  if (!reply) return;
  show(at("personal"), true);
  write(at("minutes"), minutes(reply.seconds / 60));
  write(at("personal-code"), reply.code);
  command(at("command"), `workshop join ${location.origin} ${reply.code}`);
  write(at("link"), `${location.origin}/#${reply.code}`);
}

async function leave() {
  if (at("leaving").returnValue !== "leave") return;
  try {
    await send("/api/leave");
    location.assign("/");
  } catch (refusal) {
    complain(refusal.message);
  }
}

function listen() {
  at("more").addEventListener("click", more);
  at("leave").addEventListener("click", () => {
    at("leaving").returnValue = "";
    at("leaving").showModal();
  });
  at("leaving").addEventListener("close", leave);
  at("vanish").addEventListener("click", () => act("nickname", { nickname: null }));
  at("nicknaming").addEventListener("submit", (event) => {
    event.preventDefault();
    act("nickname", { nickname: at("nickname").value.trim() || null });
  });
}

listen();
setInterval(tick, 250);
live = await begin("/api/me", take);
