// Where a person writes: the field, the command menu, attachments, replying and editing.

import { oneLine } from "./bubbles.js";
import { byId, el, toast } from "./dom.js";

const MAX_FILE = 50 * 2 ** 20;

export class Composer {
  #text = byId("text");
  #commands = byId("commands");
  #attachments = byId("attachments");
  #menu = byId("menu");
  #file = byId("file");
  #list = [];
  #about = null;
  #drafts = new Map();
  #chat = "";
  #suffix = "";
  #queue = Promise.resolve();
  #actions;

  /** `actions`: send(fields), edit(message, text), lastOwn() → the person's last message. */
  constructor(actions) {
    this.#actions = actions;
    byId("composer").addEventListener("submit", (event) => this.#submit(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#menu.addEventListener("click", () => this.#toggleMenu());
    byId("attach").addEventListener("click", () => this.#showAttachments(this.#attachments.hidden));
    this.#attachments.addEventListener("click", ({ target }) => this.#attach(target.dataset));
    this.#file.addEventListener("change", () => this.#sendFile());
    byId("about-close").addEventListener("click", () => this.#stopEditing());
    document.addEventListener("pointerdown", ({ target }) => this.#outside(target));
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#escape());
  }

  /** Turn to another chat: its commands and its draft; in a group commands name the bot. */
  open(chat, commands, suffix) {
    this.#drafts.set(this.#chat, this.#about?.edit ? "" : this.#text.value);
    this.#chat = chat;
    this.#suffix = suffix;
    this.#setAbout(null);
    this.#setText(this.#drafts.get(chat) ?? "");
    this.setCommands(commands);
  }

  setCommands(commands) {
    this.#list = commands;
    this.#menu.hidden = commands.length === 0;
    this.#showCommands([]);
  }

  reply(message) {
    this.#setAbout({ reply: message });
  }

  edit(message) {
    this.#setAbout({ edit: message });
    this.#setText(message.text);
  }

  focus() {
    if (matchMedia("(hover: hover)").matches) this.#text.focus();
  }

  #setAbout(about) {
    this.#about = about;
    byId("about").hidden = about === null;
    if (!about) return;
    const message = about.edit ?? about.reply;
    byId("about-title").textContent = about.edit ? "Изменение" : message.from.first_name;
    byId("about-line").textContent = oneLine(message);
    this.#text.focus();
  }

  #setText(text) {
    this.#text.value = text;
    this.#grow();
  }

  #grow() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight, 160)}px`;
  }

  #typed() {
    this.#grow();
    const typed = this.#text.value.match(/^\/(\w*)$/);
    const fits = ({ command }) => typed && command.startsWith(typed[1].toLowerCase());
    this.#showCommands(this.#list.filter(fits));
  }

  #showCommands(list) {
    const option = ({ command, description }, place) =>
      el(
        "button",
        {
          type: "button", role: "option", tabIndex: -1, id: `command-${place}`, aria: { selected: "false" },
          on: { click: () => this.#say(`/${command}${this.#suffix}`) },
        },
        el("b", { textContent: `/${command}` }),
        el("span", { textContent: description }),
      );
    this.#commands.replaceChildren(...list.map(option));
    this.#commands.hidden = list.length === 0;
    this.#menu.setAttribute("aria-expanded", String(list.length > 0));
    this.#select(this.#commands.firstElementChild);
  }

  #toggleMenu() {
    this.#showCommands(this.#commands.hidden ? this.#list : []);
    this.focus();
  }

  #selected() {
    return this.#commands.hidden ? null : this.#commands.querySelector('[aria-selected="true"]');
  }

  #select(node) {
    for (const other of this.#commands.children) other.setAttribute("aria-selected", String(other === node));
    this.#text.setAttribute("aria-activedescendant", node?.id ?? "");
    node?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const selected = this.#selected();
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (selected) selected.click();
      else byId("composer").requestSubmit();
    } else if (selected && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      const next = event.key === "ArrowDown" ? selected.nextElementSibling : selected.previousElementSibling;
      if (next) this.#select(next);
    } else if (selected && event.key === "Tab") {
      event.preventDefault();
      this.#setText(`${selected.querySelector("b").textContent}${this.#suffix} `);
      this.#showCommands([]);
    } else if (event.key === "ArrowUp" && !this.#text.value && this.#actions.lastOwn()) {
      event.preventDefault();
      this.edit(this.#actions.lastOwn());
    }
  }

  #submit(event) {
    event.preventDefault();
    if (!this.#text.value.trim()) return;
    if (this.#about?.edit) this.#saveEdit();
    else this.#say(this.#text.value);
  }

  async #saveEdit() {
    if (await this.#actions.edit(this.#about.edit, this.#text.value)) this.#stopEditing();
  }

  async #say(text) {
    this.#setText("");
    this.#showCommands([]);
    this.focus();
    const sent = await this.#send({ text });
    if (!sent && !this.#text.value) this.#setText(text);
  }

  /** Messages go one after another, in the order they were written. */
  async #send(fields) {
    const reply = this.#about?.reply;
    if (reply) this.#setAbout(null);
    const turn = this.#queue.then(() => this.#actions.send({ ...fields, reply_to: reply?.message_id }));
    this.#queue = turn;
    const sent = await turn;
    if (!sent && reply) this.#setAbout({ reply });
    return sent;
  }

  #stopEditing() {
    if (this.#about?.edit) this.#setText("");
    this.#setAbout(null);
  }

  #showAttachments(show) {
    this.#attachments.hidden = !show;
    byId("attach").setAttribute("aria-expanded", String(show));
    if (show) this.#attachments.querySelector("button").focus();
  }

  #attach({ file, attach }) {
    this.#showAttachments(false);
    if (attach) this.#send({ attach });
    if (file) {
      this.#file.accept = file === "photo" ? "image/png,image/jpeg,image/gif" : "";
      this.#file.name = file;
      this.#file.click();
    }
  }

  #sendFile() {
    const [file] = this.#file.files;
    if (file?.size > MAX_FILE) toast("Файл больше 50 МБ: песочница таких не принимает.");
    else if (file) this.#send({ [this.#file.name]: file });
    this.#file.value = "";
  }

  #outside(target) {
    if (!target.closest(".popup, #menu, #attach, #text")) this.#closePopups();
  }

  #escape() {
    if (this.#commands.hidden && this.#attachments.hidden) this.#stopEditing();
    this.#closePopups();
  }

  #closePopups() {
    this.#showCommands([]);
    this.#showAttachments(false);
  }
}
