// Booking a callback, and what stands while one is booked.

import { timeOf } from "./clock.js";
import { words } from "./contact-words.js";
import { dayName, momentOf, spanOf } from "./moments.js";
import { el } from "./nodes.js";
import { Overlay, button, listOf } from "./overlay.js";
import { fill } from "./words.js";
/** @import { Extras } from "./extras.js" */
/** @import { Session } from "./session.js" */

const PROMPT = "+86 ";
const KEPT = 3_600_000; // ms for which a number that was not sent stays on the device
const DRAFT = "callback"; // the number as far as it was typed; gone once it was taken, or at sign-out

export class CallbackSheet extends Overlay {
  /** @type {HTMLElement} */ status;
  /** @type {HTMLInputElement} */ number;
  /** @type {HTMLButtonElement} */ submit;
  /** @type {HTMLElement} */ radios;
  /** @type {string | null} */ drawn = null;
  /** session: Session · extras: {callback, refresh()}. @param {{session: Session, extras: Extras}} parts */
  constructor({ session, extras }) {
    super({ name: "callback-sheet", title: words.callback.title });
    this.session = session;
    this.extras = extras;
    /** @type {string | null} */ this.chosen = null;
  }

  /** Show the booking, or what is booked. */
  async open() {
    super.open();
    await this.extras.refresh();
    this.draw(true);
  }

  /** Close it and forget the number. */
  reset() {
    super.reset();
    this.body.replaceChildren();
    this.drawn = null;
  }

  /** Bring the sheet in line with what is booked. */
  draw(anew = false) {
    if (!this.isOpen) return;
    const { callback } = this.extras;
    const drawn = JSON.stringify(callback);
    if (!anew && this.drawn === drawn) return;
    this.drawn = drawn;
    if (callback) this.#drawBooked(callback);
    else this.#drawForm();
  }

  /** @param {Api.CallbackOut} callback */
  #drawBooked(callback) {
    const text = words.callback;
    const calling = callback.state === "calling";
    const retry = callback.attempts > 0 && !calling;
    const unproven = callback.state === "unproven";
    const status = unproven
      ? fill(text.unproven, { number: callback.number })
      : calling
      ? text.calling
      : retry ? fill(text.retry, { time: momentOf(callback.due), n: callback.attempts + 1 }) : text.booked;
    this.status = el("p", { class: "status-line", role: "status" });
    this.body.replaceChildren(
      el("p", { class: "big" }, status),
      el(
        "dl",
        {},
        el("dt", {}, text.time), el("dd", {}, spanOf(callback.slot, callback.until)),
        el("dt", {}, text.number_), el("dd", {}, callback.number),
      ),
      ...(unproven ? [] : [codeNode(callback.code, words.code.callback)]),
      el("h3", {}, text.prepare),
      listOf("ul", text.prepareList),
      this.status,
      ...(calling
        ? []
        : [
            el(
              "p",
              { class: "actions" },
              ...(unproven ? [] : [button(text.move, () => this.#drawForm(callback), "plain")]),
              button(text.cancel, () => this.#askCancel(), "plain danger"),
            ),
          ]),
    );
  }

  #askCancel() {
    const text = words.callback;
    const ask = el(
      "div",
      { class: "ask", role: "alertdialog", "aria-label": text.cancelAsk },
      el("p", {}, text.cancelAsk),
      button(text.keep, () => this.draw(true), "plain"),
      button(text.cancelYes, () => this.#act("DELETE"), "strong danger"),
    );
    this.body.querySelector(".actions")?.replaceWith(ask);
    ask.querySelector("button")?.focus();
  }

  /** @param {Api.CallbackOut | null | false} moving */
  async #drawForm(moving = null) {
    const text = words.callback;
    this.chosen = null;
    this.status = el("p", { class: "status-line", role: "alert" });
    /** @type {Api.SlotsOut} */
    let told;
    try {
      told = await this.session.ask("GET", "/callback/slots");
    } catch {
      this.body.replaceChildren(el("p", {}, words.failed), button(words.again, () => this.draw(true), "strong"));
      return;
    }
    if (!told.slots.length) {
      this.body.replaceChildren(el("p", {}, text.none));
      return;
    }
    this.number = el("input", {
      type: "tel", inputmode: "tel", autocomplete: "tel", required: true, maxlength: "40",
      value: this.#draft(),
      oninput: () => this.session.drawer.set(DRAFT, { number: this.number.value, at: Date.now() }),
      "aria-describedby": "number-hint", placeholder: PROMPT,
    });
    this.submit = el("button", { type: "submit", class: "strong" }, moving ? text.moveTo : text.book);
    this.radios = el("div", { class: "slots" });
    const days = [...new Set(told.slots.map(({ start }) => new Date(start).toDateString()))];
    /** @type {HTMLSelectElement} */
    const day = el("select", { "aria-label": text.day, onchange: () => this.#drawDay(told.slots, day.value) });
    for (const name of days) day.append(el("option", { value: name }, dayName(new Date(name))));
    this.body.replaceChildren(
      el("p", { class: "lead" }, text.lead),
      el(
        "form",
        {
          novalidate: true,
          onsubmit: (event) => {
            event.preventDefault();
            this.#send(moving);
          },
        },
        ...(moving
          ? []
          : [
              el("label", {}, el("span", {}, text.number), this.number),
              el("p", { class: "hint", id: "number-hint" }, text.numberHint),
            ]),
        el("h3", {}, text.suggested),
        el("div", { class: "slots" }, ...told.suggested.map((slot) => this.#slot(slot, true))),
        el("h3", {}, text.others, day),
        this.radios,
        this.status,
        el("p", { class: "actions" }, this.submit),
      ),
    );
    this.#drawDay(told.slots, days[0]);
  }

  /** @param {Api.SlotOut[]} slots @param {string} day */
  #drawDay(slots, day) {
    const rank = { quiet: 0, normal: 1, busy: 2 };
    const ofDay = slots.filter(({ start }) => new Date(start).toDateString() === day);
    ofDay.sort((a, b) => rank[a.load] - rank[b.load] || a.start.localeCompare(b.start));
    this.radios.replaceChildren(...ofDay.map((slot) => this.#slot(slot, false)));
  }

  #draft() {
    const { number = "", at = 0 } = this.session.drawer.get(DRAFT, {});
    if (Date.now() - at < KEPT) return number;
    this.session.drawer.drop(DRAFT);
    return "";
  }

  /** @param {Api.SlotOut} slot @param {boolean} withDay */
  #slot(slot, withDay) {
    const at = new Date(slot.start);
    const load = words.callback.load[slot.load];
    return el(
      "label",
      { class: `slot ${slot.load}` },
      el("input", { type: "radio", name: "slot", value: slot.start, onchange: () => (this.chosen = slot.start) }),
      el("span", {}, withDay ? `${dayName(at)} ${timeOf(at)}` : timeOf(at), load ? el("small", {}, load) : null),
    );
  }

  /** @param {Api.CallbackOut | null | false} moving */
  async #send(moving) {
    if (!moving && !this.number.value.trim()) return this.#say(words.callback.problem.form, this.number);
    if (!this.chosen) return this.#say(words.callback.when);
    this.submit.disabled = true;
    const body = moving ? { start: this.chosen } : { number: this.number.value, start: this.chosen };
    await this.#act(moving ? "PUT" : "POST", body);
    this.submit.disabled = false;
    return null;
  }

  /** @param {string} method @param {object} [body] */
  async #act(method, body) {
    try {
      if (method === "POST") await this.session.once("/callback", body ?? {});
      else await this.session.ask(method, "/callback", body);
      this.session.drawer.drop(DRAFT);
    } catch (problem) {
      const known = words.callback.problem[problem.told?.reason] ?? words.callback.problem[problem.code];
      // What was offered has changed meanwhile: show what there is now, and why.
      if (["slot-full", "no-slot"].includes(problem.code)) await this.#drawForm(method === "PUT" && this.extras.callback);
      else if (problem.status === 409 || problem.status === 404) await this.#renew();
      this.#say(known ?? (problem.status === 0 ? words.offline : words.failed));
      return;
    }
    await this.#renew();
    this.heading.focus({ preventScroll: true });
  }

  async #renew() {
    await this.extras.refresh();
    this.draw(true);
  }

  /**
   * @param {string} text
   * @param {HTMLElement | null} [field] what it is about
   */
  #say(text, field = null) {
    this.status.textContent = text;
    this.status.scrollIntoView?.({ block: "nearest" });
    field?.focus();
  }
}

/** Return the code that whoever calls must say, with the rule. @param {string} code @param {string} label */
export function codeNode(code, label) {
  return el(
    "div",
    { class: "code" },
    el("span", {}, label),
    el("strong", { "aria-label": code.split("").join(" ") }, code),
    el("small", {}, words.code.rule, " ", words.code.never),
  );
}
