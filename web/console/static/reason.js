// Asks why, where an agent opens what is neither theirs nor waiting: the reason is recorded.

import { el } from "/widget/current/nodes.js";
import { words } from "./words.js";

/**
 * Resolves to the reason, or to "" where the agent would rather not look. thin: what was given before
 * and said nothing.
 * @param {string} thin
 * @returns {Promise<string>}
 */
export function askReason(thin = "") {
  const field = el("input", { id: "reason", maxlength: "200", autocomplete: "off", required: true, value: thin, "aria-describedby": thin ? "reason-thin" : null });
  const dialog = el(
    "dialog",
    { class: "card-form", "aria-labelledby": "reason-title" },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: "reason-title" }, words.lookWhy.title),
      el("label", { for: "reason" }, words.lookWhy.why),
      field,
      thin ? el("p", { class: "thin", id: "reason-thin", role: "alert" }, words.lookWhy.thin) : null,
      el(
        "p",
        { class: "pair" },
        el("button", { value: "", formnovalidate: true }, words.ask.no),
        el("button", { value: "yes", class: "strong" }, words.lookWhy.open),
      ),
    ),
  );
  // Enter in the line would press the first button, which is the cancelling one.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.target !== field) return;
    event.preventDefault();
    if (field.value.trim()) dialog.close("yes");
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        dialog.remove();
        resolve(dialog.returnValue === "yes" ? field.value.trim() : "");
      },
      { once: true },
    );
  });
}
