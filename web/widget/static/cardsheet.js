// The card as its customer sees it: what the agent will read, corrected until one is there.

import { words } from "./contact-words.js";
import { maskWith } from "./masking.js";
import { rules } from "./masking-words.js";
import { el } from "./nodes.js";
import { attachmentNode, chooser, sendPicture } from "./picture.js";
import { Overlay, button, listOf } from "./overlay.js";
/** @import { Extras } from "./extras.js" */
/** @import { Session } from "./session.js" */

const mask = maskWith(rules);
const DRAFT = "card"; // corrections that were not saved yet

export class CardSheet extends Overlay {
  /** @type {HTMLElement} */ status;
  /** @type {HTMLElement} */ pictures;
  /** @type {Map<string, HTMLInputElement | HTMLTextAreaElement>} by the card's fields */
  fields = new Map();

  /** session: Session. @param {{session: Session, extras: Extras}} parts */
  constructor({ session, extras }) {
    super({ name: "card-sheet", title: words.card.title });
    this.session = session;
    this.extras = extras;
  }

  /** Read the card and show it. */
  async open() {
    super.open();
    this.status = el("p", { class: "status-line", role: "status" });
    this.body.replaceChildren(this.status);
    try {
      const { card, editable } = await this.session.ask("GET", "/card");
      this.#draw(card, editable);
      if (editable) this.#restore();
    } catch {
      this.body.replaceChildren(el("p", {}, words.failed), button(words.again, () => this.open(), "strong"));
    }
  }

  /** Close it and forget what it held. */
  reset() {
    super.reset();
    this.body.replaceChildren();
    this.fields = new Map();
  }

  /** @param {Api.CardOut["card"]} card @param {boolean} editable */
  #draw(card, editable) {
    this.fields = new Map();
    const rows = Object.entries(words.card.field).map(([field, label]) => {
      const input = words.card.long.includes(field)
        ? el("textarea", { rows: "2", maxlength: "500", disabled: !editable, oninput: () => this.#keep() })
        : el("input", { type: "text", maxlength: "500", autocomplete: "off", disabled: !editable, oninput: () => this.#keep() });
      input.value = card[field] ?? "";
      input.dataset.before = input.value;
      this.fields.set(field, input);
      return el("label", {}, el("span", {}, label), input);
    });
    const tried = (card.tried ?? []).map((/** @type {{step: string}} */ { step }) => words.card.step[step] ?? step);
    this.pictures = el("div", { class: "pictures" });
    const add = chooser([words.card.addPicture], (/** @type {File} */ file) => this.#add(file), "plain");
    const save = el("button", { type: "submit", class: "strong" }, words.card.save);
    this.body.replaceChildren(
      el("p", { class: "lead" }, editable ? words.card.lead : words.card.locked),
      el(
        "form",
        {
          onsubmit: (event) => {
            event.preventDefault();
            this.#save(save);
          },
        },
        ...rows,
        editable ? el("p", { class: "hint" }, words.card.hint) : null,
        el("h3", {}, words.card.pictures),
        this.pictures,
        add.node,
        ...(tried.length ? [el("h3", {}, words.card.tried), listOf("ul", tried)] : []),
        this.status,
        editable ? el("p", { class: "actions" }, save) : null,
      ),
    );
    this.#drawPictures();
  }

  #drawPictures() {
    const sent = this.session.list().filter(({ type }) => type === "attachment");
    this.pictures.replaceChildren(
      ...sent.map(({ data }) => attachmentNode(data, (/** @type {string} */ path) => this.session.open(path))),
    );
  }

  /** @param {File} file */
  async #add(file) {
    this.status.textContent = words.picture.sending;
    this.status.textContent = (await sendPicture(this.session, file, this.extras.sheets.consent)) ?? "";
    this.#drawPictures();
  }

  // What the customer changed and has not saved, secrets hidden: {field: text}.
  #changes() {
    const changed = [...this.fields].filter(([, input]) => input.value !== input.dataset.before);
    return Object.fromEntries(
      changed.map(([field, input]) => [field, mask(input.value.trim(), words.card.expects[field] ?? "order_number").text]),
    );
  }

  #keep() {
    this.session.drawer.set(DRAFT, this.#changes());
  }

  #restore() {
    for (const [field, text] of Object.entries(this.session.drawer.get(DRAFT, {}))) {
      const input = this.fields.get(field);
      if (input) input.value = text;
    }
  }

  /** @param {HTMLButtonElement} button_ */
  async #save(button_) {
    const body = this.#changes();
    const changed = Object.keys(body);
    button_.disabled = true;
    try {
      if (changed.length) {
        const { card } = await this.session.ask("PUT", "/card", body);
        for (const [field, input] of this.fields) input.value = input.dataset.before = card[field] ?? "";
      }
      this.session.drawer.drop(DRAFT);
      this.status.textContent = words.card.saved;
    } catch (problem) {
      this.status.textContent = problem.status === 409 ? words.card.locked : words.failed;
    }
    button_.disabled = false;
  }
}
