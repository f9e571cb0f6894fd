// One person's conversation as this tab has it: opened, proven, read, renewed. It ends with the person:
// whoever sits down next gets another one, and what is still on its way for this one is dropped.

import { sha256 } from "./digest.js";
import { NOBODY } from "./identity.js";
import { newId } from "./ids.js";
import { EventLog } from "./log.js";
import { Problem } from "./transport.js";
/** @import { Drawer } from "./drawer.js" */
/** @import { Api, At } from "./transport.js" */

const PAGE = 500; // events that the server gives at once
const PROOFS = 4; // tokens of the wallet that are remembered as proven
const ROTATE = 86_400_000; // ms after which a token is exchanged for a new one

/**
 * @typedef {{leads: () => boolean, onChange: () => unknown, onEvent: (event: Api.EventOut) => unknown,
 *   onProven: (answer: Api.ConversationOut) => Conversation, onRefused: () => unknown,
 *   onHeld: (at: Chat.Held | null) => unknown, onRenewed: () => unknown}} Hooks
 */

export class Conversation {
  /** @type {Promise<void> | null | undefined} */ opening;
  /**
   * who: see identity.js · jwt: the wallet's token, or null · proven: whether it is known to be true ·
   * drawer · ports: {api, clock} · channel · page() · hooks: {leads(), onChange(), onEvent(event),
   * onProven(answer): returns the Conversation that goes on, onRefused(), onHeld(at), onRenewed()}.
   * @param {{who: string, jwt: string | null, proven: boolean, drawer: Drawer, ports: {api: Api, clock: Chat.Clock},
   *   channel: Api.NewConversation["channel"], page: () => string, hooks: Hooks}} parts
   */
  constructor({ who, jwt, proven, drawer, ports, channel, page, hooks }) {
    this.who = who;
    this.jwt = jwt;
    this.proven = proven;
    this.drawer = drawer;
    this.channel = channel;
    this.page = page;
    this.hooks = hooks;
    this.api = ports.api;
    this.clock = ports.clock;
    /** @type {Chat.Held | undefined} */ this.held = undefined; // {id, token, …} as last heard; undefined: look into the drawer
    this.log = new EventLog();
    /** @type {("renewed" | "identity_refused")[]} */ this.notes = [];
    this.failing = false;
    this.closed = false;
    /** @type {Conversation | null} */ this.next = null; // the Conversation of the same person once they were proven
    /** @type {((value?: undefined) => void)[]} */ this.waiters = [];
  }

  /** True where somebody is signed in. */
  get signed() {
    return this.who !== NOBODY;
  }

  /** {id, token, …}, or null while there is none or it is not proven whose. */
  /** @returns {Chat.Held | null} */
  get at() {
    if (!this.proven || !this.drawer.alive) return null;
    return this.held !== undefined ? this.held : this.drawer.get("conversation");
  }

  /** True where a human has the conversation or will. */
  get expectsHuman() {
    return this.proven && (this.log.state?.owner ?? this.drawer.get("owner", "bot")) !== "bot";
  }

  /** True once everything up to now was read. */
  get loaded() {
    return this.proven && this.log.loaded;
  }

  /** End it. */
  close() {
    this.closed = true;
    this.wake();
  }

  /** Resolves when it is there and read. */
  ready() {
    if (this.at && this.loaded && !this.closed) return Promise.resolve();
    this.opening ??= this.#open().finally(() => {
      this.opening = null;
      if (!this.closed) this.hooks.onChange();
    });
    return this.opening;
  }

  /**
   * Call with {id, token, who} once it is there; a loss of it is noted. Rejects with a Problem.
   * @template T
   * @param {(at: At) => Promise<T>} request
   */
  known(request) {
    return this.#call(request, (problem) => problem.lost);
  }

  /** The same for what belongs to it and may be gone without it being so. @template T @param {(at: At) => Promise<T>} request */
  part(request) {
    return this.#call(request, (problem) => problem.lost && problem.status !== 404);
  }

  /** Take what an answer told. of: id of the conversation that it told of. @param {Chat.News} news */
  take({ of = this.log.of, ...news }, announce = true) {
    if (of !== this.log.of) return; // renewed meanwhile
    const { fresh, changed, missed } = this.log.take(news);
    if (missed) this.readOn().catch(() => {});
    if (news.state) this.drawer.set("owner", this.log.state?.owner);
    if (announce) for (const event of fresh) this.hooks.onEvent(event);
    if (changed) this.hooks.onChange();
  }

  /** Read what came after the last known event. */
  async readOn() {
    await this.ready();
    await this.#readAll((request) => this.#once(request, (problem) => problem.lost), true);
  }

  /** Hear from another tab which conversation it is; null: none any more. @param {Chat.Held | null} at */
  learn(at) {
    if (at && at.token !== this.at?.token) this.held = at;
    else if (!at && this.held) this.held = undefined;
    if (at && this.log.of && this.log.of !== at.id) this.#renewed();
    this.wake();
  }

  /** Look again for what is being waited for. */
  wake() {
    for (const resolve of this.waiters.splice(0)) resolve();
  }

  /** @returns {Promise<void>} */
  async #open() {
    try {
      if (!this.proven) await this.#prove();
      else if (!this.at) await this.#begin();
      this.#stay();
      if (!this.log.loaded) await this.#readAll((request) => this.#once(request, (problem) => problem.lost), false);
      this.#stay();
      this.log.loaded = true;
      this.failing = false;
      this.#rotate();
    } catch (problem) {
      this.failing = true;
      throw problem;
    }
  }

  async #prove() {
    const refused = () => {
      this.hooks.onRefused();
      throw new Problem(503, "not who it was said to be");
    };
    if (!this.jwt) return refused();
    /** @type {Api.ConversationOut} */
    let answer;
    try {
      answer = await this.api.create(this.channel, this.jwt, this.page());
    } catch (problem) {
      this.#stay();
      if (problem.status === 0 || problem.status >= 429) throw problem;
      return refused();
    }
    this.#stay();
    if (this.proven) this.adopt(answer);
    else this.next = this.hooks.onProven(answer);
    return undefined;
  }

  // Several tabs without a conversation: the leader opens one, the others wait for it.
  async #begin() {
    while (!this.closed && !this.at && !this.hooks.leads()) await new Promise((resolve) => this.waiters.push(resolve));
    this.#stay();
    if (this.at) return undefined;
    if (this.signed) return this.#prove();
    // The same id until it is answered: an opening whose answer got lost opens no second one.
    const opening = this.drawer.get("opening") ?? newId();
    this.drawer.set("opening", opening);
    const answer = await this.api.create(this.channel, null, this.page(), opening);
    this.#stay();
    this.adopt(answer);
    this.drawer.drop("opening");
    return undefined;
  }

  /** Take the answer to an opening. @param {Api.ConversationOut} answer */
  adopt(answer) {
    const { id, token, expires_at } = answer;
    const before = this.log.of ?? this.drawer.get("conversation")?.id ?? id;
    if (before !== id) this.#renewed();
    this.#hold({ id, token, expires_at, since: this.clock.now() });
    this.take({ ...answer, of: id, after: 0 }, false);
    if (answer.events.length < PAGE) this.log.loaded = true;
  }

  /** @param {Chat.Held} at */
  #hold(at) {
    this.held = at;
    this.log.of = at.id;
    this.drawer.set("conversation", at);
    this.hooks.onHeld(at);
    this.wake();
  }

  // Another conversation than the one that was shown.
  #renewed() {
    for (const key of ["read", "owner"]) this.drawer.drop(key);
    this.log = new EventLog();
    this.notes = ["renewed"];
    this.hooks.onRenewed();
  }

  /** @param {(request: (at: At) => Promise<Chat.News>) => Promise<Chat.News>} call @param {boolean} announce */
  async #readAll(call, announce) {
    for (let full = true; full; ) {
      const after = this.log.cursor;
      const answer = /** @type {Api.EventsOut & {of: string}} */ (await call((at) => this.api.events(at, after)));
      this.log.of ??= answer.of;
      full = answer.events.length >= PAGE && answer.of === this.log.of;
      this.take({ ...answer, after }, announce);
    }
  }

  /** @template T @param {(at: At) => Promise<T>} request @param {(problem: Problem) => boolean} isLost @returns {Promise<T>} */
  async #call(request, isLost) {
    await this.ready().catch((/** @type {Problem} */ problem) => {
      if (!this.next) throw problem;
    });
    return this.next ? this.next.#call(request, isLost) : this.#once(request, isLost);
  }

  /** @template T @param {(at: At) => Promise<T>} request @param {(problem: Problem) => boolean} isLost */
  async #once(request, isLost) {
    const { at } = this;
    if (!at) throw new Problem(503, "no conversation");
    try {
      const answer = await request({ id: at.id, token: at.token, who: this.who });
      this.#stay();
      const told = /** @type {Chat.News | null | undefined} */ (/** @type {unknown} */ (answer));
      if (told?.events) told.of = at.id;
      return answer;
    } catch (problem) {
      if (this.closed || !isLost(problem)) throw problem;
      this.#lost(at);
      throw new Problem(503, "conversation renewed");
    }
  }

  // The next attempt opens it again, or a new one; what waits to be sent waits on.
  /** @param {Chat.Held} at */
  #lost(at) {
    const kept = this.drawer.get("conversation");
    this.held = undefined;
    if (kept && kept.token !== at.token) return; // another tab has the new token already
    this.drawer.drop("conversation");
    this.log.loaded = false;
    if (!this.signed) this.#renewed();
    this.hooks.onHeld(null);
    this.hooks.onChange();
  }

  async #rotate() {
    const { at } = this;
    if (!at || !this.hooks.leads() || this.clock.now() - (at.since ?? 0) < ROTATE) return;
    const answer = await this.api.exchange({ ...at, who: this.who }).catch(() => null);
    if (answer && !this.closed) this.#hold({ ...at, ...answer, since: this.clock.now() });
  }

  #stay() {
    if (this.closed) throw new Problem(503, "another person's page by now");
  }
}

/** Note in a drawer that this token of the wallet was found to be true. @param {Drawer} drawer @param {string} token */
export function noteProof(drawer, token) {
  const proof = sha256(token);
  const others = drawer.get("proofs", []).filter((/** @type {string} */ one) => one !== proof);
  drawer.set("proofs", [...others, proof].slice(-PROOFS));
}

/** True where this very token was found to be true before, for this drawer. @param {Drawer} drawer @param {string} token */
export function isProof(drawer, token) {
  return drawer.get("proofs", []).includes(sha256(token));
}
