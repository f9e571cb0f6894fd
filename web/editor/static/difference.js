// What differs from the file that is live, line by line.
import { element, part as field } from "./link.js";

/** @param {Edit.Line[]} lines */
export function differing(lines) {
  field("same").hidden = lines.length > 0;
  field("differing").replaceChildren(...lines.map(({ mark, parts }) => {
    const made = element("p", { className: "changed" }, element("span", { className: "mark", textContent: `${mark} ` }));
    for (const [op, text] of parts)
      made.append(op === "same" ? text : element(op === "gone" ? "del" : "ins", { textContent: text }));
    return made;
  }));
}
