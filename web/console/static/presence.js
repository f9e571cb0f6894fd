// Whether the agent takes chats, how many at once, and the sign of life while the page is open.

import { call } from "./link.js";
import { words } from "./words.js";

const BEAT = 10_000; // ms; a silent desk loses its chats after 25 s
const SHORT = 7_000; // ms within which a second sign says nothing new

/** @typedef {{status?: string, max_chats?: number}} Wish */

export class Presence {
  /**
   * button: the header's switch · onProblem(): it could not be set · onAway(): the desk set one away.
   * @param {{button: HTMLElement, onProblem: () => unknown, onAway: () => unknown}} parts
   */
  constructor({ button, onProblem, onAway }) {
    this.button = button;
    this.onProblem = onProblem;
    this.onAway = onAway;
    this.status = "online";
    /** @type {number | null} */ this.max = null;
    /** @type {Promise<unknown>} */ this.setting = Promise.resolve();
    this.beaten = 0;
    this.active = true; // an unattended desk is signed out after a while
    for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, () => (this.active = true), { passive: true });
    button.addEventListener("click", () => this.set({ status: this.status === "online" ? "away" : "online" }));
  }

  /** Read what is set, and begin to show signs of life. */
  start() {
    call("GET", "/me").then((me) => this.#take(me), () => {});
    this.beat();
    setInterval(() => this.beat(), BEAT);
    document.addEventListener("visibilitychange", () => this.beat());
    this.#draw();
  }

  /**
   * Show a sign of life, unless there was one just now. Browsers slow the timers of a page that was
   * long out of sight to one a minute, so the server's stream calls this as well.
   */
  beat() {
    if (Date.now() - this.beaten < SHORT) return;
    this.beaten = Date.now();
    const { active } = this;
    this.active = false;
    call("POST", "/heartbeat", { active }).then((me) => {
      const sent = this.status === "online" && me.status === "away";
      this.#take(me);
      if (sent) this.onAway();
    }, () => {});
  }

  /** Set {status} or {max_chats}: one after the other, for each sends what the one before set. @param {Wish} wish */
  set(wish) {
    this.setting = this.setting.then(() => this.#put(wish));
    return this.setting;
  }

  /** @param {Wish} wish */
  async #put(wish) {
    try {
      const me = await call("PUT", "/me", { status: this.status, max_chats: this.max, ...wish });
      this.#take({ ...wish, ...me });
    } catch {
      this.onProblem();
    }
  }

  /** @param {Desk.Me} me */
  #take({ status, max_chats: max, reviews }) {
    if (status) this.status = status;
    if (max) this.max = max;
    const unseen = document.querySelector("#reviews span");
    if (unseen && reviews !== undefined) unseen.textContent = String(reviews || "");
    this.#draw();
  }

  #draw() {
    const away = this.status === "away";
    this.button.dataset.status = this.status;
    this.button.setAttribute("aria-pressed", String(!away));
    const text = away ? words.presence.away : words.presence.online;
    if (this.button.textContent !== text) this.button.textContent = text;
    this.button.title = away ? words.presence.goOnline : words.presence.goAway;
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("max-chats"));
    if (field && this.max && document.activeElement !== field) field.value = String(this.max);
  }
}
