// A sheet over the log and the line to write in: one question or form at a time, by keyboard too.

import { el, icon } from "./nodes.js";
import { words } from "./words.js";

export class Sheet {
  /** behind(): nodes that must not be reached while the sheet is open · onClosed(): it is gone. */
  constructor({ behind, onClosed = () => {} }) {
    this.behind = behind;
    this.onClosed = onClosed;
    this.title = el("h3", { id: "sheet-title", tabindex: "-1" });
    this.body = el("div", { class: "sheet-body" });
    this.back = el(
      "button",
      { type: "button", class: "sheet-back", "aria-label": words.back, onclick: () => this.close() },
      icon("back"),
    );
    this.node = el(
      "section",
      {
        class: "sheet", role: "dialog", "aria-labelledby": "sheet-title", hidden: true,
        onkeydown: (event) => this.#key(event),
      },
      el("div", { class: "sheet-head" }, this.back, this.title),
      this.body,
    );
  }

  /** True while it is open. */
  get isOpen() {
    return !this.node.hidden;
  }

  /** Open with a title and nodes; onClose(): called once when this content goes. Returns the body. */
  show(title, nodes, { onClose = null } = {}) {
    this.#left();
    this.opener ??= this.node.getRootNode().activeElement;
    this.onClose = onClose;
    this.title.textContent = title;
    this.body.replaceChildren(...nodes);
    this.body.scrollTop = 0;
    this.node.hidden = false;
    for (const node of this.behind()) node.inert = true;
    this.focus();
    return this.body;
  }

  /** Take the focus: to the title, so that a screen reader says where one is. */
  focus() {
    this.title.focus({ preventScroll: true });
  }

  /** Close; the focus goes back to where it came from. */
  close() {
    if (!this.isOpen) return;
    this.node.hidden = true;
    for (const node of this.behind()) node.inert = false;
    this.#left();
    this.body.replaceChildren();
    const { opener } = this;
    this.opener = null;
    if (opener?.isConnected && opener.offsetParent !== null && !opener.disabled) opener.focus({ preventScroll: true });
    else this.onClosed();
  }

  #left() {
    const { onClose } = this;
    this.onClose = null;
    onClose?.();
  }

  #key(event) {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    event.stopPropagation();
    event.preventDefault();
    this.close();
  }
}
