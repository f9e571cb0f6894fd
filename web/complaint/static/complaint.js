// What the complaint's pages gain from JavaScript: answers known from the chat, and its evidence.

import { drawerHere, heldHere, onSignedOut } from "/widget/current/held.js";
import { maskWith } from "/widget/current/masking.js";
import { rules } from "/widget/current/masking-words.js";
import { Api } from "/widget/current/transport.js";
/** @import { At } from "/widget/current/transport.js" */

const api = new Api(location.origin);
const conversation = heldHere().find(({ channel }) => channel !== "widget")?.at;
const KNOWN = { time: "time", order: "order_number" };

const mask = maskWith(rules);
const DRAFT = "complaint"; // answers that were not made into a letter yet, secrets hidden

const questions = /** @type {HTMLFormElement | null} */ (document.querySelector('.complaint form[action="/complaint"]'));
if (questions) keep(questions);
if (questions && conversation) prefill(questions, conversation).catch(() => {});
// What stands here may come from the conversation of who has just signed out.
onSignedOut(() => location.replace("/complaint"));
const written = document.getElementById("pack");
if (written) prepare(written);

/** @param {HTMLFormElement} form */
function keep(form) {
  const drawer = drawerHere();
  const inputs = [.../** @type {Iterable<HTMLInputElement>} */ (form.elements)].filter(({ name }) => name);
  const kept = drawer.get(DRAFT, {});
  for (const input of inputs) input.value ||= kept[input.name] ?? "";
  form.addEventListener("input", () => {
    const typed = inputs.filter(({ value }) => value.trim()).map(({ name, value }) => [name, mask(value, null).text]);
    drawer.set(DRAFT, Object.fromEntries(typed));
  });
}

/** @param {HTMLFormElement} form @param {At} at */
async function prefill(form, at) {
  const { card } = await api.ask("GET", at, "/card");
  const values = Object.fromEntries(Object.entries(KNOWN).map(([field, name]) => [field, card[name]]));
  values.problem = [card.problem, card.amount, card.error_text].filter(Boolean).join("\n");
  let any = false;
  for (const [field, value] of Object.entries(values)) {
    const input = /** @type {HTMLInputElement} */ (form.elements.namedItem(field));
    if (!value || input.value) continue;
    input.value = value;
    any = true;
  }
  /** @type {HTMLElement} */ (document.querySelector(".prefill")).hidden = !any;
}

/** @param {HTMLElement} pack the form with the letter */
function prepare(pack) {
  const letter = /** @type {HTMLTextAreaElement} */ (document.getElementById("letter"));
  drawerHere().drop(DRAFT);
  const told = /** @type {HTMLElement} */ (document.getElementById("told"));
  /** @param {string} name */
  const say = (name) => (told.textContent = /** @type {HTMLTemplateElement} */ (pack.querySelector(`[data-said="${name}"]`)).content.textContent);
  const copy = /** @type {HTMLButtonElement} */ (document.getElementById("copy"));
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", () =>
    navigator.clipboard.writeText(letter.value).then(() => say("copied"), () => say("failed")),
  );
  if (!conversation) return;
  const also = /** @type {HTMLInputElement} */ (document.getElementById("with"));
  api.ask("GET", conversation, "/card").then(
    () => (/** @type {HTMLElement} */ (document.querySelector(".with")).hidden = false),
    () => (also.checked = false),
  );
  pack.addEventListener("submit", async (event) => {
    if (!also.checked) return;
    event.preventDefault();
    say("packing");
    try {
      save(await evidence(conversation, letter.value));
      say("packed");
    } catch {
      say("failed");
    }
  });
}

/**
 * Fetch the letter with the conversation's pictures and thread.
 * @param {{id: string, token: string, who: string}} at
 * @param {string} letter
 */
async function evidence(at, letter) {
  const answer = await fetch(`${api.root}/conversations/${at.id}/evidence`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${at.token}`,
      "Xiaohu-Identity": at.who,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ letter }),
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
  return { name: name?.[1] ?? "xiaohu-complaint.zip", blob: await answer.blob() };
}

/** @param {{name: string, blob: Blob}} file */
function save({ name, blob }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
