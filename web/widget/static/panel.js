// The chat's window: header, notices, the log, the line to write in.

import { download } from "./after.js";
import { Composer } from "./composer.js";
import { Extras } from "./extras.js";
import { HumanSheets } from "./humansheets.js";
import { Menu } from "./menu.js";
import { logo } from "./logo.js";
import { el, focusOf, icon } from "./nodes.js";
import { Reach } from "./reach.js";
import { Reader } from "./reader.js";
import { Thread, entriesOf } from "./thread.js";
import { Typist } from "./typing.js";
import { Waiting } from "./waiting.js";
import { fill, words } from "./words.js";
/** @import { Session } from "./session.js" */
/** @import { Bell } from "./bell.js" */
/** @import { Type } from "./type.js" */

const PATIENCE = 2_000; // ms for which a broken line is not worth a word

export class Panel {
  /** @type {number | null} since when the line is broken */ weakSince = null;
  /** @type {Session["drawer"] | undefined} whose draft stands in the line */ drafted;
  /**
   * session: Session · bell: Bell · type: Type · base: origin of the help center · page: full page ·
   * letter: the thread of a letter's link alone · onClose() · onShow(): the chat is wanted in sight.
   * @param {{session: Session, bell: Bell, type: Type, base: string, page: boolean, sameWindow: boolean, letter?: boolean,
   *   onClose: () => unknown, onShow: () => unknown}} parts
   */
  constructor({ session, bell, type, base, page, sameWindow, letter = false, onClose, onShow }) {
    this.session = session;
    this.reader = Reader.here();
    this.thread = new Thread({
      reader: this.reader,
      base,
      sameWindow,
      press: (title, payload) => session.press(title, payload),
      retry: (clientId) => session.retry(clientId),
      resend: (file) => this.extras.send(file),
      open: (path) => session.open(path),
      rate: (score, comment) => session.once("/rating", comment ? { score, comment } : { score }),
      transcript: () => this.#transcript(),
      reopen: () => this.#reopen(),
      ticket: () => this.sheets.ticket(),
      callback: () => this.extras.show("callback"),
    });
    this.typist = new Typist(async (on) => {
      if (session.state?.owner === "agent") await session.act("POST", "/typing", { on });
    });
    this.extras = new Extras({ session, base, sameWindow, askHuman: () => this.askHuman() });
    this.sheets = new HumanSheets({ panel: this });
    this.letter = letter;
    this.reach = letter ? null : new Reach({ session, base, show: onShow });
    this.composer = new Composer({
      onInput: (text) => {
        this.typist.note(text);
        session.draft = text;
      },
      onSend: (text) => {
        this.typist.stop();
        return Boolean(session.say(text));
      },
      onFile: (file) => this.extras.send(file),
      more: this.extras.more,
    });
    this.subtitle = el("p", { class: "subtitle", "aria-live": "polite" });
    this.human = el(
      "button",
      { type: "button", class: "human", "aria-haspopup": "dialog", onclick: () => this.sheets.channels() },
      icon("human"), words.human,
    );
    this.close = el(
      "button",
      { type: "button", class: "close", "aria-label": words.close, onclick: onClose },
      icon("close"),
    );
    this.notice = el("p", { class: "notice", role: "status", hidden: true });
    this.waiting = new Waiting({ session, onOther: () => this.sheets.channels(), also: this.extras.also });
    this.menu = new Menu();
    // On somebody else's site the page of the help center would not know this conversation.
    if (this.reach) this.menu.add(words.menu.reach, () => this.reach?.sheet.show());
    this.menu.add(words.menu.cases, sameWindow ? `${base}/cases` : () => this.sheets.cases());
    this.menu.add(words.menu.transcript, () => this.#transcript().catch(() => this.#tell(words.menu.failed)));
    const tone = () => words.menu[bell.on ? "toneOff" : "toneOn"];
    /** @type {HTMLElement} */
    const toggle = this.menu.add(tone(), () => {
      bell.on = !bell.on;
      toggle.textContent = tone();
    });
    const size = () => words.menu[type.large ? "typeUsual" : "typeLarge"];
    /** @type {HTMLElement} */
    const sizes = this.menu.add(size(), () => {
      type.large = !type.large;
      sizes.textContent = size();
      this.thread.toEnd();
    });
    this.node = el(
      "section",
      { class: letter ? "panel letter" : "panel", role: page ? null : "dialog", "aria-label": words.title, tabindex: "-1" },
      el(
        "header",
        // In a dialog it would be taken for a second banner of the page around it.
        { role: page ? null : "presentation" },
        el("span", { class: "face" }, logo()),
        el("div", { class: "who" }, el(page ? "h1" : "h2", {}, words.title), this.subtitle),
        this.human,
        this.menu.node,
        page ? null : this.close,
      ),
      this.waiting.node,
      this.reach?.node ?? null,
      this.notice,
      this.extras.bar,
      this.thread.node,
      this.composer.node,
      ...this.sheets.nodes,
      ...this.extras.nodes,
      this.reach?.sheet.node ?? null,
    );
  }

  /** It is another person's page: nothing of the former stays. left: also not what is half written. @param {boolean} left */
  reset(left) {
    this.quiet();
    this.thread.clear();
    this.extras.reset();
    this.reach?.reset(left);
    this.sheets.reset();
    this.told = "";
    this.settled = false;
    if (left) this.composer.restore("");
  }

  /** The chat was taken out of its page. */
  end() {
    clearTimeout(this.later);
    this.quiet();
    this.waiting.end();
    this.menu.end();
    this.extras.end();
    this.reach?.close();
    this.sheets.reset();
    this.thread.end();
  }

  /** Nobody reads, listens or types here for now. */
  quiet() {
    this.typist.stop();
    this.reader?.stop();
    this.composer.dictation.stop();
  }

  /** Ask for a human, whatever the conversation is at. */
  askHuman() {
    this.session.press(words.humanAsked, "/human");
  }

  /** Bring everything in line with the session. */
  draw() {
    const focused = /** @type {HTMLButtonElement | null} */ (focusOf(this.node));
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
    if (session.proven && this.drafted !== session.drawer) {
      this.drafted = session.drawer;
      // What stands there already was written by who has just signed in.
      if (this.composer.text) session.draft = this.composer.text;
      else this.composer.restore(session.draft);
    }
    const owner = session.state?.owner ?? "bot";
    const entries = entriesOf(session, new Date());
    this.thread.draw(entries, { announce: Boolean(this.settled) });
    this.settled = session.loaded;
    if (this.letter) setText(this.subtitle, words.letter.subtitle);
    else setText(this.subtitle, fill(words.subtitle[owner], { name: session.state?.agent ?? words.agent }));
    this.human.hidden = this.letter || owner !== "bot";
    this.waiting.draw();
    if (!this.letter) {
      this.sheets.draw();
      this.extras.draw();
      this.reach?.draw();
    }
    this.#drawNotice();
  }

  #drawNotice() {
    const { session } = this;
    clearTimeout(this.later);
    let text = "";
    if (this.told) text = this.told;
    else if (this.letter && !session.conversation) text = words.letter.over;
    else if (globalThis.navigator.onLine === false) text = words.line.offline;
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

  async #reopen() {
    try {
      await this.session.act("POST", "/reopen");
    } catch (problem) {
      // Out of hours the ways that are left are shown instead.
      if (problem.code !== "closed") throw problem;
      this.sheets.channels();
    }
  }

  async #transcript() {
    download(await this.session.file("/transcript"), words.after.file);
  }

  /** @param {string} text */
  #tell(text) {
    this.told = text;
    this.#drawNotice();
    setTimeout(() => {
      this.told = "";
      this.#drawNotice();
    }, 4_000);
  }
}

// Live regions are read anew whenever they are written, so equal text is left alone.
/** @param {Element} node @param {string} text */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
