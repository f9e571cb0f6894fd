// Chooses how to be told of answers: by this browser, by e-mail, or not at all.

import { words } from "./contact-words.js";
import { el } from "./nodes.js";
import { Overlay, button } from "./overlay.js";
import { permission } from "./pushing.js";
import { fill } from "./words.js";
/** @import { Reach } from "./reach.js" */
/** @import { Problem } from "./transport.js" */

const said = words.reach;

/** @typedef {(control: HTMLButtonElement, doing: () => Promise<unknown>, done: string) => Promise<void>} Act */

export class ReachSheet extends Overlay {
  /** reach: Reach. @param {{reach: Reach}} parts */
  constructor({ reach }) {
    super({ name: "reach-sheet", title: said.title });
    this.reach = reach;
  }

  /** Show it with what is known. */
  async show() {
    this.open();
    this.fill([el("p", { class: "status-line", role: "status" }, words.reach.reading)]);
    try {
      await this.reach.read();
      this.#draw();
    } catch {
      this.fill([el("p", { class: "status-line", role: "alert" }, words.failed)]);
    }
  }

  #draw(note = "") {
    const { told, canPush } = this.reach;
    const status = el("p", { class: note ? "status-line done" : "status-line", role: "status" }, note);
    const show = el("input", { type: "checkbox", id: "reach-words" });
    show.checked = told.words;
    /** @type {Act} */
    const act = async (control, doing, done) => {
      control.disabled = true;
      try {
        await doing();
        this.#draw(done);
      } catch (problem) {
        control.disabled = false;
        status.className = "status-line";
        status.textContent = this.#reason(problem);
      }
    };
    /** @type {HTMLElement[]} */
    const nodes = [el("p", { class: "lead" }, said.lead)];
    if (told.push || told.email) nodes.push(this.#state(told, act));
    const push = told.push_key && canPush && !told.push;
    if (push || told.mail) {
      nodes.push(el("label", { class: "check" }, show, el("span", {}, said.words)));
    }
    if (push && permission() === "denied") nodes.push(el("p", { class: "hint" }, said.denied));
    else if (push) {
      const on = button(said.push, () => act(on, () => this.reach.push(show.checked), said.pushed), "strong");
      nodes.push(el("p", { class: "actions" }, on));
    }
    if (told.mail) nodes.push(this.#mail(act, show));
    if (!push && !told.mail && !told.push) nodes.push(el("p", { class: "hint" }, said.none));
    const more = el("a", { href: `${this.reach.base}/privacy`, target: "_blank", rel: "noopener" }, said.page);
    this.fill([...nodes, status, el("p", { class: "hint" }, said.more, more)]);
  }

  /** @param {Api.ReachOut} told @param {Act} act */
  #state(told, act) {
    const ways = [told.push ? said.onHere : "", told.email ? fill(said.onMail, { email: told.email }) : ""];
    const end = button(said.end, () => act(end, () => this.reach.end(), said.ended), "plain");
    return el("div", { class: "on" }, ...ways.filter(Boolean).map((way) => el("p", {}, way)), el("p", { class: "actions" }, end));
  }

  /** @param {Act} act @param {HTMLInputElement} show */
  #mail(act, show) {
    const email = el("input", { id: "reach-email", type: "email", autocomplete: "email", maxlength: "254", inputmode: "email" });
    const send = el("button", { type: "submit", class: "plain" }, said.mail);
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      if (email.value.trim() && email.validity.valid) act(send, () => this.reach.mail(email.value.trim(), show.checked), said.mailed);
      else email.focus();
    };
    return el(
      "form",
      { class: "form", novalidate: true, onsubmit: submit },
      el("label", { for: "reach-email" }, said.email),
      email,
      el("p", { class: "hint" }, said.emailHint),
      el("p", { class: "actions" }, send),
    );
  }

  /** @param {Problem} problem */
  #reason(problem) {
    if (permission() === "denied" && !problem.told) return said.denied;
    return problem.code === "bad-address" ? said.badEmail : problem.told ? words.failed : said.pushFailed;
  }
}
