// The customer's wallet beside the card: read only when the agent asks for it, for each look is kept.

import { el } from "/widget/current/nodes.js";
import { newId } from "/widget/current/ids.js";
import { askWhy, deedList, nameDeed } from "./deeds.js";
import { call } from "./link.js";
import { words } from "./words.js";

/** @param {string} name */
const meta = (name) => /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name="${name}"]`));
const on = meta("wallet")?.content === "on";
const seconded = (meta("wallet")?.dataset.second ?? "").split(" ");
const said = words.wallet;

/** @type {Record<string, string>} */
const REFUSED = { "already-asked": said.deeds.already, "wrong-state": said.deeds.pointless, "reason-thin": words.lookWhy.thin };

export class Wallet {
  /**
   * agent: own id · onChange(): something was read · say(text) · confirmed(title, text, yes): Promise<boolean>.
   * @param {{agent: string, onChange: () => unknown, say: Desk.Say, confirmed: Desk.Confirm}} parts
   */
  constructor({ agent, onChange, say, confirmed }) {
    this.agent = Number(agent);
    this.onChange = onChange;
    this.say = say;
    this.confirmed = confirmed;
    /** @type {Map<string, (Desk.Wallet & {at: number}) | "reading" | "failed">} */
    this.known = new Map(); // conversation id → what was read, "reading" or "failed"
    /** @type {Map<string, Desk.Deed[]>} */
    this.requests = new Map(); // conversation id → what was asked for there; undefined: not read yet
    /** @type {Map<string, string>} */
    this.asked = new Map(); // conversation id, kind, transaction → id of the request that is under way
  }

  /** What the drawing depends on. @param {Pick<Desk.Row, "id">} conversation @param {boolean} mine */
  mark({ id }, mine) {
    const known = this.known.get(id);
    return [mine, typeof known === "string" ? known : (known?.at ?? 0), this.requests.get(id)];
  }

  /** Look again at what was asked for where a note tells of it. @param {Desk.Told} told */
  heed({ conversation, event }) {
    if (event.type === "note" && this.requests.has(conversation)) this.#readRequests(conversation);
  }

  /** Return the nodes for a conversation (a summary); mine: the agent has it. @param {Desk.Row} conversation @param {boolean} mine */
  nodes(conversation, mine) {
    const { id } = conversation;
    if (!on || !mine || !conversation.signed_in) {
      this.known.delete(id); // what was seen goes with the case
      this.requests.delete(id);
      return [];
    }
    if (!this.requests.has(id)) this.#readRequests(id);
    const known = this.known.get(id);
    const title = el("h3", {}, said.title);
    /** @param {string} text */
    const look = (text) => el("button", { type: "button", onclick: () => this.#read(id) }, text);
    const requests = this.requests.get(id) ?? [];
    const asked = requests.length ? [el("h3", {}, said.deeds.title), deedList(requests, this.agent, (key) => this.#withdraw(id, key))] : [];
    if (known === "reading") return [title, el("p", { class: "none", role: "status" }, said.reading), ...asked];
    if (known === "failed") return [title, el("p", { class: "none", role: "status" }, said.failed), look(said.again), ...asked];
    if (!known) return [title, el("p", { class: "none" }, said.recorded), el("div", { class: "wallet-acts" }, look(said.look), this.#verify(id)), ...asked];
    return [
      title,
      el("p", { class: known.held ? "wallet-account held" : "wallet-account" }, known.account),
      known.transactions.length ? this.#list(id, known.transactions) : el("p", { class: "none" }, said.none),
      known.cards.length ? el("p", { class: "wallet-cards" }, `${said.cards}${known.cards.join("、")}`) : null,
      el("p", { class: "none" }, known.source),
      el(
        "div",
        { class: "wallet-acts" },
        look(said.again), this.#verify(id),
        known.held
          ? el("button", { type: "button", onclick: () => this.#deed(id, "Unfreeze") }, said.deeds.kind.Unfreeze)
          : el("button", { type: "button", class: "hurry", onclick: () => this.#freeze(id) }, said.freeze),
      ),
      ...asked,
    ].filter((node) => node !== null);
  }

  /** @param {string} id @param {Desk.Transaction[]} transactions */
  #list(id, transactions) {
    /** @param {Desk.Transaction} one @param {Desk.Wish} kind */
    const deed = (one, kind) =>
      el(
        "button",
        { type: "button", "aria-label": nameDeed({ kind, about: one }), onclick: () => this.#deed(id, kind, one) },
        said.deeds.kind[kind],
      );
    /** @param {Desk.Transaction} one */
    const entry = (one) =>
      el(
        "li",
        { class: one.chosen ? "chosen" : null },
        el("span", { class: "payee" }, one.payee), el("span", { class: "amount" }, one.amount),
        el("small", {}, [one.time, one.state, one.reason, one.refund && `${said.refund}${one.refund}`, one.card].filter(Boolean).join(" · ")),
        el("small", {}, one.id, one.chosen ? el("em", {}, said.chosen) : null),
        one.may.length ? el("div", { class: "wallet-acts" }, ...one.may.map((kind) => deed(one, kind))) : null,
      );
    return el("ol", { class: "wallet" }, ...transactions.map(entry));
  }

  /** @param {string} id */
  #verify(id) {
    return el("button", { type: "button", onclick: () => this.#ask(id, { kind: "Verification" }, said.verifying) }, said.verify);
  }

  /** @param {string} id */
  async #freeze(id) {
    if (await this.confirmed(said.freezeTitle, said.freezeText, said.freezeYes)) await this.#ask(id, { kind: "Freeze" }, said.freezing);
  }

  // A refund, a dispute or unfreezing: with a reason, and a word on what follows.
  /** @param {string} id @param {Desk.Wish} kind @param {Desk.Transaction} [about] */
  async #deed(id, kind, about) {
    const second = seconded.includes(kind.toLowerCase());
    const why = await askWhy({
      title: nameDeed({ kind, about }),
      text: second ? said.deeds.second : said.deeds.alone,
      yes: second ? said.deeds.propose : said.deeds.submit,
    });
    if (why) await this.#ask(id, { kind, transaction: about?.id, why }, said.deeds.submitted);
  }

  /** @param {string} id @param {{kind: Desk.Wish, transaction?: string, why?: string}} wish @param {string} done */
  async #ask(id, wish, done) {
    const key = [id, wish.kind, wish.transaction].join(" ");
    // The same try again after a lost answer is the same request.
    if (!this.asked.has(key)) this.asked.set(key, newId());
    try {
      const { state } = await call("POST", `/conversations/${id}/wallet/requests`, { ...wish, client_id: this.asked.get(key) });
      this.asked.delete(key);
      this.say(state === "proposed" ? said.deeds.proposed : state === "asked" ? said.deeds.later : done);
    } catch (problem) {
      if (problem.code === "already-asked" || problem.code === "wrong-state") this.asked.delete(key);
      this.say(REFUSED[problem.code] ?? said.notAsked);
    }
    await this.#readRequests(id);
  }

  /** @param {string} id @param {string} key */
  async #withdraw(id, key) {
    await call("POST", `/conversations/${id}/wallet/requests/${key}/withdraw`).catch(() => this.say(said.deeds.decided));
    await this.#readRequests(id);
  }

  /** @param {string} id */
  async #readRequests(id) {
    if (!this.requests.has(id)) this.requests.set(id, []);
    const told = await call("GET", `/conversations/${id}/wallet/requests`).catch(() => null);
    if (!told || !this.requests.has(id)) return;
    this.requests.set(id, told.requests);
    this.onChange();
  }

  /** @param {string} id */
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
