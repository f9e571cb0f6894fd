// What the wallet is asked to do: asked with a reason, and a colleague's proposals to look at twice.

import { momentOf } from "/widget/current/moments.js";
import { el } from "/widget/current/nodes.js";
import { call } from "./link.js";
import { fill } from "./list.js";
import { words } from "./words.js";

const said = words.wallet.deeds;

/** Name what is asked for, with its transaction. @param {Pick<Desk.Deed, "kind"> & {about?: Desk.About | null}} deed */
export function nameDeed({ kind, about }) {
  return [said.kind[kind] ?? kind, about && `${about.payee} ${about.amount}（${about.time}）`].filter(Boolean).join(" · ");
}

/**
 * Ask whether, and why; resolves to the reason, or "" when it was cancelled. text: what will happen · more: further fields.
 * @param {{title: string, text?: string, yes: string, label?: string, more?: HTMLElement[]}} asked
 * @returns {Promise<string>}
 */
export function askWhy({ title, text, yes, label = said.why, more = /** @type {HTMLElement[]} */ ([]) }) {
  const field = el("textarea", { id: "deed-why", rows: "3", maxlength: "200", required: true });
  const dialog = el(
    "dialog",
    { class: "card-form", "aria-labelledby": "deed-title" },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: "deed-title" }, title),
      text ? el("p", {}, text) : null,
      ...more,
      el("label", { for: "deed-why" }, label),
      field,
      el(
        "p",
        { class: "pair" },
        el("button", { value: "", formnovalidate: true }, words.ask.no),
        el("button", { value: "yes", class: "strong" }, yes),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        const why = dialog.returnValue === "yes" ? field.value.trim() : "";
        dialog.remove();
        resolve(why);
      },
      { once: true },
    );
  });
}

/**
 * Return the list of what was asked for in a case; onWithdraw(key): takes one's own proposal back.
 * @param {Desk.Deed[]} requests
 * @param {number} me
 * @param {(key: string) => unknown} onWithdraw
 */
export function deedList(requests, me, onWithdraw) {
  /** @param {Desk.Deed} one */
  const entry = (one) =>
    el(
      "li",
      { class: one.state === "proposed" ? "open" : null },
      el("span", {}, nameDeed(one)),
      el("small", {}, [said.state[one.state] ?? one.state, one.by, momentOf(one.at)].filter(Boolean).join(" · ")),
      one.state === "proposed" && one.agent_id === me
        ? el("button", { type: "button", onclick: () => onWithdraw(one.key) }, said.withdraw)
        : null,
    );
  return el("ul", { class: "deeds" }, ...requests.map(entry));
}

/** What colleagues asked for and this agent may confirm. */
export class Reviews {
  /**
   * onOpen(conversation id) · say(text) · confirmed(title, text, yes, name): Promise<boolean>.
   * @param {{onOpen: (id: string) => unknown, say: Desk.Say, confirmed: Desk.Confirm}} parts
   */
  constructor({ onOpen, say, confirmed }) {
    this.onOpen = onOpen;
    this.say = say;
    this.confirmed = confirmed;
    /** @type {Desk.Deed[]} */ this.rows = [];
    this.drawn = "";
    this.list = el("ul", { id: "confirmations" });
    this.node = el(
      "section",
      { "aria-labelledby": "reviews-title", class: "callbacks pressing", hidden: true },
      el("h2", { id: "reviews-title" }, said.reviews),
      this.list,
    );
  }

  /** Take the list as the stream tells it; none where no wallet is connected. @param {Desk.Deed[]} [rows] */
  take(rows = []) {
    const drawn = JSON.stringify(rows);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.rows = rows;
    this.node.hidden = !rows.length;
    const at = /** @type {HTMLElement | null} */ (this.list.querySelector(":focus"))?.dataset.key;
    this.list.replaceChildren(...rows.map((row) => this.#item(row)));
    if (at) /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-key="${at}"]`))?.focus({ preventScroll: true });
  }

  /** @param {Desk.Deed} row */
  #item(row) {
    /** @param {"confirm" | "decline" | "open"} name @param {() => unknown} act */
    const button = (name, act, kind = "") =>
      el("button", { type: "button", class: kind, "data-key": `${row.key}:${name}`, onclick: act }, said[name]);
    return el(
      "li",
      {},
      el("p", { class: "head" }, el("strong", {}, nameDeed(row))),
      el("p", { class: "meta" }, fill(said.by, { name: row.by, time: momentOf(row.at) })),
      row.why ? el("p", { class: "meta" }, `${said.whyOf}${row.why}`) : null,
      el(
        "p",
        { class: "do" },
        button("confirm", () => this.#confirm(row), "strong"),
        button("decline", () => this.#decline(row)),
        button("open", () => this.onOpen(row.conversation)),
      ),
    );
  }

  /** @param {Desk.Deed} row */
  async #confirm(row) {
    if (!(await this.confirmed(said.confirmTitle, `${nameDeed(row)}。${said.confirmText}`, said.confirm, row.by))) return;
    await this.#decide(row, "confirm", {}, said.confirmed);
  }

  /** @param {Desk.Deed} row */
  async #decline(row) {
    const why = await askWhy({ title: said.declineTitle, text: nameDeed(row), yes: said.decline, label: said.declineWhy });
    if (why) await this.#decide(row, "decline", { why }, said.declined);
  }

  /** @param {Desk.Deed} row @param {"confirm" | "decline"} verb @param {object} body @param {string} done */
  async #decide(row, verb, body, done) {
    try {
      await call("POST", `/conversations/${row.conversation}/wallet/requests/${row.key}/${verb}`, body);
      this.say(done);
      this.take(this.rows.filter((one) => one !== row));
    } catch (problem) {
      this.say(problem.status === 409 ? said.decided : problem.code === "reason-thin" ? words.lookWhy.thin : words.problem.failed);
    }
  }
}
