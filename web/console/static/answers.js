// The agent's own answers: listed, written, changed, deleted, in a dialog.

import { el } from "/widget/current/nodes.js";
import { call } from "./link.js";
import { words } from "./words.js";

const said = words.answers;

/**
 * Show the agent's own answers; draft: what a new one begins with. Resolves when the dialog is closed.
 * @returns {Promise<void>}
 */
export function editAnswers(draft = "") {
  /** @type {number | null} */
  let changing = null; // id of the answer that stands in the form
  const title = el("input", { id: "answer-title", maxlength: "60", required: true, autocomplete: "off" });
  const text = el("textarea", { id: "answer-text", maxlength: "2000", rows: "4", required: true });
  const list = el("ul", { class: "own-answers" });
  const note = el("p", { class: "note", role: "alert" });
  const save = el("button", { type: "submit", class: "strong" }, said.add);
  /** @type {HTMLFormElement} */
  const form = el(
    "form",
    { onsubmit: (event) => { event.preventDefault(); write(); } },
    el("label", { for: "answer-title" }, said.title), title,
    el("label", { for: "answer-text" }, said.text), text,
    note,
    el("p", { class: "pair" }, el("button", { type: "button", onclick: () => dialog.close() }, said.done), save),
  );
  /** @type {HTMLDialogElement} */
  const dialog = el(
    "dialog",
    { class: "card-form answers", "aria-labelledby": "answers-title" },
    el("h2", { id: "answers-title" }, said.heading),
    el("p", { class: "hint" }, said.hint), list, form,
  );

  /** @param {Desk.Answer | null} answer */
  function begin(answer = null) {
    changing = answer?.id ?? null;
    title.value = answer?.title ?? "";
    text.value = answer?.text ?? "";
    save.textContent = changing === null ? said.add : said.save;
    note.textContent = "";
    title.focus();
  }

  async function read() {
    /** @type {{answers: Desk.Answer[]}} */
    const { answers } = await call("GET", "/answers").catch(() => ({ answers: [] }));
    const items = answers.map((answer) =>
      el(
        "li",
        {},
        el("strong", {}, answer.title), el("span", {}, answer.text),
        el("button", { type: "button", onclick: () => begin(answer) }, said.change),
        el("button", { type: "button", onclick: () => drop(answer.id) }, said.drop),
      ),
    );
    list.replaceChildren(...(items.length ? items : [el("li", { class: "none" }, said.none)]));
  }

  async function write() {
    const wish = { title: title.value, text: text.value };
    try {
      await (changing === null ? call("POST", "/answers", wish) : call("PUT", `/answers/${changing}`, wish));
    } catch (problem) {
      note.textContent = problem.status === 409 ? said.full : problem.code === "forbidden-ask" ? said.held : words.problem.failed;
      return;
    }
    begin();
    read();
  }

  /** @param {number} id */
  async function drop(id) {
    await call("DELETE", `/answers/${id}`).catch(() => {});
    if (changing === id) begin();
    read();
  }

  document.body.append(dialog);
  dialog.showModal();
  read();
  text.value = draft;
  title.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => { dialog.remove(); resolve(); }, { once: true });
  });
}
