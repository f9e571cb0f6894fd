// The live side of a conversation: the event stream, and polling while there is none.

const POLL = 3_000; // ms between polls while the stream is away
const SILENCE = 40_000; // ms without a byte (heartbeats come every 15 s) before the stream counts as cut
const OPENING = 8_000; // ms for the stream's headers
const BACKOFF = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/**
 * Parse text of an event stream piece by piece; calls back with {id, event, data} of each, and with
 * the ms after which the server asks to be called again.
 */
export class StreamParser {
  /** @type {string[]} */ data = [];
  event = "message";
  /** @type {string | null} */ id = null;

  /** @param {(message: {id: string | null, event: string, data: string}) => unknown} onMessage */
  constructor(onMessage, onRetry = /** @type {(ms: number) => void} */ (() => {})) {
    this.onMessage = onMessage;
    this.onRetry = onRetry;
    this.rest = "";
  }

  /** Take the next piece of text, however it was cut. @param {string} text */
  push(text) {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  /** @param {string} line */
  #line(line) {
    if (line === "") {
      if (this.data.length) {
        this.onMessage({ id: this.id, event: this.event, data: this.data.join("\n") });
      }
      this.#clear();
      return;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? ["", "", ""];
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id") this.id = value;
    else if (field === "retry" && /^\d{1,5}$/.test(value)) this.onRetry(Number(value));
  }

  #clear() {
    this.data = [];
    this.event = "message";
    this.id = null;
  }
}

/** @typedef {"live" | "polling" | "off"} Status */
/**
 * @typedef {{open: (signal: AbortSignal) => Promise<Response>, poll: () => Promise<unknown>,
 *   onMessage: (event: string, data: any) => unknown, onStatus: (status: Status) => unknown}} FeedHooks
 */

export class Feed {
  /** @type {(() => void) | undefined} ends the pause before the next attempt */
  wake;
  /** @type {number | undefined} */ poller;
  /** @type {number | null} ms after which the server asked to be called again */ told = null;

  /**
   * open(signal): Promise<Response> of the stream · poll(): Promise of one poll ·
   * onMessage(event, data): what the stream brought · onStatus("live"|"polling"|"off").
   * @param {FeedHooks} hooks
   */
  constructor({ open, poll, onMessage, onStatus }) {
    this.open = open;
    this.poll = poll;
    this.onMessage = onMessage;
    this.onStatus = onStatus;
    /** @type {Status} */ this.status = "off";
    this.running = 0; // grows with every start and stop, so that an old loop notices its end
    this.heard = 0;
  }

  /** Begin, unless it runs. */
  start() {
    if (this.running % 2) return;
    this.running += 1;
    this.#run(this.running);
  }

  /** End the stream and the polling. */
  stop() {
    if (!(this.running % 2)) return;
    this.running += 1;
    this.abort?.abort();
    this.wake?.();
    clearTimeout(this.poller);
    this.#report("off");
  }

  /** Look at once whether the line still holds: after sleep, or when the network is back. */
  check() {
    if (!(this.running % 2)) return;
    if (this.status === "live" && Date.now() - this.heard < SILENCE / 2) return;
    this.failures = 0;
    this.abort?.abort();
    this.wake?.();
  }

  /** @param {number} turn */
  async #run(turn) {
    this.failures = 0;
    while (this.running === turn) {
      this.told = null;
      try {
        await this.#stream(turn);
        this.failures = 0; // a stream that the server ended in good order
      } catch {
        // the reason does not matter: polling stands in, and the stream is tried again
      }
      if (this.running !== turn) return;
      // A server that is being replaced says when to come: thousands who polled it would be no help.
      if (this.told === null) this.#fallBack(turn);
      const pause = this.told ?? BACKOFF[Math.min(this.failures, BACKOFF.length - 1)];
      this.failures += 1;
      await new Promise((/** @type {(done?: undefined) => void} */ resolve) => {
        this.wake = resolve;
        setTimeout(resolve, pause);
      });
    }
  }

  /** @param {number} turn */
  async #stream(turn) {
    const abort = (this.abort = new AbortController());
    let watch = setTimeout(() => abort.abort(), OPENING);
    try {
      const response = await this.open(abort.signal);
      const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
      const decoder = new TextDecoder();
      const parser = new StreamParser(
        ({ event, data }) => this.onMessage(event, JSON.parse(data)),
        (ms) => { this.told = ms; },
      );
      for (;;) {
        clearTimeout(watch);
        watch = setTimeout(() => abort.abort(), SILENCE);
        const { done, value } = await reader.read();
        if (done || this.running !== turn) return;
        this.heard = Date.now();
        // Some proxies open a stream and hold its bytes back: only what arrives counts as live.
        this.failures = 0;
        clearTimeout(this.poller);
        this.poller = undefined;
        this.#report("live");
        parser.push(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(watch);
      abort.abort();
    }
  }

  /** @param {number} turn */
  #fallBack(turn) {
    this.#report("polling");
    if (this.poller) return;
    const again = async () => {
      await this.poll().catch(() => {});
      if (this.running === turn && this.poller) this.poller = setTimeout(again, POLL);
    };
    this.poller = setTimeout(again, 0);
  }

  /** @param {Status} status */
  #report(status) {
    if (status === this.status) return;
    this.status = status;
    this.onStatus(status);
  }
}
