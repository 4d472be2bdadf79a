// The page asks the model through the same address that any other client uses.
import { instance, middle, probabilities, shrink } from "./pixels.js";
import { about, bar, paint, percent } from "./words.js";

const at = (id) => document.getElementById(id);
const paper = at("paper"), pen = paper.getContext("2d", { willReadFrequently: true });
const SHOWN = 5, INLINE = 60000, LARGEST = 1600, WAIT = 120;
let settings = null, body = "", drawn = false, timer = 0, turn = 0, stream = null;
let photo = null, keys = { x: 280, y: 280, down: false }, last = null;

function blank() {
  photo = null;
  drawn = false;
  last = null;
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, paper.width, paper.height);
  at("invite").hidden = false;
}

function clear() {
  stopCamera();
  turn += 1;
  clearTimeout(timer);
  blank();
  body = "";
  tell("Nothing asked yet", "idle");
  at("bars").replaceChildren();
  at("seen").getContext("2d").clearRect(0, 0, 9999, 9999);
  at("curl").textContent = "Ask first.";
  at("copy").disabled = at("save").disabled = true;
  at("note").textContent = "";
}

function place(event) {
  const box = paper.getBoundingClientRect();
  const scale = Math.max(box.width / paper.width, box.height / paper.height);
  return {
    x: (event.clientX - box.left - (box.width - paper.width * scale) / 2) / scale,
    y: (event.clientY - box.top - (box.height - paper.height * scale) / 2) / scale,
  };
}

function stroke(from, to) {
  if (photo) blank();
  drawn = true;
  at("invite").hidden = true;
  pen.strokeStyle = "#fff";
  pen.lineWidth = Math.min(paper.width, paper.height) / 12;
  pen.lineCap = pen.lineJoin = "round";
  pen.beginPath();
  pen.moveTo(from.x, from.y);
  pen.lineTo(to.x, to.y);
  pen.stroke();
  soon();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

function source() {
  return photo ?? { pixels: pen.getImageData(0, 0, paper.width, paper.height).data,
    width: paper.width, height: paper.height };
}

async function ask() {
  if (!settings?.shape || !(drawn || photo)) return;
  const mine = (turn += 1);
  const { pixels, width, height } = source();
  const [h, w] = settings.shape;
  const small = shrink(pixels, width, height, w, h);
  paint(at("seen"), small, settings, at("swap").checked);
  body = JSON.stringify({ instances: [instance(small, settings, at("swap").checked)] });
  showRequest();
  try {
    const reply = await fetch(`v1/models/${settings.name}:predict`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body });
    const text = await reply.text();
    if (mine === turn) showReply(reply, text);
  } catch {
    if (mine === turn) fail("The server does not answer. Is it still running?");
  }
}

function showReply(reply, text) {
  if (/[\[,]\s*-?(NaN|Infinity)/.test(text)) return fail("The model answered with numbers that are none (NaN).");
  let made = null;
  try {
    made = JSON.parse(text);
  } catch {
    return fail("The server sent something else than JSON.");
  }
  if (!reply.ok) return fail(made.error ?? `The server answered ${reply.status}.`);
  const row = made.predictions[0];
  if ([row].flat(9).some((one) => typeof one !== "number") || Array.isArray(row?.[0])) {
    return fail("The model answers with something else than a row of numbers.");
  }
  showAnswer(probabilities(row, settings.logits));
}

function showAnswer(shares) {
  const names = shares.map((share, i) => ({ share, name: settings.classes[i] ?? String(i) }));
  names.sort((a, b) => b.share - a.share);
  const [best] = names, least = Number(at("least").value) / 100;
  if (best.share < least) {
    tell("I don’t know", "unsure", `${best.name} would be ${percent(best.share)}, below ${percent(least)}`);
  } else {
    tell(best.name, "", `${percent(best.share)} sure`);
  }
  at("bars").replaceChildren(...names.slice(0, SHOWN).map(bar));
  at("answer").shares = shares;
}

function tell(words, kind, more = "") {
  const answer = at("answer");
  answer.className = kind;
  answer.shares = null;
  answer.textContent = words;
  if (more) answer.appendChild(document.createElement("small")).textContent = more;
}

function fail(words) {
  tell(words, "wrong");
  at("bars").replaceChildren();
}

function command(data) {
  return `curl -s -H 'Content-Type: application/json' -d ${data} ` +
    `'${location.origin}/v1/models/${settings.name}:predict'`;
}

function wholeCommand() {
  return command(body.length < INLINE ? `'${body}'` : "@request.json");
}

function showRequest() {
  const brief = body.length > 300 ? `${body.slice(0, 150)} … ${body.slice(-40)}` : body;
  at("curl").textContent = body.length < INLINE ? command(`'${brief}'`) : wholeCommand();
  at("copy").disabled = at("save").disabled = false;
  at("note").textContent = body.length < INLINE ? "" : "Too long for a line: save it first.";
}

async function load(blob) {
  stopCamera();
  try {
    const image = await createImageBitmap(blob);
    take(image, image.width, image.height);
  } catch {
    fail("This file is no picture that the browser can read.");
  }
}

function take(image, width, height) {
  const [h, w] = settings.shape, part = middle(width, height, w, h);
  const scale = Math.min(1, LARGEST / Math.max(part.w, part.h));
  const copy = document.createElement("canvas");
  copy.width = Math.max(1, Math.round(part.w * scale));
  copy.height = Math.max(1, Math.round(part.h * scale));
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, copy.width, copy.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, part.x, part.y, part.w, part.h, 0, 0, copy.width, copy.height);
  blank();
  pen.drawImage(copy, 0, 0, paper.width, paper.height);
  photo = { pixels: context.getImageData(0, 0, copy.width, copy.height).data,
    width: copy.width, height: copy.height };
  at("invite").hidden = true;
  ask();
}

function stopCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  at("film").hidden = true;
  at("film").srcObject = null;
  at("camera").textContent = "Camera";
}

async function camera() {
  const film = at("film");
  if (stream) {
    take(film, film.videoWidth, film.videoHeight);
    return stopCamera();
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    film.srcObject = stream;
    film.hidden = false;
    await film.play();
    at("invite").hidden = true;
    at("camera").textContent = "Take it";
  } catch {
    stopCamera();
    fail("The camera cannot be used here.");
  }
}

async function copy() {
  try {
    await navigator.clipboard.writeText(wholeCommand());
    at("note").textContent = "Copied.";
  } catch {
    at("curl").textContent = wholeCommand();
    getSelection().selectAllChildren(at("curl"));
    at("note").textContent = "Selected: copy it with Ctrl-C.";
  }
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([body], { type: "application/json" }));
  link.download = "request.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function typed(event) {
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (event.key === " ") keys.down = !keys.down;
  else if (!moves[event.key]) return;
  event.preventDefault();
  const [dx, dy] = moves[event.key] ?? [0, 0], step = paper.width / 28, old = { ...keys };
  keys.x = Math.max(0, Math.min(paper.width, keys.x + dx * step));
  keys.y = Math.max(0, Math.min(paper.height, keys.y + dy * step));
  if (keys.down) stroke(old, keys);
}

function listen() {
  paper.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    paper.setPointerCapture(event.pointerId);
    last = place(event);
    stroke(last, last);
  });
  paper.addEventListener("pointermove", (event) => {
    if (!last) return;
    const now = place(event);
    stroke(last, now);
    last = now;
  });
  for (const name of ["pointerup", "pointercancel"]) paper.addEventListener(name, () => { last = null; });
  paper.addEventListener("keydown", typed);
  at("clear").addEventListener("click", clear);
  at("choose").addEventListener("click", () => at("file").click());
  at("file").addEventListener("change", () => {
    if (at("file").files[0]) load(at("file").files[0]);
    at("file").value = "";
  });
  at("swap").addEventListener("change", ask);
  at("least").addEventListener("input", () => {
    at("least-shown").textContent = `${at("least").value} %`;
    if (at("answer").shares) showAnswer(at("answer").shares);
  });
  at("copy").addEventListener("click", copy);
  at("save").addEventListener("click", save);
  at("camera").addEventListener("click", camera);
  at("camera").hidden = !navigator.mediaDevices?.getUserMedia;
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      at("frame").classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files[0]) load(event.dataTransfer.files[0]);
    });
  }
}

async function begin() {
  settings = await (await fetch("settings")).json();
  at("name").textContent = settings.name;
  document.title = `Ask ${settings.name}`;
  at("about").textContent = about(settings);
  if (!settings.shape) {
    document.querySelector("main").hidden = true;
    at("curl").textContent = `curl -s '${location.origin}/v1/models/${settings.name}/metadata'`;
    at("copy").hidden = at("save").hidden = true;
    return;
  }
  const [height, width] = settings.shape;
  paper.width = Math.round(560 * Math.min(1, width / height));
  paper.height = Math.round(560 * Math.min(1, height / width));
  keys = { x: paper.width / 2, y: paper.height / 2, down: false };
  at("frame").style.aspectRatio = `${width} / ${height}`;
  clear();
  listen();
}

begin().catch(() => { at("about").textContent = "The server does not answer. Is it still running?"; });
