// Building the page: elements, short texts, notices.

/** A new element. `props` are its properties; `data`, `aria` and `on` are maps; text is text. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  const { data = {}, aria = {}, on = {}, ...rest } = props;
  Object.assign(node, rest);
  Object.assign(node.dataset, data);
  for (const [name, value] of Object.entries(aria)) node.setAttribute(`aria-${name}`, value);
  for (const [name, listener] of Object.entries(on)) node.addEventListener(name, listener);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

const clock = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit" });
const sameYear = new Intl.DateTimeFormat("ru", { day: "numeric", month: "long" });
const otherYear = new Intl.DateTimeFormat("ru", { day: "numeric", month: "long", year: "numeric" });

/** Hours and minutes of a Unix time. */
export const time = (seconds) => clock.format(seconds * 1000);

/** The day of a Unix time: «Сегодня», «12 ноября». */
export function day(seconds) {
  const date = new Date(seconds * 1000);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return "Сегодня";
  return (date.getFullYear() === today.getFullYear() ? sameYear : otherYear).format(date);
}

/** A size in bytes, for people. */
export function size(bytes) {
  const units = ["Б", "КБ", "МБ"];
  let rank = 0;
  while (bytes >= 1024 && rank < units.length - 1) {
    bytes /= 1024;
    rank += 1;
  }
  return `${bytes.toLocaleString("ru", { maximumFractionDigits: 1 })} ${units[rank]}`;
}

const COLOURS = ["#c9703a", "#2f80c9", "#3f9b46", "#7d68c9", "#c7518c", "#c4525a", "#2a8f9c"];
export const colour = (id) => COLOURS[Math.abs(id) % COLOURS.length];

/** The round mark of a person or a chat: its first letter on its colour. */
export function paintAvatar(node, name, id) {
  node.textContent = [...name][0];
  node.style.setProperty("--colour", colour(id));
  return node;
}

export const avatar = (name, id) =>
  paintAvatar(el("span", { className: "avatar", ariaHidden: "true" }), name, id);

export function setBadge(node, count) {
  node.hidden = count === 0;
  node.textContent = count > 99 ? "99+" : String(count);
}

/** A notice that goes by itself. */
export function toast(text) {
  const node = el("div", { className: "toast", textContent: text });
  byId("toasts").append(node);
  setTimeout(() => node.remove(), 4000);
}

/** A notice to be dismissed. */
export function alertBox(text) {
  byId("alert-text").textContent = text;
  if (!byId("alert").open) byId("alert").showModal();
}
