// What the agent shows in a call in place of the camera's picture, and the still they may ask for.

import { el } from "/widget/current/nodes.js";
import { newId } from "/widget/current/ids.js";
import { canShare, pictureTrack, stepsTrack, windowTrack } from "/widget/current/showing.js";
import { words } from "./contact-words.js";
import { call as ask } from "./link.js";
import { fill } from "./list.js";
/** @import { Peer } from "/widget/current/peer.js" */

const said = words.show;
const MOST = 12; // steps on one picture

/** @typedef {"window" | "picture" | "steps"} What */

export class Showing {
  /** @type {What | undefined} what the customer is shown */ what;
  /** peer(): the line, or null · text(): what steps could be made from. @param {{peer: () => Peer | null, text: () => string}} parts */
  constructor({ peer, text }) {
    this.peer = peer;
    this.text = text;
    /** @param {string} name @param {() => unknown} act */
    const button = (name, act, more = /** @type {Attributes} */ ({})) => el("button", { type: "button", onclick: act, ...more }, name);
    this.input = el("input", {
      type: "file", accept: "image/*", hidden: true,
      onchange: () => {
        const [file] = this.input.files ?? [];
        this.input.value = "";
        if (file) this.#show(() => pictureTrack(file), "picture");
      },
    });
    this.lines = el("textarea", { rows: "4", "aria-label": said.stepsLabel, placeholder: said.stepsLabel, maxlength: "800" });
    this.steps = el(
      "div", { class: "steps", hidden: true }, this.lines,
      el("p", { class: "pair" }, button(said.back, () => this.#openSteps(false)), button(said.put, () => this.#putSteps(), { class: "strong" })),
    );
    this.stop = button(said.stop, () => this.peer()?.show(null), { class: "strong", hidden: true });
    this.kinds = el(
      "p", { class: "kinds", role: "group", "aria-label": said.title },
      button(said.window, () => this.#show(windowTrack, "window"), { hidden: !canShare() }),
      button(said.picture, () => this.input.click()),
      button(said.steps, () => this.#openSteps(true)),
      button(said.still, () => this.#askStill()),
      this.stop,
    );
    this.note = el("p", { class: "note", role: "status" });
    this.node = el("div", { class: "showing" }, this.kinds, this.input, this.steps, this.note);
  }

  /** Bring it in line with what is shown. */
  draw() {
    const what = /** @type {What | undefined} */ (this.peer()?.shown?.what);
    this.stop.hidden = !what;
    if (what !== this.what) this.note.textContent = what ? fill(said.shows, { what: said[what] }) : "";
    this.what = what;
  }

  /** Hear the customer's answer to the question for a still. @param {Chat.Snapshot} answer */
  heard({ given }) {
    this.note.textContent = given ? said.given : said.refused;
  }

  #askStill() {
    this.peer()?.snapshot({ ask: true });
    this.note.textContent = said.asked;
  }

  /** @param {boolean} open */
  #openSteps(open) {
    this.steps.hidden = !open;
    if (!open) return;
    if (!this.lines.value) this.lines.value = this.text();
    this.lines.focus();
  }

  // What is shown is said to the customer: it must not ask for a secret either.
  async #putSteps() {
    const text = this.lines.value.trim();
    const steps = text.split(/\n+/).map((line) => line.replace(/^\s*(?:\d+[.、)）]|[-*•])\s*/, "").trim()).filter(Boolean);
    if (!steps.length) return;
    const told = await ask("POST", "/check", { client_id: newId(), text }).catch(() => null);
    if (!told || told.asks.length) {
      this.note.textContent = told ? said.held : words.failed;
      return;
    }
    this.#openSteps(false);
    await this.#show(async () => stepsTrack(steps.slice(0, MOST)), "steps");
  }

  /** @param {() => Promise<MediaStreamTrack>} make @param {What} what */
  async #show(make, what) {
    try {
      const track = await make();
      const peer = this.peer();
      if (peer) await peer.show(track, what);
      else track.stop();
    } catch (error) {
      if (error.name !== "NotAllowedError") this.note.textContent = said.failed;
    }
    this.draw();
  }
}
