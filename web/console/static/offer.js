// A case that rings at this agent: it is taken, passed on once, or goes on by itself.

import { el } from "/widget/current/nodes.js";
import { momentOf } from "/widget/current/moments.js";
import { call } from "./link.js";
import { fill, lasting, nameOf } from "./list.js";
import { Ring } from "./ring.js";
import { words } from "./words.js";
/** @import { Bell } from "./sound.js" */
/** @import { Store } from "./store.js" */
/** @import { Problem } from "/widget/current/transport.js" */

export class Offer {
  /**
   * store: Store · bell: Bell · onTaken(conversation id) · say(text) · refusal(problem): words or null.
   * @param {{store: Store, bell: Bell, onTaken: (id: string) => unknown, say: Desk.Say, refusal: (problem: Problem) => string | null}} parts
   */
  constructor({ store, bell, onTaken, say, refusal }) {
    this.store = store;
    this.bell = bell;
    this.onTaken = onTaken;
    this.say = say;
    this.refusal = refusal;
    /** @type {Desk.Offer | null} */ this.offer = null;
    this.ring = new Ring();
    this.node = el("section", { class: "offer", role: "dialog", hidden: true });
    setInterval(() => this.#tick(), 1_000);
  }

  /** True while a case rings here. */
  get rings() {
    return !this.node.hidden;
  }

  /** Take the offer as the server tells it, or that there is none. @param {Desk.Offer | null} [offer] */
  take(offer) {
    if (this.busy || offer?.id === this.offer?.id) return;
    this.offer = offer ?? null;
    if (!offer) return this.#clear();
    this.#draw(offer);
    this.bell.ring("message", fill(offer.callback ? words.flash.callback : words.flash.offer, { name: nameOf({ name: offer.name, id: offer.conversation }) }));
    if (this.bell.on) this.ring.start();
    return undefined;
  }

  /** @param {Desk.Offer} offer */
  #draw(offer) {
    const kind = offer.callback ? "callback" : offer.life ? "life" : offer.urgent ? "urgent" : "title";
    const title = words.offer[kind];
    const hints = [offer.overflow ? words.offer.overflow : "", offer.may_decline ? "" : words.offer.again].filter(Boolean);
    this.left = el("span", { class: "meta" });
    this.node.hidden = false;
    this.node.className = `offer ${kind}`;
    this.node.setAttribute("aria-label", title);
    this.node.replaceChildren(
      el("p", { class: "who", role: "alert" }, title, el("strong", {}, nameOf({ name: offer.name, id: offer.conversation }))),
      el("p", { class: "meta" }, [words.topic[offer.topic ?? ""] ?? offer.topic, offer.callback ? fill(words.offer.due, { time: momentOf(offer.due ?? "") }) : offer.queued_at && fill(words.waited, { time: lasting(Date.now() - Date.parse(offer.queued_at)) })].filter(Boolean).join(" · ")),
      ...(offer.problem ? [el("p", { class: "about" }, offer.problem)] : []),
      ...hints.map((hint) => el("p", { class: "meta" }, hint)),
      el(
        "p",
        { class: "do" },
        this.left,
        ...(offer.may_decline ? [el("button", { type: "button", onclick: () => this.#decline() }, words.offer.decline)] : []),
        el("button", { type: "button", class: "strong", onclick: () => this.accept() }, offer.callback ? words.offer.call : words.offer.accept),
      ),
    );
    this.#tick();
  }

  /** Take the case. */
  async accept() {
    const { offer } = this;
    if (this.busy || !offer) return; // a second click must not ask for what one has
    this.busy = true;
    this.#clear();
    try {
      await call("POST", `/offers/${offer.id}/accept`);
      this.store.takeQueue(await call("GET", "/queue"));
      this.onTaken(offer.conversation);
    } catch (problem) {
      this.say(problem.status === 409 ? (this.refusal(problem) ?? words.offer.over) : words.problem.failed);
    }
    this.busy = false;
  }

  async #decline() {
    const offer = /** @type {Desk.Offer} */ (this.offer);
    this.#clear();
    await call("POST", `/offers/${offer.id}/decline`).catch(() => this.say(words.problem.failed));
  }

  #clear() {
    this.ring.stop();
    this.node.hidden = true;
    this.node.replaceChildren();
  }

  #tick() {
    if (!this.offer || this.node.hidden) return;
    const seconds = Math.max(0, Math.ceil((Date.parse(this.offer.until) - Date.now()) / 1000));
    if (this.left) this.left.textContent = fill(words.offer.left, { n: seconds });
  }
}
