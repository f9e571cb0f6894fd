// The page of a file's versions: bring one back.
import { leave, left, part, say, send, trouble, words } from "./link.js";

const dialog = part("sure");
const state = part("state");

/** @param {string} text */
function ask(text) {
  part("sure-text").textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answered) =>
    dialog.addEventListener("close", () => answered(dialog.returnValue), { once: true }));
}

/** @param {...(Node | string)} parts */
function refuse(...parts) {
  state.replaceChildren(...parts);
  state.hidden = false;
}

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("button.restore")))
  button.addEventListener("click", async () => {
    const { file, revision, version, at } = button.dataset;
    if ((await ask(say("sureBack", { at }))) !== "yes") return;
    const body = { file, revision, version, reason: part("reason").value.trim() };
    const { ok, status, answer } = await send("POST", "/restore", body);
    if (ok) {
      leave(say(answer.draft ? "drafted" : "restored", { at }) + (answer.in_git === false ? words.notInGit : ""));
      location.href = `/editor/versions?file=${encodeURIComponent(answer.file)}`;
    } else if (status === 409) refuse(words.changed);
    else if (status === 404) refuse(words.unreadable);
    else if (status === 422) {
      const why = /** @type {Edit.Finding[]} */ (answer.findings || []).filter((item) => item.severity === "error").map((item) => item.why);
      refuse(words.cannotBack + (why.join("；") || answer.detail));
    } else refuse(...trouble(status));
  });

const said = left();
const box = part("said");
box.hidden = !said;
box.textContent = said;
