// The round button that opens the chat, with the number of unread messages.

import { el, fox } from "./nodes.js";
import { fill, words } from "./words.js";

export class Launcher {
  /** onOpen(): the customer wants the chat. */
  constructor({ onOpen }) {
    this.badge = el("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    this.node = el(
      "button",
      { type: "button", class: "launcher", "aria-label": words.launcher, "aria-expanded": "false", onclick: onOpen },
      fox(),
      this.badge,
    );
  }

  /** Show the number of unread messages; 0 hides the mark. */
  show(unread) {
    this.badge.hidden = unread === 0;
    this.badge.textContent = unread > 99 ? "99+" : String(unread);
    const label = unread ? fill(words.launcherUnread, { n: unread }) : words.launcher;
    if (this.node.getAttribute("aria-label") !== label) this.node.setAttribute("aria-label", label);
  }
}
