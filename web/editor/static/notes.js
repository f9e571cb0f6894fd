// Notes beside the fields: what the server found, and what it could not even read.
import { element, say, words } from "./link.js";

const box = (/** @type {string} */ name) => document.querySelector(`.notes[data-field="${name}"]`);
const input = (/** @type {Element} */ notes) => notes.parentElement?.querySelector("input, textarea, select");
/** @type {Record<string, string>} */
const SAME = { valid_from: "valid", valid_until: "valid", start: "end" };

/** @param {Edit.Finding[]} found */
export function note(found) {
  for (const notes of document.querySelectorAll(".notes")) notes.replaceChildren();
  for (const item of found) (box(item.field ?? "") ?? box("file"))?.append(row(item));
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

/** @param {Edit.Finding} item */
export function row(item) {
  const level = element("b", { textContent: words[`${item.severity}Level`] });
  const made = element("li", { className: item.severity }, level, ` ${item.why}`);
  if (item.fix) made.append(` → ${item.fix}`);
  if (item.line) made.title = say("line", { n: item.line });
  if (item.other)
    made.append(" ", element("a", { href: `/editor/faq/${item.other}`, target: "_blank", rel: "noopener", textContent: words.openOther }));
  return made;
}

// Go to the first field with an error and bring what is wrong into sight: it stands below the field.
export function first() {
  const field = /** @type {HTMLElement | null} */ (document.querySelector("[aria-invalid]"));
  field?.focus();
  field?.closest(".field")?.querySelector(".notes .error")?.scrollIntoView({ block: "center" });
}

/**
 * A request of the wrong form (422): `errors` name the fields, the words are ours.
 * @param {{ field: string }[]} errors
 */
export function misread(errors = []) {
  return errors.map(({ field }) => {
    const [name, at] = field.split(".");
    const which = at === undefined ? "" : say("entry", { n: Number(at) + 1 });
    const why = which + (words.invalid[name] || words.invalid.other);
    return { field: SAME[name] || name, severity: "error", why };
  });
}
