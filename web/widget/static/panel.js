// The chat's window: header, notices, the log, the line to write in.

import { Composer } from "./composer.js";
import { el, fox, icon } from "./nodes.js";
import { Thread, entriesOf } from "./thread.js";
import { fill, words } from "./words.js";

const PATIENCE = 2_000; // ms for which a broken line is not worth a word

export class Panel {
  /** session: Session · base: origin of the help center · page: full page · onClose(). */
  constructor({ session, base, page, sameWindow, onClose }) {
    this.session = session;
    this.thread = new Thread({
      base,
      sameWindow,
      press: (title, payload) => session.press(title, payload),
      retry: (clientId) => session.outbox.retry(clientId),
    });
    this.composer = new Composer({ onSend: (text) => session.say(text) });
    this.subtitle = el("p", { class: "subtitle", "aria-live": "polite" });
    this.human = el(
      "button",
      { type: "button", class: "human", onclick: () => this.askHuman() },
      icon("human"), words.human,
    );
    this.close = el(
      "button",
      { type: "button", class: "close", "aria-label": words.close, onclick: onClose },
      icon("close"),
    );
    this.notice = el("p", { class: "notice", role: "status", hidden: true });
    this.queueText = el("strong");
    this.leave = el("button", { type: "button", onclick: () => this.#leave() }, words.queue.leave);
    this.queue = el(
      "div",
      { class: "queue", hidden: true },
      el("p", { role: "status" }, this.queueText, el("small", {}, words.queue.hint)),
      this.leave,
    );
    this.node = el(
      "section",
      { class: "panel", role: page ? null : "dialog", "aria-label": words.title, tabindex: "-1" },
      el(
        "header",
        {},
        el("span", { class: "face" }, fox()),
        el("div", { class: "who" }, el(page ? "h1" : "h2", {}, words.title), this.subtitle),
        this.human,
        page ? null : this.close,
      ),
      this.queue,
      this.notice,
      this.thread.node,
      this.composer.node,
    );
    this.weakSince = null;
  }

  /** Ask for a human, whatever the conversation is at. */
  askHuman() {
    this.session.press(words.humanAsked, "/human");
  }

  /** Bring everything in line with the session. */
  draw() {
    const focused = this.node.getRootNode().activeElement;
    this.#drawParts();
    // A control that was used and is gone must not take the keyboard's place with it.
    if (focused && (focused.disabled || focused.offsetParent === null)) this.focus();
  }

  /** Take the focus: the line to write in, or the window where a keyboard would cover the text. */
  focus() {
    if (matchMedia("(pointer: coarse)").matches) this.node.focus({ preventScroll: true });
    else this.composer.focus();
  }

  #drawParts() {
    const { session } = this;
    const owner = session.state?.owner ?? "bot";
    const entries = entriesOf(session, new Date());
    this.thread.draw(entries, { announce: this.settled });
    this.settled = session.loaded;
    setText(this.subtitle, fill(words.subtitle[owner], { name: session.state?.agent ?? words.agent }));
    this.human.hidden = owner !== "bot";
    this.queue.hidden = owner !== "queue";
    if (owner === "queue") setText(this.queueText, placeText(session.state.queue));
    this.#drawNotice();
  }

  #drawNotice() {
    const { session } = this;
    clearTimeout(this.later);
    let text = "";
    if (globalThis.navigator.onLine === false) text = words.line.offline;
    else if (!session.loaded) text = session.failing ? words.line.unreachable : words.line.starting;
    else if (session.line === "polling" || session.outbox.failures > 0) {
      this.weakSince ??= Date.now();
      const waited = Date.now() - this.weakSince;
      if (waited >= PATIENCE) text = words.line.weak;
      else this.later = setTimeout(() => this.#drawNotice(), PATIENCE - waited);
    } else this.weakSince = null;
    setText(this.notice, text);
    this.notice.hidden = !text;
  }

  async #leave() {
    this.leave.disabled = true;
    try {
      await this.session.leaveQueue();
    } catch {
      setText(this.queueText, words.queue.leaveFailed);
    }
    this.leave.disabled = false;
  }
}

// Live regions are read anew whenever they are written, so equal text is left alone.
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function placeText(queue) {
  if (!queue?.place) return words.queue.plain;
  return queue.place === 1 ? words.queue.next : fill(words.queue.place, { n: queue.place });
}
