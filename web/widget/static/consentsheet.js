// Asks once, before the first picture: what becomes of it, and where the word is taken back.

import { words } from "./contact-words.js";
import { el } from "./nodes.js";
import { Overlay, button } from "./overlay.js";
/** @import { Session } from "./session.js" */

const KEY = "agreed"; // true once pictures were agreed to on this device

export class ConsentSheet extends Overlay {
  /** @type {HTMLElement} */ status;
  /** session: Session · base: origin of the help center. @param {{session: Session, base: string}} parts */
  constructor({ session, base }) {
    super({ name: "consent-sheet", title: words.consent.title, onClose: () => this.#answer(false) });
    this.session = session;
    this.base = base;
    /** @type {((given: boolean) => unknown)[]} */ this.waiting = []; // those who asked and wait for the answer
  }

  /** Resolve to true where pictures may be sent: they were agreed to before, or are now. */
  async allows() {
    const { drawer } = this.session;
    if (drawer.get(KEY)) return true;
    const told = await this.session.ask("GET", "/consents").catch(() => null);
    if (told?.consents.pictures) return drawer.set(KEY, true) || true;
    this.#draw();
    this.open();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Ask again next time: it was taken back, here or on another device. */
  forget() {
    this.session.drawer.drop(KEY);
  }

  #draw() {
    const said = words.consent;
    this.status = el("p", { class: "status-line", role: "status" });
    this.fill([
      el("p", { class: "lead" }, said.lead),
      el("p", { class: "warn" }, said.care),
      el("p", { class: "hint" }, said.back, el("a", { href: `${this.base}/privacy`, target: "_blank", rel: "noopener" }, said.page)),
      this.status,
      el("p", { class: "actions" }, button(said.no, () => this.close(), "plain"), button(said.yes, () => this.#agree(), "strong")),
    ]);
  }

  async #agree() {
    try {
      await this.session.ask("PUT", "/consents", { purpose: "pictures", given: true });
    } catch {
      this.status.textContent = words.failed;
      return;
    }
    this.session.drawer.set(KEY, true);
    this.#answer(true);
    this.close();
  }

  /** @param {boolean} given */
  #answer(given) {
    const waiting = this.waiting ?? [];
    this.waiting = [];
    for (const resolve of waiting) resolve(given);
  }
}
