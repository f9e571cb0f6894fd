// A picture of an answer: only ours, loaded late into room that is kept for it; a tap enlarges it.

import { el } from "./nodes.js";

// /pictures/<digest>/<name>, of a photo its narrowest width; then its size and further widths
const OURS = /^(\/pictures\/[a-z]+\/[a-z0-9-]+\.\w+)(?:\/(\d+)\.webp)?#(\d+)x(\d+)((?:-\d+)*)$/;

/** Return the node of a picture, or its words where it is none of ours. @param {string} alt @param {string} target @param {string} base */
export function figureNode(alt, target, base) {
  const [all, path, first, width, height, more] = OURS.exec(target) ?? [];
  if (!all) return alt;
  const home = base.replace(/\/$/, ""); // the site may stand below a path
  /** @param {string | undefined} wide */
  const at = (wide) => home + (first ? `${path}/${wide}.webp` : path);
  const widths = first ? [first, ...more.split("-").slice(1)] : [];
  const srcset = widths.map((wide) => `${at(wide)} ${wide}w`).join() || null;
  const image = el("img", { alt, width, height, loading: "lazy", sizes: srcset && "280px", srcset, src: at(first) });
  const link = el("a", { class: "figure", href: at(widths.at(-1)), target: "_blank", rel: "noopener" }, image);
  link.onclick = (event) => {
    event.preventDefault();
    import("./enlarged.js").then(({ enlarge }) => enlarge(link), () => open(link.href));
  };
  return link;
}
