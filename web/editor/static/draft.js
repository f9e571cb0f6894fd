// A draft: published now or at a time, turned down, taken back, talked about.
import { leave, part as field, send, trouble, words } from "./link.js";
import "./said.js";

const state = field("state");

/** @param {...(Node | string)} parts */
function refuse(...parts) {
  state.replaceChildren(...parts);
  state.hidden = false;
}

/**
 * @param {Part} form
 * @param {string} verb
 * @param {object} body
 */
async function decide(form, verb, body) {
  const { id, edition } = form.dataset;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  const { ok, status, answer } = await send("POST", `/drafts/${id}/${verb}`, { edition: Number(edition), ...body });
  for (const button of form.querySelectorAll("button")) button.disabled = false;
  if (ok) {
    leave(words[answer.state] + (answer.in_git === false ? words.notInGit : ""));
    location.href = "/editor/drafts";
  } else if (status === 409) refuse(words.changed);
  else if (status === 403) refuse(words.notYours);
  else if (status === 422) refuse(words.cannot + (answer.findings || []).map((/** @type {Edit.Finding} */ item) => item.why).join("；"));
  else refuse(...trouble(status));
}

field("decide")?.addEventListener("submit", (event) => {
  event.preventDefault();
  decide(field("decide"), "publish", { due: field("due").value || null });
});
field("reject")?.addEventListener("click", () => decide(field("decide"), "reject", { text: field("text").value.trim() }));
field("withdraw")?.addEventListener("click", () => decide(field("own"), "withdraw", {}));
field("speak").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = field("text").value.trim();
  if (!text) return;
  const { ok, status } = await send("POST", `/drafts/${field("speak").dataset.id}/comments`, { text });
  if (ok) location.reload();
  else if (state) refuse(...trouble(status));
});
