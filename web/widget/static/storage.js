// Small values kept on this device, under one prefix; memory stands in where storage is refused
// (private windows, sandboxed frames), so that the chat works there until the page is left.

/** Stands in for a Storage; shared with nobody. */
export class Memory {
  constructor() {
    /** @type {Map<string, string>} */ this.values = new Map();
    this.alone = true;
  }
  get length() {
    return this.values.size;
  }
  /** @param {number} at */
  key(at) {
    return [...this.values.keys()][at] ?? null;
  }
  /** @param {string} key */
  getItem(key) {
    return this.values.get(key) ?? null;
  }
  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.values.set(key, value);
  }
  /** @param {string} key */
  removeItem(key) {
    this.values.delete(key);
  }
}

/** Return the browser's storage of a name, or memory where it is refused. @param {"localStorage" | "sessionStorage"} name @returns {Chat.Area} */
export function areaOf(name) {
  try {
    const area = globalThis[name];
    area.setItem("xiaohu:probe", "1");
    area.removeItem("xiaohu:probe");
    return area;
  } catch {
    return new Memory();
  }
}

export class Shelf {
  /**
   * Open the shelf of one prefix; area is a Storage, or "localStorage" (default) or "sessionStorage".
   * @param {string} prefix
   * @param {Chat.Area | "localStorage" | "sessionStorage"} area
   */
  constructor(prefix, area = "localStorage") {
    this.prefix = `${prefix}:`;
    this.area = typeof area === "string" ? areaOf(area) : area;
  }

  /**
   * Return the value kept under key, or fallback where there is none or it is damaged.
   * @param {string} key
   * @param {any} [fallback]
   * @returns {any}
   */
  get(key, fallback = null) {
    try {
      const text = this.area.getItem(this.prefix + key);
      return text === null ? fallback : JSON.parse(text);
    } catch {
      return fallback;
    }
  }

  /** Keep a value; returns false where storage is full, which is no reason to stop the chat. @param {string} key @param {unknown} value */
  set(key, value) {
    try {
      this.area.setItem(this.prefix + key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  /** Forget a value. @param {string} key */
  drop(key) {
    try {
      this.area.removeItem(this.prefix + key);
    } catch {
      // nothing kept, nothing to forget
    }
  }

  /** Return the keys that begin so, in their order. */
  keys(start = "") {
    const found = [];
    for (let at = 0; at < this.area.length; at += 1) {
      const key = this.area.key(at);
      if (key?.startsWith(this.prefix + start)) found.push(key.slice(this.prefix.length));
    }
    return found.sort();
  }

  /** Forget everything under the prefix. */
  clear() {
    for (const key of this.keys()) this.drop(key);
  }
}
