// Agents' proposals: each is taken as a similar question, done by hand, or declined.
import { part, send, trouble } from "./link.js";

const list = part("improvements");
const told = part("improved");

list?.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? /** @type {HTMLButtonElement | null} */ (event.target.closest("button[data-verb]")) : null;
  if (!button) return;
  const row = /** @type {HTMLElement} */ (button.closest("li"));
  const verb = button.dataset.verb ?? "";
  button.disabled = true;
  const { ok, status, answer } = await send("POST", `/improvements/${row.dataset.id}/${verb}`, { reason: list.dataset.reason });
  button.disabled = false;
  if (!ok) return say(...failure(status, answer));
  say((answer.draft ? list.dataset.draft : list.dataset[verb]) ?? "");
  row.remove();
  part("no-improvements").hidden = Boolean(list.querySelector("li"));
});

/**
 * @param {number} status
 * @param {any} answer
 */
function failure(status, answer) {
  if (status === 422 && answer.findings?.length) return [answer.findings.map((/** @type {Edit.Finding} */ { why }) => why).join("；")];
  return status === 409 || status === 404 ? [list.dataset.gone ?? ""] : trouble(status);
}

/** @param {...(Node | string)} words */
function say(...words) {
  told.replaceChildren(...words);
  told.hidden = false;
}
