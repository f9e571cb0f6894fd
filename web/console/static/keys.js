// The keyboard: single keys, never while something is being typed or a dialog is open.

/**
 * @typedef {{step: (by: number) => unknown, next: () => unknown, claim: () => unknown, reply: () => unknown,
 *   close: () => unknown, transfer: () => unknown, note: () => unknown, giveBack: () => unknown, card: () => unknown,
 *   canned: () => unknown, back: () => unknown, help: () => unknown}} Acts what keys do
 */

/** @type {Record<string, (act: Acts) => unknown>} */
const KEYS = {
  j: (act) => act.step(1),
  ArrowDown: (act) => act.step(1),
  k: (act) => act.step(-1),
  ArrowUp: (act) => act.step(-1),
  n: (act) => act.next(),
  c: (act) => act.claim(),
  r: (act) => act.reply(),
  e: (act) => act.close(),
  t: (act) => act.transfer(),
  m: (act) => act.note(),
  u: (act) => act.giveBack(),
  i: (act) => act.card(),
  Escape: (act) => act.back(),
  "?": (act) => act.help(),
};

/**
 * Call the actions by their keys; see the table in the console's help.
 * letters(): whether single letters count; arrows, Esc and Ctrl+K always do.
 * @param {Acts} actions
 */
export function listen(actions, letters = () => true) {
  document.addEventListener("keydown", (event) => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
    if (command && !/** @type {Element} */ (event.target).closest("dialog[open]")) {
      event.preventDefault();
      actions.canned();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
    if (/** @type {Element} */ (event.target).closest("input, textarea, select, dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // In the log the arrows scroll.
    if (key.startsWith("Arrow") && /** @type {Element} */ (event.target).closest("[role=log]")) return;
    const action = KEYS[key];
    if (!action || (key.length === 1 && !letters())) return;
    event.preventDefault();
    action(actions);
  });
}
