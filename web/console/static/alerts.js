// What of the desk's news deserves a tone: a customer's new words, and an urgent case that waits.

import { fill, nameOf } from "./list.js";
import { words } from "./words.js";

export class Alerts {
  /** store: Store · bell: Bell. */
  constructor({ store, bell }) {
    Object.assign(this, { store, bell });
    this.seen = null; // id → newest event of the agent's own conversations; null before the first look
    this.urgent = new Set();
  }

  /** Look at what the queue tells now. */
  look() {
    const { store, bell } = this;
    const before = this.seen;
    this.seen = new Map(store.mine.map((row) => [row.id, row.last_event]));
    const hurried = store.waiting.filter(({ urgent }) => urgent);
    const fresh = hurried.filter(({ id }) => !this.urgent.has(id));
    this.urgent = new Set(hurried.map(({ id }) => id));
    if (before === null) return;
    if (fresh.length) bell.ring("urgent", fill(words.flash.urgent, { name: nameOf(fresh[0]) }));
    const spoke = store.mine.find(
      (row) => row.last?.actor === "customer" && store.isUnread(row) && row.last_event > (before.get(row.id) ?? 0) && before.has(row.id),
    );
    const given = store.mine.find(({ id }) => !before.has(id) && id !== store.open);
    const row = spoke ?? given;
    if (row && !fresh.length) bell.ring("message", fill(words.flash.message, { name: nameOf(row) }));
  }
}
