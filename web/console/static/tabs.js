// The list's tabs: which of the desk's lists is in sight.

import { part } from "/widget/current/nodes.js";

export class Tabs {
  /**
   * root: node with [role=tab] buttons whose aria-controls names their list · onShow(id).
   * @param {{root: HTMLElement, onShow?: (id: string) => unknown}} parts
   */
  constructor({ root, onShow = () => {} }) {
    this.onShow = onShow;
    this.buttons = [.../** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("[role=tab]"))];
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.show(button.getAttribute("aria-controls")));
    }
    root.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const at = this.buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
      if (!step || at < 0) return;
      event.preventDefault();
      const next = this.buttons[(at + step + this.buttons.length) % this.buttons.length];
      this.show(next.getAttribute("aria-controls"));
      next.focus();
    });
  }

  /** Show the list of this id. @param {string | null} id */
  show(id) {
    for (const button of this.buttons) {
      const shown = button.getAttribute("aria-controls") === id;
      button.setAttribute("aria-selected", String(shown));
      button.tabIndex = shown ? 0 : -1;
      part(button.getAttribute("aria-controls") ?? "").hidden = !shown;
    }
    this.onShow(id ?? "");
  }
}
