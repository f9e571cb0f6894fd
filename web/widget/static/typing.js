// Signs of typing, both ways: told to the other side now and then, and forgotten by themselves.

const AGAIN = 4_000; // ms after which a sign is told again while one goes on typing
const FADES = 8_000; // ms after which the other side's sign is forgotten

/** Tells that one types. send(on): Promise; it may fail, as nothing depends on it. */
export class Typist {
  /** @param {(on: boolean) => unknown} send */
  constructor(send) {
    this.send = send;
    this.told = 0;
  }

  /** Note a key; text: what stands in the line now. @param {string} text */
  note(text) {
    clearTimeout(this.timer);
    if (!text.trim()) return this.stop();
    this.timer = setTimeout(() => this.stop(), AGAIN);
    if (Date.now() - this.told < AGAIN) return;
    this.told = Date.now();
    this.#tell(true);
  }

  /** Tell that one stopped: sent, emptied, or thinking. */
  stop() {
    clearTimeout(this.timer);
    if (!this.told) return;
    this.told = 0;
    this.#tell(false);
  }

  /** @param {boolean} on */
  #tell(on) {
    Promise.resolve(this.send(on)).catch(() => {});
  }
}

/** Remembers who types at the other side. onChange(): it began or ended. */
export class Watcher {
  /** @param {() => unknown} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {string | null} */ this.name = null;
    this.typing = false;
  }

  /** Take a sign: {name, on}. @param {Chat.TypingSign} sign */
  take({ name = null, on }) {
    clearTimeout(this.timer);
    if (on) this.timer = setTimeout(() => this.take({ on: false }), FADES);
    if (on === this.typing && (!on || name === this.name)) return;
    this.typing = on;
    this.name = on ? name : null;
    this.onChange();
  }
}
