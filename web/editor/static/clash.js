// Two wrote the same FAQ: what differs, field by field, the saved text and one's own.
import { element, part as place, say, send, words } from "./link.js";

const dialog = place("clash");
const differing = place("differing");
/** @typedef {Record<string, any>} Written the fields of an FAQ: texts, lists, flags, facets */
const LISTS = ["similar", "keywords", "related"];

/**
 * Returns what was chosen ("over", "reload", or ""), and the version that it was chosen over.
 * @param {string} path
 * @param {Written} mine
 * @param {(dialog: HTMLDialogElement) => Promise<string>} ask
 */
export async function clash(path, mine, ask) {
  const { ok, answer } = await send("GET", path);
  if (!ok) return { choice: "", version: mine.version };
  const gone = answer.text === null;
  place("clash-title").textContent = gone ? words.clashGone : words.clashSaved;
  place("clash-reload").textContent = gone ? words.dropMine : words.takeTheirs;
  const parts = gone ? [] : answer.fields ? compare(answer.fields, mine) : [whole(answer.text)];
  const same = !gone && !parts.length;
  const differences = same ? [element("p", { textContent: words.clashSame })] : parts;
  differing.replaceChildren(.../** @type {Node[]} */ (differences));
  const choice = await ask(dialog);
  return { choice, version: answer.version, base: answer.base, gone };
}

/**
 * @param {Written} theirs
 * @param {Written} mine
 */
function compare(theirs, mine) {
  return Object.keys(words.fields)
    .map((name) => (LISTS.includes(name) ? lists(name, theirs, mine) : values(name, theirs, mine)))
    .filter(Boolean);
}

/**
 * @param {string} name
 * @param {Written} theirs
 * @param {Written} mine
 */
function values(name, theirs, mine) {
  const [one, other] = [shown(theirs[name]), shown(mine[name])];
  return one === other ? null : part(words.fields[name], one, other);
}

/**
 * @param {string} name
 * @param {Written} theirs
 * @param {Written} mine
 */
function lists(name, theirs, mine) {
  const alone = (/** @type {string[]} */ own, /** @type {string[]} */ others) => own.filter((text) => !others.includes(text)).join("\n");
  const one = alone(theirs[name], mine[name]);
  const other = alone(mine[name], theirs[name]);
  return one || other ? part(say("onlyDiffering", { field: words.fields[name] }), one, other) : null;
}

/**
 * @param {string} title
 * @param {string} one
 * @param {string} other
 */
function part(title, one, other) {
  const side = (/** @type {string} */ kind, /** @type {string} */ caption, /** @type {string} */ text) =>
    element("figure", { className: kind },
      element("figcaption", { textContent: caption }),
      element("pre", { tabIndex: 0, textContent: text || words.nothing }));
  return element("section", {}, element("h3", { textContent: title }),
    element("div", { className: "pair" },
      side("theirs", words.theirs, one), side("mine", words.mine, other)));
}

/**
 * The saved file was broken by hand: its fields cannot be told apart.
 * @param {string} text
 */
function whole(text) {
  return element("section", {}, element("p", { textContent: words.clashBroken }),
    element("pre", { tabIndex: 0, textContent: text }));
}

/** @param {unknown} value */
function shown(value) {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.join("\n");
  // JSON keeps no order of names, so none is compared.
  if (value && typeof value === "object")
    return Object.entries(value).map(([name, text]) => `${name}: ${text}`).sort().join("\n");
  return String(value ?? "").split("\n").map((line) => line.trimEnd()).join("\n").trim();
}
