// The customer's earlier cases, below the card: what it was, who had it, how it ended.

import { dayOf } from "/widget/current/clock.js";
import { el } from "/widget/current/nodes.js";
import { call } from "./link.js";
import { words } from "./words.js";

export class History {
  /** onOpen(conversation id) · onChange(): something was read. @param {{onOpen: (id: string) => unknown, onChange: () => unknown}} parts */
  constructor({ onOpen, onChange }) {
    this.onOpen = onOpen;
    this.onChange = onChange;
    /** @type {Map<string, Desk.Case[] | null>} */ this.known = new Map(); // conversation id and its case → cases, null while they are read
  }

  /** Return the nodes for a conversation (a summary); reads them at the first look at each case. @param {Desk.Row} conversation */
  nodes(conversation) {
    const cases = this.#read(conversation);
    if (!cases?.length) return [];
    return [el("h3", {}, words.history.title), el("ol", { class: "history" }, ...cases.map((one) => this.#entry(one, conversation.id)))];
  }

  /** What the drawing depends on. @param {Desk.Row} conversation */
  mark(conversation) {
    return this.known.get(keyOf(conversation))?.length ?? -1;
  }

  /** @param {Desk.Row} conversation */
  #read(conversation) {
    const key = keyOf(conversation);
    if (!this.known.has(key)) {
      this.known.set(key, null);
      call("GET", `/conversations/${conversation.id}/history`).then(
        ({ cases }) => {
          this.known.set(key, cases);
          this.onChange();
        },
        () => this.known.delete(key),
      );
    }
    return this.known.get(key);
  }

  /** @param {Desk.Case} one @param {string} here */
  #entry(one, here) {
    const facts = [dayOf(new Date(one.opened_at), new Date()), words.topic[one.topic ?? ""] ?? one.topic, words.history.state[one.state] ?? one.state];
    const text = el("span", {}, one.title || words.history.untold);
    const meta = el("small", {}, [...facts, one.agents.join("、"), one.score ? `${one.score} ★` : ""].filter(Boolean).join(" · "));
    if (one.conversation === here) return el("li", {}, text, meta);
    return el("li", {}, el("button", { type: "button", class: "plain", onclick: () => this.onOpen(one.conversation) }, text), meta);
  }
}

/** @param {Pick<Desk.Row, "id" | "number">} conversation */
function keyOf({ id, number }) {
  return `${id} ${number ?? ""}`;
}
