// Pictures from the agent to the customer: chosen, dropped in or pasted.

import { fitted } from "/widget/current/fitting.js";
import { el } from "/widget/current/nodes.js";
import { post } from "./link.js";
import { words } from "./words.js";

/** Return a button that asks for a picture. onFile(file). */
export function pictureButton(onFile) {
  const input = el("input", {
    type: "file", accept: "image/*", hidden: true,
    onchange: () => {
      const [file] = input.files;
      input.value = "";
      if (file) onFile(file);
    },
  });
  const button = el("button", { type: "button", class: "picture-open", onclick: () => input.click() }, words.picture.send);
  return [input, button];
}

/** Return the picture of a paste or a drop, or null where there is none. */
export function pictureOf(transfer) {
  return [...(transfer?.files ?? [])].find(({ type }) => type.startsWith("image/")) ?? null;
}

/** Send a picture into the opened conversation. say(text, ms): tell the agent how it goes. */
export async function sendPicture(store, file, say) {
  const conversation = store.open;
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  say(words.picture.sending, 0);
  try {
    const { event } = await post(`/conversations/${conversation}/attachments?client_id=${id}`, await fitted(file));
    store.takeEvent({ conversation, event });
    say("");
  } catch {
    say(words.picture.failed);
  }
}
