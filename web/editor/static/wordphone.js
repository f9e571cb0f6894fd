// The try-out beside a file of words: the customer's phone, by the file as it is written now.
import { element, later, part as field, send, trouble, words } from "./link.js";

/**
 * @param {string} name  the file's path below the pages
 * @param {() => object} written
 * @param {(box: HTMLElement) => string | string[]} value
 */
export function phone(name, written, value) {
  const { tries } = field("form").dataset;
  const log = field("log");
  const line = document.getElementById("line") ? field("line") : null;
  /** @type {HTMLElement | null} */
  let shown = null;
  let message = "";
  let asked = 0;

  function bubble(/** @type {Edit.Told} */ { kind, html, text }) {
    const made = element("div", { className: `said ${kind === "note" ? "end" : kind} ${html ? "html" : ""}` });
    if (html) made.innerHTML = html;
    else made.textContent = text;
    return made;
  }

  const note = (/** @type {string} */ text) => element("p", { className: "said end", textContent: text });

  // A table is one text; what is said of it are its lines, without the names before them.
  function said(/** @type {HTMLElement} */ box) {
    const found = [value(box)].flat();
    return ["table", "lines", "groups"].includes(box.dataset.kind ?? "") ? found.flatMap((one) => one.split("\n")).map((one) => one.replace(/^[^:：]*[:：]/, "")).slice(0, 40) : found;
  }

  async function walk() {
    if (tries === "show" && !shown) return log.replaceChildren(note(words.pick));
    if (tries === "hear" && !message) return;
    const turn = ++asked;
    const about = shown ? { path: JSON.parse(shown.dataset.path ?? "[]"), said: said(shown) } : {};
    const { ok, status, answer } = await send("POST", `/${name}/try`, { ...written(), message, ...about });
    if (turn !== asked) return;
    if (!ok) return log.replaceChildren(element("p", { className: "said end" }, ...(status === 422 ? [words.unreadable] : trouble(status))));
    if (!answer.told) return log.replaceChildren(note(words.unreadable));
    log.replaceChildren(...answer.told.map(bubble));
    field("keys").replaceChildren(...answer.buttons.map((/** @type {string} */ title) => element("button", { type: "button", textContent: title, disabled: true })));
  }

  const soon = later(walk, 500);
  document.addEventListener("focusin", (event) => {
    const box = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".word"));
    if (tries !== "show" || !box || box === shown) return;
    shown = box;
    walk();
  });
  if (!["show", "means"].includes(tries ?? "")) field("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    message = line ? line.value.trim() : "";
    if (tries === "hear" && line) line.value = "";
    if (message || tries === "all") log.replaceChildren(note(words.trying));
    walk();
  });
  if (tries !== "all") walk();
  return { soon };
}
