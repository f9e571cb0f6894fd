// Being told of answers after one has left: offered once somebody has waited or left, never before.

import { words } from "./contact-words.js";
import { el } from "./nodes.js";
import { button } from "./overlay.js";
import { answerWorker, canPush, clear, held, permission, subscribe, unsubscribe } from "./pushing.js";
import { ReachSheet } from "./reachsheet.js";
/** @import { Session } from "./session.js" */

const WAITED = 60_000; // ms in the queue after which the offer is made
const OPENS = ["escalated", "queue_joined", "queue_returned", "requeued", "reopened"];
const LATER = ["ticket_opened", "callback_booked", "callback_moved", "callback_retry"]; // answered another time
const ENDS = ["ticket_answered", "callback_cancelled", "callback_done", "callback_unreached", "callback_wrong_number", "resolved"];

/**
 * Return whether now is the moment to offer it: the customer waits for long, has left while a person
 * was there or on the way, or what they asked for comes another day.
 * events: in their order · owner: who has the conversation · left: whether the page was left · now: ms.
 * @param {{events: Api.EventOut[], owner: string, left: boolean, now: number}} standing
 */
export function isRipe({ events, owner, left, now }) {
  if (owner !== "bot") {
    if (left) return true;
    const began = events.filter(({ type }) => OPENS.includes(type)).at(-1);
    return owner === "queue" && began !== undefined && now - Date.parse(began.at) >= WAITED;
  }
  const last = events.filter(({ type }) => LATER.includes(type) || ENDS.includes(type)).at(-1);
  return last !== undefined && LATER.includes(last.type);
}

export class Reach {
  /**
   * session: Session · base: origin of the help center · show(): bring the chat into sight.
   * @param {{session: Session, base: string, show: () => unknown}} parts
   */
  constructor({ session, base, show }) {
    this.session = session;
    this.base = base;
    this.listening = new AbortController();
    this.sheet = new ReachSheet({ reach: this });
    this.offer = button(words.reach.offer, () => this.sheet.show(), "strong");
    this.no = button(words.reach.no, () => this.#decline());
    this.node = el("div", { class: "reach", hidden: true }, el("p", {}, words.reach.bar), el("div", { class: "queue-do" }, this.offer, this.no));
    const { signal } = this.listening;
    const leave = () => document.hidden && session.expectsHuman && session.drawer.set("left", true);
    document.addEventListener("visibilitychange", leave, { signal });
    answerWorker((id) => {
      const here = session.conversation?.id === id;
      if (here) show();
      return here;
    }, signal);
  }

  /** Whether this browser could take pushes. */
  get canPush() {
    return canPush(this.base);
  }

  /** What was decided here: "on", "no", or null while nobody was asked. */
  get decided() {
    return this.session.drawer.get("reach");
  }

  set decided(/** @type {string | null} */ what) {
    this.session.drawer.set("reach", what);
    this.draw();
  }

  /** Bring the offer in line with the session. */
  draw() {
    const { session } = this;
    clearTimeout(this.later);
    if (!session.loaded) return;
    this.#fix();
    const owner = session.state?.owner ?? "bot";
    const events = session.list();
    const ripe = isRipe({ events, owner, left: session.drawer.get("left", false), now: Date.now() });
    if (ripe && !this.decided && this.told === undefined) this.#ask();
    this.node.hidden = !ripe || Boolean(this.decided) || !this.possible;
    if (!ripe && owner === "queue") this.later = setTimeout(() => this.draw(), WAITED / 4);
  }

  /** Whether there is any way: this browser's pushes, or letters. */
  get possible() {
    return Boolean(this.told && ((this.told.push_key && this.canPush && permission() !== "denied") || this.told.mail));
  }

  /** Read how this customer is told. */
  async read() {
    this.told = await this.session.ask("GET", "/reach");
    return this.told;
  }

  /** Be told by this browser; words: whether notifications say what was said. Rejects. @param {boolean} wordsToo */
  async push(wordsToo) {
    const wish = await subscribe(this.base, this.told.push_key);
    this.told = await this.session.ask("PUT", "/reach/push", { ...wish, words: wordsToo });
    this.decided = "on";
  }

  /** Be told at an address. Rejects. @param {string} email @param {boolean} wordsToo */
  async mail(email, wordsToo) {
    this.told = await this.session.ask("PUT", "/reach/mail", { email, words: wordsToo });
    this.decided = "on";
  }

  /** Be told nothing any more. Rejects. */
  async end() {
    this.told = await this.session.ask("DELETE", "/reach");
    await unsubscribe(this.base).catch(() => {});
    this.decided = "no";
  }

  /** What was told of was seen. */
  seen() {
    if (this.decided === "on") clear(this.base).catch(() => {});
  }

  /** It is another person's page. left: who was signed in has gone, and takes no pushes here. @param {boolean} left */
  reset(left) {
    if (left && this.canPush) unsubscribe(this.base).catch(() => {});
    this.told = undefined;
    this.fixed = false;
    this.node.hidden = true;
    this.sheet.reset();
  }

  /** The chat was taken out of its page. */
  close() {
    clearTimeout(this.later);
    this.listening.abort();
  }

  #ask() {
    this.told = null; // once
    this.read()
      .then(() => this.draw())
      .catch(() => {});
  }

  #decline() {
    this.decided = "no";
  }

  // Browsers change their address now and then; who asked to be told is told on.
  async #fix() {
    if (this.fixed || this.decided !== "on" || permission() !== "granted" || !this.canPush) return;
    this.fixed = true;
    try {
      const { push, push_key: key, words: said } = await this.read();
      if (key && !(push && (await held(this.base)))) await this.push(said);
    } catch {
      // the next visit tries again
    }
  }
}
