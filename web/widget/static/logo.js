// The company's logo, as the chat draws it.

import { shape } from "./nodes.js";
import { face } from "./words.js";

/** Draw the logo. */
export function logo() {
  const svg = shape("svg", { viewBox: face.box, class: "logo", "aria-hidden": "true" });
  for (const [kind, attributes] of face.shapes) svg.append(shape(kind, attributes));
  return svg;
}
