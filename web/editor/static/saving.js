// What every page that saves a file does: says what is unsaved, saves one at a time, says how it went.
import { element, leave, part as field, say, send, trouble, words } from "./link.js";

const form = field("form");
const state = field("state");
/** @type {Intl.DateTimeFormatOptions} */
const FORM = { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai" };

/**
 * @param {string} kind
 * @param {...(Node | string)} parts
 */
export function show(kind, ...parts) {
  state.replaceChildren(...parts);
  state.className = kind;
}

/** The own history has every version; what git did not take is said. */
export const noteOf = (/** @type {Edit.Saved} */ answer) => (answer.in_git === false ? words.notInGit : "");

/**
 * What became of a save in words: live, waiting for its time, or waiting for somebody.
 * @param {Edit.Saved} answer
 */
export function outcome(answer) {
  if (!answer.draft) return words.saved + noteOf(answer);
  const at = answer.draft.due && new Date(answer.draft.due).toLocaleString("zh-CN", FORM);
  return answer.draft.state === "scheduled" ? say("timed", { at }) : words.drafted;
}

/**
 * The same with the way to the draft, where there is one.
 * @param {Edit.Saved} answer
 */
export function outcomes(answer) {
  if (!answer.draft) return [outcome(answer)];
  return [outcome(answer), " ", element("a", { href: `/editor/drafts/${answer.draft.id}`, textContent: words.toDraft })];
}

/**
 * Ask in a dialog of the page; resolves to the value of the button, "" for none.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>}
 */
export function ask(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answered) =>
    dialog.addEventListener("close", () => answered(dialog.returnValue), { once: true }));
}

// Nothing of the form but its last line can be touched until the returned function is called.
function hold() {
  const at = /** @type {HTMLElement | null} */ (document.activeElement);
  const parts = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(":scope > :not(.savebar)"));
  for (const one of parts) one.inert = true;
  return () => {
    for (const one of parts) one.inert = false;
    at?.focus();
  };
}

/**
 * Keep what is written on this page: saved on submit and by Ctrl+S, never lost without a question.
 *
 * The version that is saved over stands at the form. `saved` is told whether anything was typed
 * while the save was under way (`same` is false); that is unsaved still, and said so.
 * @param {object} page
 * @param {(body: any) => string} page.path
 * @param {() => object} page.written what is sent; the form's version and base go with it
 * @param {(answer: any, same: boolean, body: any) => unknown} page.saved
 * @param {(found: any[], errors?: any[]) => unknown} page.refused errors: of a request of the wrong form
 * @param {() => boolean} [page.ready] says what is missing itself
 * @param {(again: () => Promise<unknown>) => unknown} [page.collided]
 * @param {boolean} [page.holds] nothing can be written meanwhile: what is sent names places in the file
 */
export function keep({ path, written, saved, refused, ready = () => true, collided = () => show("bad", words.changed), holds = false }) {
  let changed = false;
  let saving = false;
  let pressed = false;

  // One save at a time: what is pressed meanwhile follows when the first has ended, with its version.
  async function save() {
    if (saving) { pressed = true; return; }
    saving = true;
    try {
      do {
        pressed = false;
        await once();
      } while (pressed && changed && state.className !== "bad");
    } finally {
      saving = false;
    }
  }

  async function once() {
    if (!ready()) return;
    show("", words.saving);
    const body = written();
    const { version, base } = form.dataset;
    const beside = { reason: field("reason").value.trim(), due: field("due").value || null };
    const free = holds ? hold() : () => {};
    const { ok, status, answer } = await send("PUT", path(body), { version, base, ...body, ...beside });
    if (!ok) free();
    if (ok) {
      changed = JSON.stringify(written()) !== JSON.stringify(body);
      form.dataset.version = answer.version;
      if (!answer.draft) form.dataset.base = answer.version;
      if (changed) show("", words.unsaved);
      return saved(answer, !changed, body);
    }
    if (status === 409) return collided(once);
    if (status === 403) return show("bad", words.notYours ?? words.wrongRole);
    if (status !== 422) return show("bad", ...trouble(status));
    show("bad", words.refused);
    const why = [{ severity: "error", why: answer.detail, step: null }];
    refused(answer.findings?.length ? answer.findings : why, answer.errors);
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
  });

  return {
    get changed() { return changed; },
    touched() {
      changed = true;
      show("", words.unsaved);
    },
    /** Something beside the text was chosen, as when it is to go live. */
    noted() { changed = true; },
    /** Leave the page for another, or for itself anew; the next one says `text`. */
    go(/** @type {string} */ text, to = "") {
      changed = false;
      leave(text);
      if (to) location.href = to;
      else location.reload();
    },
  };
}
