// One customer's conversation as the chat's parts use it: what is known, what can be done. No DOM.

import { Feed } from "./feed.js";
import { Kernel } from "./kernel.js";
import { listenWith, maskWith } from "./masking.js";
import { rules } from "./masking-words.js";
import { writeOnce } from "./once.js";
import { Place } from "./place.js";
import { Seen } from "./seen.js";
import { Watcher } from "./typing.js";
import { Uploads } from "./uploads.js";
/** @import { Channel, Ports } from "./kernel.js" */
/** @import { At } from "./transport.js" */

const mask = maskWith(rules);
const listen = listenWith(rules);

export class Session {
  /**
   * ports: see kernel.js · channel: "widget" | "app" | "help" · page(): address of the page ·
   * onChange(): anything changed · onEvent(event): a new event came while the session was live ·
   * onSeat(left): it is another person's page from now on; left: nothing of the former may stay in
   * sight, not even what is half written · isSeen(): whether somebody looks at the page.
   * @param {{ports: Omit<Ports, "makeFeed">, channel: Channel, page: () => string, onChange: () => unknown,
   *   onEvent: (event: Api.EventOut) => unknown, onSeat: (left: boolean) => unknown, isSeen: () => boolean}} parts
   */
  constructor({ ports, channel, page, onChange, onEvent, onSeat, isSeen }) {
    /** @type {Map<string, ((data: any) => unknown)[]>} */
    this.signals = new Map(); // kind of a stream's message that is no event → functions that take it
    this.watcher = new Watcher(onChange); // who types at the other side
    this.uploads = new Uploads({ session: this, onChange });
    this.onChange = onChange;
    this.clock = ports.clock;
    this.place = new Place(this);
    this.seen = new Seen({ session: this, here: () => this.#here });
    this.api = ports.api;
    this.on("typing", (/** @type {Chat.TypingSign} */ sign) => sign.actor !== "customer" && this.watcher.take(sign));
    this.kernel = new Kernel({
      ports: { makeFeed: (hooks) => new Feed(hooks), ...ports },
      channel,
      page,
      hooks: {
        onChange: () => {
          if (this.kernel) this.place.look(this.state?.queue?.doubtful); // it may speak while it is made
          onChange();
        },
        isSeen,
        onEvent: (event) => {
          if (event.type === "message" && event.actor.kind === "agent") this.watcher.take({ on: false });
          onEvent(event);
        },
        onSignal: (kind, data) => {
          for (const take of this.signals.get(kind) ?? []) take(data);
        },
        onSeat: (left) => {
          this.uploads.clear();
          onSeat(left);
        },
      },
    });
  }

  get #here() {
    return this.kernel.here;
  }

  /** {id, token} of the conversation, or null while there is none. */
  get conversation() {
    return this.#here.at;
  }

  /** What is kept on this device for who is here; see drawer.js. */
  get drawer() {
    return this.#here.drawer;
  }

  /** True once it is known that the page may show and keep what is this person's. */
  get proven() {
    return this.#here.proven;
  }

  get state() {
    return this.#here.log.state;
  }

  get loaded() {
    return this.#here.loaded;
  }

  /** True where the newest attempt to open the conversation did not succeed. */
  get failing() {
    return this.#here.failing;
  }

  /** Keys of words.event: what the client itself has to tell. */
  get notes() {
    return this.#here.notes;
  }

  /** "live" | "polling" | "off". */
  get line() {
    return this.kernel.relay.line;
  }

  get outbox() {
    return this.kernel.outbox;
  }

  /** True where something may come in by itself: a human has the conversation or will. */
  get expectsHuman() {
    return this.#here.expectsHuman;
  }

  /** The messages that the server has not answered for. */
  get waiting() {
    return this.kernel.waiting;
  }

  /** Those of them that no event shows already. */
  get unsent() {
    const shown = new Set([...this.#here.log.events.values()].map((event) => event.client_id));
    return this.waiting.filter(({ client_id }) => !shown.has(client_id));
  }

  /** The number of messages from the other side that were not seen. */
  get unread() {
    return this.seen.unread;
  }

  /** Events in their order. */
  list() {
    return this.#here.log.list();
  }

  /** {expects, talk}: what was asked last, by bot or agent, and what was said before (masking.js). */
  get heard() {
    const said = this.list().filter(({ type }) => type === "message");
    const kept = said.map(({ actor, data }) => ({ who: actor.kind, text: data.text ?? "", expects: data.expects }));
    const waiting = this.unsent.map(({ text }) => ({ who: "customer", text: text ?? "" }));
    return listen([...kept, ...waiting]);
  }

  /** Find or open the conversation, read it, keep listening; troubles are retried. */
  connect() {
    this.kernel.connect();
  }

  /** Stop listening once everything was sent. */
  rest() {
    this.kernel.rest();
  }

  /** Send what the customer wrote; secrets go no further than this line. @param {string} text */
  say(text) {
    const { expects, talk } = this.heard;
    const { text: safe, kinds } = mask(text.trim(), expects, talk);
    if (!safe) return null;
    return this.kernel.send(kinds.length ? { text: safe, masked: kinds } : { text: safe });
  }

  /** Send a button's payload under its title. @param {string} title @param {string} payload */
  press(title, payload) {
    return this.kernel.send({ text: title, payload });
  }

  /** Try unsent messages again: one, or all. @param {string | null} clientId */
  retry(clientId = null) {
    this.kernel.retry(clientId);
  }

  /** What was written and not sent yet; secrets are hidden before it is kept. */
  get draft() {
    return this.proven ? this.drawer.get("draft", "") : "";
  }

  set draft(/** @type {string} */ text) {
    if (!this.proven) return;
    const { expects, talk } = this.heard;
    if (text.trim()) this.drawer.set("draft", mask(text, expects, talk).text);
    else this.drawer.drop("draft");
  }

  /** Leave the queue. Rejects with a Problem where that failed. */
  async leaveQueue() {
    this.take(await this.#here.known((at) => this.api.leaveQueue(at)));
  }

  /** Send a file to one of the conversation's addresses; resolves to the answer and what it is of. @param {string} path @param {File} file */
  upload(path, file) {
    return this.#here.part(async (at) => ({ ...(await this.api.upload(at, path, file)), of: at.id }));
  }

  /**
   * Call another of the conversation's addresses. Rejects with a Problem where that failed.
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>} what the document says of the path
   */
  ask(method, path, body) {
    return this.#here.part((at) => this.api.ask(method, at, path, body));
  }

  /**
   * Write something that must not be done twice (once.js). Rejects with a Problem.
   * @param {string} path
   * @param {object} body
   * @returns {Promise<any>} what the document says of the path
   */
  async once(path, body) {
    return this.take(await writeOnce(this, path, body));
  }

  /** Send a picture as an event of the conversation. Rejects with a Problem; it may be tried again. @param {File} file */
  sendPicture(file) {
    return this.uploads.send(file);
  }

  /** Open one of the conversation's addresses for reading on. @param {string} path @param {{signal?: AbortSignal, cursor?: string}} [options] */
  open(path, options) {
    return this.#here.part((at) => this.api.open(at, path, options));
  }

  /**
   * Return a function that posts below an address of the conversation as it is now, come what may.
   * @param {string} path
   * @returns {(what: string) => Promise<unknown>}
   */
  later(path) {
    const at = /** @type {At} */ ({ ...this.conversation, who: this.#here.who });
    return (what) => this.api.open(at, path + what, { method: "POST", keepalive: true }).catch(() => {});
  }

  /** Call what lies under the conversation and take the events and the state of the answer. @param {string} method @param {string} path */
  async act(method, path, body = method === "GET" ? undefined : {}) {
    return this.take(await this.ask(method, path, body));
  }

  /**
   * Read what lies beside the conversation ("/channels", "/cases"), in its name.
   * @param {string} path
   * @returns {Promise<any>} what the document says of the path
   */
  about(path) {
    return this.#here.part((at) => this.api.beside(at, "GET", path));
  }

  /** Read a file of the conversation; resolves to a Blob. @param {string} path */
  file(path) {
    return this.open(path).then((answer) => answer.blob());
  }

  /** Listen to a kind of the stream's messages that is neither event nor state. @param {string} kind @param {(data: any) => unknown} take */
  on(kind, take) {
    this.signals.set(kind, [...(this.signals.get(kind) ?? []), take]);
  }

  /** Remember that everything so far was seen; returns whether there was something new. */
  markRead() {
    return this.seen.mark();
  }

  /** Speak as the wallet's user; null: nobody is signed in any more. token: signed JWT or null. @param {string | null} token */
  identify(token) {
    this.kernel.identify(token);
  }

  /** Forget conversation, identity and unsent messages. */
  reset() {
    this.kernel.reset();
  }

  /** Look after the line at once (page visible again, network back). */
  check() {
    this.kernel.check();
  }

  /** The page has no chat any more. */
  close() {
    this.seen.close();
    this.watcher.take({ on: false });
    this.kernel.close();
  }

  /** Take what an answer told of the conversation; returns the answer. @template {Chat.News} T @param {T} answer */
  take(answer) {
    if (answer.events || answer.state) this.#here.take(answer);
    return answer;
  }
}
