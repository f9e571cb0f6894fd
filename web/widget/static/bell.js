// Being noticed by a customer who looks elsewhere: a number in the page's title, and a short tone when
// a person speaks or comes. The tone can be turned off; the choice is kept on this device.

import { FOX, awake, play } from "./tone.js";
/** @import { Shelf } from "./storage.js" */

const MARK = /^\(\d+\+?\) /;
const CALLS = new Set(["agent_joined", "ticket_answered", "callback_calling", "call_accepted"]);

export class Bell {
  /** shelf: Shelf that remembers whether the tone is on · page: the document. @param {{shelf: Shelf, page?: Document}} parts */
  constructor({ shelf, page = document }) {
    this.shelf = shelf;
    this.page = page;
    this.wake = () => this.#context();
    // Browsers give no sound before the page was touched.
    for (const kind of ["pointerdown", "keydown"]) page.addEventListener(kind, this.wake, { once: true });
  }

  /** Whether the tone is on. */
  get on() {
    return this.shelf.get("sound", true);
  }

  set on(value) {
    this.shelf.set("sound", Boolean(value));
    if (value) this.#play();
  }

  /** Show the number of unread messages before the title; 0 takes it away. @param {number} unread */
  count(unread) {
    const bare = this.page.title.replace(MARK, "");
    const title = unread ? `(${unread > 99 ? "99+" : unread}) ${bare}` : bare;
    if (this.page.title !== title) this.page.title = title;
  }

  /**
   * Sound for what a person did, while nobody looks; of several tabs the one that leads sounds.
   * @param {Api.EventOut} event
   * @param {boolean} leads
   */
  ring({ type, actor }, leads) {
    const calls = CALLS.has(type) || (type === "message" && actor.kind === "agent");
    if (calls && leads && this.on && (this.page.hidden || !this.page.hasFocus())) this.#play();
  }

  /** Take everything back. */
  close() {
    this.count(0);
    for (const kind of ["pointerdown", "keydown"]) this.page.removeEventListener(kind, this.wake);
    this.context?.close().catch(() => {});
    this.context = null;
  }

  #play() {
    const context = this.#context();
    if (!context) return;
    play(context, FOX, { volume: 0.16 });
    this.rung = (this.rung ?? 0) + 1;
  }

  #context() {
    const audio = awake(this.context);
    if (audio) this.context = audio;
    return audio;
  }
}
