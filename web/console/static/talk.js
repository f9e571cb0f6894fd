// The chat with one customer: the thread, the agent's own words on their way, the line to write in.

import { markBetween, timeOf } from "/widget/current/clock.js";
import { isComposing } from "/widget/current/composer.js";
import { el } from "/widget/current/nodes.js";
import { Typist } from "/widget/current/typing.js";
import { Asks } from "./asks.js";
import { lineOf, messageNode } from "./bubbles.js";
import { Canned } from "./canned.js";
import { pictureNode } from "./contactlines.js";
import { fill, nameOf } from "./list.js";
import { Modes, noteNode } from "./notes.js";
import { pictureButton, pictureOf } from "./picture.js";
import { words } from "./words.js";

const me = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="agent"]')).dataset.name;

const NOD = 4; // characters of a message that says nothing by itself

export class Talk {
  /**
   * store: Store · root: the pane · ticketOf(id): the open ticket of a conversation, or null ·
   * onClaim, onClose, onGiveBack, onTransfer, onBack, onCard, onTake: what the buttons do · onPicture(file).
   */
  constructor({ store, root, ticketOf, onClaim, onClose, onGiveBack, onTransfer, onBack, onCard, onPicture, onTake }) {
    this.store = store;
    this.ticketOf = ticketOf;
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
    this.foot = el("div", { class: "foot" }, this.note, this.claim, this.take);
    this.field = el("textarea", {
      rows: "2", maxlength: "2000", placeholder: words.say, "aria-label": words.sayLabel,
      onkeydown: (event) => this.#key(event),
      oninput: () => {
        this.#keepDraft();
        if (!this.modes.isNote) this.typist.note(this.field.value);
      },
    });
    this.pictures = pictureButton(onPicture);
    for (const kind of ["paste", "drop"]) {
      this.field.addEventListener(kind, (event) => {
        const file = store.isMine && pictureOf(event.clipboardData ?? event.dataTransfer);
        if (!file) return;
        event.preventDefault();
        onPicture(file);
      });
    }
    this.typist = new Typist((on) => store.typing(on));
    this.modes = new Modes({ onChange: () => this.#modeChanged() });
    this.canned = new Canned({ field: this.field, about: () => store.open, hint: () => wanted(store.thread) });
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
        ...this.pictures,
      ),
      this.canned.node,
      this.field,
      el("div", { class: "sends" }, this.send, this.ask),
    );
    this.asks = new Asks({ field: this.field, button: this.send });
    this.empty = el("p", { class: "empty" }, words.empty);
    root.append(this.empty, this.head, this.log, this.types, this.foot, this.asks.node, this.composer);
    this.nodes = new Map();
    this.shown = null;
  }

  /** Bring the pane in line with the store. */
  draw() {
    const { store } = this;
    const thread = store.thread;
    for (const node of [this.head, this.log, this.types, this.foot, this.composer]) node.hidden = !thread;
    this.empty.hidden = Boolean(thread);
    if (!thread) {
      this.shown = null;
      return;
    }
    const fresh = this.shown !== store.open;
    if (fresh) {
      this.shown = store.open;
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
    const ticket = !store.isMine && thread.state.owner === "bot" && this.ticketOf(store.open);
    const mine = Boolean(ticket) && String(ticket.holder_id) === store.agent;
    this.ticket = Boolean(ticket);
    this.close.hidden = this.giveBack.hidden = !store.isMine;
    this.hand.hidden = !store.isMine && !mine;
    this.modes.node.hidden = !store.isMine && !ticket;
    this.composer.hidden = !store.isMine && !ticket;
    this.foot.hidden = store.isMine;
    this.claim.hidden = !waiting;
    this.take.hidden = !ticket || mine;
    this.take.textContent = ticket?.holder_id ? words.tickets.takeOver : words.tickets.take;
    const others = Boolean(ticket?.holder_id) && !mine; // a colleague's: only a note may be written
    if (others && !this.modes.isNote) this.modes.set("note");
    this.modes.buttons[0].disabled = others;
    this.pictures[1].hidden = !store.isMine;
    this.#drawWords();
    const watcher = store.watchers.get(store.open);
    this.types.hidden = !(store.isMine && watcher?.typing);
    this.types.textContent = this.types.hidden ? "" : fill(words.typing, { name });
    this.note.textContent = waiting
      ? words.preview
      : ticket ? fill(words.tickets.standing[mine ? "mine" : ticket.holder_id ? "other" : "free"], { name: ticket.holder ?? "" })
      : thread.state.owner === "agent" ? fill(words.other, { name: thread.state.agent }) : overText(thread);
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

  #drawLog(thread, fresh) {
    const { log } = this;
    log.setAttribute("aria-live", fresh ? "off" : "polite");
    const follow = fresh || this.follows;
    const entries = this.#entries(thread);
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
      if (entry.status !== undefined) this.#status(node, entry);
      if (node === place) place = place.nextSibling;
      else log.insertBefore(node, place);
    }
    this.follows = follow;
    if (follow) log.scrollTop = log.scrollHeight;
    this.top = log.scrollTop;
  }

  #entries(thread) {
    const entries = [];
    const now = new Date();
    /** @type {Date | null} */
    let last = null;
    // Event 1 opens a thread; where it is not known, there is more above.
    if (thread.events.size && !thread.events.has(1)) {
      const more = () => el("p", { class: "line" }, el("button", { type: "button", onclick: () => this.store.loadEarlier().catch(() => {}) }, words.earlier));
      entries.push({ key: "earlier", make: more });
    }
    for (const event of [...thread.events.values()].sort((a, b) => a.id - b.id)) {
      const at = new Date(event.at);
      if (event.type === "attachment") {
        const picture = () => el("div", { class: `message ${event.actor.kind}` }, pictureNode(thread.conversation.id, event.data));
        entries.push({ key: event.id, make: picture });
        continue;
      }
      if (event.type === "note") {
        entries.push({ key: event.client_id ?? event.id, status: "", make: () => noteNode(event) });
        continue;
      }
      if (event.type !== "message") {
        const text = lineOf(event);
        if (text) entries.push({ key: event.id, make: () => el("p", { class: "line" }, `${text} · ${timeOf(at)}`) });
        continue;
      }
      const mark = markBetween(last, at, now);
      last = at;
      if (mark) entries.push({ key: `t${event.id}`, make: () => el("p", { class: "mark" }, mark) });
      const mine = event.actor.kind === "agent";
      entries.push({
        key: mine && event.client_id ? event.client_id : event.id,
        event: event.id,
        status: mine ? "" : undefined,
        make: () => messageNode(event.actor.kind, event.actor.name, event.data, thread.conversation),
      });
    }
    const own = entries.filter(({ status }) => status !== undefined);
    if (own.at(-1)?.event && own.at(-1) === entries.at(-1)) {
      const seen = (thread.state.read?.customer ?? 0) >= own.at(-1).event;
      own.at(-1).status = seen ? "read" : "sent";
    }
    for (const item of this.store.outbox.items) {
      if (item.conversation !== this.store.open) continue;
      entries.push({
        key: item.client_id,
        id: item.client_id,
        status: item.refused ? "refused" : this.store.outbox.stuck ? "unsent" : "sending",
        make: () =>
          item.kind === "note"
            ? noteNode({ actor: { name: me }, at: item.at, data: { text: item.text } })
            : messageNode("agent", null, { text: item.text }, thread.conversation),
      });
    }
    return entries;
  }

  #status(node, { status, id }) {
    const old = node.querySelector(".status");
    if (old.dataset.status === status) return;
    const failed = status === "unsent" || status === "refused";
    const next = failed
      ? el("button", { type: "button", class: "status failed", onclick: () => this.store.outbox.retry(id) }, words[status])
      : el("span", { class: "status" }, words[status] ?? "");
    next.dataset.status = status;
    old.replaceWith(next);
  }

  #key(event) {
    if (event.key === "Escape" && !isComposing(event)) this.log.focus();
    if (event.key === "/" && !this.field.value && !isComposing(event)) {
      event.preventDefault();
      this.openCanned();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    if (!event.repeat) this.#submit();
  }

  #submit(ticketKind = "ticket") {
    const kind = this.ticket && !this.modes.isNote ? ticketKind : this.modes.mode;
    if (this.asks.blocks || !this.store.say(this.field.value, kind)) return;
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

// Why there is nothing to write into: a colleague was quicker with a ticket, or it is over.
function overText({ events }) {
  const last = [...events.values()].sort((a, b) => a.id - b.id).findLast(({ type }) => ["ticket_answered", "closed", "ticket_opened"].includes(type));
  return last?.type === "ticket_answered" ? fill(words.ticketDone, { name: last.actor.name ?? "" }) : words.over;
}

// What an answer is most likely wanted for: the problem as the card knows it. A 「好的」 that came
// last says nothing of it; without a card the last words that are more than a nod are taken.
function wanted(thread) {
  if (thread?.card?.problem) return thread.card.problem;
  const events = [...(thread?.events.values() ?? [])].sort((a, b) => a.id - b.id);
  const typed = events.filter(({ type, actor, data }) => type === "message" && actor.kind === "customer" && !data.payload);
  return (typed.findLast(({ data }) => data.text.length > NOD) ?? typed.at(-1))?.data.text ?? "";
}
