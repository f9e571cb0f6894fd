// The try-out: a customer's phone that walks the flow as it is written now.
import { element, part as field, say, send, words } from "./link.js";

/**
 * @param {string} name
 * @param {() => object} written
 * @param {(flow: string) => string} titleOf
 */
export function phone(name, written, titleOf) {
  const log = field("log");
  const keys = field("keys");
  /** @type {{ value?: string, text?: string }[]} */
  let answers = [];
  let asked = 0;

  function bubble(/** @type {Edit.Told} */ { kind, html, text }) {
    const made = element("div", { className: `said ${kind}` });
    if (html) made.innerHTML = html;
    else made.textContent = kind === "missed" ? words.missed : kind === "missing" ? say("missing", { text }) : text;
    return made;
  }

  /**
   * @param {string} end
   * @param {Edit.Option[]} card
   */
  function ended(end, card) {
    const text = end.startsWith("switch/") ? say("switched", { title: titleOf(end.slice(7)) }) : words.ended[end] ?? end;
    const parts = [element("p", { className: "said end", textContent: text })];
    if (end.startsWith("human") && card.length) {
      const lines = card.map(([key, said]) => element("li", { textContent: `${words.fields[key] ?? key}：${said}` }));
      parts.push(element("div", { className: "said card" }, element("b", { textContent: words.cardHead }), element("ul", {}, ...lines)));
    }
    return parts;
  }

  function press(/** @type {{ title: string, value: string | null }} */ button) {
    if (button.value === null) return log.append(element("p", { className: "said end", textContent: words.leaves }));
    answers.push({ value: button.value });
    walk();
  }

  async function walk() {
    const turn = ++asked;
    const { ok, answer } = await send("POST", `/flows/${name}/walk`, { ...written(), faq: field("from").value, answers });
    if (turn !== asked || !ok) return;
    for (const card of document.querySelectorAll(".steps > .now")) card.classList.remove("now");
    keys.replaceChildren();
    if (!answer.told) return log.replaceChildren(element("p", { className: "said end", textContent: words.unreadable }));
    answers = answers.slice(0, answer.taken);
    log.replaceChildren(...answer.told.map(bubble), ...(answer.end ? ended(answer.end, answer.card) : []));
    keys.replaceChildren(...answer.buttons.map((/** @type {{ title: string, value: string | null }} */ button) => element("button", { type: "button", textContent: button.title, onclick: () => press(button) })));
    if (answer.step !== null) document.getElementById(`step-${answer.step}`)?.classList.add("now");
    field("line").disabled = Boolean(answer.end);
    log.scrollTop = log.scrollHeight;
  }

  field("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field("line").value.trim();
    if (!text) return;
    field("line").value = "";
    answers.push({ text });
    walk();
  });
  field("back").addEventListener("click", () => { answers.pop(); walk(); });
  field("again").addEventListener("click", () => { answers = []; walk(); });
  field("from").addEventListener("change", () => { answers = []; walk(); });
  return { walk };
}
