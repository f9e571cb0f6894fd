// The chat's 更多 button and what it unfolds: a plain list of buttons and links.

import { el, focusOf, icon } from "./nodes.js";
import { words } from "./words.js";

export class Menu {
  constructor() {
    this.list = el("div", { class: "menu-list", id: "menu-list", hidden: true });
    this.button = el(
      "button",
      {
        type: "button", class: "menu-open", "aria-label": words.menu.more, "aria-expanded": "false",
        "aria-controls": "menu-list", onclick: () => this.#toggle(Boolean(this.list.hidden)),
      },
      icon("more"),
    );
    this.node = el("div", { class: "menu-place", onkeydown: (event) => this.#key(event) }, this.button, this.list);
    this.node.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.node.contains(/** @type {Node} */ (event.relatedTarget))) this.#toggle(false);
    });
    // A tap beside the menu closes it, wherever in the chat it lands.
    this.outside = (/** @type {Event} */ event) => !event.composedPath().includes(this.node) && this.#toggle(false);
  }

  /** Add an entry; act is a function, or the address of a link. Returns its node. @param {string} label @param {string | (() => unknown)} act */
  add(label, act) {
    const entry =
      typeof act === "function"
        ? el(
            "button",
            {
              type: "button",
              onclick: () => {
                this.#toggle(false);
                this.button.focus({ preventScroll: true });
                act();
              },
            },
            label,
          )
        : el("a", { href: act }, label);
    this.list.append(entry);
    return entry;
  }

  /** The chat was taken out of its page. */
  end() {
    this.#toggle(false);
  }

  /** @param {boolean} open */
  #toggle(open) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) {
      document.addEventListener("pointerdown", this.outside);
      /** @type {HTMLElement | null} */ (this.list.firstElementChild)?.focus();
    } else document.removeEventListener("pointerdown", this.outside);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.list.hidden) return;
    const entries = /** @type {HTMLElement[]} */ ([...this.list.children]).filter((node) => !node.hidden);
    const at = entries.findIndex((node) => node === focusOf(node));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      this.#toggle(false);
      this.button.focus();
    } else if (step) {
      event.preventDefault();
      entries[(at + step + entries.length) % entries.length].focus();
    }
  }
}
