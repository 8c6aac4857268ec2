// The page: who looks, which chat is open, what they do and what they hear.

import { follow, get, post } from "./api.js";
import { Composer } from "./composer.js";
import { alertBox, byId, el, paintAvatar, toast } from "./dom.js";
import { Log } from "./log.js";
import { closeDrawer, drawSidebar, prepareDrawer } from "./sidebar.js";
import { markRead, unread } from "./unread.js";

const TYPING_SECONDS = 5;
const ANSWER_SECONDS = 15;
const RETRY_SECONDS = 1.5;
const LOST = "Нет связи с песочницей. Подключаемся снова…";
const ACTIONS = {
  typing: "печатает…",
  upload_document: "отправляет файл…",
  upload_photo: "отправляет фото…",
};

const REFUSALS = [
  ["message is too long", "Сообщение длиннее 4096 знаков."],
  ["message is not modified", "Текст остался прежним."],
  ["IMAGE_PROCESS_FAILED", "Это не картинка: нужен файл PNG, JPEG или GIF."],
  ["file must be non-empty", "Файл пустой."],
  ["Too Large", "Файл слишком большой."],
];

let world = null;
let chatId = null;
let stop = () => {};
let connected = true;
const typing = new Map();
const pressed = new Map();

const log = new Log({
  reply: (message) => composer.reply(message),
  edit: (message) => composer.edit(message),
  command: (text) => send({ text }),
  press,
});
const composer = new Composer({ send, edit, lastOwn });

const chat = () => world.chats.find(({ id }) => id === chatId);
const isGroup = () => chat().type !== "private";
const titleOf = ({ type, title }) => (type === "private" ? world.bot.first_name : title);
const colourOf = ({ type, id }) => (type === "private" ? world.bot.id : id);
const here = () => ({ user: world.user, chat: chatId });

function inRussian(error) {
  if (error instanceof TypeError) return "Нет связи с песочницей.";
  const known = REFUSALS.find(([words]) => error.message.includes(words));
  return known ? known[1] : `Не вышло: ${error.message}`;
}

/** Do what may be refused; the refusal is shown. True if it went well. */
async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    toast(inRussian(error));
    return false;
  }
}

function send(fields) {
  return attempt(() => post("say", { ...here(), ...fields }));
}

function edit(message, text) {
  return attempt(() => post("edit", { ...here(), message: message.message_id, text }));
}

function setBlocked(blocked) {
  return attempt(() => post("block", { user: world.user, blocked }));
}

function lastOwn() {
  return world.messages[chatId].findLast(({ from, text }) => from.id === world.user && text);
}

async function press(message, data, button) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  const done = () => (button.ariaBusy = null);
  const asked = await attempt(async () => {
    const { query_id: id } = await post("press", { ...here(), message: message.message_id, data });
    pressed.set(id, done);
    setTimeout(() => pressed.delete(id) && done(), ANSWER_SECONDS * 1000);
  });
  if (!asked) done();
}

function showAnswer({ query_id: id, text, show_alert: alert }) {
  pressed.get(id)?.();
  pressed.delete(id);
  if (text) (alert ? alertBox : toast)(text);
}

function drawHead() {
  byId("head-title").textContent = titleOf(chat());
  paintAvatar(byId("head-avatar"), titleOf(chat()), colourOf(chat()));
  const action = typing.get(chatId)?.text;
  const idle = isGroup() ? `${world.users.length} участника и бот` : "бот";
  const who = isGroup() ? `${world.bot.first_name} ` : "";
  byId("head-status").textContent = action ? who + action : idle;
  byId("head-status").classList.toggle("typing", Boolean(action));
  byId("block").hidden = isGroup() || world.blocked || world.messages[chatId].length === 0;
  byId("block").textContent = "Остановить";
  byId("block").title = "Заблокировать бота, как это делают в Telegram";
  byId("composer").hidden = !isGroup() && world.blocked;
  byId("unblock").hidden = isGroup() || !world.blocked;
  document.title = `${titleOf(chat())}: песочница`;
}

function drawBanner() {
  const silent = "Бот не подключён: на сообщения пока некому ответить. Запустите его рядом: doslovno run.";
  byId("banner").hidden = connected && world.bot.online;
  byId("banner").textContent = connected ? silent : LOST;
}

function drawSide() {
  if (!document.hidden) markRead(world.user, chatId, world.messages[chatId]);
  const chats = world.chats.map((each) => ({
    id: each.id,
    title: titleOf(each),
    colour: colourOf(each),
    last: world.messages[each.id].at(-1),
    unread: unread(world.user, each.id, world.messages[each.id]),
    current: each.id === chatId,
  }));
  drawSidebar(world.users, world.user, chats, {
    choosePerson: (id) => go(id, null),
    chooseChat: (id) => go(world.user, id),
  });
}

function welcome() {
  const start = el("button", { type: "button", className: "start", textContent: "Начать" });
  start.addEventListener("click", () => send({ text: "/start" }));
  const text = isGroup()
    ? `Общий чат. Бот видит команды, упоминания @${world.bot.username} и ответы на свои сообщения.`
    : `Здесь отвечает «${world.bot.first_name}».`;
  return el("div", { className: "welcome" }, el("p", { textContent: text }), isGroup() ? null : start);
}

function drawChat() {
  const screen = { user: world.user, group: isGroup() };
  log.open(screen, world.messages[chatId], welcome());
  const suffix = isGroup() ? `@${world.bot.username}` : "";
  composer.open(`${world.user}/${chatId}`, world.menus[chatId] ?? [], suffix);
  drawHead();
  drawSide();
  drawBanner();
}

function stopTyping(id) {
  clearTimeout(typing.get(id)?.timer);
  typing.delete(id);
  if (id === chatId) drawHead();
}

function showAction({ chat: id, action }) {
  const text = ACTIONS[action] ?? ACTIONS.typing;
  clearTimeout(typing.get(id)?.timer);
  typing.set(id, { text, timer: setTimeout(() => stopTyping(id), TYPING_SECONDS * 1000) });
  drawHead();
}

function place(list, message) {
  const index = list.findIndex(({ message_id: id }) => id === message.message_id);
  if (index < 0) list.push(message);
  else list[index] = message;
}

function newMessage({ chat: id, message }) {
  place(world.messages[id], message);
  if (message.from.is_bot) stopTyping(id);
  if (id === chatId) log.add(message);
  drawHead();
  drawSide();
}

function changedMessage({ chat: id, message }) {
  place(world.messages[id], message);
  if (id === chatId) log.change(message);
  drawSide();
}

function removedMessage({ chat: id, message_id: gone }) {
  world.messages[id] = world.messages[id].filter((each) => each.message_id !== gone);
  if (id === chatId) log.remove(gone);
  drawSide();
}

async function newMenus() {
  world.menus = await get("menu", { user: world.user });
  composer.setCommands(world.menus[chatId] ?? []);
}

/** A group has become a supergroup: who was in the one looks at the other now. */
async function movedGroup({ chat: old, to }) {
  const id = chatId === old ? to : chatId;
  history.replaceState(null, "", `#${world.user}/${id}`);
  await load(world.user, id);
}

const HEARD = {
  message: newMessage,
  edited: changedMessage,
  deleted: removedMessage,
  action: showAction,
  answered: showAnswer,
  menu: newMenus,
  migrated: movedGroup,
  bot: ({ online }) => {
    world.bot.online = online;
    drawBanner();
  },
  blocked: ({ blocked }) => {
    world.blocked = blocked;
    drawHead();
  },
};

/** Open a chat of a person; the address keeps both, so that each tab can be someone else. */
function go(user, id) {
  closeDrawer();
  location.hash = id === null ? `${user}` : `${user}/${id}`;
}

async function open() {
  const [user, id] = location.hash.slice(1).split("/").map(Number);
  if (world && user === world.user) {
    chatId = world.chats.some((each) => each.id === id) ? id : world.user;
    drawChat();
    composer.focus();
    return;
  }
  await load(user, id);
}

async function load(user, id) {
  stop();
  stop = () => {};
  try {
    const [first] = await get("users", {});
    const snapshot = (each) => get("snapshot", { user: each });
    world = await snapshot(user || first.id).catch(() => snapshot(first.id));
  } catch {
    byId("banner").hidden = false;
    byId("banner").textContent = LOST;
    setTimeout(() => load(user, id), RETRY_SECONDS * 1000);
    return;
  }
  chatId = world.chats.some((each) => each.id === id) ? id : world.user;
  typing.clear();
  for (const control of ["text", "attach"]) byId(control).disabled = false;
  drawChat();
  stop = follow(world, {
    heard: (event) => HEARD[event.kind]?.(event),
    lost: (lost) => {
      connected = !lost;
      drawBanner();
    },
    stale: () => load(world.user, chatId),
  });
}

prepareDrawer();
byId("block").addEventListener("click", () => setBlocked(true));
byId("unblock").addEventListener("click", () => setBlocked(false));
document.addEventListener("visibilitychange", () => world && drawSide());
window.addEventListener("hashchange", open);
open();
