// Texts with entities as nodes. Offsets are UTF-16 code units, which is what JavaScript counts.

import { el } from "./dom.js";

const SAFE = /^(https?|tg|mailto):/i;

const link = (href, nodes) =>
  SAFE.test(href)
    ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, nodes)
    : el("span", { className: "mark" }, nodes);

const withScheme = (address) => (SAFE.test(address) ? address : `https://${address}`);

const spoiler = (nodes) => {
  const hide = el("button", { type: "button", className: "spoiler" }, nodes);
  hide.addEventListener("click", () => hide.classList.add("seen"));
  return hide;
};

const command = (nodes, piece) =>
  el("button", { type: "button", className: "command", data: { command: piece } }, nodes);

function foldable(nodes) {
  const inner = el("div", { className: "quoted" }, nodes);
  const toggle = el("button", { type: "button", className: "fold", aria: { expanded: "false" } });
  toggle.setAttribute("aria-label", "Развернуть цитату");
  const quote = el("blockquote", { className: "folded" }, inner, toggle);
  toggle.addEventListener("click", () => {
    const open = quote.classList.toggle("folded") === false;
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", open ? "Свернуть цитату" : "Развернуть цитату");
  });
  return quote;
}

/** How each kind of entity looks: (nodes inside, the piece of text, the entity) to a node. */
const LOOKS = {
  bold: (nodes) => el("b", {}, nodes),
  italic: (nodes) => el("i", {}, nodes),
  underline: (nodes) => el("u", {}, nodes),
  strikethrough: (nodes) => el("s", {}, nodes),
  code: (nodes) => el("code", {}, nodes),
  pre: (nodes) => el("pre", {}, el("code", {}, nodes)),
  spoiler,
  blockquote: (nodes) => el("blockquote", {}, nodes),
  expandable_blockquote: foldable,
  text_link: (nodes, _piece, entity) => link(entity.url, nodes),
  url: (nodes, piece) => link(withScheme(piece), nodes),
  email: (nodes, piece) => link(`mailto:${piece}`, nodes),
  bot_command: command,
  mention: (nodes) => el("span", { className: "mark" }, nodes),
  hashtag: (nodes) => el("span", { className: "mark" }, nodes),
};
const BLOCKS = ["blockquote", "expandable_blockquote", "pre"];

const outerFirst = (one, other) => one.offset - other.offset || other.length - one.length;

function cut(entity, from, to) {
  const start = Math.max(entity.offset, from);
  return { ...entity, offset: start, length: Math.min(entity.offset + entity.length, to) - start };
}

/** Nodes of `text` from `start` to `stop`; an entity that crosses another's end is cut there. */
function nodesOf(text, start, stop, entities) {
  const nodes = [];
  let place = start;
  const queue = [...entities].sort(outerFirst);
  while (queue.length > 0) {
    const entity = queue.shift();
    const end = entity.offset + entity.length;
    if (entity.offset > place) nodes.push(text.slice(place, entity.offset));
    const touching = queue.splice(0).sort(outerFirst);
    const inside = touching.filter((other) => other.offset < end);
    const beyond = inside.filter((other) => other.offset + other.length > end);
    queue.push(...touching.filter((other) => other.offset >= end));
    queue.push(...beyond.map((other) => cut(other, end, Infinity)));
    queue.sort(outerFirst);
    const inner = nodesOf(text, entity.offset, end, inside.map((other) => cut(other, 0, end)));
    const piece = text.slice(entity.offset, end);
    nodes.push(entity.type in LOOKS ? LOOKS[entity.type](inner, piece, entity) : el("span", {}, inner));
    place = end;
    if (BLOCKS.includes(entity.type) && text[place] === "\n" && place < stop) place += 1;
  }
  if (place < stop) nodes.push(text.slice(place, stop));
  return nodes;
}

/** The text as an element. */
export const richText = (text, entities = []) =>
  el("div", { className: "text", dir: "auto" }, nodesOf(text, 0, text.length, entities));
