// Customers' questions near the draft, to be taken over as ways of asking.
import { element, part as field, say, send, words } from "./link.js";

/**
 * List them where they are looked at; one that is added goes through `touched`.
 * @param {() => object} draft
 * @param {() => void} touched
 */
export async function neighbours(draft, touched) {
  if (!field("near").open) return;
  const { ok, answer } = await send("POST", "/neighbours", draft());
  if (!ok) return;
  field("near-none").hidden = answer.neighbours.length > 0;
  field("neighbours").replaceChildren(...answer.neighbours.map((/** @type {{ text: string, times: number, faq?: string }} */ item) => {
    const add = element("button", { type: "button", textContent: words.add });
    add.addEventListener("click", () => {
      const box = field("similar");
      box.value = `${box.value.trimEnd()}\n${item.text}\n`.trimStart();
      add.disabled = true;
      touched();
    });
    const belongs = item.faq && item.faq !== field("id").value ? ` · ${say("belongs", { id: item.faq })}` : "";
    const meta = element("span", { className: "soft", textContent: ` ${say("times", { n: item.times })}${belongs} ` });
    return element("li", {}, item.text, meta, add);
  }));
}
