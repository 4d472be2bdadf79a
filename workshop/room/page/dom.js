// A page is changed only where something differs, so that focus and a reader's place stay.

export const at = (id) => document.getElementById(id);

export function make(tag, kind = "", text = "") {
  const node = document.createElement(tag);
  if (kind) node.className = kind;
  if (text) node.textContent = text;
  return node;
}

export function add(parent, tag, kind = "", text = "") {
  return parent.appendChild(make(tag, kind, text));
}

export function write(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

export function show(node, visible) {
  if (node.hidden === Boolean(visible)) node.hidden = !visible;
}

export function mark(node, name, value) {
  if (value === null || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

export function dress(node, kind) {
  if (node.className !== kind) node.className = kind;
}

// Text between `backticks` is code; the rest is text, whatever it holds.
export function prose(node, text) {
  if (node.prose === text) return;
  node.prose = text;
  node.replaceChildren(...text.split("`").map((part, i) => (i % 2 ? make("code", "", part) : part)));
}

// A command breaks between its words only, as long as a word fits into the line.
export function command(node, text) {
  if (node.prose === text) return;
  node.prose = text;
  node.replaceChildren(...text.split(" ").flatMap((word) => [make("span", "word", word), " "]));
}

export function many(count, one, more = `${one}s`) {
  return `${count} ${count === 1 ? one : more}`;
}

// What a reader should hear once goes here; nothing else on a page is announced.
export function announce(text) {
  const line = at("announced");
  if (line && text) line.textContent = text;
}

const kept = new WeakMap();

// One child for each item, kept by its key; `settled` leaves the children where they are.
export function keyed(parent, items, { key, create, update, settled = false }) {
  if (!kept.has(parent)) kept.set(parent, new Map());
  const known = kept.get(parent), wanted = new Map();
  for (const item of items) {
    const name = key(item), node = known.get(name) ?? create(item);
    update(node, item);
    wanted.set(name, node);
  }
  for (const [name, node] of known) if (!wanted.has(name)) node.remove();
  kept.set(parent, wanted);
  if (settled) parent.append(...[...wanted.values()].filter((node) => node.parentNode !== parent));
  else order(parent, [...wanted.values()]);
}

export function forget(parent) {
  kept.delete(parent);
  parent.replaceChildren();
}

// When one child has moved, the others are not touched.
function order(parent, wanted) {
  let next = parent.firstElementChild;
  for (const node of wanted) {
    if (node === next) {
      next = next.nextElementSibling;
    } else if (next && next.nextElementSibling === node) {
      const late = next;
      next = node.nextElementSibling;
      place(parent, late, null);
    } else place(parent, node, next);
  }
}

function place(parent, node, next) {
  if (parent.moveBefore && node.parentNode === parent) parent.moveBefore(node, next);
  else parent.insertBefore(node, next);
}
