// Pictures and documents from the agent to the customer: chosen, dropped in or pasted.

import { ACCEPTED, isPicture } from "/widget/current/file.js";
import { LARGEST, fitted } from "/widget/current/fitting.js";
import { el } from "/widget/current/nodes.js";
import { post } from "./link.js";
import { words } from "./words.js";
/** @import { Store } from "./store.js" */

/** Return a button that asks for a picture or a document. onFile(file). @param {(file: File) => unknown} onFile */
export function fileButton(onFile) {
  const input = el("input", {
    type: "file", accept: ACCEPTED, hidden: true,
    onchange: () => {
      const [file] = input.files ?? [];
      input.value = "";
      if (file) onFile(file);
    },
  });
  const button = el("button", { type: "button", class: "picture-open", onclick: () => input.click() }, words.picture.send);
  return [input, button];
}

/**
 * Send a file into the opened conversation. say(text, ms): tell the agent how it goes.
 * @param {Store} store
 * @param {File} chosen
 * @param {Desk.Say} say
 */
export async function sendFile(store, chosen, say) {
  const conversation = /** @type {string} */ (store.open);
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const problems = words.picture.problem;
  say(words.picture.sending, 0);
  const file = isPicture(chosen) ? await fitted(chosen) : chosen;
  if (file.size > LARGEST) return say(problems.size);
  try {
    const { event } = await post(`/conversations/${conversation}/attachments?client_id=${id}`, file);
    store.takeEvent({ conversation, event });
    say("");
  } catch (problem) {
    const reason = problem.code === "too-many-pictures" ? "many" : problem.status === 413 ? "size" : problem.told?.reason;
    say(problems[reason] ?? words.picture.failed);
  }
}
