// The customer's wallet beside the card: read only when the agent asks for it, for each look is kept.

import { el } from "/widget/current/nodes.js";
import { newId } from "/widget/current/ids.js";
import { call } from "./link.js";
import { words } from "./words.js";

const on = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="wallet"]'))?.content === "on";

export class Wallet {
  /** onChange(): something was read · say(text) · confirmed(title, text, yes): Promise<boolean>. */
  constructor({ onChange, say, confirmed }) {
    this.onChange = onChange;
    this.say = say;
    this.confirmed = confirmed;
    this.known = new Map(); // conversation id → what was read, "reading" or "failed"
    this.asked = new Map(); // conversation id → id of the request that is under way
  }

  /** What the drawing depends on. */
  mark({ id }, mine) {
    const known = this.known.get(id);
    return [mine, typeof known === "string" ? known : (known?.at ?? 0)];
  }

  /** Return the nodes for a conversation (a summary); mine: the agent has it. */
  nodes(conversation, mine) {
    if (!on || !mine || !conversation.signed_in) {
      this.known.delete(conversation.id); // what was seen goes with the case
      return [];
    }
    const known = this.known.get(conversation.id);
    const said = words.wallet;
    const title = el("h3", {}, said.title);
    const look = (text) => el("button", { type: "button", onclick: () => this.#read(conversation.id) }, text);
    if (known === "reading") return [title, el("p", { class: "none", role: "status" }, said.reading)];
    if (known === "failed") return [title, el("p", { class: "none", role: "status" }, said.failed), look(said.again)];
    if (!known) return [title, el("p", { class: "none" }, said.recorded), look(said.look), this.#verify(conversation.id)];
    return [
      title,
      el("p", { class: known.held ? "wallet-account held" : "wallet-account" }, known.account),
      known.transactions.length ? this.#list(known.transactions) : el("p", { class: "none" }, said.none),
      known.cards.length ? el("p", { class: "wallet-cards" }, `${said.cards}${known.cards.join("、")}`) : null,
      el("p", { class: "none" }, known.source),
      el(
        "div",
        { class: "wallet-acts" },
        look(said.again), this.#verify(conversation.id),
        known.held ? null : el("button", { type: "button", class: "hurry", onclick: () => this.#freeze(conversation.id) }, said.freeze),
      ),
    ].filter(Boolean);
  }

  #list(transactions) {
    const entry = (one) =>
      el(
        "li",
        { class: one.chosen ? "chosen" : null },
        el("span", { class: "payee" }, one.payee), el("span", { class: "amount" }, one.amount),
        el("small", {}, [one.time, one.state, one.reason, one.refund && `${words.wallet.refund}${one.refund}`, one.card].filter(Boolean).join(" · ")),
        el("small", {}, one.id, one.chosen ? el("em", {}, words.wallet.chosen) : null),
      );
    return el("ol", { class: "wallet" }, ...transactions.map(entry));
  }

  #verify(id) {
    return el("button", { type: "button", onclick: () => this.#ask(id, "Verification", words.wallet.verifying) }, words.wallet.verify);
  }

  async #freeze(id) {
    const said = words.wallet;
    if (await this.confirmed(said.freezeTitle, said.freezeText, said.freezeYes)) await this.#ask(id, "Freeze", said.freezing);
  }

  async #ask(id, kind, done) {
    const key = `${id} ${kind}`;
    // The same try again after a lost answer is the same request.
    if (!this.asked.has(key)) this.asked.set(key, newId());
    try {
      await call("POST", `/conversations/${id}/wallet/requests`, { kind, client_id: this.asked.get(key) });
      this.asked.delete(key);
      this.say(done);
    } catch {
      this.say(words.wallet.notAsked);
    }
  }

  async #read(id) {
    this.known.set(id, "reading");
    this.onChange();
    try {
      this.known.set(id, { ...(await call("GET", `/conversations/${id}/wallet`)), at: Date.now() });
    } catch {
      this.known.set(id, "failed");
    }
    this.onChange();
  }
}
