// One tab of an origin leads: it alone holds the stream and sends the messages. A lock says who, or,
// where the browser has none, a lease in storage. A leader that shows no sign of life (a tab that the
// phone has put to sleep keeps its lock) loses it to a tab that somebody looks at.

import { Shelf } from "./storage.js";

const LEASE = 3_000; // ms that a lease holds without being renewed
const RENEW = 800; // ms between renewals, and between looks at another's lease
const SETTLE = 150; // ms in which a write to storage reaches the other tabs
const LOOK = 1_000; // ms between two looks after the leader while somebody looks at this tab
const PATIENCE = 2_000; // ms without an answer after which a leader counts as gone

export class Leadership {
  /**
   * name: of the lock · tab: id of this one · locks: see ports.js, or null · area: Storage ·
   * clock · ping(): ask the leader for a sign of life · onChange(leads).
   * @param {{name: string, tab: string, locks: Chat.Locks | null, area: Chat.Area, clock: Chat.Clock,
   *   ping: () => unknown, onChange: (leads: boolean) => unknown}} parts
   */
  constructor({ name, tab, locks, area, clock, ping, onChange }) {
    this.name = name;
    this.tab = tab;
    this.locks = locks;
    this.clock = clock;
    this.ping = ping;
    this.onChange = onChange;
    this.shelf = new Shelf(name, area);
    this.alone = Boolean(area.alone);
    this.wanted = false;
    this.leads = false;
    this.attended = false;
    /** @type {number | null} */ this.asked = null; // since when the leader owes a sign of life
    /** @type {Map<string, () => void>} */ this.stops = new Map(); // name → function that calls a timer off
  }

  /** Stand for election. */
  want() {
    if (this.wanted) return;
    this.wanted = true;
    if (this.alone) this.#lead(true);
    else if (this.locks) this.#queue(false);
    else this.#contend();
    this.#watch();
  }

  /** Give it up, or stop waiting for it. */
  leave() {
    this.wanted = false;
    this.asked = null;
    for (const stop of this.stops.values()) stop();
    this.stops.clear();
    this.release?.();
    this.release = null;
    if (!this.locks && !this.alone && this.leads && this.shelf.get("lead")?.tab === this.tab) this.shelf.drop("lead");
    this.#lead(false);
  }

  /** Say whether somebody looks at this tab: only then a silent leader is replaced. @param {boolean} on */
  attend(on) {
    this.attended = on;
    this.#watch();
  }

  /** Look after the leader at once: something waits for it. */
  hurry() {
    if (!this.wanted || this.leads || this.alone) return;
    this.#ask();
    this.#watch(PATIENCE);
  }

  /** Note a sign of life of the leader. */
  heard() {
    this.asked = null;
  }

  /** @param {boolean} steal */
  #queue(steal) {
    this.release?.();
    const turn = (this.turn = {});
    this.release = this.locks?.take(
      this.name,
      { steal },
      () => turn === this.turn && this.wanted && this.#lead(true),
      () => {
        if (turn !== this.turn || !this.wanted) return;
        this.#lead(false);
        this.#queue(false);
      },
    );
  }

  // Each waits for its turn in storage; of two that write at once the later writer wins.
  #contend() {
    const now = this.clock.now();
    const lease = this.shelf.get("lead");
    const free = !lease || lease.tab === this.tab || lease.until <= now || lease.until > now + LEASE * 2;
    if (free) {
      const mine = lease?.tab === this.tab;
      this.shelf.set("lead", { tab: this.tab, until: now + LEASE });
      if (!mine) {
        this.#later("settle", SETTLE, () => {
          if (this.shelf.get("lead")?.tab === this.tab) this.#lead(true);
        });
      } else if (!this.stops.has("settle")) this.#lead(true);
    } else if (this.leads) this.#lead(false);
    this.#later("lease", RENEW, () => this.#contend());
  }

  #watch(pause = LOOK) {
    this.stops.get("watch")?.();
    this.stops.delete("watch");
    if (!this.wanted || this.leads || this.alone || !(this.attended || this.asked !== null)) return;
    this.#later("watch", pause, () => {
      if (this.asked !== null && this.clock.now() - this.asked >= PATIENCE) {
        this.asked = null;
        if (this.locks) this.#queue(true);
        else this.shelf.drop("lead");
      } else if (this.attended) this.#ask();
      this.#watch();
    });
  }

  #ask() {
    this.asked ??= this.clock.now();
    this.ping();
  }

  /** @param {boolean} leads */
  #lead(leads) {
    if (this.leads === leads) return;
    this.leads = leads;
    this.asked = null;
    this.onChange(leads);
    if (!leads) this.#watch();
  }

  /** @param {string} name @param {number} ms @param {() => unknown} act */
  #later(name, ms, act) {
    this.stops.get(name)?.();
    this.stops.set(
      name,
      this.clock.after(ms, () => {
        this.stops.delete(name);
        act();
      }),
    );
  }
}
