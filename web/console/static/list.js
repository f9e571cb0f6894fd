// The list of conversations: the agent's own, then the queue.

import { el, part } from "/widget/current/nodes.js";
import { words } from "./words.js";
/** @import { Store } from "./store.js" */

/** Return a word with its {places} filled. @param {string} text @param {Record<string, unknown>} values */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** Return the name to show for a conversation. @param {{id: string, name?: string | null}} row */
export function nameOf(row) {
  return row.name || `${words.visitor} ${row.id.slice(0, 4)}`;
}

/** Return how long something lasted, in words. @param {number} ms */
export function lasting(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return fill(words.seconds, { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return fill(words.minutes, { n: minutes });
  return fill(words.hours, { n: Math.floor(minutes / 60), m: minutes % 60 });
}

/** @param {Element} [node] @returns {HTMLElement | null | undefined} */
const rowOf = (node) => node?.querySelector(".row");

const PAGE = 50; // rows of one look further down

// What a row is found by when the list is filtered.
/** @param {Desk.Row} row */
function textOf(row) {
  const topic = words.topic[row.topic ?? ""] ?? row.topic ?? "";
  const said = [nameOf(row), row.number, topic, words.reason[row.reason ?? ""], row.problem];
  return [...said, ...row.facts, ...(row.tags ?? []).map((tag) => `#${tag}`)].join(" ").toLowerCase();
}

const me = Number(/** @type {HTMLMetaElement} */ (document.querySelector('meta[name="agent"]')).content);

/** Tell whether a waiting row is kept for a colleague for the moment. @param {Pick<Desk.Row, "reserved_until" | "had_by_id" | "urgent">} row */
export function isKept(row, now = Date.now()) {
  return Boolean(row.reserved_until) && row.had_by_id !== me && !row.urgent && Date.parse(row.reserved_until ?? "") > now;
}

/** @param {Desk.Row} row */
function keptMark(row) {
  if (row.had_by_id === me) return el("em", { class: "due" }, row.reserved_until ? words.keptForMe : words.hadByMe);
  return isKept(row) ? el("em", { class: "due" }, fill(words.keptFor, { name: row.had_by ?? "" })) : null;
}

export class List {
  /** store: Store · onOpen(id) · onClaim(id). @param {{store: Store, onOpen: (id: string) => unknown, onClaim: (id: string) => unknown}} parts */
  constructor({ store, onOpen, onClaim }) {
    this.store = store;
    this.onOpen = onOpen;
    this.onClaim = onClaim;
    this.filter = /** @type {HTMLInputElement} */ (document.getElementById("filter"));
    this.filter.placeholder = words.search;
    this.filter.setAttribute("aria-label", words.search);
    this.filter.addEventListener("input", () => {
      store.widen(Boolean(this.filter.value.trim())); // nobody is left out of what is filtered
      this.draw();
    });
    this.more = el("button", { type: "button", class: "more", hidden: true, onclick: () => store.showMore() });
    part("waiting").after(this.more);
    /** @type {Map<string, HTMLElement>} */ this.nodes = new Map();
    /** @type {string | null} */ this.selected = null; // where the keyboard stands
    this.lists = { mine: part("mine"), waiting: part("waiting") };
  }

  /** Draw both lists, keeping the nodes that stand already. */
  draw() {
    this.#side("mine", words.noneMine);
    this.#side("waiting", words.noneWaiting);
  }

  /** Move the keyboard's place by one row. @param {number} by */
  step(by) {
    const rows = this.store.rows;
    if (!rows.length) return;
    const at = rows.findIndex(({ id }) => id === (this.selected ?? this.store.open));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    this.selected = next.id;
    rowOf(this.nodes.get(next.id))?.focus();
  }

  /** @param {"mine" | "waiting"} side @param {string} none */
  #side(side, none) {
    // Tags are looked for among the agent's own as well.
    const typed = this.filter.value.trim().toLowerCase();
    const asked = side === "waiting" || typed.startsWith("#") ? typed : "";
    const rows = asked ? this.store[side].filter((row) => textOf(row).includes(asked)) : this.store[side];
    const total = side === "waiting" ? this.store.total : rows.length;
    part(`${side}-count`).textContent = String(total || "");
    if (side === "waiting") this.#drawMore();
    const wanted = rows.map((row) => this.#item(row, side));
    const list = this.lists[side];
    if (!wanted.length) {
      const text = !asked ? none : side === "mine" ? words.noneOfMine : words.noneFound;
      if (list.querySelector(".none")?.textContent !== text) list.replaceChildren(el("li", { class: "none" }, text));
      return;
    }
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    wanted.forEach((node, at) => {
      if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
    });
    while (list.children.length > wanted.length) list.lastChild?.remove();
    // A node that moves to another place loses the focus.
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  #drawMore() {
    const left = this.store.total - this.store.waiting.length;
    this.more.hidden = left <= 0;
    this.more.textContent = fill(words.more, { n: left, m: Math.min(left, PAGE) });
  }

  /** @param {Desk.Row} row @param {"mine" | "waiting"} side */
  #item(row, side) {
    let node = this.nodes.get(row.id);
    if (!node) {
      node = el("li");
      this.nodes.set(row.id, node);
    }
    const open = row.id === this.store.open;
    const unread = side === "mine" && !open && this.store.isUnread(row);
    const typing = side === "mine" && Boolean(this.store.watchers.get(row.id)?.typing);
    const meta = [words.topic[row.topic ?? ""] ?? row.topic, words.reason[row.reason ?? ""], ...(side === "waiting" ? row.facts : [])]
      .filter(Boolean).join(" · ");
    const line = side === "waiting" ? row.problem : row.last?.text;
    const drawn = JSON.stringify([row, side, open, unread, typing, lasting(Date.now() - Number(row.since))]);
    if (node.dataset.drawn === drawn) return node;
    const had = node.contains(document.activeElement) ? document.activeElement?.className : "";
    node.dataset.drawn = drawn;
    node.className = `${row.urgent ? "urgent" : ""}${row.life ? " life" : ""}${unread ? " unread" : ""}${open ? " open" : ""}`;
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
          row.life ? el("em", { class: "hurry" }, words.life) : row.urgent ? el("em", { class: "hurry" }, words.urgent) : null,
          side === "waiting" ? keptMark(row) : null,
          row.front && !row.life && side === "waiting" ? el("em", { class: "due" }, words.front) : null,
          unread ? el("i", { class: "dot", role: "img", "aria-label": words.unread }) : null,
          side === "waiting"
            ? el("span", { class: "time" }, fill(words.waited, { time: lasting(Date.now() - Number(row.since)) }))
            : null,
          typing ? el("span", { class: "time" }, words.typingShort) : null,
        ),
        meta ? el("span", { class: "meta" }, meta) : null,
        el("span", { class: "last", title: line || null }, line ?? ""),
        row.tags?.length ? el("span", { class: "tags" }, ...row.tags.map((tag) => el("span", {}, `#${tag}`))) : null,
      ),
      ...(side === "waiting"
        ? [el("button", { type: "button", class: "claim", "aria-label": `${words.claim} ${nameOf(row)}`, onclick: () => this.onClaim(row.id) }, words.claim)]
        : []),
    );
    // The list may be scrolled elsewhere meanwhile; keeping the focus must not pull it back.
    if (had) (/** @type {HTMLElement | null} */ (node.querySelector(`.${had.split(" ")[0]}`)) ?? rowOf(node))?.focus({ preventScroll: true });
    return node;
  }
}
