// The card as the agent corrects it: category, urgency, and what the customer's words came to.

import { el } from "/widget/current/nodes.js";
import { fields as written } from "../flow-words.js";
import { call } from "./link.js";
import { words } from "./words.js";

/**
 * Ask for corrections of a case and send them; resolves to whether anything was sent.
 * @param {Desk.Row} conversation
 * @param {Desk.Card} card
 * @param {{onProblem: () => unknown}} hooks
 * @returns {Promise<boolean>}
 */
export function editCard(conversation, card, { onProblem }) {
  const topics = Object.entries(words.topic);
  const known = conversation.topic ?? card.topic ?? "";
  if (known && !Object.hasOwn(words.topic, known)) topics.push([known, known]);
  const topic = el(
    "select",
    { id: "case-topic" },
    known ? null : el("option", { value: "" }, "—"),
    ...topics.map(([value, text]) => el("option", { value, selected: value === known }, text)),
  );
  const urgent = el("input", { type: "checkbox", id: "case-urgent", checked: conversation.urgent });
  const fields = /** @type {(keyof typeof written)[]} */ (Object.keys(written)).map((name) => {
    const { lines } = written[name];
    const kind = lines > 1 ? "textarea" : "input";
    const field = el(kind, { id: `case-${name}`, maxlength: "500", rows: kind === "textarea" ? String(lines) : null, autocomplete: "off" });
    field.value = card[name] ?? "";
    return { name, field };
  });
  const tags = el("input", { id: "case-tags", maxlength: "200", autocomplete: "off" });
  tags.value = (conversation.tags ?? []).join(" ");
  const wishedTags = () => tags.value.split(/[\s,，、]+/).filter(Boolean);
  const common = el("p", { class: "tags common" });
  call("GET", "/tags").then((/** @type {{tags: string[]}} */ { tags: usual }) => {
    const add = (/** @type {string} */ tag) => !wishedTags().includes(tag) && (tags.value = [...wishedTags(), tag].join(" "));
    common.replaceChildren(...usual.map((tag) => el("button", { type: "button", onclick: () => add(tag) }, `#${tag}`)));
  }, () => {});
  const dialog = el(
    "dialog",
    { class: "card-form", "aria-labelledby": "card-form-title" },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: "card-form-title" }, words.cardForm.title),
      el("label", { for: "case-topic" }, words.field.topic),
      topic,
      el("label", { class: "choice" }, urgent, words.cardForm.urgent),
      el("label", { for: "case-tags" }, words.cardForm.tags),
      tags,
      common,
      ...fields.flatMap(({ name, field }) => [el("label", { for: field.id }, words.field[name]), field]),
      el(
        "p",
        { class: "pair" },
        el("button", { value: "", formnovalidate: true }, words.ask.no),
        el("button", { value: "yes", class: "strong" }, words.cardForm.save),
      ),
    ),
  );
  // Enter in a line would press the first button, which is the cancelling one.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || /** @type {Element} */ (event.target).localName !== "input") return;
    event.preventDefault();
    dialog.close("yes");
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      async () => {
        const wish = { urgent: urgent.checked, card: /** @type {Record<string, string>} */ ({}), tags: wishedTags(), topic: topic.value || undefined };
        for (const { name, field } of fields) if (field.value.trim() !== (card[name] ?? "")) wish.card[name] = field.value.trim();
        const done = dialog.returnValue === "yes";
        dialog.remove();
        if (done) await call("PUT", `/conversations/${conversation.id}/case`, wish).catch(onProblem);
        resolve(done);
      },
      { once: true },
    );
  });
}
