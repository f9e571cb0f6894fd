// Ready answers: found by a few words, put into the reply by one key.

import { el } from "/widget/current/nodes.js";
import { isComposing } from "/widget/current/composer.js";
import { editAnswers } from "./answers.js";
import { call } from "./link.js";
import { words } from "./words.js";

const PAUSE = 120; // ms after the last key
const said = words.canned;

export class Canned {
  timer = 0;

  /**
   * field: the reply's textarea · about(): id of the conversation · hint(): what to look for first.
   * @param {{field: HTMLTextAreaElement, about: () => string | null, hint: () => string}} parts
   */
  constructor({ field, about, hint }) {
    this.field = field;
    this.about = about;
    this.hint = hint;
    /** @type {Desk.Canned[]} */ this.items = [];
    this.active = 0;
    this.asked = 0;
    this.input = el("input", {
      type: "search", role: "combobox", "aria-label": said.label, placeholder: said.placeholder, autocomplete: "off",
      spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "canned-list",
      oninput: () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.#ask(), PAUSE);
      },
      onkeydown: (event) => this.#key(event),
      onblur: () => setTimeout(() => this.node.contains(document.activeElement) || this.close(false), 150),
    });
    this.list = el("ul", { id: "canned-list", role: "listbox", "aria-label": said.label });
    this.note = el("p", { class: "note", role: "status" });
    this.node = el(
      "div",
      { class: "canned", hidden: true },
      this.list, this.note, this.input,
      el(
        "p",
        { class: "keys" },
        said.keys,
        el("button", { type: "button", class: "mine", onclick: () => this.#manage() }, said.mine),
      ),
    );
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = /** @type {Element} */ (event.target).closest("[role=option]");
      const at = option ? [...this.list.children].indexOf(option) : -1;
      if (at >= 0) this.#insert(at);
    });
  }

  /** Open the search; what the customer said last is looked up first. */
  open() {
    this.node.hidden = false;
    this.input.value = "";
    this.input.focus();
    this.#ask();
  }

  /** Close; the cursor goes back into the reply. */
  close(back = true) {
    this.node.hidden = true;
    this.asked += 1;
    this.#show([]);
    if (back) this.field.focus();
  }

  // What stands in the reply, or is written anew, becomes an answer of one's own.
  async #manage() {
    const draft = this.field.value.trim();
    this.close(false);
    await editAnswers(draft);
    this.open();
  }

  async #ask() {
    const typed = this.input.value.trim();
    const turn = (this.asked += 1);
    const query = encodeURIComponent(typed || this.hint());
    try {
      const { items } = await call("GET", `/canned?q=${query}&conversation=${encodeURIComponent(String(this.about()))}`);
      if (turn !== this.asked) return;
      this.#show(items);
      this.note.textContent = items.length ? "" : said.none;
    } catch {
      if (turn === this.asked) this.note.textContent = said.failed;
    }
  }

  /** @param {Desk.Canned[]} items */
  #show(items) {
    this.items = items;
    this.list.replaceChildren(
      ...items.map((item, at) =>
        el(
          "li",
          { id: `canned-${at}`, role: "option", "aria-selected": "false" },
          el("strong", {}, item.title),
          item.kind === "faq" ? el("em", { class: "faq" }, said.faq) : el("em", {}, said[item.kind]),
          el("span", {}, item.text),
        ),
      ),
    );
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.#mark(0);
  }

  /** @param {number} at */
  #mark(at) {
    this.active = at;
    [...this.list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === at)));
    const node = this.list.children[at];
    if (!node) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (step && this.items.length) {
      event.preventDefault();
      this.#mark((this.active + step + this.items.length) % this.items.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.items.length) this.#insert(this.active);
    } else if (event.key === "Backspace" && !this.input.value) {
      event.preventDefault();
      this.close();
    }
  }

  // At the cursor, so that a greeting that stands already stays.
  /** @param {number} at */
  #insert(at) {
    const { field } = this;
    const { text, kind } = this.items[at];
    this.close();
    field.setRangeText(kind === "faq" ? plain(text) : text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Agents' messages are plain text: what Markdown says with signs is said without them.
/** @param {string} markdown */
export function plain(markdown) {
  return markdown
    .replace(/\*\*(.+?)\*\*/g, "$1")
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (all, label, target) => `${label}（${new URL(target, location.origin).href}）`);
}
