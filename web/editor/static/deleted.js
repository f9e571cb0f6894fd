// Deleted FAQs: one click brings one back.
import { leave, say, send, trouble, words } from "./link.js";
import { row } from "./notes.js";

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button.restore")))
  button.addEventListener("click", async () => {
    const { id, category, revision, title } = button.dataset;
    const said = /** @type {HTMLElement} */ (button.parentElement?.closest("li")?.querySelector(".said"));
    button.disabled = true;
    const path = `/faqs/${category}/${id}/rollback`;
    const { ok, status, answer } = await send("POST", path, { revision, version: "" });
    button.disabled = false;
    if (ok) {
      leave(say("restored", { title }));
      location.href = `/editor/faq/${id}`;
      return;
    }
    said.hidden = false;
    const found = /** @type {Edit.Finding[]} */ (answer.findings || []).filter((item) => item.severity === "error");
    if (status === 409) said.replaceChildren(words.there);
    else if (status !== 422) said.replaceChildren(...trouble(status));
    else said.replaceChildren(words.cannot, ...(found.length ? found.map(row) : [answer.detail]));
  });
