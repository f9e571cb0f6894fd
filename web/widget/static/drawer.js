// All that is kept on this device for one identity: conversation, unsent messages, drafts, marks.
// A drawer that was emptied (sign-out) is never filled again by a page that still held it open.

import { isSigned } from "./identity.js";
import { Shelf } from "./storage.js";

const EVERYWHERE = "xiaohu";
const IDLE = 7 * 86_400_000; // ms after which a signed-in customer's untouched drawer is emptied

export class Drawer {
  /** prefix: see identity.js · area: Storage. @param {string} prefix @param {Chat.Area} area */
  constructor(prefix, area) {
    this.name = prefix;
    this.shelf = new Shelf(prefix, area);
    this.origin = new Shelf(EVERYWHERE, area);
    this.life = this.shelf.get("life");
    if (this.life !== null) return;
    // A number, not a drawn one: two tabs that begin at once agree on it.
    this.life = this.origin.get("wipes", 0);
    this.unkept = !this.shelf.set("life", this.life);
  }

  /** True where the drawer is a signed-in customer's. */
  get signed() {
    return isSigned(this.name);
  }

  /** True until somebody emptied it, here or in another tab. */
  get alive() {
    return this.unkept || this.shelf.get("life") === this.life;
  }

  /**
   * Return the value kept under key, or fallback; nothing once the drawer was emptied.
   * @param {string} key
   * @param {any} [fallback]
   * @returns {any}
   */
  get(key, fallback = null) {
    return this.alive ? this.shelf.get(key, fallback) : fallback;
  }

  /** Keep a value; returns false where it could not be kept. @param {string} key @param {unknown} value */
  set(key, value) {
    return this.alive && this.shelf.set(key, value);
  }

  /** Forget a value. @param {string} key */
  drop(key) {
    this.shelf.drop(key);
  }

  /** Return the keys that begin so. */
  keys(start = "") {
    return this.alive ? this.shelf.keys(start) : [];
  }

  /** Note that it is in use, at most once an hour. @param {number} now */
  touch(now) {
    if (now - this.get("used", 0) > 3_600_000) this.set("used", now);
  }

  /**
   * Empty it for every tab. wipes: the count as whoever emptied it first told it, so that all tabs
   * agree on the life of the drawer that follows. Returns the count.
   */
  empty(wipes = Math.max(this.origin.get("wipes", 0), this.life) + 1) {
    const now = this.shelf.get("life");
    if (this.origin.get("wipes", 0) < wipes) this.origin.set("wipes", wipes);
    if (now === null || now === this.life) this.shelf.clear(); // else it is a later sign-in's already
    return wipes;
  }
}

/** Return the device's salt; made at the first time. draw(): a new random text. @param {Chat.Area} area @param {() => string} draw */
export function saltOf(area, draw) {
  const shelf = new Shelf(EVERYWHERE, area);
  const kept = shelf.get("salt");
  if (kept) return kept;
  shelf.set("salt", draw());
  return shelf.get("salt") ?? "";
}

/** Empty the drawers of signed-in customers, proven or not, who have not been here for a week. @param {Chat.Area} area @param {number} now */
export function sweep(area, now) {
  const shelf = new Shelf("xiaohu", area);
  /** @param {string} [start] */
  const keys = [...shelf.keys("~"), ...shelf.keys("?")];
  const names = new Set(keys.map((key) => `xiaohu:${key.split(":")[0]}`));
  for (const name of names) {
    const drawer = new Drawer(name, area);
    if (now - drawer.get("used", now) > IDLE) drawer.empty();
  }
}
