// The messages left out of hours: a list of their own, answered in the same conversation.

import { whenOf } from "/widget/current/clock.js";
import { el } from "/widget/current/nodes.js";
import { call } from "./link.js";
import { fill, nameOf } from "./list.js";
import { words } from "./words.js";

const PAGE = 100; // rows of one look; more on request
const me = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="agent"]')).content;
const AGAIN = 30_000; // ms between two looks while the list is in sight

export class Tickets {
  /**
   * root: the list's <ul> · count: where their number stands · onOpen(id) · onChange().
   * @param {{root: HTMLElement, count: HTMLElement, onOpen: (id: string) => unknown, onChange: () => unknown}} parts
   */
  constructor({ root, count, onOpen, onChange }) {
    this.root = root;
    this.count = count;
    this.onOpen = onOpen;
    this.onChange = onChange;
    /** @type {Desk.Ticket[]} */ this.rows = [];
    this.total = 0;
    this.wanted = PAGE;
    /** @type {string | null} */ this.open = null;
  }

  /** Read the list, and again now and then. */
  async read() {
    clearTimeout(this.timer);
    try {
      ({ tickets: this.rows, total: this.total } = await call("GET", `/tickets?limit=${this.wanted}`));
    } catch {
      // what was known stands until the next look
    }
    this.onChange();
    this.timer = setTimeout(() => this.read(), AGAIN);
  }

  /** Return the open ticket of a conversation, or null. @param {string | null} id */
  of(id) {
    return this.rows.find((row) => row.id === id) ?? null;
  }

  /** Draw; open: id of the conversation in sight. @param {string | null} open */
  draw(open) {
    this.open = open;
    const drawn = JSON.stringify([this.rows, this.total, open]);
    if (this.root.dataset.drawn === drawn) return;
    const focused = this.root.contains(document.activeElement) && /** @type {HTMLElement} */ (document.activeElement).dataset.id;
    this.root.dataset.drawn = drawn;
    this.count.textContent = String(this.total || "");
    const rows = this.rows.map((row) => this.#row(row, row.id === open));
    const left = this.total - rows.length;
    if (left > 0) rows.push(el("li", {}, el("button", { type: "button", class: "more", onclick: () => this.#more() }, fill(words.moreTickets, { n: left, m: Math.min(left, PAGE) }))));
    this.root.replaceChildren(...(rows.length ? rows : [el("li", { class: "none" }, words.tickets.none)]));
    if (focused) /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-id="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  }

  #more() {
    this.wanted = Math.min(this.wanted + PAGE, 500);
    this.read();
  }

  /** @param {Desk.Ticket} row @param {boolean} open */
  #row(row, open) {
    const now = new Date();
    const time = row.opened_at ?? row.queued_at;
    const due = row.due && new Date(row.due);
    return el(
      "li",
      { class: `${open ? "open " : ""}${due && due < now ? "late" : ""}` },
      el(
        "button",
        { type: "button", class: "row", "data-id": row.id, "aria-current": open ? "true" : null, onclick: () => this.onOpen(row.id) },
        el(
          "span",
          { class: "head" },
          el("strong", {}, nameOf(row)),
          row.urgent ? el("em", { class: "hurry" }, words.urgent) : null,
          time ? el("span", { class: "time" }, whenOf(new Date(time), now)) : null,
        ),
        el(
          "span",
          { class: "meta" },
          [row.number, words.topic[row.topic ?? ""] ?? row.topic, row.email ? words.tickets.mail : null, holding(row)].filter(Boolean).join(" · "),
        ),
        due ? el("span", { class: "meta due" }, fill(words.tickets.due, { time: whenOf(due, now) })) : null,
        el("span", { class: "last" }, row.text ?? row.last?.text ?? ""),
      ),
    );
  }
}

// Who works on it and what it waits for.
/** @param {Desk.Ticket} row */
function holding({ step, holder, holder_id: id }) {
  const who = id === null || id === undefined ? null : String(id) === me ? words.tickets.mineHolder : fill(words.tickets.holder, { name: holder ?? "" });
  return [who, step === "working" ? null : words.tickets.step[step]].filter(Boolean).join(" · ");
}
