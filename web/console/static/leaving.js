// Signing out with open chats: asked first to whom they go, to a colleague or the queue, and not into silence.

import { fill } from "./list.js";
import { askTransfer } from "./transfer.js";
import { words } from "./words.js";
/** @import { Store } from "./store.js" */

/** Ask before the form signs the agent out. @param {{form: HTMLFormElement, store: Store}} parts */
export function askBeforeLeaving({ form, store }) {
  form.addEventListener("submit", async (event) => {
    if (!store.mine.length) return;
    event.preventDefault();
    const said = words.logout;
    const wish = await askTransfer(store.mine[0], { title: fill(said.title, { n: store.mine.length }), yes: said.yes });
    if (!wish) return;
    for (const { id } of [...store.mine]) {
      const back = () => store.move(id, "return").catch(() => {});
      // A colleague may be full by now, or gone: the queue takes whom they cannot.
      await (wish.to ? store.move(id, "transfer", wish).catch(back) : back());
    }
    form.submit(); // without this listener
  });
}
