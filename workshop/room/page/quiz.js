// A question looks the same to all: letters, bars that grow, and a word for the right answer.
import { add, dress, keyed, make, many, mark, prose, show, write } from "./dom.js";

const LETTERS = "ABCDEFGHIJ";

// `vote(choice)` is given where this reader may choose; then the choices are buttons.
export function quiz(root, asked, vote = null) {
  show(root, asked);
  if (!asked) return;
  root.parts ??= build(root);
  const { question, choices, votes, because } = root.parts;
  prose(question, asked.question);
  const items = asked.choices.map((text, i) => ({ text, i, asked, vote }));
  keyed(choices, items, { key: ({ i }) => `${asked.key}/${i}`, create, update });
  write(votes, `${many(asked.votes, "answer")} so far`);
  show(votes, asked.state === "open");
  show(because, asked.state === "answered" && asked.because);
  if (asked.because) prose(because, asked.because);
}

function build(root) {
  return {
    question: add(root, "p", "question"), choices: add(root, "ol", "choices"),
    votes: add(root, "p", "votes soft"), because: add(root, "p", "because"),
  };
}

function create({ i, vote }) {
  const item = make("li", "choice"), body = add(item, vote ? "button" : "div", "body");
  if (vote) body.type = "button";
  add(body, "span", "letter", LETTERS[i]);
  const words = add(body, "span", "words");
  const text = add(words, "span", "text"), note = add(words, "span", "mark");
  const count = add(item, "span", "count"), track = add(item, "span", "track");
  item.parts = { body, text, note, count, track, fill: add(track, "span", "fill") };
  return item;
}

function update(item, { text, i, asked, vote }) {
  const { parts } = item, right = asked.state === "answered" && asked.answer === i, mine = asked.mine === i;
  dress(item, right ? "choice right" : "choice");
  prose(parts.text, text);
  write(parts.note, [right && "✓ The right answer", mine && "Your answer"].filter(Boolean).join(" · "));
  if (vote) {
    parts.body.onclick = () => vote(i);
    parts.body.disabled = asked.state !== "open";
    mark(parts.body, "aria-pressed", String(mine));
  }
  show(parts.count, asked.counts);
  show(parts.track, asked.counts);
  if (asked.counts) grow(parts, asked.counts[i], asked.counts.reduce((sum, n) => sum + n, 0));
}

function grow({ count, fill }, votes, all) {
  const share = Math.round(all ? (100 * votes) / all : 0);
  write(count, `${votes} · ${share} %`);
  fill.style.width = `${share}%`;
}
