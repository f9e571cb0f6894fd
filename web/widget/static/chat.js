// <xiaohu-chat>: the chat as one element.
//   api      origin of the help center; this module's own where it is left out
//   channel  widget | app | help
//   page     fills its place (the in-app helper); otherwise a launcher and a panel float
//   position left | right (default), theme light | dark (default: the system's)
// Methods: open({human, ask, faq, show}), close(), setUser(token), reset().

import { isComposing } from "./composer.js";
import { Launcher } from "./launcher.js";
import { el } from "./nodes.js";
import { Panel } from "./panel.js";
import { Session } from "./session.js";
import { Shelf } from "./storage.js";
import { Api } from "./transport.js";

const PHONE = "(max-width: 540px), (max-height: 480px) and (pointer: coarse)";
const STYLES = ["./chat.css", "./human.css", "./contact.css"].map((name) => new URL(name, import.meta.url));

export class XiaohuChat extends HTMLElement {
  connectedCallback() {
    if (this.session) return;
    const base = this.getAttribute("api") || new URL(import.meta.url).origin;
    const channel = this.getAttribute("channel") || "widget";
    this.whole = this.hasAttribute("page");
    this.stay = new Shelf(`xiaohu:${channel}`, "sessionStorage");
    this.session = new Session({
      api: new Api(base),
      channel,
      shelf: new Shelf(`xiaohu:${channel}`),
      page: () => location.href.split("#")[0].slice(0, 500),
      onChange: () => this.#draw(),
      onEvent: (event) => this.dispatchEvent(new CustomEvent("xiaohu:event", { detail: event })),
    });
    if (this.token) this.session.identify(this.token); // set before the element came into the page
    this.panel = new Panel({
      session: this.session,
      base,
      page: this.whole,
      sameWindow: channel !== "widget",
      onClose: () => this.close(),
    });
    this.launcher = this.whole ? null : new Launcher({ onOpen: () => this.open() });
    this.root = el("div", { class: `root ${this.whole ? "page" : "float"}`, lang: "zh-CN" });
    this.root.append(this.panel.node, ...(this.launcher ? [this.launcher.node] : []));
    this.panel.node.hidden = !this.whole;
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.#listen();
    this.ready = dress(this.attachShadow({ mode: "open" })).then(() => {
      this.shadowRoot.append(this.root);
      if (this.whole) this.#show();
      else if (this.stay.get("open")) this.open({ focus: false });
      else if (this.session.conversation && (this.session.expectsHuman || this.session.outbox.items.length)) {
        this.session.connect();
      }
    });
  }

  /** True while the panel is in sight. */
  get isOpen() {
    return Boolean(this.panel && !this.panel.node.hidden);
  }

  /** Open the panel; then send what was asked for. Resolves when the panel stands. */
  async open({ human = false, ask = "", faq = "", show = "", focus = true } = {}) {
    await this.ready;
    if (!this.isOpen) {
      this.panel.node.hidden = false;
      this.launcher?.node.setAttribute("aria-expanded", "true");
      this.stay.set("open", true);
      this.#show();
    }
    if (focus) this.panel.focus();
    if (show) this.panel.extras.show(show);
    if (human) this.panel.sheets.channels();
    else if (faq) this.session.press(ask || faq, `/faq${JSON.stringify({ faq })}`);
    else if (ask) this.session.say(ask);
  }

  /** Close the panel; the conversation goes on. */
  close() {
    if (this.whole || !this.isOpen) return;
    this.panel.node.hidden = true;
    this.stay.drop("open");
    this.#fit();
    this.launcher.node.setAttribute("aria-expanded", "false");
    if (!this.session.expectsHuman) this.session.feed.stop();
    this.#draw();
    this.launcher.node.focus({ preventScroll: true });
  }

  /** Say who the user is: the wallet's signed token, or {token}. */
  setUser(user) {
    const jwt = typeof user === "string" ? user : user?.token;
    if (!this.session) {
      this.token = jwt;
      return;
    }
    const connected = this.session.line !== "off";
    this.session.identify(jwt);
    if (connected) this.session.connect();
  }

  /** Forget the user and the conversation (sign-out). */
  reset() {
    this.session.reset();
    if (this.isOpen) this.session.connect();
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
      if (this.isOpen) this.panel.draw();
      if (this.isOpen && !document.hidden && this.session.loaded) this.session.markRead();
      this.launcher?.show(this.session.unread);
    });
  }

  #listen() {
    const wake = () => {
      if (document.hidden) return;
      this.session.check();
      this.#draw();
    };
    document.addEventListener("visibilitychange", wake);
    addEventListener("pageshow", wake);
    addEventListener("focus", wake);
    addEventListener("online", () => this.session.check());
    addEventListener("offline", () => this.#draw());
    addEventListener("storage", (event) => {
      if (event.key === null || event.key.startsWith(this.session.shelf.prefix)) this.#draw();
    });
    for (const kind of ["resize", "scroll"]) {
      globalThis.visualViewport?.addEventListener(kind, () => this.#fit());
    }
    matchMedia(PHONE).addEventListener("change", () => this.#fit());
  }

  // On phones the panel covers what is in sight: above the keyboard, which iOS lays over the page.
  #fit() {
    const modal = this.isOpen && !this.whole && matchMedia(PHONE).matches;
    const view = globalThis.visualViewport;
    const covers = (modal || this.whole) && view;
    this.root.style.setProperty("--view-height", covers ? `${view.height}px` : "100dvh");
    this.root.style.setProperty("--view-top", covers ? `${view.offsetTop}px` : "0px");
    this.root.classList.toggle("keyboard", Boolean(covers) && innerHeight - view.height > 120);
    if (!this.whole) {
      this.panel.node.toggleAttribute("aria-modal", modal);
      if (modal) this.panel.node.setAttribute("aria-modal", "true");
      document.documentElement.style.overflow = modal ? "hidden" : "";
    }
  }

  #key(event) {
    if (this.whole) return;
    if (event.key === "Escape" && !isComposing(event)) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && this.panel.node.getAttribute("aria-modal")) {
      this.#keepFocus(event);
    }
  }

  #keepFocus(event) {
    const inside = [...this.panel.node.querySelectorAll("button, input, select, textarea, a[href], [tabindex='0']")]
      .filter((node) => !node.disabled && node.offsetParent !== null && !node.closest("[inert]"));
    const at = inside.indexOf(this.shadowRoot.activeElement);
    const edge = event.shiftKey ? at <= 0 : at === inside.length - 1;
    if (!edge) return;
    event.preventDefault();
    inside.at(event.shiftKey ? -1 : 0)?.focus();
  }
}

// Constructed sheets need no leave from a page's style-src; older Safari takes links.
async function dress(shadow) {
  try {
    const texts = await Promise.all(STYLES.map((style) => fetch(style).then((answer) => answer.text())));
    shadow.adoptedStyleSheets = texts.map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
  } catch {
    shadow.append(...STYLES.map(({ href }) => el("link", { rel: "stylesheet", href })));
  }
}

if (!customElements.get("xiaohu-chat")) customElements.define("xiaohu-chat", XiaohuChat);
