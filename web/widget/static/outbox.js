// Messages on their way: kept on the device until the server has answered for each, sent in order.
// Every message has a key of its own, so that two tabs that write at once lose nothing.

import { newId } from "./ids.js";

export { newId };
/** @import { Shelf } from "./storage.js" */
/** @import { Problem } from "./transport.js" */

const BACKOFF = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const START = "out:";

/** @template {Chat.Item} [T=Chat.Item] */
export class Outbox {
  /**
   * drawer: Drawer or Shelf where the messages are kept · send(item): Promise, rejects with a
   * Problem · clock: see ports.js · onChange(): something about the items changed · onSent(item) ·
   * leads(): whether this tab is the one that sends.
   * @param {{drawer: Pick<Shelf, "get" | "set" | "drop" | "keys">, send: (item: Chat.Kept<T>) => Promise<unknown>, clock: Chat.Clock,
   *   onChange: () => unknown, onSent?: (item: Chat.Kept<T>) => unknown, leads?: () => boolean}} parts
   */
  constructor({ drawer, send, clock, onChange, onSent = () => {}, leads = () => true }) {
    this.drawer = drawer;
    this.send = send;
    this.clock = clock;
    this.onChange = onChange;
    this.onSent = onSent;
    this.leads = leads;
    this.failures = 0;
    this.sending = false;
    /** @type {Map<string, T>} */ this.known = new Map(); // key → item: what storage could not keep, or has not shown yet
    /** @type {Set<string>} */ this.gone = new Set(); // client ids that storage may still show for a moment
    this.stamp = 0;
    this.closed = false;
    this.#takeOver();
  }

  /** The messages not yet with the server, oldest first. */
  get items() {
    /** @type {Map<string, T>} */
    const found = new Map();
    for (const key of this.drawer.keys(START)) {
      const item = this.drawer.get(key);
      if (item?.client_id) found.set(key, item);
    }
    for (const [key, item] of this.known) if (!found.has(key)) found.set(key, item);
    return [...found.entries()]
      .filter(([, item]) => !this.gone.has(item.client_id))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => ({ ...item, key }));
  }

  /** True while the newest attempt failed and the next one waits. */
  get stuck() {
    return this.failures > 0 || globalThis.navigator?.onLine === false;
  }

  /**
   * Put a message in. item: {text, payload?}, already masked. Returns it with its id and its key.
   * @param {Chat.Draft<T>} item
   * @returns {Chat.Kept<T>}
   */
  add(item) {
    const now = this.clock.now();
    this.stamp = Math.max(now, this.stamp + 1);
    const full = { ...item, client_id: item.client_id ?? newId(), at: item.at ?? new Date(now).toISOString() };
    const key = `${START}${String(this.stamp).padStart(15, "0")}-${full.client_id}`;
    this.#keep(key, full);
    this.onChange();
    return /** @type {Chat.Kept<T>} */ (/** @type {object} */ ({ ...full, key }));
  }

  /** Take up what another tab has put in or changed. @param {Chat.Kept<T>} item */
  learn({ key, ...item }) {
    if (this.gone.has(item.client_id)) return;
    this.known.set(key, /** @type {T} */ (/** @type {object} */ (item)));
    this.onChange();
  }

  /**
   * Try again now, for one message or for all that failed. Returns the changed ones.
   * @param {string | null} [clientId]
   */
  retry(clientId = null) {
    const chosen = this.items.filter((item) => item.refused && (clientId === null || item.client_id === clientId));
    for (const { key, refused, ...item } of chosen) this.#keep(key, item);
    this.failures = 0;
    this.onChange();
    this.flush();
    return chosen.map(({ refused, ...item }) => /** @type {Chat.Kept<T>} */ (/** @type {object} */ (item)));
  }

  /** Take a message out: the server has it. @param {string} clientId */
  remove(clientId) {
    const { items } = this;
    this.gone.add(clientId);
    for (const { key, client_id } of items) {
      if (client_id !== clientId) continue;
      this.known.delete(key);
      this.drawer.drop(key);
    }
    this.onChange();
  }

  /** Put a message in and send it. @param {Chat.Draft<T>} item */
  push(item) {
    const kept = this.add(item);
    this.flush();
    return kept;
  }

  /** Stop for good: the identity has changed. */
  close() {
    this.closed = true;
    this.pause?.();
  }

  /** Send what waits, one after the other; only where this tab leads. */
  async flush() {
    if (this.sending || this.closed || !this.leads()) return;
    this.sending = true;
    this.pause?.();
    try {
      for (let item = this.#next(); item && this.leads() && !this.closed; item = this.#next()) {
        try {
          await this.send(item);
          this.failures = 0;
          if (this.closed) return;
          this.remove(item.client_id);
          this.onSent(item);
        } catch (problem) {
          if (this.closed) return;
          if (problem.permanent) this.#refuse(item, problem.status);
          else {
            this.#later(problem);
            return;
          }
        }
      }
    } finally {
      this.sending = false;
      if (!this.closed) this.onChange();
    }
  }

  // Up to version 0.1 all messages stood in one list.
  #takeOver() {
    const old = this.drawer.get("outbox");
    if (!Array.isArray(old)) return;
    for (const item of old) {
      this.stamp = Math.max(Date.parse(item.at) || 0, this.stamp + 1);
      this.#keep(`${START}${String(this.stamp).padStart(15, "0")}-${item.client_id}`, item);
    }
    this.drawer.drop("outbox");
  }

  #next() {
    return this.items.find((item) => !item.refused);
  }

  /** @param {Chat.Kept<T>} item @param {number} status */
  #refuse({ key, ...item }, status) {
    this.failures = 0;
    this.#keep(key, { ...item, refused: status });
    this.onChange();
  }

  /** @param {Problem} problem */
  #later(problem) {
    const pause = BACKOFF[Math.min(this.failures, BACKOFF.length - 1)];
    this.failures += 1;
    this.pause = this.clock.after(Math.max(pause, (problem.retryAfter ?? 0) * 1000), () => this.flush());
  }

  /** @param {string} key @param {object} item */
  #keep(key, item) {
    if (this.drawer.set(key, item)) this.known.delete(key);
    else this.known.set(key, /** @type {T} */ (item));
  }
}
