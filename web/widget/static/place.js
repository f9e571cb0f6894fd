// A place in the queue that waits behind the others is worked for in silence, once a place.

import { solve } from "./work.js";
/** @import { Session } from "./session.js" */

export class Place {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.earning = false; // whether the place that one has was worked for already, or is being so
  }

  /** Work for it where it is doubtful. @param {boolean | undefined} doubtful */
  async look(doubtful = false) {
    if (doubtful === this.earning) return;
    this.earning = doubtful;
    if (!doubtful) return;
    const { session } = this;
    try {
      const { puzzle } = await session.ask("POST", "/queue/work", {});
      const work = puzzle && (await solve(puzzle, session.clock));
      if (work) await session.ask("POST", "/queue/work", { work });
    } catch {
      // The place is there all the same.
    }
  }
}
