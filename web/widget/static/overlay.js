// What lies over the whole conversation: one task, a way back, and the focus kept in order.

import { words } from "./contact-words.js";
import { el, focusOf, icon } from "./nodes.js";

export class Overlay {
  /**
   * name: CSS class · title · onClose(): the sheet was closed.
   * @param {{name: string, title: string, onClose?: () => unknown}} parts
   */
  constructor({ name, title, onClose = () => {} }) {
    this.onClose = onClose;
    this.heading = el("h2", { tabindex: "-1" }, title);
    this.body = el("div", { class: "overlay-body" });
    this.shut = el(
      "button",
      { type: "button", class: "close", "aria-label": words.shut, onclick: () => this.close() },
      icon("close"),
    );
    this.node = el(
      "section",
      {
        class: `overlay ${name}`, role: "dialog", "aria-label": title, hidden: true,
        onkeydown: (event) => {
          if (event.key !== "Escape" || event.isComposing) return;
          event.stopPropagation();
          this.close();
        },
      },
      el("header", {}, this.heading, this.shut),
      this.body,
    );
  }

  /** True while it is in sight. */
  get isOpen() {
    return !this.node.hidden;
  }

  /** Show it and give it the focus. */
  open() {
    this.back = focusOf(this.node);
    this.node.hidden = false;
    this.node.inert = false;
    // What lies below is out of reach, also for the keyboard; of two sheets the upper one counts.
    if (!this.below) {
      this.below = /** @type {HTMLElement[]} */ ([...(this.node.parentNode?.children ?? [])]).filter((node) => node !== this.node && !node.inert);
      for (const node of this.below) node.inert = true;
    }
    this.heading.focus({ preventScroll: true });
  }

  /** Close it and forget what was in it: it was another person's. */
  reset() {
    this.back = null;
    this.close();
  }

  /** Put other nodes into it; a focus that goes with the old ones stays in the sheet. @param {(Node | string)[]} nodes */
  fill(nodes) {
    const held = this.body.contains(focusOf(this.node));
    this.body.replaceChildren(...nodes);
    if (held) this.heading.focus({ preventScroll: true });
  }

  /** Hide it and give the focus back. */
  close() {
    if (!this.isOpen) return;
    this.node.hidden = true;
    for (const node of this.below ?? []) node.inert = false;
    this.below = null;
    if (this.back?.isConnected) this.back.focus({ preventScroll: true });
    this.onClose();
  }
}

/** Return a button. @param {string} text @param {() => unknown} onclick */
export function button(text, onclick, name = "", attributes = /** @type {Attributes} */ ({})) {
  return el("button", { type: "button", class: name, onclick, ...attributes }, text);
}

/** Return a list of texts. @param {"ul" | "ol"} kind @param {string[]} texts */
export function listOf(kind, texts) {
  return el(kind, {}, ...texts.map((text) => el("li", {}, text)));
}
