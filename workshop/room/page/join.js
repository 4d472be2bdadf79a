// A code of six characters joins a person; a longer one adds a device to a person who is here.
import { ask, send } from "./api.js";
import { at, write } from "./dom.js";

const ROOM_CODE = 6;
const letters = () => at("code").value.replace(/[^\p{L}\p{N}]/gu, "");

function missing() {
  if (!letters()) return ["code", "Type the code that is on the screen in front."];
  if (!at("name").value.trim() && letters().length <= ROOM_CODE) return ["name", "Type your name."];
  return null;
}

function complain(name, sentence) {
  for (const field of ["name", "code"]) at(field).removeAttribute("aria-invalid");
  if (name) at(name).setAttribute("aria-invalid", "true");
  write(at("problem"), sentence);
  at(name || "code").focus();
}

async function join(event) {
  event.preventDefault();
  const gap = missing();
  if (gap) return complain(...gap);
  at("join").disabled = true;
  try {
    await send("/api/join", { code: at("code").value, name: at("name").value.trim(), browser: true });
    location.assign("/me");
  } catch (refusal) {
    at("join").disabled = false;
    complain(refusal.status === 403 ? "code" : "", refusal.message);
  }
}

function known() {
  const personal = letters().length > ROOM_CODE;
  write(at("name-note"), personal ? "Not needed with your own code: it knows your name."
    : "The instructor sees it. It stands on your certificate.");
}

// The QR code on the screen carries the code behind the #.
function fill() {
  const code = location.hash.slice(1).replace(/[^\p{L}\p{N}-]/gu, "").slice(0, 20);
  if (code) at("code").value = code;
  known();
}

async function begin() {
  at("form").addEventListener("submit", join);
  at("code").addEventListener("input", known);
  addEventListener("hashchange", fill);
  fill();
  const room = await ask("/api/room").catch(() => null);
  if (room) {
    write(at("title"), room.title);
    document.title = `Join: ${room.title}`;
  }
  if (room?.role === "attendee") location.replace("/me");
}

begin();
