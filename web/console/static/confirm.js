// What cannot be taken back is asked about before it is done.

import { part } from "/widget/current/nodes.js";
import { fill, nameOf } from "./list.js";
import { words } from "./words.js";
/** @import { Store } from "./store.js" */

/** Return what asks at a desk: of whose thread is open, where no name is given. @param {Store} store @returns {Desk.Confirm} */
export function confirming(store) {
  return (title, text, yes, name = store.thread && nameOf(store.thread.conversation)) => {
    const dialog = part("ask");
    /** @param {string} id @param {string} value */
    const put = (id, value) => (part(id).textContent = value);
    put("ask-title", fill(title, { name }));
    put("ask-text", text);
    put("ask-yes", yes);
    put("ask-no", words.ask.no);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  };
}
