// One message as a bubble: who, what it replies to, media, text, time, buttons.

import { avatar, colour, el, size, time } from "./dom.js";
import { richText } from "./richtext.js";

const fileUrl = (file) => `/sandbox/files/${file.file_id}`;

const picture = (file, className, alt) =>
  el("img", { src: fileUrl(file), width: file.width, height: file.height, className, alt });

const documentCard = (file) =>
  el(
    "a",
    { className: "document", href: fileUrl(file), download: file.file_name },
    el("span", { className: "document-icon", ariaHidden: "true", textContent: "⤓" }),
    el("span", { className: "document-name", textContent: file.file_name }),
    el("span", { className: "document-size", textContent: size(file.file_size) }),
  );

const voiceBar = (voice) =>
  el(
    "div",
    { className: "voice" },
    el("span", { className: "document-icon", ariaHidden: "true", textContent: "►" }),
    el("span", { textContent: `Голосовое сообщение, ${voice.duration} с` }),
  );

function media(message) {
  if (message.photo) return picture(message.photo.at(-1), "photo", "Фото");
  if (message.sticker) return picture(message.sticker, "sticker", `Стикер ${message.sticker.emoji}`);
  if (message.document) return documentCard(message.document);
  if (message.voice) return voiceBar(message.voice);
  return null;
}

/** What a service message tells of, "" for a message of another kind. */
export function serviceText(message) {
  const { left_chat_member: gone, new_chat_members: added } = message;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "Группа стала супергруппой";
  if (gone) return `${message.from.first_name}: участник «${gone.first_name}» удалён`;
  if (added) return `${message.from.first_name}: участник «${added[0].first_name}» добавлен`;
  return "";
}

/** A message in one line. */
export function oneLine(message) {
  if (serviceText(message)) return serviceText(message);
  const kinds = { photo: "Фото", sticker: "Стикер", voice: "Голосовое сообщение" };
  const kind = Object.keys(kinds).find((name) => name in message);
  const said = message.text ?? message.caption ?? message.document?.file_name ?? kinds[kind];
  return (said ?? "").replace(/\s+/g, " ").slice(0, 200);
}

function replyHead(message, actions) {
  const original = message.reply_to_message;
  if (!original) return null;
  return el(
    "button",
    { type: "button", className: "reply-head", on: { click: () => actions.show(original.message_id) } },
    el("b", { textContent: original.from.first_name }),
    el("span", { textContent: oneLine(original) }),
  );
}

function keyButton(message, button, actions) {
  if (button.url) {
    const where = { href: button.url, target: "_blank", rel: "noopener noreferrer" };
    return el("a", { className: "key", textContent: `${button.text} ↗`, ...where });
  }
  const node = el("button", { type: "button", className: "key", textContent: button.text });
  node.addEventListener("click", () => actions.press(message, button.callback_data, node));
  return node;
}

function keyboard(message, actions) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const row = (buttons) =>
    el("div", { className: "keys-row" }, buttons.map((button) => keyButton(message, button, actions)));
  return el("div", { className: "keys" }, rows.map(row));
}

function tools(message, own, actions) {
  const tool = (textContent, click) => el("button", { type: "button", textContent, on: { click } });
  const reply = tool("Ответить", () => actions.reply(message));
  const edit = own && message.text ? tool("Изменить", () => actions.edit(message)) : null;
  return el("div", { className: "tools" }, reply, edit);
}

function stamp(message) {
  const edited = message.edit_date ? "изменено " : "";
  return el("span", { className: "stamp", textContent: edited + time(message.date) });
}

/** The bubble. `screen` says who looks at which chat; `actions` are what can be done with it. */
export function bubble(message, screen, actions) {
  const service = serviceText(message);
  if (service) return el("p", { className: "service", textContent: service, data: { id: message.message_id } });
  const own = message.from.id === screen.user;
  const named = screen.group && !own;
  const name = named ? el("b", { className: "name", textContent: message.from.first_name }) : null;
  if (name) name.style.color = colour(message.from.id);
  const text = message.text ?? message.caption;
  const entities = message.entities ?? message.caption_entities;
  const body = el(
    "div",
    { className: `bubble${message.sticker ? " bare" : ""}` },
    name,
    replyHead(message, actions),
    media(message),
    text === undefined ? null : richText(text, entities),
    stamp(message),
  );
  return el(
    "article",
    { className: `message${own ? " own" : ""}`, tabIndex: -1, data: { id: message.message_id } },
    named ? avatar(message.from.first_name, message.from.id) : null,
    el("div", { className: "stack" }, body, keyboard(message, actions), tools(message, own, actions)),
  );
}
