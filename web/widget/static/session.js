// One customer's conversation: its events, its state, what waits to be sent. No DOM in here.

import { Feed } from "./feed.js";
import { maskWith } from "./masking.js";
import { rules } from "./masking-words.js";
import { Outbox, newId } from "./outbox.js";
import { Problem } from "./transport.js";
import { Watcher } from "./typing.js";

const mask = maskWith(rules);
const READ_PAUSE = 800; // ms in which several messages are told as read at once
const IDLE = { owner: "bot", queue: null, agent: null, typing: null };

export class Session {
  /**
   * api: Api · channel: "widget" | "app" | "help" · shelf: Shelf · page(): address of the page ·
   * onChange(): anything changed · onEvent(event): a new event came while the session was live.
   */
  constructor({ api, channel, shelf, page, onChange, onEvent }) {
    Object.assign(this, { api, channel, shelf, page, onChange, onEvent });
    this.identity = null;
    this.#empty();
    this.line = "off"; // "live" | "polling" | "off"
    this.failing = false; // the newest attempt to open the conversation did not succeed
    this.notes = []; // words.event keys of what the client itself has to tell
    this.signals = new Map(); // kind of a stream's message that is no event → functions that take it
    this.watcher = new Watcher(onChange); // who types at the other side
    this.on("typing", (sign) => sign.actor !== "customer" && this.watcher.take(sign));
    this.outbox = new Outbox({ shelf, send: (item) => this.#post(item), onChange });
    this.feed = new Feed({
      open: (signal) => this.#known((at) => this.api.stream(at, this.cursor, signal)),
      poll: async () => this.#take(await this.#known((at) => this.api.events(at, this.cursor))),
      onMessage: (kind, data) => {
        if (kind === "event") this.#take({ events: [data] });
        else if (kind === "state") this.#take({ state: data });
        else for (const take of this.signals.get(kind) ?? []) take(data);
      },
      onStatus: (status) => {
        this.line = status;
        if (status === "live") this.outbox.flush();
        this.onChange();
      },
    });
  }

  /** {id, token} of the conversation, or null while there is none. */
  get conversation() {
    return this.shelf.get("conversation");
  }

  /** True where something may come in by itself: a human has the conversation or will. */
  get expectsHuman() {
    return (this.state?.owner ?? this.shelf.get("owner", "bot")) !== "bot";
  }

  /** The number of messages from the other side that were not seen. */
  get unread() {
    const read = this.shelf.get("read", 0);
    let count = 0;
    for (const event of this.events.values()) {
      if (event.id > read && event.type === "message" && event.actor.kind !== "customer") count += 1;
    }
    return count;
  }

  /** Events in their order. */
  list() {
    return [...this.events.values()].sort((a, b) => a.id - b.id);
  }

  /** What the newest question of the bot expects, or null. */
  get expects() {
    const said = this.list().filter((event) => event.type === "message");
    const last = said.at(-1);
    return last?.actor.kind === "bot" ? (last.data.expects ?? null) : null;
  }

  /** Find or open the conversation, read it, keep listening; troubles are retried. */
  connect() {
    this.feed.start();
    this.outbox.flush();
  }

  /** Send what the customer wrote; secrets go no further than this line. */
  say(text) {
    const { text: safe, kinds } = mask(text.trim(), this.expects);
    if (!safe) return null;
    return this.outbox.add(kinds.length ? { text: safe, masked: kinds } : { text: safe });
  }

  /** Send a button's payload under its title. */
  press(title, payload) {
    return this.outbox.add({ text: title, payload });
  }

  /** Leave the queue. Rejects with a Problem where that failed. */
  async leaveQueue() {
    this.#take(await this.#known((at) => this.api.leaveQueue(at)));
  }

  /** Call another of the conversation's addresses. Rejects with a Problem where that failed. */
  ask(method, path, body) {
    return this.#part((at) => this.api.ask(method, at, path, body));
  }

  /** Send a picture as an event of the conversation. Rejects with a Problem. */
  async sendPicture(file) {
    const path = `/attachments?client_id=${newId()}`;
    const { event } = await this.#part((at) => this.api.upload(at, path, file));
    this.#take({ events: [event] });
  }

  /** Open one of the conversation's addresses for reading on. */
  open(path, options) {
    return this.#part((at) => this.api.open(at, path, options));
  }

  /** Call what lies under the conversation and take the events and the state of the answer. */
  async act(method, path, body = method === "GET" ? undefined : {}) {
    const answer = await this.ask(method, path, body);
    if (answer.events || answer.state) this.#take(answer);
    return answer;
  }

  /** Read what lies beside the conversation ("/channels", "/cases"), in its name. */
  about(path) {
    return this.#part((at) => this.api.beside(at, "GET", path));
  }

  /** Read a file of the conversation; resolves to a Blob. */
  file(path) {
    return this.open(path).then((answer) => answer.blob());
  }

  /** Listen to a kind of the stream's messages that is neither event nor state. */
  on(kind, take) {
    this.signals.set(kind, [...(this.signals.get(kind) ?? []), take]);
  }

  /** Remember that everything so far was seen. */
  markRead() {
    const last = this.cursor;
    if (last > this.shelf.get("read", 0)) {
      this.shelf.set("read", last);
      this.#tellRead(last);
      this.onChange();
    }
  }

  /** Speak as the wallet's user; another user than before begins anew. token: signed JWT. */
  identify(token) {
    const before = this.conversation;
    if (before && before.subject !== subjectOf(token)) this.reset();
    this.identity = token;
    this.identityUsed = false;
  }

  /** Forget conversation, identity and unsent messages: the user signed out. */
  reset() {
    this.feed.stop();
    this.identity = null;
    this.notes = [];
    this.#forget();
    this.outbox.clear();
    this.onChange();
  }

  /** Look after the line at once (page visible again, network back). */
  check() {
    this.feed.check();
    this.outbox.flush();
  }

  // Agents see what was read; a lost sign is made good by the next one.
  #tellRead(last) {
    if (!this.expectsHuman) return;
    clearTimeout(this.reading);
    this.reading = setTimeout(() => this.act("POST", "/read", { event_id: last }).catch(() => {}), READ_PAUSE);
  }

  #forget() {
    for (const key of ["conversation", "read", "owner"]) this.shelf.drop(key);
    this.#empty();
  }

  #empty() {
    this.events = new Map();
    this.cursor = 0; // every event up to here is known; where a resumed stream goes on
    this.state = null;
    this.loaded = false;
    this.identityUsed = false;
  }

  // The conversation, opened and read; asked for by several at once, it is done once.
  #ready() {
    this.opening ??= this.#open()
      .then(() => (this.failing = false))
      .catch((problem) => {
        this.failing = true;
        throw problem;
      })
      .finally(() => {
        this.opening = null;
        this.onChange();
      });
    return this.opening;
  }

  async #open() {
    const fresh = this.identity && !this.identityUsed;
    if (!this.conversation || fresh) await this.#create(fresh);
    if (this.loaded) return;
    this.#take(await this.api.events(this.conversation, this.cursor).catch((problem) => this.#lost(problem)), false);
    this.loaded = true;
  }

  async #create(fresh) {
    let answer;
    try {
      answer = await this.api.create(this.channel, this.identity, this.page());
    } catch (problem) {
      if (!fresh || problem.status === 0 || problem.status >= 429) throw problem;
      // An identity that the server refuses (expired, wrong key) is no reason to stay silent.
      this.identity = null;
      this.notes = ["identity_refused"];
      if (this.conversation) return;
      answer = await this.api.create(this.channel, null, this.page());
    }
    const { id, token } = answer;
    if (this.conversation?.id !== id) this.#forget();
    this.shelf.set("conversation", { id, token, subject: subjectOf(this.identity) });
    this.identityUsed = true;
    this.#take(answer, false);
  }

  async #post(item) {
    const answer = await this.#known((at) => this.api.post(at, item));
    this.outbox.remove(item.client_id); // first, so that the bubble is never drawn twice
    this.#take({ events: [answer.message, ...(answer.events ?? [])], state: answer.state });
  }

  async #known(request) {
    if (!this.loaded || (this.identity && !this.identityUsed)) await this.#ready();
    const { conversation } = this;
    if (!conversation) throw new Problem(503, "conversation forgotten");
    return request(conversation).catch((problem) => this.#lost(problem, conversation));
  }

  // What belongs to a conversation may be gone without the conversation being so.
  async #part(request) {
    if (!this.loaded || (this.identity && !this.identityUsed)) await this.#ready();
    const { conversation } = this;
    return request(conversation).catch((problem) => {
      if (problem.status === 401) this.#lost(problem, conversation);
      throw problem;
    });
  }

  // Where the server does not know the conversation any more, the next attempt opens a new one.
  #lost(problem, at = this.conversation) {
    if (!problem.lost) throw problem;
    if (this.conversation?.id === at?.id) {
      this.#forget();
      this.notes = ["renewed"];
    }
    throw new Problem(503, "conversation renewed");
  }

  #take({ events = [], state }, announce = true) {
    let changed = false;
    for (const event of events) {
      if (!event || this.events.has(event.id)) continue;
      this.events.set(event.id, event);
      if (event.client_id) this.outbox.remove(event.client_id);
      changed = true;
      if (event.type === "message" && event.actor.kind === "agent") this.watcher.take({ on: false });
      if (announce) this.onEvent(event);
    }
    while (this.events.has(this.cursor + 1)) this.cursor += 1;
    if (state && JSON.stringify(state) !== JSON.stringify(this.state)) {
      this.state = { ...IDLE, ...state };
      this.shelf.set("owner", this.state.owner);
      changed = true;
    }
    if (changed) this.onChange();
  }
}

/** Return the subject of a JWT without checking it (the server does), or null. */
export function subjectOf(token) {
  try {
    const body = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)).sub ?? null;
  } catch {
    return null;
  }
}
