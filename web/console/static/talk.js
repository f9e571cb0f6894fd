// The chat with one customer: the thread, the agent's own words on their way, the line to write in.

import { isComposing } from "/widget/current/composer.js";
import { fileOf } from "/widget/current/file.js";
import { el } from "/widget/current/nodes.js";
import { Typist } from "/widget/current/typing.js";
import { Asks } from "./asks.js";
import { Canned } from "./canned.js";
import { Draft } from "./draft.js";
import { fill, nameOf } from "./list.js";
import { Modes } from "./notes.js";
import { fileButton } from "./picture.js";
import { Summary } from "./summary.js";
import { entriesOf, overText, showStatus, wanted } from "./thread.js";
import { words } from "./words.js";
/** @import { Store } from "./store.js" */

/** @typedef {() => unknown} Act */

export class Talk {
  /**
   * store: Store · root: the pane · ticketOf(id): the open ticket of a conversation, or null ·
   * onClaim, onClose, onGiveBack, onTransfer, onBack, onCard, onTake, onTakeOver: what the buttons do · onFile(file).
   * @param {{store: Store, root: HTMLElement, ticketOf: (id: string | null) => Desk.Ticket | null, onClaim: Act, onClose: Act,
   *   onGiveBack: Act, onTransfer: Act, onBack: Act, onCard: Act, onTake: Act, onTakeOver: Act, onFile: (file: File) => unknown}} parts
   */
  constructor({ store, root, ticketOf, onClaim, onClose, onGiveBack, onTransfer, onBack, onCard, onFile, onTake, onTakeOver }) {
    this.store = store;
    this.ticketOf = ticketOf;
    const agent = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="agent"]'));
    this.leads = agent.dataset.lead === "yes";
    /** @param {string} text @param {Act} onclick @param {string} name */
    const button = (text, onclick, name) => el("button", { type: "button", class: name, onclick }, text);
    this.name = el("h2");
    this.close = button(words.close, onClose, "strong");
    this.giveBack = button(words.giveBack, onGiveBack, "");
    this.hand = button(words.hand, onTransfer, "");
    this.head = el(
      "header",
      {},
      button(words.back, onBack, "only-phone"),
      this.name,
      button(words.card, onCard, "only-phone"),
      this.hand,
      this.giveBack,
      this.close,
    );
    this.log = el("div", { class: "log", role: "log", tabindex: "0", "aria-live": "off" });
    // A picture has its height only once it is there: the log follows it down then.
    this.follows = true; // what comes; not while somebody reads further up
    this.top = 0;
    this.log.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = this.log;
      // A picture that grows below tears the end away too; only scrolling up is a wish to stay there.
      if (scrollHeight - scrollTop - clientHeight < 80) this.follows = true;
      else if (scrollTop < this.top) this.follows = false;
      this.top = scrollTop;
    });
    this.log.addEventListener("load", () => this.follows && (this.log.scrollTop = this.log.scrollHeight), true);
    this.note = el("p", { class: "note", role: "status" });
    this.claim = button(words.claim, onClaim, "strong");
    this.take = button(words.tickets.take, onTake, "strong");
    this.over = button(words.takeOver, onTakeOver, "");
    this.foot = el("div", { class: "foot" }, this.note, this.claim, this.take, this.over);
    this.field = el("textarea", {
      rows: "2", maxlength: "2000", placeholder: words.say, "aria-label": words.sayLabel,
      onkeydown: (event) => this.#key(event),
      oninput: () => {
        this.#keepDraft();
        if (!this.modes.isNote) this.typist.note(this.field.value);
      },
    });
    this.files = fileButton(onFile);
    for (const kind of /** @type {const} */ (["paste", "drop"])) {
      this.field.addEventListener(kind, (event) => {
        const file = store.isMine && fileOf("clipboardData" in event ? event.clipboardData : event.dataTransfer);
        if (!file) return;
        event.preventDefault();
        onFile(file);
      });
    }
    this.typist = new Typist((on) => store.typing(on));
    this.modes = new Modes({ onChange: () => this.#modeChanged() });
    this.canned = new Canned({ field: this.field, about: () => store.open, hint: () => wanted(store.thread) });
    this.draft = new Draft({ field: this.field });
    this.summary = new Summary({ store });
    this.types = el("p", { class: "types", "aria-live": "polite", hidden: true });
    this.send = el("button", { type: "submit", class: "strong" }, words.send);
    this.ask = button(words.tickets.ask, () => this.#submit("asked"), "ask-back");
    this.composer = el(
      "form",
      {
        class: "composer",
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      el(
        "div",
        { class: "tools" },
        this.modes.node,
        el(
          "button",
          { type: "button", class: "canned-open", title: "/ · Ctrl+K", onclick: () => this.openCanned() },
          words.canned.open, " ", el("kbd", {}, "/"),
        ),
        ...this.files,
      ),
      this.canned.node,
      this.draft.node,
      this.draft.offer,
      this.field,
      el("div", { class: "sends" }, this.send, this.ask),
    );
    this.asks = new Asks({ field: this.field, button: this.send });
    this.empty = el("p", { class: "empty" }, words.empty);
    root.append(this.empty, this.head, this.log, this.types, this.foot, this.summary.node, this.asks.node, this.composer);
    /** @type {Map<string | number, HTMLElement>} */ this.nodes = new Map();
    /** @type {string | null} */ this.shown = null;
  }

  /** Bring the pane in line with the store. */
  draw() {
    const { store } = this;
    const thread = store.thread;
    for (const node of [this.head, this.log, this.types, this.foot, this.composer]) node.hidden = !thread;
    this.empty.hidden = Boolean(thread);
    if (!thread) {
      this.shown = null;
      this.summary.look(null, null);
      return;
    }
    const fresh = this.shown !== store.open;
    if (fresh) {
      this.shown = store.open;
      this.draft.leave(store.open);
      this.nodes.clear();
      this.log.replaceChildren();
      this.canned.close(false);
      this.modes.set("reply");
      this.field.value = store.stay.get(`draft:${store.open}`, "");
    }
    const name = nameOf(thread.conversation);
    this.name.textContent = name;
    this.log.setAttribute("aria-label", fill(words.log, { name }));
    const waiting = thread.state.owner === "queue";
    const ticket = !store.isMine && thread.state.owner === "bot" ? this.ticketOf(store.open) : null;
    const mine = ticket !== null && String(ticket.holder_id) === store.agent;
    this.ticket = Boolean(ticket);
    this.watched = this.leads && !store.isMine && thread.state.owner === "agent";
    this.over.hidden = !this.watched;
    this.close.hidden = this.giveBack.hidden = !store.isMine;
    this.hand.hidden = !store.isMine && !mine;
    this.modes.node.hidden = !store.isMine && !ticket;
    this.composer.hidden = !store.isMine && !ticket && !this.watched;
    this.foot.hidden = store.isMine;
    this.claim.hidden = !waiting;
    this.take.hidden = !ticket || mine;
    this.take.textContent = ticket?.holder_id ? words.tickets.takeOver : words.tickets.take;
    const others = this.watched || (Boolean(ticket?.holder_id) && !mine); // a colleague's: only a note may be written
    if (others && !this.modes.isNote) this.modes.set("note");
    this.modes.buttons[0].disabled = others;
    this.files[1].hidden = !store.isMine;
    this.#drawWords();
    const watcher = store.watchers.get(thread.conversation.id);
    this.types.hidden = !(store.isMine && watcher?.typing);
    this.types.textContent = this.types.hidden ? "" : fill(words.typing, { name });
    this.note.textContent = waiting
      ? words.preview
      : ticket ? fill(words.tickets.standing[mine ? "mine" : ticket.holder_id ? "other" : "free"], { name: ticket.holder ?? "" })
      : thread.state.owner === "agent" ? fill(this.watched ? words.watching : words.other, { name: thread.state.agent }) : overText(thread);
    this.draft.look(store.open, store.isMine && !this.modes.isNote ? thread : null);
    this.summary.look(store.open, store.isMine ? thread : null);
    this.#drawLog(thread, fresh);
  }

  /** Put the cursor into the line. */
  focus() {
    if (!this.composer.hidden) this.field.focus();
    else if (!this.claim.hidden) this.claim.focus();
  }

  /** Open the search over ready answers. */
  openCanned() {
    if (!this.composer.hidden) this.canned.open();
  }

  /** Change between a reply and a note. */
  toggleNote() {
    if (!this.store.isMine && !this.ticket) return;
    this.modes.set(this.modes.isNote ? "reply" : "note");
    this.field.focus();
  }

  #modeChanged() {
    this.typist.stop();
    this.draft.look(this.store.open, this.store.isMine && !this.modes.isNote ? this.store.thread : null);
    this.#drawWords();
  }

  #drawWords() {
    const { isNote } = this.modes;
    this.composer.classList.toggle("noting", isNote);
    this.field.placeholder = isNote ? words.modes.sayNote : this.ticket ? words.tickets.say : words.say;
    this.field.setAttribute("aria-label", isNote ? words.modes.note : words.sayLabel);
    this.ask.hidden = !this.ticket || isNote;
    this.send.textContent = isNote ? words.modes.save : this.ticket ? words.tickets.send : words.send;
  }

  /** @param {Desk.Thread} thread @param {boolean} fresh */
  #drawLog(thread, fresh) {
    const { log } = this;
    log.setAttribute("aria-live", fresh ? "off" : "polite");
    const follow = fresh || this.follows;
    const entries = entriesOf(thread, this.store);
    const keys = new Set(entries.map(({ key }) => key));
    for (const [key, node] of this.nodes) {
      if (keys.has(key)) continue;
      node.remove();
      this.nodes.delete(key);
    }
    let place = log.firstChild;
    for (const entry of entries) {
      let node = this.nodes.get(entry.key);
      if (!node) this.nodes.set(entry.key, (node = entry.make()));
      if (entry.status !== undefined) showStatus(node, entry, this.store.outbox);
      if (node === place) place = place.nextSibling;
      else log.insertBefore(node, place);
    }
    this.follows = follow;
    if (follow) log.scrollTop = log.scrollHeight;
    this.top = log.scrollTop;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape" && !isComposing(event)) this.log.focus();
    if (event.key === "/" && !this.field.value && !isComposing(event)) {
      event.preventDefault();
      this.openCanned();
      return;
    }
    if (event.key === "ArrowRight" && !this.field.value && !isComposing(event) && this.draft.insert()) {
      event.preventDefault();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    if (!event.repeat) this.#submit();
  }

  #submit(ticketKind = /** @type {Desk.Kind} */ ("ticket")) {
    const kind = this.ticket && !this.modes.isNote ? ticketKind : this.modes.mode;
    const item = this.asks.blocks ? null : this.store.say(this.field.value, kind);
    if (!item) return;
    if (kind === "reply") this.draft.sent(item);
    this.typist.stop();
    this.field.value = "";
    // The next words are for the customer again: a note is the exception.
    if (kind === "note") this.modes.set("reply");
    this.#keepDraft();
    this.follows = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  // Half-written replies survive a reload and a look at another conversation.
  #keepDraft() {
    const key = `draft:${this.store.open}`;
    if (this.field.value) this.store.stay.set(key, this.field.value);
    else this.store.stay.drop(key);
  }
}
