// What the desk knows: the queue, the agent's conversations, their threads, what was read.

import { Outbox } from "/widget/current/outbox.js";
import { clock } from "/widget/current/ports.js";
import { Shelf } from "/widget/current/storage.js";
import { Watcher } from "/widget/current/typing.js";
import { call } from "./link.js";
import { askReason } from "./reason.js";

/** @type {Record<Desk.Kind, string>} */
const PLACES = { reply: "messages", note: "notes", ticket: "answer-ticket", asked: "answer-ticket" };
/** @type {Partial<Record<Desk.Kind, {then: string}>>} */
const THEN = { ticket: { then: "done" }, asked: { then: "asked" } };
const MORE_PAUSE = 3_000; // ms in which the rows further down are not read again
const MOST = 500; // rows of one look
const READ_PAUSE = 800; // ms in which several messages are told as read at once

export class Store {
  /**
   * agent: id of the signed-in agent · onChange() · onTicket(): a ticket was answered.
   * @param {{agent: string, onChange: () => unknown, onTicket: () => unknown}} parts
   */
  constructor({ agent, onChange, onTicket }) {
    this.onChange = onChange;
    this.onTicket = onTicket;
    this.agent = agent;
    this.shelf = new Shelf(`xiaohu:desk:${agent}`);
    this.stay = new Shelf(`xiaohu:desk:${agent}`, "sessionStorage");
    /** @type {Desk.Row[]} */ this.waiting = [];
    this.total = 0; // how many wait; `waiting` holds the first of them
    this.wanted = 0; // rows that the agent asked to see
    /** @type {Desk.Row[]} */ this.mine = [];
    /** @type {{wanted: number} | null} how many rows were wanted before all were looked through */
    this.narrow = null;
    /** @type {Omit<Desk.Queue, "tickets"> & {tickets?: number}} the queue as the stream told it */
    this.told = { waiting: [], mine: [], total: 0, tickets: undefined };
    /** @type {Map<string, Desk.Thread>} */ this.threads = new Map(); // id → {conversation, card, events: Map, state}
    /** @type {string | null} */ this.open = null;
    /** @type {Map<string, Watcher>} */ this.watchers = new Map(); // id → Watcher of who types there
    /** @type {Outbox<Desk.Item>} */ this.outbox = new Outbox({
      drawer: this.shelf,
      clock,
      onChange,
      send: async ({ conversation, client_id, text, kind = "reply" }) => {
        const answer = await call("POST", `/conversations/${conversation}/${PLACES[kind]}`, { client_id, text, ...THEN[kind] });
        this.outbox.remove(client_id);
        const event = answer.message ?? answer.note ?? answer.event;
        if (event) this.takeEvent({ conversation, event });
        this.#takeState(conversation, answer.state);
        if (THEN[kind]) await Promise.all([this.load(conversation), this.onTicket()]);
      },
    });
  }

  /** The rows in the order in which they stand in the list. */
  get rows() {
    return [...this.mine, ...this.waiting];
  }

  /** The opened conversation's thread, or null while it loads. */
  get thread() {
    return this.threads.get(this.open ?? "") ?? null;
  }

  /** True where the opened conversation is the agent's own. */
  get isMine() {
    return this.mine.some(({ id }) => id === this.open);
  }

  /** Tell whether a conversation has words of the customer that were not seen. @param {Pick<Desk.Row, "id" | "last" | "last_event">} row */
  isUnread({ id, last, last_event: newest }) {
    return last?.actor === "customer" && newest > (this.shelf.get("read", {})[id] ?? 0);
  }

  /**
   * Take the queue as the server tells it: its first rows, and how many wait in all.
   * @param {Pick<Desk.Queue, "waiting" | "mine"> & Partial<Desk.Queue>} queue
   */
  takeQueue({ waiting, mine, total = waiting.length }) {
    date([...waiting, ...mine]);
    const first = new Set(waiting.map(({ id }) => id));
    const own = new Set(mine.map(({ id }) => id));
    const rest = this.wanted > waiting.length ? this.waiting.filter(({ id }) => !first.has(id) && !own.has(id)) : [];
    this.waiting = [...waiting, ...rest].slice(0, Math.max(this.wanted, waiting.length));
    this.mine = mine;
    this.total = total;
    for (const { id, read } of mine) {
      const thread = this.threads.get(id);
      if (read && thread) thread.state.read = read;
    }
    this.#forgetRead();
    this.#catchUp();
    this.onChange();
    if (this.wanted > waiting.length && !this.looking) {
      this.looking = setTimeout(() => this.#readMore(waiting.length), MORE_PAUSE);
    }
  }

  /** Take the whole queue from the stream, upon which its changes build. @param {Desk.Queue} queue */
  takeAll(queue) {
    this.told = queue;
    this.takeQueue(queue);
  }

  /** Take what changed in the queue since the stream told it last. @param {Desk.News} news */
  takeRows({ waiting, mine, ...counts }) {
    const { told } = this;
    this.told = { ...told, ...counts, waiting: changed(told.waiting, waiting), mine: changed(told.mine, mine) };
    this.takeQueue(this.told);
  }

  /** Know all who wait, for as long as they are looked through. @param {boolean} on */
  widen(on) {
    if (on && !this.narrow) {
      this.narrow = { wanted: this.wanted };
      if (this.total > this.waiting.length) this.showMore(MOST);
    } else if (!on && this.narrow) {
      clearTimeout(this.looking);
      this.looking = 0;
      this.wanted = this.narrow.wanted;
      this.narrow = null;
      this.waiting = this.waiting.slice(0, Math.max(this.wanted, this.told.waiting.length));
      this.onChange();
    }
  }

  /** Show more of those who wait; the stream tells the first ones by itself. */
  showMore(by = 50) {
    this.wanted = this.waiting.length + by;
    return this.#readMore(this.waiting.length, by);
  }

  /** @param {number} from */
  async #readMore(from, limit = this.wanted - from) {
    try {
      /** @type {Desk.Queue} */
      const { waiting, total } = await call("GET", `/queue?from=${from}&limit=${Math.min(limit, 500)}`);
      date(waiting);
      const kept = this.waiting.slice(0, from);
      const known = new Set(kept.map(({ id }) => id));
      this.waiting = [...kept, ...waiting.filter(({ id }) => !known.has(id))];
      this.total = total;
    } catch {
      // what was known stands until the next look
    }
    clearTimeout(this.looking);
    this.looking = 0;
    this.onChange();
  }

  /** Take one event of one conversation. @param {Desk.Told} told */
  takeEvent({ conversation, event }) {
    const thread = this.threads.get(conversation);
    if (!thread || thread.events.has(event.id)) return;
    thread.events.set(event.id, event);
    if (event.actor.kind === "customer") this.watchers.get(conversation)?.take({ on: false });
    if (event.client_id) this.outbox.remove(event.client_id);
    this.onChange();
  }

  /** Open a conversation beside the list. @param {string} id */
  async show(id) {
    this.open = id;
    this.stay.set("open", id);
    this.onChange();
    await this.load(id);
  }

  /** Close what is open; the list stays. */
  hide() {
    this.open = null;
    this.stay.drop("open");
    this.onChange();
  }

  /** Read a conversation with its whole thread. @param {string} id */
  async load(id) {
    const path = `/conversations/${id}`;
    /** @type {Desk.Opened | null} */
    const told = await call("GET", path).catch(async (problem) => {
      if (!/reason-needed$/.test(problem.told?.type ?? "")) throw problem;
      return withReason(path);
    });
    if (!told) return this.hide();
    const events = new Map(told.events.map((event) => [event.id, event]));
    for (const event of this.threads.get(id)?.events.values() ?? []) events.set(event.id, event);
    this.threads.set(id, { conversation: told.conversation, card: told.card, events, state: told.state });
    return this.onChange();
  }

  /** Read what stands before the part of the opened thread that is known. */
  async loadEarlier() {
    const { open, thread } = this;
    if (!thread) return;
    /** @type {Desk.Opened} */
    const { events } = await call("GET", `/conversations/${open}?before=${Math.min(...thread.events.keys())}`);
    for (const event of events) thread.events.set(event.id, event);
    this.onChange();
  }

  /** Remember that the opened conversation was read. */
  markRead() {
    const { open: id, thread } = this;
    if (!thread || id === null) return;
    const newest = Math.max(0, ...thread.events.keys());
    const read = this.shelf.get("read", {});
    if ((read[id] ?? 0) >= newest) return;
    this.shelf.set("read", { ...read, [id]: newest });
    clearTimeout(this.reading);
    const tell = () => call("POST", `/conversations/${id}/read`, { event_id: newest }).catch(() => {});
    this.reading = setTimeout(tell, READ_PAUSE);
    this.onChange();
  }

  /** Take a customer's sign of typing. @param {Chat.TypingSign & {conversation: string}} sign */
  takeTyping({ conversation, name, on, actor }) {
    if (actor === "agent") return;
    if (!this.watchers.has(conversation)) this.watchers.set(conversation, new Watcher(this.onChange));
    this.watchers.get(conversation)?.take({ name, on });
  }

  /** Tell the customer of the opened conversation that one types. @param {boolean} on */
  async typing(on) {
    if (this.isMine) await call("POST", `/conversations/${this.open}/typing`, { on });
  }

  /** Claim, close, return or transfer a conversation: verb is the API's. Rejects with a Problem. @param {string} id @param {string} verb */
  async move(id, verb, body = {}) {
    const told = await call("POST", `/conversations/${id}/${verb}`, body);
    this.#takeState(id, told.state);
    await Promise.all([this.load(id), call("GET", "/queue").then((queue) => this.takeQueue(queue))]);
  }

  /** Say something in the opened conversation. kind: "reply", "note", "ticket" or "asked". @param {string} text @param {Desk.Kind} kind */
  say(text, kind = "reply") {
    const { open } = this;
    const may = open !== null && (kind !== "reply" || this.isMine);
    return may && text.trim() ? this.outbox.push({ conversation: open, text: text.trim(), kind }) : null;
  }

  /** @param {string} id @param {Api.StateOut | undefined} state */
  #takeState(id, state) {
    const thread = this.threads.get(id);
    if (thread && state) thread.state = state;
    this.onChange();
  }

  // The queue tells the newest event of each row: whatever the stream did not bring is read again.
  #catchUp() {
    const { open, thread } = this;
    if (!thread || open === null) return;
    const row = this.rows.find(({ id }) => id === open);
    const gone = !row && thread.state.owner !== "bot";
    const behind = row && (row.last_event > Math.max(0, ...thread.events.keys()) || row.owner !== thread.state.owner);
    if (gone || behind) this.load(open).catch(() => {});
  }

  #forgetRead() {
    const known = new Set(this.rows.map(({ id }) => id));
    const read = Object.entries(this.shelf.get("read", {}));
    const kept = read.filter(([id]) => known.has(id) || id === this.open);
    if (kept.length < read.length) this.shelf.set("read", Object.fromEntries(kept));
  }
}

// A row tells how long somebody has waited at the time at which it comes; it may stand for long.
/** @param {Desk.Row[]} rows */
function date(rows) {
  const at = Date.now();
  for (const row of rows) row.since ??= at - (row.waiting_seconds ?? 0) * 1000;
}

// The server's difference(): take out what is gone or put anew, then put each at its place.
/** @param {Desk.Row[]} rows @param {Desk.Changed} news */
function changed(rows, { gone = [], put = [] } = {}) {
  const out = new Set([...gone, ...put.map(([, row]) => row.id)]);
  const list = rows.filter(({ id }) => !out.has(id));
  for (const [at, row] of put) list.splice(at, 0, row);
  return list;
}

/**
 * Read with a reason that is asked for until it says something; null where the agent would rather not look.
 * @param {string} path
 */
async function withReason(path) {
  for (let reason = await askReason(); reason; reason = await askReason(reason)) {
    try {
      return await call("GET", `${path}?reason=${encodeURIComponent(reason)}`);
    } catch (problem) {
      if (problem.code !== "reason-thin") throw problem;
    }
  }
  return null;
}
