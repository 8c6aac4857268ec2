// The messages of the open chat, kept in step with what happens.

import { bubble } from "./bubbles.js";
import { byId, day, el, setBadge } from "./dom.js";

const NEAR = 120;

export class Log {
  #node = byId("log");
  #down = byId("down");
  #unseen = 0;
  #atEnd = true;
  #screen = null;
  #actions = null;

  constructor(actions) {
    this.#actions = { ...actions, show: (id) => this.#show(id) };
    this.#down.addEventListener("click", () => this.#toEnd());
    this.#node.addEventListener("scroll", () => this.#scrolled());
    this.#node.addEventListener("click", ({ target }) => this.#clicked(target));
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(this.#node);
  }

  /** Show a chat from its messages; `welcome` stands there while it has none. */
  open(screen, messages, welcome) {
    this.#screen = screen;
    this.#node.replaceChildren(...(messages.length ? [] : [welcome].filter(Boolean)));
    for (const message of messages) this.#append(message);
    this.#toEnd();
  }

  add(message) {
    const follow = this.#atEnd || message.from.id === this.#screen.user;
    this.#node.querySelector(".welcome")?.remove();
    const node = this.#append(message);
    if (follow) return this.#read(node);
    this.#unseen += 1;
    this.#showDown();
  }

  /** To the end, unless the message is so long that it would be read from its middle. */
  #read(node) {
    this.#toEnd();
    if (node.offsetHeight <= this.#node.clientHeight) return;
    const above = node.getBoundingClientRect().top - this.#node.getBoundingClientRect().top;
    this.#node.scrollBy({ top: above - 8 });
  }

  change(message) {
    const old = this.#find(message.message_id);
    if (!old) return;
    const fresh = this.#bubble(message);
    const open = [...old.querySelectorAll("blockquote")].map((quote) => quote.matches(":not(.folded)"));
    old.replaceWith(fresh);
    this.#fold(fresh, open);
    if (this.#atEnd) this.#toEnd();
  }

  remove(id) {
    this.#find(id)?.remove();
  }

  #append(message) {
    const title = day(message.date);
    const days = this.#node.querySelectorAll(".day");
    if (days.length === 0 || days[days.length - 1].textContent !== title) {
      this.#node.append(el("p", { className: "day", textContent: title }));
    }
    const node = this.#bubble(message);
    this.#node.append(node);
    this.#fold(node);
    return node;
  }

  #bubble(message) {
    return bubble(message, this.#screen, this.#actions);
  }

  /** Quotes that fit need no folding; those that were open stay so. */
  #fold(node, open = []) {
    node.querySelectorAll("blockquote").forEach((quote, place) => {
      const inner = quote.querySelector(".quoted");
      if (!inner) return;
      if (inner.scrollHeight <= inner.clientHeight + 1) quote.classList.add("short");
      else if (open[place]) quote.querySelector(".fold").click();
    });
  }

  #find(id) {
    return this.#node.querySelector(`[data-id="${Number(id)}"]`);
  }

  #show(id) {
    const node = this.#find(id);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.focus({ preventScroll: true });
    node.classList.add("shown");
    setTimeout(() => node.classList.remove("shown"), 1500);
  }

  #clicked(target) {
    const said = target.closest(".command");
    if (said) this.#actions.command(said.dataset.command);
    const chosen = target.closest("a, button") ? null : target.closest(".message");
    for (const node of this.#node.querySelectorAll(".message.chosen")) {
      if (node !== chosen) node.classList.remove("chosen");
    }
    if (chosen && !String(getSelection())) chosen.classList.toggle("chosen");
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#node;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#atEnd) this.#seenAll();
    else this.#showDown();
  }

  #toEnd() {
    this.#atEnd = true;
    this.#node.scrollTo({ top: this.#node.scrollHeight });
    this.#seenAll();
  }

  #seenAll() {
    this.#unseen = 0;
    this.#down.hidden = true;
  }

  #showDown() {
    this.#down.hidden = false;
    setBadge(byId("down-badge"), this.#unseen);
  }
}
