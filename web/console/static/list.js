// The list of conversations: the agent's own, then the queue.

import { el } from "/widget/current/nodes.js";
import { words } from "./words.js";

/** Return a word with its {places} filled. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** Return the name to show for a conversation. */
export function nameOf(row) {
  return row.name || `${words.visitor} ${row.id.slice(0, 4)}`;
}

/** Return how long something lasted, in words. */
export function lasting(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return fill(words.seconds, { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return fill(words.minutes, { n: minutes });
  return fill(words.hours, { n: Math.floor(minutes / 60), m: minutes % 60 });
}

export class List {
  /** store: Store · onOpen(id) · onClaim(id). */
  constructor({ store, onOpen, onClaim }) {
    Object.assign(this, { store, onOpen, onClaim });
    this.nodes = new Map();
    this.selected = null; // where the keyboard stands
    this.lists = { mine: document.getElementById("mine"), waiting: document.getElementById("waiting") };
  }

  /** Draw both lists, keeping the nodes that stand already. */
  draw() {
    this.#side("mine", words.noneMine);
    this.#side("waiting", words.noneWaiting);
  }

  /** Move the keyboard's place by one row. */
  step(by) {
    const rows = this.store.rows;
    if (!rows.length) return;
    const at = rows.findIndex(({ id }) => id === (this.selected ?? this.store.open));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    this.selected = next.id;
    this.nodes.get(next.id)?.querySelector(".row").focus();
  }

  #side(side, none) {
    const rows = this.store[side];
    document.getElementById(`${side}-count`).textContent = rows.length || "";
    const wanted = rows.map((row) => this.#item(row, side));
    const list = this.lists[side];
    if (!wanted.length) {
      if (!list.querySelector(".none")) list.replaceChildren(el("li", { class: "none" }, none));
      return;
    }
    const focused = document.activeElement;
    wanted.forEach((node, at) => {
      if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
    });
    while (list.children.length > wanted.length) list.lastChild.remove();
    // A node that moves to another place loses the focus.
    if (focused?.isConnected && document.activeElement !== focused) focused.focus();
  }

  #item(row, side) {
    let node = this.nodes.get(row.id);
    if (!node) {
      node = el("li");
      this.nodes.set(row.id, node);
    }
    const open = row.id === this.store.open;
    const unread = side === "mine" && !open && this.store.isUnread(row);
    const typing = side === "mine" && Boolean(this.store.watchers.get(row.id)?.typing);
    const meta = [words.topic[row.topic] ?? row.topic, words.reason[row.reason]].filter(Boolean).join(" · ");
    const drawn = JSON.stringify([row, side, open, unread, typing, lasting(Date.now() - row.since)]);
    if (node.dataset.drawn === drawn) return node;
    const had = node.contains(document.activeElement) && document.activeElement.className;
    node.dataset.drawn = drawn;
    node.className = `${row.urgent ? "urgent" : ""}${unread ? " unread" : ""}${open ? " open" : ""}`;
    node.replaceChildren(
      el(
        "button",
        {
          type: "button", class: "row", "aria-current": open ? "true" : null,
          onclick: () => this.onOpen(row.id),
          onfocus: () => (this.selected = row.id),
        },
        el(
          "span",
          { class: "head" },
          el("strong", {}, nameOf(row)),
          row.urgent ? el("em", { class: "hurry" }, words.urgent) : null,
          unread ? el("i", { class: "dot", role: "img", "aria-label": words.unread }) : null,
          side === "waiting"
            ? el("span", { class: "time" }, fill(words.waited, { time: lasting(Date.now() - row.since) }))
            : null,
          typing ? el("span", { class: "time" }, words.typingShort) : null,
        ),
        meta ? el("span", { class: "meta" }, meta) : null,
        el("span", { class: "last" }, row.last?.text ?? ""),
      ),
      ...(side === "waiting"
        ? [el("button", { type: "button", class: "claim", "aria-label": `${words.claim} ${nameOf(row)}`, onclick: () => this.onClaim(row.id) }, words.claim)]
        : []),
    );
    if (had) (node.querySelector(`.${had.split(" ")[0]}`) ?? node.querySelector(".row")).focus();
    return node;
  }
}
