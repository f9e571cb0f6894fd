// The events of one conversation as far as this tab knows them, and its state.

/** @type {Api.StateOut} */
const IDLE = { owner: "bot", queue: null, agent: null, typing: null, read: { customer: 0, agent: 0 } };

export class EventLog {
  constructor() {
    /** @type {string | null} */ this.of = null; // id of the conversation
    /** @type {Map<number, Api.EventOut>} */
    this.events = new Map();
    this.cursor = 0; // every event up to here is known; where a resumed stream goes on
    /** @type {Api.StateOut | null} */
    this.state = null;
    this.loaded = false;
  }

  /** Events in their order. */
  list() {
    return [...this.events.values()].sort((a, b) => a.id - b.id);
  }

  /**
   * Take what came in; after: the cursor that it follows without a gap, null where it may have one.
   * Returns {fresh: new events, changed, missed: whether something lies between}.
   * @param {{events?: Api.EventOut[], state?: Partial<Api.StateOut> | null, after?: number | null}} news
   */
  take({ events = [], state = null, after = null }) {
    const fresh = [];
    for (const event of events) {
      if (!event || this.events.has(event.id)) continue;
      this.events.set(event.id, event);
      fresh.push(event);
    }
    const missed = after !== null && after > this.cursor;
    // Ids that are not for customers are left out, so the next one need not be the next number.
    if (after !== null && !missed) this.cursor = Math.max(this.cursor, ...events.map(({ id }) => id));
    while (this.events.has(this.cursor + 1)) this.cursor += 1;
    let changed = fresh.length > 0;
    if (state && JSON.stringify({ ...IDLE, ...state }) !== JSON.stringify(this.state)) {
      this.state = { ...IDLE, ...state };
      changed = true;
    }
    return { fresh, changed, missed };
  }
}
