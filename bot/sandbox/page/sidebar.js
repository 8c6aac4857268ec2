// The list of people and chats; on narrow screens a drawer.

import { oneLine } from "./bubbles.js";
import { avatar, byId, el, setBadge, time } from "./dom.js";

const side = byId("side");
const opener = byId("side-open");
const narrow = matchMedia("(max-width: 720px)");

function setDrawer(open) {
  side.classList.toggle("open", open);
  side.inert = narrow.matches && !open;
  byId("shade").hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
}

export const closeDrawer = () => setDrawer(false);

/** Make the drawer's buttons work. */
export function prepareDrawer() {
  opener.addEventListener("click", () => {
    setDrawer(true);
    byId("side-close").focus();
  });
  for (const id of ["side-close", "shade"]) {
    byId(id).addEventListener("click", () => {
      setDrawer(false);
      opener.focus();
    });
  }
  document.addEventListener("keydown", ({ key }) => key === "Escape" && setDrawer(false));
  narrow.addEventListener("change", () => setDrawer(false));
  setDrawer(false);
}

function person(each, current, choose) {
  const chosen = each.id === current;
  return el(
    "button",
    {
      type: "button", className: "person",
      aria: { pressed: String(chosen) }, on: { click: () => choose(each.id) },
    },
    avatar(each.first_name, each.id),
    el("span", { textContent: each.first_name }),
    el("span", { className: "role", textContent: each.is_admin ? "админ" : "" }),
  );
}

function chatLine(chat, choose) {
  const { last, unread } = chat;
  const badge = el("span", { className: "badge" });
  setBadge(badge, unread);
  if (unread) badge.setAttribute("aria-label", `непрочитанных: ${unread}`);
  return el(
    "button",
    {
      type: "button", className: "chat", data: { chat: chat.id },
      aria: { current: String(chat.current) }, on: { click: () => choose(chat.id) },
    },
    avatar(chat.title, chat.colour),
    el("span", { className: "chat-title", textContent: chat.title }),
    el("span", { className: "chat-time", textContent: last ? time(last.date) : "" }),
    el("span", { className: "chat-last", textContent: last ? oneLine(last) : "Пока пусто" }),
    badge,
  );
}

/** Draw the lists. `chats` carry id, title, colour, last message, unread, current. */
export function drawSidebar(people, current, chats, { choosePerson, chooseChat }) {
  const held = document.activeElement?.closest?.("#people button, #chats button");
  const place = held ? [...held.parentElement.children].indexOf(held) : -1;
  const parent = held?.parentElement;
  byId("people").replaceChildren(...people.map((each) => person(each, current, choosePerson)));
  byId("chats").replaceChildren(...chats.map((chat) => chatLine(chat, chooseChat)));
  parent?.children[place]?.focus();
  setBadge(byId("side-badge"), chats.reduce((sum, chat) => sum + chat.unread, 0));
}
