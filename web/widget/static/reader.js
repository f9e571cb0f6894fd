// Answers read aloud by the browser, where it can: one at a time, ended by the button that began it.

import { el, icon } from "./nodes.js";
import { words } from "./words.js";

const said = words.aloud;
const LONGEST = 90; // characters at once: some voices break off in the middle of more
const PATIENCE = 4_000; // ms in which a voice has to begin
const ENDS = /[^。！？；\n]*[。！？；\n]?/g;

/** Cut a text into pieces that a voice gets through, at the ends of sentences where there are any. @param {string} text */
export function piecesOf(text) {
  /** @type {string[]} */
  const pieces = [];
  for (const [sentence] of text.matchAll(ENDS)) {
    for (let at = 0; at < sentence.length; at += LONGEST) {
      const piece = sentence.slice(at, at + LONGEST).trim();
      const last = pieces.at(-1);
      if (!piece) continue;
      if (last !== undefined && last.length + piece.length <= LONGEST) pieces[pieces.length - 1] = `${last}\n${piece}`;
      else pieces.push(piece);
    }
  }
  return pieces;
}

/**
 * Return what is to be said of a drawn answer: the steps with their numbers, telephone numbers digit
 * by digit.
 * @param {Node} node
 * @returns {string}
 */
export function spokenOf(node) {
  if (node.nodeType === 3) return node.textContent ?? "";
  const inner = [...node.childNodes].map(spokenOf).join("");
  const tag = node.nodeName.toLowerCase();
  const link = tag === "a" ? /** @type {HTMLAnchorElement} */ (node).href : "";
  if (link.startsWith("tel:")) return inner.replace(/\d(?=\d)/g, "$& ");
  if (tag === "li") {
    const list = node.parentNode;
    const numbered = list?.nodeName.toLowerCase() === "ol";
    const place = numbered ? [...list.childNodes].indexOf(/** @type {ChildNode} */ (node)) : 0;
    const first = /** @type {HTMLOListElement} */ (list)?.start || 1;
    return `${numbered ? `${first + place}、` : ""}${inner}\n`;
  }
  return ["p", "ol", "ul", "br"].includes(tag) ? `${inner}\n` : inner;
}

export class Reader {
  /** Return a Reader, or null where the browser cannot speak. */
  static here() {
    const able = typeof SpeechSynthesisUtterance === "function" && globalThis.speechSynthesis;
    return able ? new Reader(globalThis.speechSynthesis) : null;
  }

  /** speech: the browser's SpeechSynthesis. @param {SpeechSynthesis} speech */
  constructor(speech) {
    this.speech = speech;
    /** @type {HTMLElement | null} the button of what is being read */
    this.button = null;
    this.watch = 0;
  }

  /** Return the button that reads a node's words and ends that. @param {Node} node */
  buttonFor(node) {
    const button = el("button", { type: "button", class: "aloud" }, icon("sound"), el("span", {}, said.start));
    button.addEventListener("click", () => {
      const mine = this.button === button;
      this.stop();
      if (!mine) this.#begin(button, piecesOf(spokenOf(node)));
    });
    return button;
  }

  /** Be quiet. */
  stop() {
    const { button } = this;
    if (!button) return;
    this.#end(button, said.start);
    this.speech.cancel();
  }

  /** @param {HTMLElement} button @param {string[]} pieces */
  #begin(button, pieces) {
    this.button = button;
    label(button, said.stop, true);
    this.speech.cancel(); // what another page left unsaid
    const failed = () => this.button === button && this.#fail(button);
    pieces.forEach((piece, at) => {
      const part = new SpeechSynthesisUtterance(piece);
      part.lang = "zh-CN";
      part.voice = this.speech.getVoices().find(({ lang }) => /^(zh|cmn)/i.test(lang)) ?? null;
      part.onstart = () => clearTimeout(this.watch);
      part.onerror = ({ error }) => ["canceled", "interrupted"].includes(error) || failed();
      part.onend = () => at === pieces.length - 1 && this.button === button && this.#end(button, said.start);
      this.speech.speak(part);
    });
    this.watch = setTimeout(failed, PATIENCE);
  }

  /** @param {HTMLElement} button */
  #fail(button) {
    this.#end(button, said.failed);
    this.speech.cancel();
  }

  /** @param {HTMLElement} button @param {string} text */
  #end(button, text) {
    clearTimeout(this.watch);
    this.button = null;
    label(button, text, false);
  }
}

/** @param {HTMLElement} button @param {string} text @param {boolean} on */
function label(button, text, on) {
  /** @type {HTMLElement} */ (button.querySelector("span")).textContent = text;
  button.classList.toggle("on", on);
}
