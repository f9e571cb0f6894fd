// Leaving a message while nobody is there: a text, and an address for who wants the answer by mail.

import { maskWith } from "./masking.js";
import { rules } from "./masking-words.js";
import { el } from "./nodes.js";
import { words } from "./words.js";
/** @import { Session } from "./session.js" */

const mask = maskWith(rules);
const said = words.ticket;

/**
 * Return the form. session: Session · mail: whether answers can go out by mail · onDone(): it was
 * taken. What was written, and the id under which it goes out, outlive a reload.
 * @param {{session: Session, mail: boolean, onDone: () => unknown}} parts
 */
export function ticketForm({ session, mail, onDone }) {
  const { drawer } = session;
  /** @type {HTMLTextAreaElement} */
  const text = el("textarea", {
    id: "ticket-text", rows: "5", maxlength: "2000", required: true, "aria-describedby": "ticket-hint",
    oninput: () => drawer.set("ticket", mask(text.value, null).text),
  });
  text.value = drawer.get("ticket", "");
  const email = el("input", {
    id: "ticket-email", type: "email", autocomplete: "email", maxlength: "254", inputmode: "email",
    "aria-describedby": "email-hint",
  });
  const fault = el("p", { class: "fault", role: "alert", hidden: true });
  const send = el("button", { type: "submit", class: "strong" }, said.send);
  /** @param {string} why @param {HTMLElement} field */
  const fail = (why, field) => {
    fault.textContent = why;
    fault.hidden = false;
    field?.focus();
  };
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    fault.hidden = true;
    if (!text.value.trim()) return fail(said.empty, text);
    if (!email.validity.valid) return fail(said.badEmail, email);
    send.disabled = true;
    try {
      const body = { text: mask(text.value.trim(), null).text, email: email.value.trim() || undefined };
      await session.once("/ticket", body);
      drawer.drop("ticket");
      onDone();
    } catch (problem) {
      const about = problem.told?.errors?.map((/** @type {Api.FieldProblem} */ { field }) => field) ?? [];
      if (about.includes("email") || problem.code === "bad-address") fail(said.badEmail, email);
      else fail(said.failed, send);
    } finally {
      send.disabled = false;
    }
  };
  return el(
    "form",
    { class: "form", novalidate: true, onsubmit: submit },
    el("p", { class: "lead" }, said.lead),
    el("label", { for: "ticket-text" }, said.text),
    text,
    el("p", { class: "hint", id: "ticket-hint" }, said.textHint),
    ...(mail
      ? [el("label", { for: "ticket-email" }, said.email), email, el("p", { class: "hint", id: "email-hint" }, said.emailHint)]
      : []),
    fault,
    send,
  );
}
