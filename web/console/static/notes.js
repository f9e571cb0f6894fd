// Writing to the customer or only to colleagues: the two modes of the line, and a note in the log.

import { timeOf } from "/widget/current/clock.js";
import { renderText } from "/widget/current/markdown.js";
import { el } from "/widget/current/nodes.js";
import { fill } from "./list.js";
import { words } from "./words.js";

/** @typedef {"reply" | "note"} Mode */
/** @type {Mode[]} */
const MODES = ["reply", "note"];

export class Modes {
  /** onChange(): the mode changed. @param {{onChange: () => unknown}} parts */
  constructor({ onChange }) {
    this.onChange = onChange;
    /** @type {Mode} */ this.mode = "reply";
    this.buttons = MODES.map((mode) =>
      el(
        "button",
        { type: "button", role: "tab", "data-mode": mode, "aria-selected": String(mode === "reply"), onclick: () => this.set(mode) },
        words.modes[mode],
      ),
    );
    this.node = el("div", { class: "modes", role: "tablist", "aria-label": words.modes.label }, ...this.buttons);
  }

  /** True while what is written goes to colleagues only. */
  get isNote() {
    return this.mode === "note";
  }

  /** Change to "reply" or "note". @param {Mode} mode */
  set(mode) {
    this.mode = mode;
    for (const button of this.buttons) {
      button.setAttribute("aria-selected", String(button.dataset.mode === mode));
    }
    this.onChange();
  }
}

/** Return the node of a note in the log. @param {Pick<Desk.Event, "at" | "data"> & {actor: {name?: string | null}}} event */
export function noteNode(event) {
  const text = el("div", { class: "text" });
  text.append(renderText(event.data.text ?? "", location.origin));
  const who = fill(words.modes.noteOf, { name: event.actor.name ?? "", time: timeOf(new Date(event.at)) });
  const status = el("span", { class: "status" });
  return el("div", { class: "message note", role: "note" }, el("span", { class: "who" }, who), text, status);
}
