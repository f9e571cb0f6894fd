// Small values kept on this device, under one prefix; memory stands in where storage is refused
// (private windows, sandboxed frames), so that the chat works there until the page is left.

class Memory {
  constructor() {
    this.values = new Map();
  }
  getItem(key) {
    return this.values.get(key) ?? null;
  }
  setItem(key, value) {
    this.values.set(key, value);
  }
  removeItem(key) {
    this.values.delete(key);
  }
}

function usable(name) {
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
  /** Open the shelf of one prefix; area is "localStorage" (default) or "sessionStorage". */
  constructor(prefix, area = "localStorage") {
    this.prefix = `${prefix}:`;
    this.area = usable(area);
  }

  /** Return the value kept under key, or fallback where there is none or it is damaged. */
  get(key, fallback = null) {
    try {
      const text = this.area.getItem(this.prefix + key);
      return text === null ? fallback : JSON.parse(text);
    } catch {
      return fallback;
    }
  }

  /** Keep a value; returns false where storage is full, which is no reason to stop the chat. */
  set(key, value) {
    try {
      this.area.setItem(this.prefix + key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  /** Forget a value. */
  drop(key) {
    try {
      this.area.removeItem(this.prefix + key);
    } catch {
      // nothing kept, nothing to forget
    }
  }
}
