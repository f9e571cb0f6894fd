// <xiaohu-chat>: the chat as one element.
//   api      origin of the help center; this module's own where it is left out
//   channel  widget | app | help
//   page     fills its place (the in-app helper); otherwise a launcher and a panel float
//   position left | right (default), theme light | dark (default: the system's)
// Methods: open({human, ask, faq, show, transaction}), close(), setUser(token), signOut(), reset().

import { Bell } from "./bell.js";
import { isComposing } from "./composer.js";
import { Launcher } from "./launcher.js";
import { letterPorts } from "./letterapi.js";
import { el } from "./nodes.js";
import { Panel } from "./panel.js";
import { clock, openBus, webLocks } from "./ports.js";
import { arrivalOf } from "./seat.js";
import { Session } from "./session.js";
import { Shelf, areaOf } from "./storage.js";
import { styles } from "./styles.js";
import { transactionChoice } from "./transactions.js";
import { Api } from "./transport.js";
import { Type } from "./type.js";
import { placeText } from "./waiting.js";
import { words } from "./words.js";
/** @import { Channel } from "./kernel.js" */

const PHONE = "(max-width: 540px), (max-height: 480px) and (pointer: coarse)";
const SHEETS = ["./launcher.css", "./chat.css", "./human.css", "./contact.css", "./transactions.css"].map((name) => new URL(name, import.meta.url));

export class XiaohuChat extends HTMLElement {
  /** @type {Session} */ session;
  /** @type {Panel} */ panel;
  /** @type {Launcher | null} */ launcher;
  /** @type {HTMLElement} */ root;
  /** @type {Bell} */ bell;
  /** @type {Type} */ type;
  /** @type {Shelf} */ stay;
  /** @type {AbortController} */ listening;
  /** @type {{id: string, token: string} | null} */ letter = null; // the one conversation of a letter's link
  /** @type {{overflow: string} | null} */ locked = null; // the page's own style, while the chat covers it
  /** @type {ShadowRoot} */ shadow;

  connectedCallback() {
    if (this.session) return;
    const base = this.getAttribute("api") || new URL("../..", import.meta.url).href.slice(0, -1);
    const channel = /** @type {Channel} */ (this.getAttribute("channel") || "widget");
    this.whole = this.hasAttribute("page");
    this.stay = new Shelf(`xiaohu:${channel}`, "sessionStorage");
    const area = areaOf("localStorage");
    this.bell = new Bell({ shelf: new Shelf("xiaohu", area) });
    this.session = new Session({
      ports: {
        api: new Api(base), area, tabArea: areaOf("sessionStorage"), arrival: arrivalOf(), bus: openBus(area),
        locks: webLocks(), clock, ...(this.letter ? letterPorts(base, this.letter, channel) : {}),
      },
      channel,
      page: () => location.href.split("#")[0].slice(0, 500),
      isSeen: () => !document.hidden,
      onChange: () => this.#draw(),
      onSeat: (left) => this.panel?.reset(left),
      onEvent: (event) => {
        this.bell.ring(event, this.session.kernel.leadership.leads);
        this.dispatchEvent(new CustomEvent("xiaohu:event", { detail: event }));
      },
    });
    // Said before the element came into the page, or before it was taken out and put back.
    if (this.token !== undefined) this.session.identify(this.token);
    this.root = el("div", { class: `root ${this.whole ? "page" : "float"}`, lang: "zh-CN" });
    this.type = new Type({ root: this.root, shelf: this.bell.shelf });
    this.panel = new Panel({
      session: this.session,
      bell: this.bell,
      type: this.type,
      base,
      page: this.whole,
      sameWindow: channel !== "widget",
      letter: Boolean(this.letter),
      onShow: () => this.open({ focus: false }),
      onClose: () => this.close(),
    });
    this.launcher = this.whole ? null : new Launcher({ onOpen: () => this.open() });
    this.root.append(this.panel.node, ...(this.launcher ? [this.launcher.node] : []));
    this.panel.node.hidden = !this.whole;
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.#listen();
    const { root } = this;
    // The loader may have put a launcher of its own there, which stays until this one stands.
    if (!this.shadow) dress((this.shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" })));
    this.ready = Promise.resolve().then(() => {
      if (root !== this.root) return; // taken out meanwhile
      document.getElementById("skeleton")?.remove();
      this.shadow.querySelector(".light")?.remove();
      this.shadow.append(root);
      if (this.whole) this.#show();
      else if (this.stay.get("open") || this.panel.extras.sheets.video.call.left) this.open({ focus: false });
      else if (this.session.conversation && (this.session.expectsHuman || this.session.waiting.length)) {
        this.session.connect();
      }
    });
  }

  // A page may take the element out and put it somewhere else at once; only what stays out ends.
  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#end());
  }

  /** True while the panel is in sight. */
  get isOpen() {
    return Boolean(this.panel && !this.panel.node.hidden);
  }

  /** Open the panel; then send what was asked for. Resolves when the panel stands. */
  async open({ human = false, ask = "", faq = "", show = "", transaction = "", focus = true } = {}) {
    await this.ready;
    if (!this.isOpen) {
      this.panel.node.hidden = false;
      this.launcher?.node.setAttribute("aria-expanded", "true");
      this.stay.set("open", true);
      this.#show();
    }
    if (focus) this.panel.focus();
    if (show) this.panel.extras.show(show);
    const choice = transactionChoice(transaction);
    if (choice) this.session.press(words.transactionAsked, choice);
    else if (human) this.panel.sheets.channels();
    else if (faq) this.session.press(ask || faq, `/faq${JSON.stringify({ faq })}`);
    else if (ask) this.session.say(ask);
  }

  /** Close the panel; the conversation goes on. */
  close() {
    if (this.whole || !this.isOpen) return;
    this.panel.node.hidden = true;
    this.panel.quiet();
    this.stay.drop("open");
    this.#fit();
    this.launcher?.node.setAttribute("aria-expanded", "false");
    if (!this.session.expectsHuman) this.session.rest();
    this.#draw();
    this.launcher?.node.focus({ preventScroll: true });
  }

  /** Say who the user is: the wallet's signed token, or {token}; null when they have signed out. @param {string | {token?: string} | null} user */
  setUser(user) {
    this.token = (typeof user === "string" ? user : user?.token) || null;
    this.session?.identify(this.token);
  }

  /** Sign out: nothing of the user stays on this device, in any tab. */
  signOut() {
    this.setUser(null);
  }

  /** Forget the user and the conversation, also an anonymous one. */
  reset() {
    this.token = null;
    this.session?.reset();
  }

  #show() {
    this.#fit();
    this.session.connect();
    this.#draw();
    this.panel.thread.toEnd();
  }

  #draw() {
    if (this.drawing || !this.panel) return;
    this.drawing = true;
    // A change often comes with others: draw once for all of them.
    queueMicrotask(() => {
      this.drawing = false;
      if (!this.session) return;
      if (this.isOpen) this.panel.draw();
      if (this.isOpen && !document.hidden && this.session.loaded && this.session.markRead()) this.panel.reach?.seen();
      const { unread, state } = this.session;
      this.launcher?.show(unread, state?.owner === "queue" ? placeText(state.queue) : "");
      this.bell.count(unread);
    });
  }

  #listen() {
    const { signal } = (this.listening = new AbortController());
    /** @param {EventTarget | null} target @param {string} kind @param {(event: any) => unknown} act */
    const on = (target, kind, act) => target?.addEventListener(kind, act, { signal });
    const wake = () => {
      this.session.check();
      this.#draw();
    };
    on(document, "visibilitychange", wake);
    for (const kind of ["pageshow", "focus", "online"]) on(globalThis, kind, wake);
    on(globalThis, "offline", () => this.#draw());
    on(globalThis, "storage", ({ key }) => {
      this.type.fit();
      // Another tab may have signed the customer out.
      if (key === null || key.startsWith(`${this.session.drawer.name}:`)) wake();
    });
    for (const kind of ["resize", "scroll"]) on(globalThis.visualViewport, kind, () => this.#fit());
    on(globalThis, "resize", () => this.type.fit()); // a phone's text size changed, too
    on(matchMedia(PHONE), "change", () => this.#fit());
  }

  #end() {
    if (!this.session) return;
    this.listening.abort();
    this.panel.end();
    this.session.close();
    this.bell.close();
    this.#lock(false);
    this.root.remove();
    // Taken out of its page it has none of these; put back, it makes them anew.
    this.session = this.panel = this.launcher = this.root = /** @type {any} */ (null);
  }

  /** @param {boolean} on */
  #lock(on) {
    const { style } = document.documentElement;
    if (on === Boolean(this.locked)) return;
    if (on) this.locked = { overflow: style.overflow };
    style.overflow = on ? "hidden" : (this.locked?.overflow ?? "");
    if (!on) this.locked = null;
  }

  // On phones the panel covers what is in sight: above the keyboard, which iOS lays over the page.
  #fit() {
    const modal = this.isOpen && !this.whole && matchMedia(PHONE).matches;
    const view = globalThis.visualViewport;
    const covers = (modal || this.whole) && view;
    this.root.style.setProperty("--view-height", covers ? `${view.height}px` : "100dvh");
    this.root.style.setProperty("--view-top", covers ? `${view.offsetTop}px` : "0px");
    this.root.classList.toggle("keyboard", Boolean(covers) && innerHeight - (view?.height ?? innerHeight) > 120);
    if (!this.whole) {
      this.panel.node.toggleAttribute("aria-modal", modal);
      if (modal) this.panel.node.setAttribute("aria-modal", "true");
      this.#lock(modal);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.whole) return;
    if (event.key === "Escape" && !isComposing(event)) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && this.panel.node.getAttribute("aria-modal")) {
      this.#keepFocus(event);
    }
  }

  /** @param {KeyboardEvent} event */
  #keepFocus(event) {
    const all = this.panel.node.querySelectorAll("button, input, select, textarea, a[href], [tabindex='0']");
    const inside = [.../** @type {NodeListOf<HTMLButtonElement>} */ (all)]
      .filter((node) => !node.disabled && node.offsetParent !== null && !node.closest("[inert]"));
    const at = inside.findIndex((node) => node === this.shadow.activeElement);
    const edge = event.shiftKey ? at <= 0 : at === inside.length - 1;
    if (!edge) return;
    event.preventDefault();
    inside.at(event.shiftKey ? -1 : 0)?.focus();
  }
}

// Constructed sheets need no leave from a page's style-src; older Safari takes links.
/** @param {ShadowRoot} shadow */
function dress(shadow) {
  try {
    shadow.adoptedStyleSheets = styles.map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
  } catch {
    shadow.append(...SHEETS.map(({ href }) => el("link", { rel: "stylesheet", href })));
  }
}

if (!customElements.get("xiaohu-chat")) customElements.define("xiaohu-chat", XiaohuChat);
