// Warns while an agent writes what nobody may ask for; the server refuses it in any case.

import { el } from "/widget/current/nodes.js";
import { newId } from "/widget/current/ids.js";
import { words } from "./contact-words.js";
import { call } from "./link.js";
import { fill } from "./list.js";

const PAUSE = 350; // ms of rest in the typing

export class Asks {
  timer = 0;
  /** @type {string[]} */ kinds = [];

  /** field: the line to write in · button: what sends it. @param {{field: HTMLTextAreaElement, button: HTMLButtonElement}} parts */
  constructor({ field, button }) {
    this.field = field;
    this.button = button;
    this.node = el("p", { class: "asks", role: "alert", hidden: true });
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.show([]);
      this.timer = setTimeout(() => this.#check(), PAUSE);
    });
  }

  /** Say which kinds of secrets a text asks for; none takes the warning away. @param {string[]} kinds */
  show(kinds) {
    this.kinds = kinds;
    this.node.hidden = !kinds.length;
    this.button.disabled = kinds.length > 0;
    if (!kinds.length) return;
    const named = kinds.map((kind) => words.asks.kinds[kind] ?? kind).join("、");
    this.node.replaceChildren(el("strong", {}, fill(words.asks.lead, { kinds: named })), " ", words.asks.why);
  }

  /** True while the text must not be sent. */
  get blocks() {
    return this.kinds.length > 0;
  }

  async #check() {
    const text = this.field.value.trim();
    if (!text) return;
    /** @type {{asks: {kind: string}[]} | null} */
    const told = await call("POST", "/check", { client_id: newId(), text }).catch(() => null);
    if (!told || this.field.value.trim() !== text) return;
    this.show([...new Set(told.asks.map(({ kind }) => kind))]);
  }
}
