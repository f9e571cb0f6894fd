// The booked calls: what is due, the number and the code once an agent has taken one, its outcome.

import { momentOf } from "/widget/current/moments.js";
import { el } from "/widget/current/nodes.js";
import { words } from "./contact-words.js";
import { call } from "./link.js";
import { fill, nameOf } from "./list.js";

const EARLY = 10 * 60_000; // ms before the time agreed on, from which one is asked first

/** @typedef {"reached" | "no_answer" | "wrong_number" | "release" | "takeOver" | "take" | "open"} Act what can be done with a call */

export class Callbacks {
  /**
   * agent: own id · onOpen(conversation id) · say(text): tell the agent something · confirmed(title, text, yes, name).
   * @param {{agent: string, onOpen: (id: string) => unknown, say: Desk.Say, confirmed: Desk.Confirm}} parts
   */
  constructor({ agent, onOpen, say, confirmed }) {
    this.agent = Number(agent);
    this.onOpen = onOpen;
    this.say = say;
    this.confirmed = confirmed;
    /** @type {Desk.Callback[]} */ this.rows = [];
    this.total = 0;
    this.drawn = "";
    /** @type {Map<number, string>} */ this.numbers = new Map(); // id → the number of a call that this agent has taken
    this.count = el("span");
    this.list = el("ul", { id: "callbacks" });
    this.node = el(
      "section",
      { "aria-labelledby": "callbacks-title", class: "callbacks" },
      el("h2", { id: "callbacks-title" }, words.callbacks, " ", this.count),
      this.list,
    );
    // What is to be done now stands above everything, however long the queue is.
    this.nowList = el("ul", { id: "callbacks-now" });
    this.now = el(
      "section",
      { "aria-labelledby": "callbacks-now-title", class: "callbacks pressing", hidden: true },
      el("h2", { id: "callbacks-now-title" }, words.callbacksNow),
      this.nowList,
    );
  }

  /** The number of calls that are due and nobody makes. */
  get due() {
    return this.rows.filter((row) => row.is_due).length;
  }

  /** Take the list as the server tells it; total: how many there are in all. @param {Desk.Callback[]} rows */
  take(rows, total = rows.length) {
    this.rows = rows;
    this.total = total;
    for (const row of rows) if (this.#isMine(row) && !this.numbers.has(row.id)) this.#ask(row.id);
    this.draw();
  }

  /** Draw the list. */
  draw() {
    this.count.textContent = String(this.total || "");
    const drawn = JSON.stringify([this.rows, this.total, [...this.numbers], Math.floor(Date.now() / 60_000)]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const at = [this.list, this.nowList].map((list) => /** @type {HTMLElement | null} */ (list.querySelector(":focus"))?.dataset.key).find(Boolean);
    const pressing = this.rows.filter((row) => row.is_due || row.stale || this.#isMine(row));
    const later = this.rows.filter((row) => !pressing.includes(row));
    const left = this.total - this.rows.length;
    this.now.hidden = !pressing.length;
    this.nowList.replaceChildren(...pressing.map((row) => this.#item(row)));
    this.list.replaceChildren(
      ...(later.length ? later.map((row) => this.#item(row)) : [el("li", { class: "none" }, words.none)]),
      ...(left > 0 ? [el("li", { class: "none" }, fill(words.moreCalls, { n: left }))] : []),
    );
    if (at) /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${at}"]`))?.focus({ preventScroll: true });
  }

  /** @param {Desk.Callback} row */
  #isMine(row) {
    return row.state === "calling" && row.agent_id === this.agent;
  }

  /** @param {Desk.Callback} row */
  #item(row) {
    /** @param {Act} name @param {() => unknown} act */
    const button = (name, act, kind = "") =>
      el("button", { type: "button", class: kind, "data-key": `${row.id}:${name}`, onclick: act }, words[name]);
    const mark = row.overdue ? words.overdue : row.is_due ? words.due : row.stale ? words.stale : "";
    const mine = this.#isMine(row);
    const free = row.state === "booked" || (row.stale && !mine);
    const head = el(
      "p",
      { class: "head" },
      el("strong", {}, momentOf(row.due)),
      row.attempts ? el("span", { class: "meta" }, fill(words.attempt, { n: row.attempts + 1 })) : null,
      mark ? el("em", { class: row.overdue || row.stale ? "hurry" : "due" }, mark) : null,
    );
    const who = el("p", { class: "meta" }, [nameOf({ name: row.name, id: row.conversation }), row.number].join(" · "));
    const about = row.problem ? el("p", { class: "meta" }, row.problem) : null;
    const node = el("li", { class: mine ? "mine" : row.is_due ? "now" : "" }, head, who, about);
    if (mine) {
      const number = this.numbers.get(row.id);
      node.append(
        number ? el("a", { class: "number", href: `tel:${number}` }, number) : "",
        codeNode(row.code),
        el(
          "p",
          { class: "do" },
          button("reached", () => this.#close(row.id, "reached"), "strong"),
          button("no_answer", () => this.#close(row.id, "no_answer")),
          button("wrong_number", () => this.#close(row.id, "wrong_number")),
          button("release", () => this.#act(row.id, "release")),
        ),
      );
    } else if (!free) node.append(el("p", { class: "meta" }, fill(words.withColleague, { name: row.agent ?? "" })));
    node.append(
      el(
        "p",
        { class: "do" },
        free ? button(row.stale ? "takeOver" : "take", () => this.#take(row.id), row.is_due ? "strong" : "") : null,
        button("open", () => this.onOpen(row.conversation)),
      ),
    );
    return node;
  }

  /** @param {number} id */
  async #ask(id) {
    const told = await call("GET", `/callbacks/${id}/number`).catch(() => null);
    if (!told) return;
    this.numbers.set(id, told.number);
    this.draw();
  }

  /** @param {number} id */
  async #take(id) {
    const { slot } = this.rows.find((row) => row.id === id) ?? {};
    if (slot && Date.parse(slot) - Date.now() > EARLY) {
      const said = words.early;
      if (!(await this.confirmed(fill(said.title, { time: momentOf(slot) }), said.text, said.yes, ""))) return;
    }
    const told = await this.#act(id, "take");
    if (!told) return;
    this.numbers.set(id, told.number);
    this.onOpen(told.conversation);
    this.draw();
  }

  /** @param {number} id @param {string} outcome */
  async #close(id, outcome) {
    if (await this.#act(id, "close", { outcome })) this.numbers.delete(id);
  }

  /** @param {number} id @param {string} verb @param {object} [body] */
  async #act(id, verb, body) {
    try {
      const told = await call("POST", `/callbacks/${id}/${verb}`, body);
      const board = await call("GET", "/board");
      this.take(board.callbacks, board.callbacks_total);
      return told;
    } catch (problem) {
      this.say(problem.status === 409 ? words.taken : words.failed);
      return null;
    }
  }
}

/** Return the code that the agent must say first. @param {string} code */
export function codeNode(code) {
  return el(
    "div",
    { class: "code" },
    el("span", {}, words.sayCode),
    el("strong", { "aria-label": code.split("").join(" ") }, code),
    el("small", {}, words.codeRule),
  );
}
