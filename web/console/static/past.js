// Cases of before, found by words: named by number, topic and day. Their words are shown to who opens
// one, with a reason.

import { dayOf } from "/widget/current/clock.js";
import { isComposing } from "/widget/current/composer.js";
import { el } from "/widget/current/nodes.js";
import { call } from "./link.js";
import { fill } from "./list.js";
import { words } from "./words.js";

const said = words.past;
const NUMBER = /^K[2-9A-Z]{8}$/i;

export class Past {
  /**
   * field: the list's filter, whose Enter asks · onOpen(conversation id) · onNumber(a case's number).
   * @param {{field: HTMLInputElement, onOpen: (id: string) => unknown, onNumber: (number: string) => unknown}} parts
   */
  constructor({ field, onOpen, onNumber }) {
    this.onOpen = onOpen;
    field.addEventListener("keydown", (event) => {
      const typed = field.value.trim();
      if (event.key !== "Enter" || isComposing(event) || !typed) return;
      if (NUMBER.test(typed)) onNumber(typed);
      else this.search(typed.replace(/^#/, ""));
    });
    this.turn = 0;
    this.node = el("section", { class: "past", "aria-live": "polite", hidden: true });
  }

  /** Look for words among the cases of before. @param {string} typed */
  async search(typed) {
    const turn = (this.turn += 1);
    /** @type {{cases: Desk.Case[]} | null} */
    const told = await call("GET", `/cases?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (turn !== this.turn) return;
    const cases = told?.cases ?? [];
    const title = !told ? words.problem.failed : fill(cases.length ? said.title : said.none, { q: typed });
    this.node.hidden = false;
    this.node.replaceChildren(
      el("h2", {}, title, " ", el("button", { type: "button", class: "plain", onclick: () => this.close() }, said.close)),
      el("ol", { class: "history" }, ...cases.map((one) => this.#entry(one))),
    );
    this.node.scrollIntoView({ block: "nearest" });
  }

  /** Take the results away. */
  close() {
    this.turn += 1;
    this.node.hidden = true;
    this.node.replaceChildren();
  }

  /** @param {Desk.Case} one */
  #entry(one) {
    const topic = words.topic[one.topic ?? ""] ?? one.topic ?? "";
    const facts = [dayOf(new Date(one.opened_at), new Date()), words.history.state[one.state] ?? one.state, one.agents.join("、")];
    return el(
      "li", {},
      el("button", { type: "button", class: "plain", onclick: () => this.onOpen(one.conversation) }, [one.number, topic].filter(Boolean).join(" · ")),
      el("small", {}, facts.filter(Boolean).join(" · ")),
    );
  }
}
