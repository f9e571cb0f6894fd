// The line above the log while one waits for a human, and for a while after one stopped waiting.

import { timeOf } from "./clock.js";
import { el } from "./nodes.js";
import { fill, words } from "./words.js";
/** @import { Session } from "./session.js" */

const KEPT = 10 * 60_000; // ms for which a place in the queue is kept after it was left

/** Return how long a wait may last in words, or "" where nobody can say. minutes: [low, high]|null. @param {number[] | null | undefined} minutes */
export function waitText(minutes) {
  if (!minutes) return "";
  const [low = 0, high = 0] = minutes;
  if (high <= 0) return words.queue.soon;
  return low === high || low < 1 ? fill(words.queue.upTo, { n: high }) : fill(words.queue.between, { low, high });
}

/** Return until when the place in the queue is kept (Date), or null where none is. @param {Session} session @param {Date} now */
export function keptUntil(session, now) {
  if ((session.state?.owner ?? "bot") !== "bot") return null;
  const moves = ["queue_left", "escalated", "queue_joined", "queue_returned", "requeued", "closed", "ticket_opened", "resolved"];
  const last = session.list().filter(({ type }) => moves.includes(type)).at(-1);
  if (last?.type !== "queue_left") return null;
  const until = new Date(Date.parse(last.at) + KEPT);
  return until > now ? until : null;
}

export class Waiting {
  /**
   * session: Session · onOther(): the customer wants to see the other ways · also: node below it.
   * @param {{session: Session, onOther: () => unknown, also?: HTMLElement | null}} parts
   */
  constructor({ session, onOther, also = null }) {
    this.session = session;
    this.text = el("strong");
    this.hint = el("small");
    this.other = button(words.queue.other, onOther);
    this.leave = button(words.queue.leave, () => this.#do(this.leave, () => session.leaveQueue(), words.queue.leaveFailed));
    this.back = button(words.queue.back, () =>
      this.#do(this.back, () => session.act("POST", "/queue/return"), words.queue.backFailed),
    );
    this.node = el(
      "div",
      { class: "queue", hidden: true },
      el("p", { role: "status" }, this.text, this.hint),
      el("div", { class: "queue-do" }, also, this.other, this.leave, this.back),
    );
    this.also = also;
  }

  /** Bring the line in line with the session. */
  draw() {
    const { session } = this;
    const now = new Date();
    const waits = session.state?.owner === "queue";
    const kept = waits ? null : keptUntil(session, now);
    clearTimeout(this.timer);
    if (kept) this.timer = setTimeout(() => this.draw(), kept.getTime() - now.getTime() + 100);
    this.node.hidden = !waits && !kept;
    this.node.classList.toggle("left", Boolean(kept));
    this.other.hidden = this.leave.hidden = !waits;
    this.back.hidden = !kept;
    if (this.also) this.also.hidden = !waits;
    if (this.failed && Date.now() < this.failed) return;
    setText(this.text, waits ? placeText(session.state.queue) : kept ? words.queue.kept : "");
    setText(this.hint, waits ? words.queue.hint : kept ? fill(words.queue.keptUntil, { time: timeOf(kept) }) : "");
  }

  /** The chat was taken out of its page. */
  end() {
    clearTimeout(this.timer);
  }

  /** @param {HTMLButtonElement} control @param {() => Promise<unknown>} act @param {string} failure */
  async #do(control, act, failure) {
    control.disabled = true;
    try {
      await act();
    } catch {
      this.failed = Date.now() + 4_000;
      setText(this.text, failure);
    }
    control.disabled = false;
  }
}

/** Return the place in the queue with its span, in words. queue: of the session's state. @param {Api.PlaceOut | null | undefined} queue */
export function placeText(queue) {
  if (!queue?.place) return words.queue.plain;
  const place = queue.place === 1 ? words.queue.next : fill(words.queue.place, { n: queue.place });
  // Nobody there is said as such; without enough to go by no time is named at all.
  return [place, queue.agents === 0 ? words.queue.nobody : waitText(queue.minutes)].filter(Boolean).join(" · ");
}

/** @param {string} text @param {() => unknown} onclick */
function button(text, onclick) {
  return el("button", { type: "button", onclick }, text);
}

// Live regions are read anew whenever they are written, so equal text is left alone.
/** @param {Element} node @param {string} text */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
