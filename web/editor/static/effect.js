// What a draft would change of what customers asked: misses that it answers, answers that it takes.
import { element, part as field, say, send, trouble, words } from "./link.js";

/** @typedef {{ text: string, times: number, other?: string }} Miss a question, and the FAQ that it had */

/** @param {() => object} draft */
export function effects(draft) {
  const button = field("effect-look");
  button.addEventListener("click", async () => {
    button.disabled = true;
    field("effect").replaceChildren(element("p", { className: "soft", textContent: words.effectLooking }));
    const { ok, status, answer } = await send("POST", "/effect", draft());
    button.disabled = false;
    if (!ok) return field("effect").replaceChildren(element("p", { className: "soft" }, ...(status === 422 ? [answer.detail ?? words.refused] : trouble(status))));
    /** @type {[string, Miss[], string][]} */
    const kinds = [
      ["effectAnswered", answer.answered, "answer"], ["effectTaken", answer.taken, ""], ["effectOffered", answer.offered, "offer"],
    ];
    const parts = kinds.filter(([, found]) => found.length);
    field("effect").replaceChildren(...parts.map(([head, found, kind]) => group(head, found, kind, answer.questions)));
    if (!parts.length) field("effect").append(element("p", { className: "soft", textContent: say("effectNothing", { n: answer.looked }) }));
  });
}

/**
 * @param {string} head
 * @param {Miss[]} found
 * @param {string} kind
 * @param {Record<string, string>} questions
 */
function group(head, found, kind, questions) {
  const lines = found.map((one) => {
    const line = element("li", {}, one.text, element("span", { className: "soft", textContent: ` ${say("effectTimes", { n: one.times })}` }));
    if (one.other) line.append(element("span", { className: "soft", textContent: ` ${say("effectFrom", { title: questions[one.other] ?? one.other })}` }));
    return line;
  });
  return element("div", { className: "effect" }, element("p", { className: `verdict ${kind}`, textContent: say(head, { n: found.length }) }), element("ul", {}, ...lines));
}
