// Signing out with open chats: asked first, and the customers go back to the queue, not into silence.

import { fill } from "./list.js";
import { words } from "./words.js";

/** Ask before the form signs the agent out. confirmed(title, text, yes, name): Promise<boolean>. */
export function askBeforeLeaving({ form, store, confirmed }) {
  form.addEventListener("submit", async (event) => {
    if (!store.mine.length) return;
    event.preventDefault();
    const said = words.logout;
    if (!(await confirmed(fill(said.title, { n: store.mine.length }), said.text, said.yes, ""))) return;
    for (const { id } of [...store.mine]) await store.move(id, "return").catch(() => {});
    form.submit(); // without this listener
  });
}
