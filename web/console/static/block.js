// A sender who abuses: kept from people for some days, with a reason; danger still gets through.

import { momentOf } from "/widget/current/moments.js";
import { el } from "/widget/current/nodes.js";
import { askWhy } from "./deeds.js";
import { call } from "./link.js";
import { fill } from "./list.js";
import { words } from "./words.js";

const said = words.block;

export class Blocking {
  /**
   * onChange(): something was read · say(text) · confirmed(title, text, yes): Promise<boolean>.
   * @param {{onChange: () => unknown, say: Desk.Say, confirmed: Desk.Confirm}} parts
   */
  constructor({ onChange, say, confirmed }) {
    this.onChange = onChange;
    this.say = say;
    this.confirmed = confirmed;
    /** @type {Map<string, Desk.Block | null>} */ this.known = new Map(); // conversation id → {until, why, by}, null without
  }

  /** What the drawing depends on. @param {Pick<Desk.Row, "id">} conversation */
  mark({ id }) {
    return this.known.get(id);
  }

  /** Look again where a notice may tell of it. @param {Desk.Told} told */
  heed({ conversation, event }) {
    if (event.type === "notice" && this.known.has(conversation)) this.#read(conversation);
  }

  /** Return the nodes for a conversation (a summary) that the agent has. @param {Pick<Desk.Row, "id">} conversation @param {boolean} mine */
  nodes({ id }, mine) {
    if (!mine) {
      this.known.delete(id);
      return [];
    }
    if (!this.known.has(id)) this.#read(id);
    const block = this.known.get(id);
    const title = el("h3", {}, said.title);
    if (!block) return [title, el("p", {}, el("button", { type: "button", onclick: () => this.#place(id) }, said.place))];
    return [
      title,
      el("p", { class: "wallet-account held" }, fill(said.until, { time: momentOf(block.until) })),
      el("p", { class: "none" }, [block.by, block.why].filter(Boolean).join(" · ")),
      el("p", {}, el("button", { type: "button", onclick: () => this.#lift(id) }, said.lift)),
    ];
  }

  /** @param {string} id */
  async #place(id) {
    const days = el("select", { id: "block-days" }, ...[1, 7, 30].map((n) => el("option", { value: String(n) }, fill(said.days, { n }))));
    const why = await askWhy({ title: said.ask, text: said.text, yes: said.yes, label: said.why, more: [el("label", { for: "block-days" }, said.how), days] });
    if (!why) return;
    await this.#act(id, "POST", { days: Number(days.value), why }, said.placed);
  }

  /** @param {string} id */
  async #lift(id) {
    if (await this.confirmed(said.liftAsk, said.liftText, said.lift)) await this.#act(id, "DELETE", undefined, said.lifted);
  }

  /** @param {string} id @param {string} method @param {object | undefined} body @param {string} done */
  async #act(id, method, body, done) {
    try {
      await call(method, `/conversations/${id}/block`, body);
      this.say(done);
    } catch (problem) {
      this.say(problem.code === "reason-thin" ? words.lookWhy.thin : words.problem.failed);
    }
    await this.#read(id);
  }

  /** @param {string} id */
  async #read(id) {
    if (!this.known.has(id)) this.known.set(id, null);
    const told = await call("GET", `/conversations/${id}/block`).catch(() => null);
    if (!told || !this.known.has(id)) return;
    this.known.set(id, told.block);
    this.onChange();
  }
}
