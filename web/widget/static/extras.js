// Everything beside the conversation itself: tools, callback, video, the card, and the code that
// proves a call is ours.

import { CallbackSheet } from "./callbacksheet.js";
import { CardSheet } from "./cardsheet.js";
import { ConsentSheet } from "./consentsheet.js";
import { words } from "./contact-words.js";
import { spanOf } from "./moments.js";
import { el, icon } from "./nodes.js";
import { chooser, sendPicture } from "./picture.js";
import { Overlay, button } from "./overlay.js";
import { VideoSheet } from "./videosheet.js";
import { fill } from "./words.js";
/** @import { Session } from "./session.js" */

export class Extras {
  /**
   * session: Session · base: origin of the help center · sameWindow · askHuman(): ask for a human.
   * @param {{session: Session, base: string, sameWindow?: boolean, askHuman: () => unknown}} parts
   */
  constructor({ session, base, sameWindow, askHuman }) {
    this.session = session;
    this.base = base;
    this.sameWindow = sameWindow;
    this.askHuman = askHuman;
    /** @type {Api.CallbackOut | null} */ this.callback = null;
    /** @type {string | null} */ this.drawn = null;
    this.seen = 0; // the newest event that the callback was looked up for
    const parts = { session, extras: this };
    this.sheets = {
      callback: new CallbackSheet(parts),
      card: new CardSheet(parts),
      video: new VideoSheet(parts),
      consent: new ConsentSheet({ session, base }),
    };
    this.menu = this.#menu();
    this.note = el("p", { class: "upload", role: "status", hidden: true });
    this.more = el(
      "button",
      { type: "button", class: "tools", "aria-label": words.more, "aria-haspopup": "dialog", onclick: () => this.menu.open() },
      icon("plus"),
    );
    this.code = el("div", { class: "code-bar", hidden: true, role: "note" });
    this.also = button(words.checkCard, () => this.show("card"), "check");
    this.bar = el("div", { class: "extras" }, this.code, this.sheets.video.pill, this.note);
    this.nodes = [this.menu.node, ...Object.values(this.sheets).map((sheet) => sheet.node)];
    // The code stays valid and the retry's time changes even where no event says so.
    this.timer = setInterval(() => this.callback && !document.hidden && this.refresh(), 60_000);
  }

  /** It is another person's page: nothing of the former stays. */
  reset() {
    this.callback = this.drawn = null;
    this.seen = 0;
    this.code.hidden = this.note.hidden = true;
    this.code.replaceChildren();
    for (const sheet of [this.menu, ...Object.values(this.sheets)]) sheet.reset();
  }

  /** The chat was taken out of its page. */
  end() {
    clearInterval(this.timer);
    this.reset();
    this.sheets.video.end();
  }

  /** Tell whether a way to a human can be gone from here. @param {string} way */
  offers(way) {
    return way in this.sheets;
  }

  /** Show a sheet: "callback", "video", "card" or "menu". @param {string} name */
  show(name) {
    for (const sheet of [this.menu, ...Object.values(this.sheets)]) if (sheet.isOpen) sheet.close();
    const sheets = /** @type {Record<string, Overlay>} */ (this.sheets);
    (sheets[name] ?? this.menu).open();
  }

  /** Bring everything in line with the session. */
  draw() {
    const { session } = this;
    if (!session.loaded) return;
    if (this.sheets.video.call.left) this.sheets.video.resume();
    const newest = session.list().filter(({ type }) => type.startsWith("callback_")).at(-1)?.id ?? 0;
    if (newest !== this.seen) {
      this.seen = newest;
      this.refresh();
    }
    this.#drawCode();
  }

  /** Read what is booked. */
  async refresh() {
    const { drawer } = this.session;
    try {
      const { callback } = await this.session.ask("GET", "/contacts");
      if (drawer !== this.session.drawer) return;
      this.callback = callback;
    } catch {
      return; // what was known stands until the next try
    }
    this.#drawCode();
    this.sheets.callback.draw();
  }

  /** Send a picture, from the tools or the clipboard. @param {File} file */
  async send(file) {
    // How far it is stands with the picture in the log; here only why it was not taken.
    this.note.hidden = true;
    const problem = await sendPicture(this.session, file, this.sheets.consent);
    this.note.textContent = problem ?? "";
    this.note.hidden = !problem;
    if (problem) setTimeout(() => (this.note.hidden = true), 6_000);
  }

  #drawCode() {
    const { callback } = this;
    const drawn = JSON.stringify(callback);
    if (this.drawn === drawn) return;
    this.drawn = drawn;
    this.code.hidden = !callback?.code; // none before its number is proven
    if (!callback) return;
    const when = callback.state === "calling" ? words.callback.calling : spanOf(callback.slot, callback.until);
    this.code.replaceChildren(
      button(`${words.tools.callback[0]} · ${when}`, () => this.show("callback"), "link"),
      el("strong", {}, fill(words.code.spoken, { code: callback.code })),
      el("small", {}, words.code.rule),
    );
  }

  #menu() {
    const menu = new Overlay({ name: "menu", title: words.moreTitle });
    /** @param {keyof typeof words.tools} name */
    const label = (name) => [icon(name), el("span", {}, el("b", {}, words.tools[name][0]), el("small", {}, words.tools[name][1]))];
    const picture = chooser(label("picture"), (/** @type {File} */ file) => {
      menu.close();
      this.send(file);
    }, "tool");
    const tool = (/** @type {keyof typeof words.tools} */ name) =>
      el("button", { type: "button", class: "tool", onclick: () => this.show(name) }, ...label(name));
    const complaint = el(
      "a",
      // A new window would not know whose conversation it is.
      { class: "tool", href: `${this.base}/complaint`, target: this.sameWindow ? null : "_blank", rel: "noopener" },
      ...label("complaint"),
    );
    menu.body.append(picture.node, tool("card"), tool("callback"), tool("video"), complaint);
    return menu;
  }
}
