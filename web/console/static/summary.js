// After a call: a short summary that the customer gets in the thread, and a note for colleagues.

import { el } from "/widget/current/nodes.js";
import { fill } from "./list.js";
import { words } from "./words.js";
/** @import { Store } from "./store.js" */

const said = words.summary;
/** @type {(keyof typeof said.line)[]} */
const FIELDS = ["found", "promised", "by"];

/** Return the newest call of a thread of which the customer has no summary yet, or null. @param {Desk.Thread} thread */
export function unsummed({ events }) {
  const sorted = [...events.values()].sort((a, b) => a.id - b.id);
  const call = sorted.findLast(({ type, data }) => type === "callback_done" || (type === "call_ended" && typeof data.seconds === "number"));
  const summed = call && sorted.some(({ id, type, actor, data }) => id > call.id && type === "message" && actor.kind === "agent" && data.text?.startsWith(said.head));
  return call && !summed ? call : null;
}

/** @typedef {keyof typeof said.line | "note"} Field */

export class Summary {
  /** store: Store. @param {{store: Store}} parts */
  constructor({ store }) {
    this.store = store;
    this.shown = "";
    /** @type {Partial<Record<Field, HTMLInputElement>>} */ this.fields = {};
    /** @param {Field} name */
    const field = (name, more = /** @type {Attributes} */ ({})) => {
      this.fields[name] = el("input", { id: `sum-${name}`, maxlength: "300", autocomplete: "off", oninput: () => this.#keep(), ...more });
      return el("p", {}, el("label", { for: `sum-${name}` }, said[name]), this.fields[name]);
    };
    this.node = el(
      "form",
      { class: "summary", hidden: true, onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      el("strong", {}, said.title),
      ...FIELDS.map((name) => field(name, name === "found" ? { required: true } : {})),
      field("note", { class: "inner" }),
      el(
        "p", { class: "pair" },
        el("button", { type: "button", onclick: () => this.#done() }, said.not),
        el("button", { type: "submit", class: "strong" }, said.send),
      ),
    );
  }

  /** True while a call of the opened thread has no summary. */
  get owed() {
    return !this.node.hidden;
  }

  /** Look at a conversation's thread; null: there is nothing to sum up. @param {string | null} id @param {Desk.Thread | null} thread */
  look(id, thread) {
    const call = id && thread && unsummed(thread);
    const key = call && (this.store.stay.get("summed", {})[id] ?? 0) < call.id ? `${id} ${call.id}` : "";
    this.node.hidden = !key;
    if (key === this.shown) return;
    this.shown = key;
    const kept = this.store.stay.get("summary", {});
    for (const [name, node] of Object.entries(this.fields)) node.value = kept.key === key ? kept[name] ?? "" : "";
  }

  #keep() {
    const values = Object.entries(this.fields).map(([name, node]) => [name, node.value]);
    this.store.stay.set("summary", { key: this.shown, ...Object.fromEntries(values) });
  }

  #send() {
    const value = (/** @type {Field} */ name) => this.fields[name]?.value.trim() ?? "";
    const lines = FIELDS.filter(value).map((name) => fill(said.line[name], { text: value(name) }));
    if (!this.store.say([said.head, ...lines].join("\n"), "reply")) return;
    if (value("note")) this.store.say(value("note"), "note");
    this.#done();
  }

  #done() {
    const [id, event] = this.shown.split(" ");
    this.store.stay.set("summed", { ...this.store.stay.get("summed", {}), [id]: Number(event) });
    this.store.stay.drop("summary");
    this.node.hidden = true;
    this.store.onChange();
  }
}
