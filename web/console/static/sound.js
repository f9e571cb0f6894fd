// Being noticed: a short tone and a flashing title for what an agent must not miss.

import { FOX, awake, play } from "/widget/current/tone.js";
import { words } from "./words.js";
/** @import { Shelf } from "/widget/current/storage.js" */

const FLASH = 1_000; // ms between the two titles
const TONES = {
  message: FOX,
  urgent: [[880, 0], [660, 0.14], [880, 0.28], [660, 0.42]],
  life: [[990, 0], [740, 0.2], [990, 0.4], [740, 0.6], [990, 0.8], [740, 1], [990, 1.2], [740, 1.4]],
};

export class Bell {
  /** @type {AudioContext | undefined} made once the page was touched */
  context;

  /** shelf: Shelf that remembers whether sound is on. @param {{shelf: Shelf}} parts */
  constructor({ shelf }) {
    this.shelf = shelf;
    this.title = document.title;
    this.calling = "";
    // Browsers give no sound before the page was touched.
    for (const kind of ["pointerdown", "keydown"]) {
      document.addEventListener(kind, () => this.#wake(), { once: true });
    }
    document.addEventListener("visibilitychange", () => !document.hidden && this.#calm());
    addEventListener("focus", () => this.#calm());
  }

  /** Whether sound is on; remembered on this device. */
  get on() {
    return this.shelf.get("sound", true);
  }

  set on(value) {
    this.shelf.set("sound", Boolean(value));
    if (value) this.play("message");
  }

  /** Whether the desk may show notifications of the system; remembered on this device. */
  get notifies() {
    return this.shelf.get("notify", false) && globalThis.Notification?.permission === "granted";
  }

  /** Ask for notifications, which needs a click, or do without; resolves to whether they are on. @param {boolean} wish */
  async notify(wish) {
    const allowed = wish && globalThis.Notification && (await Notification.requestPermission()) === "granted";
    this.shelf.set("notify", Boolean(allowed));
    return this.notifies;
  }

  /** Say how many things wait, for the title. @param {number} number */
  count(number) {
    this.title = number ? `(${number}) ${words.title}` : words.title;
    if (!this.calling) document.title = this.title;
  }

  /** Call the agent: kind "message" or "urgent", text for the title while nobody looks. @param {keyof typeof TONES} kind @param {string} text */
  ring(kind, text) {
    this.play(kind);
    if (!document.hidden && document.hasFocus()) return;
    this.#show(kind, text);
    this.calling = text;
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      document.title = document.title === this.calling ? this.title : this.calling;
    }, FLASH);
    document.title = this.calling;
  }

  /** Play a tone, if sound is on. @param {keyof typeof TONES} kind */
  play(kind) {
    // Who has switched sounds off still hears that somebody's life is in danger.
    if (!this.on && kind !== "life") return;
    const context = this.#wake();
    if (!context) return;
    play(context, TONES[kind]);
    document.documentElement.dataset.rung = kind;
  }

  // The customer's words stay on the page: a notification lies on a screen that others see.
  /** @param {keyof typeof TONES} kind @param {string} text */
  #show(kind, text) {
    if (!this.notifies) return;
    const note = new Notification(text, { tag: `desk:${text}`, icon: "/favicon.svg", requireInteraction: kind !== "message" });
    note.onclick = () => {
      window.focus();
      note.close();
    };
  }

  #wake() {
    const audio = awake(this.context);
    if (audio) this.context = audio;
    return audio;
  }

  #calm() {
    if (!this.calling) return;
    this.calling = "";
    clearInterval(this.timer);
    document.title = this.title;
  }
}
