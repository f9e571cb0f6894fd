// Speaking instead of typing, where the browser understands speech. What it heard stands in the line,
// to be read and corrected: nothing is sent before the customer sends it.

import { el, icon } from "./nodes.js";
import { words } from "./words.js";

const said = words.dictate;
const DENIED = ["not-allowed", "service-not-allowed"];
const QUIET = ["aborted", "no-speech"];

/** @returns {any} the browser's SpeechRecognition, or undefined */
const recognizer = () => /** @type {any} */ (globalThis).SpeechRecognition ?? /** @type {any} */ (globalThis).webkitSpeechRecognition;

export class Dictation {
  /**
   * text(): what stands in the line · onText(text): what is to stand there · onHint(text): what the
   * customer should know now.
   * @param {{text: () => string, onText: (text: string) => void, onHint: (text: string) => void}} line
   */
  constructor({ text, onText, onHint }) {
    this.text = text;
    this.onText = onText;
    this.onHint = onHint;
    /** @type {any} the recognition under way */
    this.hearing = null;
    this.button = recognizer()
      ? el(
          "button",
          { type: "button", class: "dictate", "aria-label": said.start, onclick: () => this.#toggle() },
          icon("microphone"),
        )
      : null;
  }

  /** Stop listening; what comes late does not count. */
  stop() {
    const { hearing } = this;
    if (!hearing) return;
    this.#ended();
    hearing.abort();
  }

  #toggle() {
    if (this.hearing) this.hearing.stop(); // what was said up to now still comes
    else this.#begin();
  }

  #begin() {
    const hearing = new (recognizer())();
    const before = this.text();
    hearing.lang = "zh-CN";
    hearing.interimResults = true;
    const mine = () => this.hearing === hearing;
    hearing.onresult = (/** @type {{results: {transcript: string}[][]}} */ { results }) => {
      if (mine()) this.onText(before + [...results].map(([best]) => best.transcript).join(""));
    };
    hearing.onerror = (/** @type {{error: string}} */ { error }) => {
      if (mine() && !QUIET.includes(error)) this.#ended(DENIED.includes(error) ? said.denied : said.failed);
    };
    hearing.onend = () => mine() && this.#ended();
    this.hearing = hearing;
    this.#show(true, said.listening);
    try {
      hearing.start();
    } catch {
      this.#ended(said.failed);
    }
  }

  #ended(hint = "") {
    this.hearing = null;
    this.#show(false, hint);
  }

  /** @param {boolean} on @param {string} hint */
  #show(on, hint) {
    this.button?.classList.toggle("on", on);
    this.button?.setAttribute("aria-label", on ? said.stop : said.start);
    this.onHint(hint);
  }
}
