// A message tried on the draft: what it means, and how the FAQs rank for it.
import { element, part as field, say, send, words } from "./link.js";

/**
 * Why an FAQ stands where it does.
 * @typedef {object} Account
 * @property {string} id
 * @property {number} score
 * @property {string} title
 * @property {{ points: number, words: string }[]} reasons
 * @property {{ term: string, points: number }[]} terms
 * @property {{ text: string }[]} rows
 */

let tried = 0;
let shown = ""; // the message that the ranking on the page is of
/**
 * Rank what was typed, on the draft where there is one.
 * @param {() => { id: string }} draft
 */
export async function attempt(draft) {
  const text = field("try").value.trim();
  const turn = ++tried;
  if (!text) return field("tried").replaceChildren();
  if (text !== shown) field("tried").replaceChildren(element("p", { className: "soft", textContent: words.trying }));
  const body = { text, draft: field("answer").value.trim() ? draft() : null };
  const { ok, answer } = await send("POST", "/try", body);
  if (turn !== tried) return;
  shown = ok ? text : "";
  if (!ok) return field("tried").replaceChildren();
  const parts = [element("p", { className: `verdict ${answer.band}`, textContent: answer.verdict })];
  if (answer.standard !== answer.text)
    parts.push(element("p", { className: "soft", textContent: say("understood") + answer.standard }));
  if (answer.meant !== null) parts.push(element("p", { className: "soft", textContent: say("meant") + answer.meant }));
  const ranked = element("ol");
  for (const account of answer.accounts) ranked.append(place(account, draft().id));
  field("tried").replaceChildren(...parts, ranked);
}

/**
 * @param {Account} account
 * @param {string} id
 */
function place(account, id) {
  const mine = account.id === id;
  const head = element("summary", {}, element("b", { textContent: `${account.score}%` }), ` ${account.title}`);
  const reasons = element("ul");
  for (const reason of account.reasons) {
    const points = `${reason.points > 0 ? "+" : ""}${reason.points.toFixed(1)} ${words.points}`;
    reasons.append(element("li", {}, element("b", { textContent: points }), ` ${reason.words}`));
  }
  const terms = account.terms.map((term) => `${term.term} ${term.points > 0 ? "+" : ""}${term.points.toFixed(1)}`);
  if (terms.length) reasons.append(element("li", { textContent: words.terms + terms.join("，") }));
  if (account.rows.length)
    reasons.append(element("li", { textContent: words.matched + account.rows.map((row) => row.text).join(" / ") }));
  return element("li", { className: mine ? "mine" : "" }, element("details", {}, head, reasons));
}
