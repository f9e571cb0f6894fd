// Notes beside the fields: what the server found, and what it could not even read.
import { element, say, words } from "./link.js";

const box = (name) => document.querySelector(`.notes[data-field="${name}"]`);
const input = (notes) => notes.parentElement.querySelector("input, textarea, select");
const SAME = { valid_from: "valid", valid_until: "valid", start: "end" };

export function note(found) {
  for (const notes of document.querySelectorAll(".notes")) notes.replaceChildren();
  for (const item of found) (box(item.field) ?? box("file"))?.append(row(item));
  for (const notes of document.querySelectorAll(".notes")) {
    const field = input(notes);
    const bad = Boolean(notes.querySelector(".error"));
    const folded = notes.closest("details");
    if (bad && folded) folded.open = true;
    if (!field || !notes.closest(".field")) continue;
    notes.id ||= `${field.id}-notes`;
    field.setAttribute("aria-describedby", notes.id);
    field.toggleAttribute("aria-invalid", bad);
  }
}

export function row(item) {
  const level = element("b", { textContent: words[`${item.severity}Level`] });
  const made = element("li", { className: item.severity }, level, ` ${item.why}`);
  if (item.mend) made.append(` → ${item.mend}`);
  if (item.line) made.title = say("line", { n: item.line });
  if (item.other)
    made.append(" ", element("a", { href: `/editor/faq/${item.other}`, target: "_blank", rel: "noopener", textContent: words.openOther }));
  return made;
}

// Bring the first field with an error into sight.
export function first() {
  /** @type {HTMLElement | null} */ (document.querySelector("[aria-invalid]"))?.focus();
}

// A request of the wrong form (422): `errors` name the fields, the words are ours.
export function misread(errors = []) {
  return errors.map(({ field }) => {
    const [name, at] = field.split(".");
    const which = at === undefined ? "" : say("entry", { n: Number(at) + 1 });
    const why = which + (words.invalid[name] || words.invalid.other);
    return { field: SAME[name] || name, severity: "error", why };
  });
}
