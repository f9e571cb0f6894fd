// What the customer may show in a call beside their face: the other camera, their screen after a hint,
// a still that the agent asked for after a look at it.

import { words } from "./contact-words.js";
import { el } from "./nodes.js";
import { button, listOf } from "./overlay.js";
import { canShare, hasTwoCameras } from "./showing.js";
/** @import { CustomerCall } from "./customercall.js" */

const text = words.video.show;

export class CallShow {
  /** call: CustomerCall. @param {{call: CustomerCall}} parts */
  constructor({ call }) {
    this.call = call;
    this.flip = button(text.flip, () => call.own.flip(), "control", { hidden: true });
    this.share = button(text.share, () => (call.peer?.shown ? call.own.unshare() : this.#hint()), "control", { hidden: !canShare() });
    this.controls = el("div", { class: "controls more-controls" }, this.flip, this.share);
    this.node = el("div", { class: "show", role: "group", "aria-live": "polite", hidden: true });
    this.note = el("p", { class: "sharing", role: "status", hidden: true });
    this.drawn = "";
    hasTwoCameras().then((two) => {
      this.two = two;
      this.draw();
    });
  }

  /** Bring it in line with the call. */
  draw() {
    const { call } = this;
    const shown = Boolean(call.peer?.shown);
    this.flip.hidden = !this.two || shown || !call.peer?.camera;
    this.controls.hidden = this.flip.hidden && this.share.hidden;
    this.share.textContent = shown ? text.stop : text.share;
    this.share.setAttribute("aria-pressed", String(shown));
    this.note.hidden = !shown;
    this.note.textContent = text.sharing;
    if (shown) this.hinting = false;
    const drawn = call.still ? `still ${call.still.lastModified}` : this.hinting ? "hint" : "";
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.node.hidden = !drawn;
    this.node.replaceChildren(...(call.still ? this.#still(call.still) : this.hinting ? this.#hintNodes() : []));
    if (drawn) this.node.querySelector("button")?.focus();
  }

  #hint() {
    this.hinting = true;
    this.draw();
  }

  #hintNodes() {
    const over = () => {
      this.hinting = false;
      this.draw();
    };
    return [
      el("h3", {}, text.hintTitle),
      listOf("ul", text.hints),
      el(
        "p",
        { class: "actions" },
        button(text.hintNo, over, "plain"),
        button(text.hintYes, () => this.call.own.share().finally(over), "strong"),
      ),
    ];
  }

  /** @param {File} file */
  #still(file) {
    const address = URL.createObjectURL(file);
    const status = el("p", { class: "status-line", role: "status" });
    const image = el("img", { alt: text.still, src: address, onload: () => URL.revokeObjectURL(address) });
    const send = () => this.call.answer(true).catch(() => (status.textContent = words.failed));
    return [
      el("h3", {}, text.stillTitle),
      image,
      el("p", {}, text.stillLead),
      status,
      el("p", { class: "actions" }, button(text.stillNo, () => this.call.answer(false), "plain"), button(text.stillYes, send, "strong")),
    ];
  }
}
