// Time is the room's: its clock at receipt, plus this device's stopwatch, never its own clock.

const SET_BACK = 10;
let offset = -Infinity;

// Every view is a little old when it arrives, never too new: the newest tells the time best.
export function heard(clock) {
  const found = clock.now - performance.now() / 1000;
  if (found > offset || found < offset - SET_BACK) offset = found;
  return clock;
}

export function going({ state }) {
  return state === "running" || state === "paused";
}

export function now() {
  return offset + performance.now() / 1000;
}

export function left(clock) {
  return clock.state === "running" ? clock.ends - now() : clock.left;
}

// 754 is "12:34", -75 is "+1:15", 3700 is "1:01:40".
export function countdown(seconds) {
  const over = seconds <= -1, whole = over ? Math.floor(-seconds) : Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(whole / 3600), two = (n) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const head = hours ? `${hours}:${two(minutes)}` : String(minutes);
  return `${over ? "+" : ""}${head}:${two(whole % 60)}`;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export function time(seconds) {
  return seconds === null ? "" : CLOCK.format(new Date(seconds * 1000));
}

export function minutes(number) {
  return `${Math.round(number)} min`;
}

// What a reader hears of a countdown: three moments of it, each once.
const MOMENTS = [[0, "Time is up."], [60, "One minute left."], [300, "Five minutes left."]];

export function moments(announce) {
  let entry = null, last = Infinity;
  return (clock) => {
    const seconds = left(clock);
    if (clock.entry !== entry || clock.state !== "running") last = seconds;
    entry = clock.entry;
    const reached = MOMENTS.find(([moment]) => seconds <= moment && last > moment);
    last = seconds;
    if (reached) announce(reached[1]);
  };
}
