// What every live page does in the same way: hand in its token, follow, say what went wrong.
import { enter, send } from "./api.js";
import { at, show, write } from "./dom.js";
import { Live } from "./live.js";

const LOST = "Connection lost, trying again …";
const lost = (away) => write(at("lost"), away ? LOST : "");

export async function begin(path, take) {
  const live = new Live(path, {
    lost,
    take: (view) => {
      show(at("loading"), false);
      show(at("page"), true);
      take(view);
    },
    refused: () => {
      for (const name of ["loading", "page"]) show(at(name), false);
      show(at("refused"), true);
      lost(false);
    },
  });
  while (!(await entered())) await new Promise((resolve) => { setTimeout(resolve, 3000); });
  live.start();
  return live;
}

async function entered() {
  try {
    await enter();
    lost(false);
    return true;
  } catch {
    lost(true);
    return false;
  }
}

// Asks the room to do something; null where it was refused, and why is said.
export async function attempt(live, path, body) {
  try {
    const reply = await send(path, body);
    if (reply.view) live.answer(reply.view);
    return reply;
  } catch (refusal) {
    if (refusal.status === 401) live.leave(refusal);
    else complain(refusal.message);
    return null;
  }
}

// A refusal is said where it can be heard, and does not stay for ever.
let clearing = 0;

export function complain(sentence) {
  write(at("problem"), sentence);
  clearTimeout(clearing);
  clearing = setTimeout(() => write(at("problem"), ""), 12000);
}
