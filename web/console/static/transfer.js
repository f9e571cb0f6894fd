// Handing a customer on: to a colleague who is there or back to the queue, with a note.

import { el } from "/widget/current/nodes.js";
import { call } from "./link.js";
import { fill, nameOf } from "./list.js";
import { words } from "./words.js";

const said = words.transfer;

/**
 * Ask to whom and why; resolves to {to, note}, or null when it was cancelled.
 * ticket: a message left for later, which a colleague need not be there for · title, yes: other words.
 * @param {Desk.Row} conversation
 * @param {{ticket?: boolean, title?: string, yes?: string}} [how]
 * @returns {Promise<{to: number | null, note: string} | null>}
 */
export function askTransfer(conversation, { ticket = false, title = said.title, yes = said.yes } = {}) {
  const list = el("div", { class: "colleagues", role: "status" }, el("p", {}, said.loading));
  const note = el("textarea", { id: "transfer-note", rows: "3", maxlength: "1000" });
  const dialog = el(
    "dialog",
    { class: "transfer", "aria-labelledby": "transfer-title" },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: "transfer-title" }, fill(title, { name: nameOf(conversation) })),
      el("fieldset", {}, el("legend", {}, said.to), choice("", ticket ? said.all : said.queue, ticket ? said.allHint : said.queueHint, true), list),
      el("label", { for: "transfer-note" }, said.note),
      note,
      el("p", { class: "hint" }, said.noteHint),
      el(
        "p",
        { class: "pair" },
        el("button", { value: "" }, words.ask.no),
        el("button", { value: "yes", class: "strong" }, yes),
      ),
    ),
  );
  // Enter in a radio would press the first button, which is the cancelling one.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || /** @type {Element} */ (event.target).localName !== "input") return;
    event.preventDefault();
    dialog.close("yes");
  });
  document.body.append(dialog);
  call("GET", "/agents").then(
    ({ agents }) => list.replaceChildren(...colleagues(agents, ticket)),
    () => list.replaceChildren(el("p", {}, said.failed)),
  );
  dialog.showModal();
  dialog.querySelector("input")?.focus();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        const to = /** @type {HTMLInputElement | null} */ (dialog.querySelector("input:checked"))?.value;
        const done = dialog.returnValue === "yes";
        dialog.remove();
        resolve(done ? { to: to ? Number(to) : null, note: note.value.trim() } : null);
      },
      { once: true },
    );
  });
}

/** @param {Desk.Colleague[]} agents @param {boolean} ticket */
function colleagues(agents, ticket) {
  const there = agents.filter(({ status }) => ticket || status === "online");
  if (!there.length) return [el("p", { class: "none" }, said.nobody)];
  return there.map(({ id, name, chats, max_chats: max }) => {
    const full = !ticket && chats >= max;
    const hint = fill(full ? said.full : said.load, { n: chats, max });
    return choice(id, name, hint, false, full);
  });
}

/** @param {string | number} value @param {string} name @param {string} hint @param {boolean} checked */
function choice(value, name, hint, checked, disabled = false) {
  return el(
    "label",
    { class: disabled ? "choice off" : "choice" },
    el("input", { type: "radio", name: "to", value, checked, disabled }),
    el("span", {}, el("b", {}, name), " ", el("small", {}, hint)),
  );
}
