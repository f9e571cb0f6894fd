// A draft: what the FAQs would answer to the customer's last words, put into an empty reply by one key.

import { el } from "/widget/current/nodes.js";
import { plain } from "./canned.js";
import { fill } from "./list.js";
import { call } from "./link.js";
import { words } from "./words.js";

const TRIES = 8;
const PAUSE = 600; // ms
const NOD = 4; // characters of a message that asks nothing

export class Draft {
  /** field: the reply's textarea. @param {{field: HTMLTextAreaElement}} parts */
  constructor({ field }) {
    this.field = field;
    this.asked = ""; // conversation and event that were asked about last
    this.text = "";
    this.source = el("span", { class: "source" });
    this.words = el("span", { class: "text" });
    this.node = el(
      "p",
      { class: "draft", hidden: true },
      this.source, this.words,
      el("button", { type: "button", onclick: () => this.insert() }, words.draft.insert, " ", el("kbd", {}, "→")),
    );
    this.said = el("span", { class: "text", role: "status" });
    this.tell = el("button", { type: "button", onclick: () => this.#propose() }, words.draft.tell);
    const not = el("button", { type: "button", onclick: () => this.#forget() }, words.draft.not);
    this.offer = el("p", { class: "draft-sent", hidden: true }, this.said, this.tell, not);
    /** @type {{conversation: string, event: number, faq: string, text: string} | null} */
    this.inserted = null; // {conversation, event, faq, text} of the draft that stands in the reply
    /** @type {{conversation: string, event: number, faq: string, client_id: string} | null} */
    this.changed = null; // {conversation, event, faq, client_id} of one that was sent otherwise
    field.addEventListener("input", () => this.show());
  }

  /** Look at a conversation's thread; null: there is nothing to write. @param {string | null} id @param {Desk.Thread | null} thread */
  look(id, thread) {
    const typed = [...(thread?.events.values() ?? [])].filter(({ type, actor, data }) => type === "message" && actor.kind === "customer" && !data.payload);
    const last = typed.sort((a, b) => a.id - b.id).at(-1);
    const key = last ? `${id} ${last.id}` : "";
    if (key === this.asked) return this.show();
    this.asked = key;
    this.text = "";
    this.show();
    if (last && last.data.text.length > NOD) this.#ask(id, last.id);
    return undefined;
  }

  /** @param {string | null} id @param {number} event */
  async #ask(id, event) {
    const told = await call("GET", `/conversations/${id}/draft`).catch(() => null);
    if (this.asked !== `${id} ${event}` || told?.event !== event || !told.draft) return;
    this.text = plain(told.draft.text);
    this.faq = told.draft.id;
    this.source.textContent = fill(words.draft.source, { title: told.draft.title });
    this.words.textContent = this.text;
    this.show();
  }

  /** Show it while there is one and nothing is written. */
  show() {
    this.node.hidden = !this.text || Boolean(this.field.value);
  }

  /** Put it into the reply; returns whether there was one. */
  insert() {
    if (this.node.hidden) return false;
    const [conversation, event] = this.asked.split(" ");
    this.inserted = { conversation, event: Number(event), faq: this.faq, text: this.text };
    this.field.value = this.text;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.focus();
    return true;
  }
  /** Hear what was sent; who changed the draft first may propose it. item: of the outbox. @param {Desk.Item} item */
  sent({ conversation, client_id, text }) {
    const { inserted } = this;
    this.inserted = null;
    this.#forget();
    if (!inserted || inserted.conversation !== conversation || text.trim() === inserted.text.trim()) return;
    this.changed = { conversation, event: inserted.event, faq: inserted.faq, client_id };
    this.said.textContent = words.draft.changed;
    this.tell.hidden = this.offer.hidden = false;
  }

  /** Another conversation is open. @param {string | null} id */
  leave(id) {
    if (this.changed && this.changed.conversation !== id) this.#forget();
    if (this.inserted && this.inserted.conversation !== id) this.inserted = null;
  }

  async #propose() {
    const { conversation, ...wish } = this.changed ?? {};
    if (!conversation) return;
    this.tell.disabled = true;
    try {
      await this.#post(`/conversations/${conversation}/improvements`, wish);
      this.said.textContent = words.draft.told;
      this.tell.hidden = true;
      this.changed = null;
    } catch {
      this.said.textContent = words.draft.failed;
    }
    this.tell.disabled = false;
  }

  // The message may still be on its way: nothing is proposed before it is there.
  /** @param {string} path @param {object} wish @returns {Promise<void>} */
  async #post(path, wish, tries = TRIES) {
    try {
      await call("POST", path, wish);
    } catch (problem) {
      if (problem.status !== 404 || tries <= 1) throw problem;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      await this.#post(path, wish, tries - 1);
    }
  }

  #forget() {
    this.changed = null;
    this.offer.hidden = true;
  }
}
