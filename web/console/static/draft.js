// A draft: what the FAQs would answer to the customer's last words, put into an empty reply by one key.

import { el } from "/widget/current/nodes.js";
import { plain } from "./canned.js";
import { fill } from "./list.js";
import { call } from "./link.js";
import { words } from "./words.js";

const NOD = 4; // characters of a message that asks nothing

export class Draft {
  /** field: the reply's textarea. */
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
    field.addEventListener("input", () => this.show());
  }

  /** Look at a conversation's thread; null: there is nothing to write. */
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

  async #ask(id, event) {
    const told = await call("GET", `/conversations/${id}/draft`).catch(() => null);
    if (this.asked !== `${id} ${event}` || told?.event !== event || !told.draft) return;
    this.text = plain(told.draft.text);
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
    this.field.value = this.text;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.focus();
    return true;
  }
}
