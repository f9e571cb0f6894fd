// What the tabs of one person tell each other: the leader what comes in and how it is doing, the others
// what they want to be sent. And the line itself, which only the leader holds.

/** @import { Status } from "./feed.js" */
/** @import { Kernel, Ports } from "./kernel.js" */
/** @import { At } from "./transport.js" */

export class Relay {
  /**
   * kernel: Kernel, whose seat, outbox and leadership it serves · makeFeed(hooks): see feed.js.
   * @param {{kernel: Kernel, makeFeed: Ports["makeFeed"]}} parts
   */
  constructor({ kernel, makeFeed }) {
    this.kernel = kernel;
    this.bus = kernel.bus;
    this.tab = kernel.tab;
    /** @type {Status} */ this.line = "off"; // "live" | "polling" | "off", here or at the leader
    this.feed = makeFeed({
      open: (signal) => kernel.here.known((at) => this.#stream(at, signal)),
      poll: () => this.#poll(),
      onMessage: (kind, data) => this.#streamed(kind, data),
      onStatus: (status) => this.#lined(status),
    });
    this.bus.listen((message) => this.#hear(message));
  }

  /** Tell the other tabs of who sits here; nothing of who is not proven leaves the tab. @param {{kind: string, [more: string]: unknown}} message */
  tell(message) {
    const { proven, drawer } = this.kernel.here;
    if (proven) this.bus.post({ ...message, from: this.tab, drawer: drawer.name, life: drawer.life });
  }

  /** Tell how the leader is doing. */
  report() {
    const { here, outbox } = this.kernel;
    const { failures } = outbox;
    this.told = failures;
    this.tell({ kind: "status", line: this.line, failures, failing: here.failing, cursor: here.log.cursor, at: here.at });
  }

  /** This tab has begun or ceased to lead. @param {boolean} leads */
  led(leads) {
    const { here, outbox, hooks } = this.kernel;
    if (leads) {
      here.wake();
      this.feed.start();
      outbox.flush();
      this.report();
    } else this.feed.stop();
    hooks.onChange();
  }

  /** Something about the messages on their way has changed. */
  worked() {
    const { leadership, outbox, hooks } = this.kernel;
    if (leadership?.leads && this.told !== outbox.failures) this.report();
    hooks.onChange();
  }

  /** Post a message of the outbox and spread its answer. @param {Chat.Item} item */
  async post(item) {
    const { here, api } = this.kernel;
    const answer = /** @type {Api.PostedOut & Chat.News} */ (await here.known((at) => api.post(at, item)));
    this.#spread({ of: answer.of, events: [answer.message, ...(answer.events ?? [])], state: answer.state });
  }

  /** Another conversation: the stream of the former one is of no use. */
  restart() {
    if (!this.kernel.leadership?.leads) return;
    this.feed.stop();
    this.feed.start();
  }

  /** @param {Chat.Note} message */
  #hear(message) {
    const { here, closed } = this.kernel;
    if (closed || message.from === this.tab || message.drawer !== here.drawer.name) return;
    if (message.life !== here.drawer.life) return;
    if (message.kind === "gone") {
      here.drawer.empty(/** @type {number | undefined} */ (message.wipes)); // also of what this tab wrote before it heard
      this.kernel.gone();
    } else if (!here.drawer.alive) this.kernel.gone();
    else if (here.proven) this.#heard(message);
  }

  /** @param {any} message what another tab of this version said */
  #heard({ kind, ...told }) {
    const { here, outbox, leadership, hooks } = this.kernel;
    if (kind === "ping" && leadership.leads) this.report();
    else if (kind === "status") this.#reported(told);
    else if (kind === "at") here.learn(told.at);
    else if (kind === "news" && here.loaded) {
      leadership.heard();
      here.take(told.news);
    } else if (kind === "sign") hooks.onSignal(told.name, told.data);
    else if (kind === "item") outbox.learn(told.item);
    else if (kind === "sent") outbox.remove(told.client_id);
    if (kind === "flush") outbox.failures = 0;
    if (kind === "item" || kind === "flush") outbox.flush();
  }

  /** @param {{line: Status, failures: number, failing: boolean, cursor: number, at: Chat.Held | null}} told */
  #reported({ line, failures, failing, cursor, at }) {
    const { here, leadership, outbox, wanted, hooks } = this.kernel;
    leadership.heard();
    if (leadership.leads) return;
    this.line = line;
    outbox.failures = failures;
    here.failing = failing && !here.loaded;
    here.learn(at);
    if (here.loaded && cursor > here.log.cursor) here.readOn().catch(() => {});
    else if (wanted && !here.loaded) here.ready().catch(() => {});
    hooks.onChange();
  }

  /** @param {Status} status */
  #lined(status) {
    const { leadership, outbox, hooks } = this.kernel;
    this.line = status;
    if (status === "live") outbox.flush();
    if (leadership?.leads) this.report();
    hooks.onChange();
  }

  /** @param {At} at @param {AbortSignal} signal */
  #stream(at, signal) {
    this.streaming = at.id;
    return this.kernel.api.stream(at, this.kernel.here.log.cursor, signal);
  }

  /** @param {string} kind @param {any} data what the document says of the stream's messages */
  #streamed(kind, data) {
    const of = this.streaming;
    if (kind === "event") this.#spread({ of, events: [data], after: this.kernel.here.log.cursor });
    else if (kind === "state") this.#spread({ of, state: data });
    else {
      this.kernel.hooks.onSignal(kind, data);
      this.tell({ kind: "sign", name: kind, data });
    }
  }

  /** @param {Chat.News} news */
  #spread(news) {
    this.kernel.here.take(news);
    this.tell({ kind: "news", news });
  }

  async #poll() {
    const { here } = this.kernel;
    const { cursor } = here.log;
    await here.readOn();
    if (here.log.cursor > cursor) this.report();
  }
}
