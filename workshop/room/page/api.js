// Every refusal is one sentence that a person can read: the room's own, or ours when it is silent.

const SILENT = "The room does not answer. Is this device still in its network?";

class Refusal extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

export async function ask(path, options = {}) {
  let reply = null;
  try {
    reply = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(10000), ...options });
  } catch {
    throw new Refusal(0, SILENT);
  }
  if (reply.status === 204) return null;
  const data = await reply.json().catch(() => ({}));
  if (reply.ok) return data;
  const wait = reply.status === 429 ? reply.headers.get("Retry-After") : null;
  const sentence = data.error ?? `The room answered ${reply.status}.`;
  throw new Refusal(reply.status, wait ? `${sentence} Try again in ${wait} s.` : sentence);
}

export function send(path, body = {}) {
  return ask(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

// A link carries its token behind the #, which is sent to no server; the page hands it in once.
export async function enter() {
  const token = location.hash.slice(1);
  if (token.length < 16) return;
  try {
    await send("/api/enter", { token });
  } catch (refusal) {
    if (!refusal.status) throw refusal;
  }
  history.replaceState(null, "", location.pathname);
}
