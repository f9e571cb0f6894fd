// The log of the conversation: what stands in it, in which order, and how it follows new messages.

import { afterOf } from "./after.js";
import { entryNode, lineOf, updateNode } from "./bubble.js";
import { markBetween } from "./clock.js";
import { el, icon } from "./nodes.js";
import { forgetPictures } from "./picture.js";
import { words } from "./words.js";
/** @import { Session } from "./session.js" */

const MARGIN = 8; // px that stay free above the first line of a new answer
const HIDDEN = /［已隐藏］/;

/**
 * Return the entries to draw, oldest first: {key, kind: "mark"|"line"|"message"|"typing", …}.
 * session: Session · now: Date.
 * @param {Session} session
 * @param {Date} now
 * @returns {Chat.Entry[]}
 */
export function entriesOf(session, now) {
  const events = session.list();
  /** @type {Chat.Entry[]} */
  const entries = [];
  /** @type {Date | null} */
  let last = null;
  /** @param {Date} at @param {number | string} key */
  const mark = (at, key) => {
    const text = markBetween(last, at, now);
    if (text) entries.push({ key: `t:${key}`, kind: "mark", text });
    last = at;
  };
  const answered = events.findLastIndex?.((e) => isFrom(e, "customer")) ?? lastOwn(events);
  const newest = events.findLast?.((e) => isFrom(e, "bot")) ?? events.filter((e) => isFrom(e, "bot")).at(-1);
  const items = session.unsent;
  const ticket = openTicket(events);
  events.forEach((event, index) => {
    const at = new Date(event.at);
    if (event.type === "message") {
      mark(at, event.id);
      const live =
        index > answered && session.waiting.length === 0 && session.state?.owner !== "agent" &&
        (event.cause === newest?.cause || event === newest);
      entries.push(messageOf(event, at, live));
    } else if (event.type === "attachment") {
      mark(at, event.id);
      entries.push({ key: `e:${event.id}`, kind: "picture", side: event.actor.kind === "agent" ? "agent" : "mine", name: event.actor.name, at, picture: event.data });
    } else {
      const text = event.data?.code === "secret_masked" ? null : lineOf(event);
      if (text) entries.push({ key: `e:${event.id}`, kind: "line", text, tone: event.type });
      if (event.id === ticket) entries.push({ key: `o:${event.id}`, kind: "offer" });
      if (event.type === "closed" || event.type === "ticket_answered") {
        const after = afterOf(event, events, session.state?.owner ?? "bot", now);
        entries.push({ key: `a:${event.id}`, kind: "after", id: event.id, ...after });
      }
    }
  });
  markLatest(entries, session.state);
  for (const note of session.notes ?? []) {
    entries.push({ key: `n:${note}`, kind: "line", text: words.event[note] });
  }
  for (const item of items) {
    const at = new Date(item.at);
    mark(at, item.client_id);
    entries.push({
      key: `c:${item.client_id}`, kind: "message", side: "mine", id: item.client_id, at,
      text: item.text, masked: Boolean(item.masked),
      status: item.refused ? "refused" : session.outbox.stuck ? "unsent" : "sending",
    });
  }
  for (const { client_id, at, file, failed } of session.uploads.items) {
    if (events.some((event) => event.client_id === client_id)) continue;
    entries.push({ key: `p:${client_id}`, kind: "upload", side: "mine", at: new Date(at), file, failed });
  }
  const waiting = session.waiting.some(({ refused }) => !refused) && !session.outbox.stuck;
  const watcher = session.watcher;
  if (watcher?.typing && session.state?.owner === "agent") {
    entries.push({ key: `typing:${watcher.name}`, kind: "typing", name: watcher.name ?? words.agent });
  } else if (session.state?.typing || (waiting && (session.state?.owner ?? "bot") === "bot")) {
    entries.push({ key: "typing", kind: "typing" });
  }
  group(entries);
  return entries;
}

// The event of the ticket that still waits for its answer, or null.
/** @param {Api.EventOut[]} events */
function openTicket(events) {
  const moves = ["ticket_opened", "ticket_answered", "escalated", "reopened", "agent_joined", "resolved"];
  const last = events.filter(({ type }) => moves.includes(type)).at(-1);
  return last?.type === "ticket_opened" ? last.id : null;
}

/** @param {Api.EventOut} event @param {Api.ActorOut["kind"]} kind */
function isFrom(event, kind) {
  return event.type === "message" && event.actor.kind === kind;
}

/** @param {Api.EventOut[]} events */
function lastOwn(events) {
  return events.reduce((found, event, index) => (isFrom(event, "customer") ? index : found), -1);
}

/** @param {Api.EventOut} event @param {Date} at @param {boolean} live @returns {Chat.Message} */
function messageOf(event, at, live) {
  const { data, actor } = event;
  if (actor.kind === "customer") {
    return {
      key: `c:${event.client_id ?? event.id}`, kind: "message", side: "mine", at,
      id: event.client_id, event: event.id, text: data.text, status: "delivered",
      masked: Boolean(data.masked?.length) || HIDDEN.test(data.text),
    };
  }
  return {
    key: `e:${event.id}`, kind: "message", side: actor.kind === "agent" ? "agent" : "bot", at,
    name: actor.name, text: data.text, markdown: data.format === "markdown",
    faq: data.faq_id, buttons: data.buttons, live,
  };
}

// Only the newest of the customer's messages says that it was sent or read, as in any messenger.
/** @param {Chat.Entry[]} entries @param {Api.StateOut | null} state */
function markLatest(entries, state) {
  const last = entries.at(-1);
  if (last?.kind !== "message" || last.side !== "mine") return;
  const read = state?.owner === "agent" && (state.read?.agent ?? 0) >= (last.event ?? Infinity);
  last.status = read ? "read" : "sent";
}

// The first of several messages of one side carries the face and the name.
/** @param {Chat.Entry[]} entries */
function group(entries) {
  /** @type {string | null} */
  let before = null;
  for (const entry of entries) {
    const who = entry.kind === "message" ? entry.side + (entry.name ?? "") : null;
    entry.first = who !== null && who !== before;
    before = who;
  }
}

export class Thread {
  /** hooks: {base, sameWindow, press(title, payload), retry(clientId), rate(score, comment), …}. @param {Chat.LogHooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    /** @type {Map<string, HTMLElement>} */ this.nodes = new Map();
    this.log = el("div", {
      class: "log", role: "log", tabindex: "0", "aria-label": words.log, "aria-live": "off",
    });
    this.jump = el(
      "button",
      { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() },
      icon("down"), words.jump,
    );
    this.node = el("div", { class: "thread" }, this.log, this.jump);
    this.following = true; // the newest message is to stay in sight
    this.log.addEventListener("scroll", () => {
      this.following = this.atEnd();
      if (this.following) this.jump.hidden = true;
    });
    // A picture has its height only once it is there.
    this.log.addEventListener("load", () => this.following && this.toEnd(), true);
    // The queue's line or a keyboard takes room from the log: what was in sight stays there.
    this.sizes = new ResizeObserver(() => this.following && this.toEnd());
    this.sizes.observe(this.log);
  }

  /** Take everything out: it was another person's. */
  clear() {
    for (const node of this.nodes.values()) node.remove();
    this.nodes.clear();
    this.following = true;
    this.jump.hidden = true;
    forgetPictures();
  }

  /** The chat was taken out of its page. */
  end() {
    this.sizes.disconnect();
    this.clear();
  }

  /** True while the newest message is in sight. */
  atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  /** Go to the newest message. */
  toEnd() {
    this.following = true;
    this.log.scrollTop = this.log.scrollHeight;
    this.jump.hidden = true;
  }

  // Show an answer from its first line; what is short enough stands at the end as ever.
  /** @param {HTMLElement} node */
  #toFirst(node) {
    const { log } = this;
    const above = node.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop;
    const end = log.scrollHeight - log.clientHeight;
    if (above - MARGIN >= end) {
      this.toEnd();
      return;
    }
    this.following = false;
    log.scrollTop = above - MARGIN;
    this.jump.hidden = false;
  }

  /** Draw the entries, keeping the nodes that stand already. @param {Chat.Entry[]} entries @param {{announce: boolean}} how */
  draw(entries, { announce }) {
    // The history must not be read out when it loads; what comes later must.
    this.log.setAttribute("aria-live", announce ? "polite" : "off");
    const follow = this.following || !announce;
    const keys = new Set(entries.map((entry) => entry.key));
    for (const [key, node] of this.nodes) {
      if (keys.has(key)) continue;
      node.remove();
      this.nodes.delete(key);
    }
    let grown = false;
    let mine = false;
    /** @type {HTMLElement | null} */
    let first = null; // the first of the other side's words that came just now
    let place = this.log.firstChild;
    for (const entry of entries) {
      let node = this.nodes.get(entry.key);
      if (!node) {
        node = entryNode(entry, this.hooks);
        this.nodes.set(entry.key, node);
        grown = true;
        mine ||= entry.side === "mine" && entry.status !== "delivered";
        if (entry.kind === "message" && entry.side !== "mine") first ??= node;
      } else {
        updateNode(node, entry, this.hooks);
      }
      if (node === place) place = place.nextSibling;
      else this.log.insertBefore(node, place);
    }
    if (follow && announce && first && !mine) this.#toFirst(first);
    else if (follow || mine) this.toEnd();
    else if (grown) this.jump.hidden = false;
  }
}
