// The line to write in: grows with the text, and never sends while an input method is composing.

import { Dictation } from "./dictation.js";
import { fileOf } from "./file.js";
import { el, icon } from "./nodes.js";
import { fill, words } from "./words.js";

export const LIMIT = 2_000; // characters, as the API takes them
const WARN = 200; // characters left from which the count is shown

/** True where Enter belongs to the input method (229: Safari's Enter that ends a composition). @param {KeyboardEvent} event */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

export class Composer {
  /**
   * onSend(text): the customer sent a text; true when it was taken · onInput(text): it changed ·
   * onFile(file): a picture or document was pasted · more: the button to stand before the line.
   * @param {{onSend: (text: string) => boolean, onInput?: (text: string) => unknown,
   *   onFile?: (file: File) => unknown, more?: HTMLElement | null}} parts
   */
  constructor({ onSend, onInput = () => {}, onFile = () => {}, more = null }) {
    this.onSend = onSend;
    this.onInput = onInput;
    this.field = el("textarea", {
      rows: "1",
      maxlength: LIMIT,
      placeholder: words.say,
      "aria-label": words.sayLabel,
      enterkeyhint: "send",
      autocomplete: "off",
      oninput: () => {
        this.dictation.stop(); // who types goes on by hand
        this.#grown();
      },
      onkeydown: (event) => this.#key(event),
      onpaste: (event) => {
        const file = fileOf(event.clipboardData);
        if (!file) return;
        event.preventDefault();
        onFile(file);
      },
    });
    this.button = el(
      "button",
      { type: "submit", class: "send", "aria-label": words.send, disabled: true },
      icon("send"),
    );
    this.count = el("span", { class: "count", role: "status" });
    this.hint = el("span", { class: "count", role: "status" });
    this.dictation = new Dictation({
      text: () => this.field.value,
      onText: (text) => {
        this.field.value = text.slice(0, LIMIT);
        this.#grown();
      },
      onHint: (text) => (this.hint.textContent = text),
    });
    this.node = el(
      "form",
      {
        class: "composer",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      ...(more ? [more] : []),
      el("div", { class: this.dictation.button ? "line-of spoken" : "line-of" }, this.field, this.dictation.button),
      this.button,
      this.count,
      this.hint,
    );
    // A tap on the button must not close the keyboard of a phone.
    this.button.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** What stands in the line. */
  get text() {
    return this.field.value;
  }

  /** Put a text into the line that nobody types just now. @param {string} text */
  restore(text) {
    this.dictation.stop();
    this.field.value = text;
    this.#fit();
  }

  /** Put the cursor into the line. */
  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    if (!event.repeat) this.#submit();
  }

  #submit() {
    const text = this.field.value;
    if (!text.trim() || !this.onSend(text)) return;
    this.dictation.stop();
    this.field.value = "";
    this.#grown();
  }

  #grown() {
    this.onInput(this.field.value);
    this.#fit();
  }

  #fit() {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    this.button.disabled = !field.value.trim();
    const left = LIMIT - field.value.length;
    this.count.textContent = left <= WARN ? fill(words.tooLong, { n: left }) : "";
  }
}
