// What the customer has seen: kept on the device, and told to the server where somebody waits for it.

/** @import { Conversation } from "./conversation.js" */
/** @import { Session } from "./session.js" */

const PAUSE = 800; // ms in which several messages are told as read at once

export class Seen {
  /** here(): the conversation as it is now. @param {{session: Session, here: () => Conversation}} parts */
  constructor({ session, here }) {
    this.session = session;
    this.here = here;
    /** @type {(() => void) | undefined} */ this.stop = undefined;
  }

  /** The number of messages from the other side that were not seen. */
  get unread() {
    const read = this.session.drawer.get("read", 0);
    return this.session.list().filter(({ id, type, actor }) => id > read && type === "message" && actor.kind !== "customer").length;
  }

  /** Remember that everything so far was seen; returns whether there was something new. */
  mark() {
    const { drawer } = this.session;
    const last = this.here().log.cursor;
    const before = drawer.get("read", 0);
    if (last <= before) return false;
    drawer.set("read", last);
    this.#tell(last, before);
    this.session.onChange();
    return true;
  }

  /** Tell nobody any more. */
  close() {
    this.stop?.();
  }

  // Agents see what was read, and what was not follows the customer; a lost sign is made good by the
  // next one.
  /** @param {number} last @param {number} before */
  #tell(last, before) {
    const { session } = this;
    const owed = session.list().some(({ id, actor, type }) => id > before && (actor.kind === "agent" || type === "message"));
    if (!session.expectsHuman && !owed) return;
    this.stop?.();
    const here = this.here();
    this.stop = session.clock.after(PAUSE, () => here.part((at) => session.api.ask("POST", at, "/read", { event_id: last })).catch(() => {}));
  }
}
