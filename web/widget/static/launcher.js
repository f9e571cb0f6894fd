// The round button that opens the chat, with the number of unread messages and the place of who waits.

import { logo } from "./logo.js";
import { el } from "./nodes.js";
import { fill, words } from "./words.js";

export class Launcher {
  /** onOpen(): the customer wants the chat. @param {{onOpen: () => unknown}} parts */
  constructor({ onOpen }) {
    this.badge = el("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    this.place = el("span", { class: "place", hidden: true, "aria-hidden": "true" });
    this.node = el(
      "button",
      { type: "button", class: "launcher", "aria-label": words.launcher, "aria-expanded": "false", onclick: onOpen },
      logo(),
      this.badge,
      this.place,
    );
  }

  /** Show the number of unread messages, 0 hides the mark, and the place in the queue, "" without. @param {number} unread */
  show(unread, place = "") {
    this.place.hidden = !place;
    if (this.place.textContent !== place) this.place.textContent = place;
    this.badge.hidden = unread === 0;
    this.badge.textContent = unread > 99 ? "99+" : String(unread);
    const label = [unread ? fill(words.launcherUnread, { n: unread }) : words.launcher, place].filter(Boolean).join("；");
    if (this.node.getAttribute("aria-label") !== label) this.node.setAttribute("aria-label", label);
  }
}
