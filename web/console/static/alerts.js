// What of the desk's news deserves a tone: a customer's new words, and an urgent case that waits.

import { fill, nameOf } from "./list.js";
import { words } from "./words.js";
/** @import { Bell } from "./sound.js" */
/** @import { Store } from "./store.js" */

const ALARM = 4_000; // ms between two alarms for a life in danger that nobody has taken up
const REMIND = 60_000; // ms between two reminders of a call that is due

export class Alerts {
  /** @type {string | undefined} whose life is in danger */ life;
  /** store: Store · bell: Bell. @param {{store: Store, bell: Bell}} parts */
  constructor({ store, bell }) {
    this.store = store;
    this.bell = bell;
    /** @type {Map<string, number> | null} */ this.seen = null; // id → newest event of the agent's own conversations; null before the first look
    /** @type {Set<string>} */ this.urgent = new Set();
    /** @type {Set<number> | null} */ this.due = null; // ids of the calls that were due at the last look
    this.reminded = 0;
  }

  /** Sound the alarm for as long as somebody in danger of life waits for an agent. @param {Desk.Row | undefined} row */
  #alarm(row) {
    clearInterval(this.alarm);
    this.alarm = 0;
    if (!row) return;
    const sound = () => this.bell.ring("life", fill(words.flash.life, { name: nameOf(row) }));
    sound();
    this.alarm = setInterval(sound, ALARM);
  }

  /** Look at the booked calls: one that became due rings, and again while nobody makes it. @param {Desk.Callback[]} rows */
  lookAtCalls(rows, now = Date.now()) {
    const due = rows.filter((row) => row.is_due);
    const fresh = due.find(({ id }) => !this.due?.has(id));
    const late = now - this.reminded >= REMIND && due.find((row) => row.overdue);
    this.due = new Set(due.map(({ id }) => id));
    const row = fresh ?? late;
    if (!row) return;
    this.reminded = now;
    this.bell.ring("urgent", fill(words.flash.callback, { name: nameOf({ name: row.name, id: row.conversation }) }));
  }

  /** Look at what the queue tells now. */
  look() {
    const { store, bell } = this;
    const before = this.seen;
    this.seen = new Map(store.mine.map((row) => [row.id, row.last_event]));
    /** @type {Desk.Row | undefined} */
    const life = store.waiting.find((row) => row.life);
    if (life?.id !== this.life) {
      this.life = life?.id;
      this.#alarm(life);
    }
    const hurried = store.waiting.filter(({ urgent }) => urgent);
    const fresh = hurried.filter(({ id }) => !this.urgent.has(id));
    this.urgent = new Set(hurried.map(({ id }) => id));
    if (before === null) return;
    if (fresh.length) bell.ring("urgent", fill(words.flash.urgent, { name: nameOf(fresh[0]) }));
    const spoke = store.mine.find(
      (row) => row.last?.actor === "customer" && store.isUnread(row) && row.last_event > (before.get(row.id) ?? 0) && before.has(row.id),
    );
    const given = store.mine.find(({ id }) => !before.has(id) && id !== store.open);
    const mine = store.waiting.filter((row) => row.had_by_id === Number(store.agent) && row.reserved_until);
    const back = mine.find(({ id }) => !this.back?.has(id));
    this.back = new Set(mine.map(({ id }) => id));
    const row = spoke ?? given ?? back;
    if (row && !fresh.length) bell.ring("message", fill(words.flash.message, { name: nameOf(row) }));
  }
}
