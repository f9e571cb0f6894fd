// Whose page this is: kept for the tab, so that a reload and a walk through our own pages do not lose
// who is signed in, and a page that is opened anew without an identity is nobody's.

import { NOBODY } from "./identity.js";
import { Shelf } from "./storage.js";
/** @import { Drawer } from "./drawer.js" */

export class Seat {
  /**
   * area: the tab's own Storage · arrival: {again, within}: a reload or a step back; from our own page.
   * @param {{area: Chat.Area, arrival: Chat.Arrival}} parts
   */
  constructor({ area, arrival }) {
    this.shelf = new Shelf("xiaohu", area);
    const kept = this.shelf.get("seat");
    if (kept && !arrival.again && !arrival.within) this.shelf.drop("seat");
  }

  /** {who, prefix, life} of the customer who sits here, or null for nobody. */
  get taken() {
    const kept = this.shelf.get("seat");
    return kept && typeof kept.who === "string" && kept.who !== NOBODY ? kept : null;
  }

  /** The prefix of whoever sat in this tab last; they are signed out when the next one comes. */
  get former() {
    return this.shelf.get("former");
  }

  /** Sit down. @param {string} who @param {Pick<Drawer, "name" | "life">} drawer */
  take(who, { name, life }) {
    this.shelf.set("seat", { who, prefix: name, life });
    this.shelf.set("former", name);
  }

  /** Get up; former: whether it is forgotten too who sat here. */
  leave({ former = false } = {}) {
    this.shelf.drop("seat");
    if (former) this.shelf.drop("former");
  }
}

/** Return how the browser came to this page; see Seat. */
export function arrivalOf(page = globalThis) {
  const [how] = /** @type {PerformanceNavigationTiming[]} */ (page.performance?.getEntriesByType?.("navigation") ?? []);
  const within = page.document.referrer.startsWith(`${page.location.origin}/`);
  return { again: ["reload", "back_forward"].includes(how?.type), within: within && how?.type === "navigate" };
}
