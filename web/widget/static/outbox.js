// Messages on their way: kept on the device until the server has them, sent in their order.

const BACKOFF = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const LIMIT = 50; // messages; more is no conversation

/** Return a new id for a message, also where crypto.randomUUID is missing (plain http). */
export function newId() {
  if (globalThis.crypto?.randomUUID) return crypto.randomUUID();
  const bytes = new Uint8Array(16);
  if (globalThis.crypto?.getRandomValues) crypto.getRandomValues(bytes);
  else bytes.forEach((_, i) => (bytes[i] = Math.random() * 256));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  /**
   * shelf: where the messages are kept · send(item): Promise, rejects with a Problem ·
   * onChange(): something about the items changed.
   */
  constructor({ shelf, send, onChange }) {
    Object.assign(this, { shelf, send, onChange });
    this.failures = 0;
    this.sending = false;
    this.memory = null; // holds the messages only while storage is full
  }

  /** The messages not yet with the server, oldest first. */
  get items() {
    const kept = this.memory ?? this.shelf.get("outbox", []);
    return Array.isArray(kept) ? kept : [];
  }

  /** True while the newest attempt failed and the next one waits. */
  get stuck() {
    return this.failures > 0 || globalThis.navigator?.onLine === false;
  }

  /** Put a message in and send. item: {text, payload?}, already masked. Returns it with its id. */
  add(item, now = Date.now()) {
    const full = { ...item, client_id: newId(), at: new Date(now).toISOString() };
    this.#write([...this.items, full].slice(-LIMIT));
    this.flush();
    return full;
  }

  /** Try again now, for one message or for all that failed. */
  retry(clientId = null) {
    this.#write(
      this.items.map((item) =>
        clientId === null || item.client_id === clientId ? { ...item, refused: undefined } : item,
      ),
    );
    this.failures = 0;
    return this.flush();
  }

  /** Take a message out: the server has it. */
  remove(clientId) {
    const items = this.items;
    const rest = items.filter((item) => item.client_id !== clientId);
    if (rest.length !== items.length) this.#write(rest);
  }

  /** Forget everything. */
  clear() {
    clearTimeout(this.timer);
    this.failures = 0;
    this.#write([]);
  }

  /** Send what waits, one after the other. */
  async flush() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    try {
      for (let item = this.#next(); item; item = this.#next()) {
        try {
          await this.send(item);
          this.failures = 0;
          this.remove(item.client_id);
        } catch (problem) {
          if (problem.permanent) this.#refuse(item.client_id, problem.status);
          else return this.#later(problem);
        }
      }
    } finally {
      this.sending = false;
      this.onChange();
    }
  }

  #next() {
    return this.items.find((item) => !item.refused);
  }

  #refuse(clientId, status) {
    this.failures = 0;
    this.#write(
      this.items.map((item) => (item.client_id === clientId ? { ...item, refused: status } : item)),
    );
  }

  #later(problem) {
    const pause = BACKOFF[Math.min(this.failures, BACKOFF.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.flush(), Math.max(pause, (problem.retryAfter ?? 0) * 1000));
  }

  #write(items) {
    this.memory = this.shelf.set("outbox", items) ? null : items;
    this.onChange();
  }
}
