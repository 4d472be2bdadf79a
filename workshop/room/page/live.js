// A view arrives by itself: by a stream where that works, by asking where it does not.
//
// Five hundred pages that lost the room at the same moment must not come back at the
// same moment: every wait is drawn. A page that nobody sees holds no connection.
import { ask } from "./api.js";

const FAILURES = 3, STALE = 10000, AGAIN = 60000, QUIET = 40000, FIRST = 500;
const drawn = (least, most) => least + Math.random() * (most - least);
const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

export class Live {
  version = null;
  failures = 0;
  tried = -Infinity;
  good = performance.now();
  open = false;
  ended = false;

  // `take(view)` gets every view, `refused(refusal)` the end, `lost(yes)` what to tell.
  constructor(path, { take, refused, lost }) {
    Object.assign(this, { path, take, refused, lost });
  }

  start() {
    setInterval(() => this.tell(), 1000);
    this.run();
  }

  stop() {
    this.ended = true;
    this.close?.();
  }

  async run() {
    while (!this.ended) {
      if (document.hidden) await this.seen();
      if (this.failures < FAILURES || performance.now() - this.tried > AGAIN) await this.stream();
      else await pause(drawn(3000, 5000));
      if (!this.ended && !document.hidden) await this.check();
    }
  }

  // Listens until the stream breaks, the page is hidden, or the room falls silent.
  async stream() {
    this.tried = performance.now();
    const source = new EventSource(`${this.path}/events`);
    const watch = setInterval(() => this.probe(), drawn(QUIET, QUIET * 1.5));
    const failed = await new Promise((resolve) => this.listen(source, resolve));
    clearInterval(watch);
    source.close();
    if (this.open) this.good = performance.now();
    this.open = false;
    this.close = null;
    if (!failed) return;
    this.failures += 1;
    if (this.version === null || this.failures >= FAILURES) return;
    await pause(FIRST * 2 ** this.failures * drawn(0.5, 1.5));
  }

  listen(source, resolve) {
    let first = true;
    this.close = (failed = false) => resolve(failed);
    document.addEventListener("visibilitychange", () => resolve(false), { once: true });
    source.addEventListener("open", () => { this.open = true; });
    source.addEventListener("error", () => resolve(true));
    source.addEventListener("view", (event) => {
      this.failures = 0;
      this.accept(JSON.parse(event.data), first);
      first = false;
    });
  }

  // A stream can be dead without a sign: the network is gone, and nothing says so.
  async probe() {
    if (performance.now() - this.good < QUIET) return;
    if (await this.check()) return;
    this.open = false;
    this.close?.(true);
  }

  async check() {
    const since = this.version === null ? "" : `?since=${this.version}`;
    try {
      const view = await ask(this.path + since);
      if (this.away()) this.failures = Math.min(this.failures, FAILURES - 1);
      this.good = performance.now();
      if (view) this.accept(view, !this.open);
      return true;
    } catch (refusal) {
      if ([401, 403].includes(refusal.status)) this.leave(refusal);
      return false;
    }
  }

  accept(view, whole) {
    this.good = performance.now();
    if (!whole && view.version < this.version) return;
    this.version = view.version;
    this.take(view);
    this.tell();
  }

  // The answer to an act of this page. A part of a view does not replace what is to come.
  answer(view) {
    if (view.partial) this.take(view);
    else this.accept(view, false);
  }

  leave(refusal) {
    this.stop();
    this.refused(refusal);
  }

  away() {
    return performance.now() - this.good > STALE;
  }

  tell() {
    if (!document.hidden) this.lost(!this.ended && !this.open && this.away());
  }

  async seen() {
    await new Promise((resolve) => {
      document.addEventListener("visibilitychange", resolve, { once: true });
    });
    this.good = performance.now();
  }
}
