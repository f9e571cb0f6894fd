// What the desk knows: the queue, the agent's conversations, their threads, what was read.

import { Outbox } from "/widget/current/outbox.js";
import { clock } from "/widget/current/ports.js";
import { Shelf } from "/widget/current/storage.js";
import { Watcher } from "/widget/current/typing.js";
import { call } from "./link.js";
import { askReason } from "./reason.js";

const PLACES = { reply: "messages", note: "notes", ticket: "answer-ticket", asked: "answer-ticket" };
const THEN = { ticket: { then: "done" }, asked: { then: "asked" } };
const MORE_PAUSE = 3_000; // ms in which the rows further down are not read again
const MOST = 500; // rows of one look
const READ_PAUSE = 800; // ms in which several messages are told as read at once

export class Store {
  /** agent: id of the signed-in agent · onChange() · onTicket(): a ticket was answered. */
  constructor({ agent, onChange, onTicket }) {
    this.onChange = onChange;
    this.onTicket = onTicket;
    this.agent = agent;
    this.shelf = new Shelf(`xiaohu:desk:${agent}`);
    this.stay = new Shelf(`xiaohu:desk:${agent}`, "sessionStorage");
    this.waiting = [];
    this.total = 0; // how many wait; `waiting` holds the first of them
    this.wanted = 0; // rows that the agent asked to see
    this.mine = [];
    /** @type {{wanted: number} | null} how many rows were wanted before all were looked through */
    this.narrow = null;
    this.told = { waiting: [], mine: [], total: 0, tickets: undefined }; // the queue as the stream told it
    this.threads = new Map(); // id → {conversation, card, events: Map, state}
    this.open = null;
    this.watchers = new Map(); // id → Watcher of who types there
    this.outbox = new Outbox({
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
    return this.threads.get(this.open) ?? null;
  }

  /** True where the opened conversation is the agent's own. */
  get isMine() {
    return this.mine.some(({ id }) => id === this.open);
  }

  /** Tell whether a conversation has words of the customer that were not seen. */
  isUnread({ id, last, last_event: newest }) {
    return last?.actor === "customer" && newest > (this.shelf.get("read", {})[id] ?? 0);
  }

  /** Take the queue as the server tells it: its first rows, and how many wait in all. */
  takeQueue({ waiting, mine, total = waiting.length }) {
    date([...waiting, ...mine]);
    const first = new Set(waiting.map(({ id }) => id));
    const own = new Set(mine.map(({ id }) => id));
    const rest = this.wanted > waiting.length ? this.waiting.filter(({ id }) => !first.has(id) && !own.has(id)) : [];
    this.waiting = [...waiting, ...rest].slice(0, Math.max(this.wanted, waiting.length));
    this.mine = mine;
    this.total = total;
    for (const { id, read } of mine) if (read && this.threads.has(id)) this.threads.get(id).state.read = read;
    this.#forgetRead();
    this.#catchUp();
    this.onChange();
    if (this.wanted > waiting.length && !this.looking) {
      this.looking = setTimeout(() => this.#readMore(waiting.length), MORE_PAUSE);
    }
  }

  /** Take the whole queue from the stream, upon which its changes build. */
  takeAll(queue) {
    this.told = queue;
    this.takeQueue(queue);
  }

  /** Take what changed in the queue since the stream told it last. */
  takeRows({ waiting, mine, ...counts }) {
    const { told } = this;
    this.told = { ...told, ...counts, waiting: changed(told.waiting, waiting), mine: changed(told.mine, mine) };
    this.takeQueue(this.told);
  }

  /** Know all who wait, for as long as they are looked through. */
  widen(on) {
    if (on && !this.narrow) {
      this.narrow = { wanted: this.wanted };
      if (this.total > this.waiting.length) this.showMore(MOST);
    } else if (!on && this.narrow) {
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

  async #readMore(from, limit = this.wanted - from) {
    try {
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

  /** Take one event of one conversation. */
  takeEvent({ conversation, event }) {
    const thread = this.threads.get(conversation);
    if (!thread || thread.events.has(event.id)) return;
    thread.events.set(event.id, event);
    if (event.actor.kind === "customer") this.watchers.get(conversation)?.take({ on: false });
    if (event.client_id) this.outbox.remove(event.client_id);
    this.onChange();
  }

  /** Open a conversation beside the list. */
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

  /** Read a conversation with its whole thread. */
  async load(id) {
    const path = `/conversations/${id}`;
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
    const { events } = await call("GET", `/conversations/${open}?before=${Math.min(...thread.events.keys())}`);
    for (const event of events) thread.events.set(event.id, event);
    this.onChange();
  }

  /** Remember that the opened conversation was read. */
  markRead() {
    const thread = this.thread;
    if (!thread) return;
    const newest = Math.max(0, ...thread.events.keys());
    const read = this.shelf.get("read", {});
    if ((read[this.open] ?? 0) >= newest) return;
    this.shelf.set("read", { ...read, [this.open]: newest });
    clearTimeout(this.reading);
    const id = this.open;
    const tell = () => call("POST", `/conversations/${id}/read`, { event_id: newest }).catch(() => {});
    this.reading = setTimeout(tell, READ_PAUSE);
    this.onChange();
  }

  /** Take a customer's sign of typing. */
  takeTyping({ conversation, name, on, actor }) {
    if (actor === "agent") return;
    if (!this.watchers.has(conversation)) this.watchers.set(conversation, new Watcher(this.onChange));
    this.watchers.get(conversation).take({ name, on });
  }

  /** Tell the customer of the opened conversation that one types. */
  async typing(on) {
    if (this.isMine) await call("POST", `/conversations/${this.open}/typing`, { on });
  }

  /** Claim, close, return or transfer a conversation: verb is the API's. Rejects with a Problem. */
  async move(id, verb, body = {}) {
    const told = await call("POST", `/conversations/${id}/${verb}`, body);
    this.#takeState(id, told.state);
    await Promise.all([this.load(id), call("GET", "/queue").then((queue) => this.takeQueue(queue))]);
  }

  /** Say something in the opened conversation. kind: "reply", "note", "ticket" or "asked". */
  say(text, kind = "reply") {
    const may = kind !== "reply" || this.isMine;
    return may && text.trim() ? this.outbox.push({ conversation: this.open, text: text.trim(), kind }) : null;
  }

  #takeState(id, state) {
    const thread = this.threads.get(id);
    if (thread && state) thread.state = state;
    this.onChange();
  }

  // The queue tells the newest event of each row: whatever the stream did not bring is read again.
  #catchUp() {
    const row = this.rows.find(({ id }) => id === this.open);
    const thread = this.thread;
    if (!thread) return;
    const gone = !row && thread.state.owner !== "bot";
    const behind = row && (row.last_event > Math.max(0, ...thread.events.keys()) || row.owner !== thread.state.owner);
    if (gone || behind) this.load(this.open).catch(() => {});
  }

  #forgetRead() {
    const known = new Set(this.rows.map(({ id }) => id));
    const read = Object.entries(this.shelf.get("read", {}));
    const kept = read.filter(([id]) => known.has(id) || id === this.open);
    if (kept.length < read.length) this.shelf.set("read", Object.fromEntries(kept));
  }
}

// A row tells how long somebody has waited at the time at which it comes; it may stand for long.
function date(rows) {
  const at = Date.now();
  for (const row of rows) row.since ??= at - (row.waiting_seconds ?? 0) * 1000;
}

// The server's difference(): take out what is gone or put anew, then put each at its place.
function changed(rows, { gone = [], put = [] } = {}) {
  const out = new Set([...gone, ...put.map(([, row]) => row.id)]);
  const list = rows.filter(({ id }) => !out.has(id));
  for (const [at, row] of put) list.splice(at, 0, row);
  return list;
}

/** Read with a reason that is asked for until it says something; null where the agent would rather not look. */
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
