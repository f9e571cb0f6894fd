// What stands in the log of one conversation at the desk, and what its thread says for the line below.

import { markBetween, timeOf } from "/widget/current/clock.js";
import { el } from "/widget/current/nodes.js";
import { lineOf, messageNode } from "./bubbles.js";
import { attachmentNode } from "./contactlines.js";
import { fill } from "./list.js";
import { noteNode } from "./notes.js";
import { words } from "./words.js";
/** @import { Store } from "./store.js" */

const me = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="agent"]')).dataset.name;
const NOD = 4; // characters of a message that says nothing by itself

/**
 * @typedef {{key: string | number, make: () => HTMLElement, event?: number, id?: string,
 *   status?: "" | "sending" | "sent" | "read" | "unsent" | "refused"}} Entry id: of the outbox, while it is there
 */

/**
 * Return the entries to draw, oldest first: {key, make(): its node, status: of the agent's own}.
 * @param {Desk.Thread} thread
 * @param {Store} store
 * @returns {Entry[]}
 */
export function entriesOf(thread, store) {
  /** @type {Entry[]} */
  const entries = [];
  const now = new Date();
  /** @type {Date | null} */
  let last = null;
  // Event 1 opens a thread; where it is not known, there is more above.
  if (thread.events.size && !thread.events.has(1)) {
    const more = () => el("p", { class: "line" }, el("button", { type: "button", onclick: () => store.loadEarlier().catch(() => {}) }, words.earlier));
    entries.push({ key: "earlier", make: more });
  }
  for (const event of [...thread.events.values()].sort((a, b) => a.id - b.id)) {
    const at = new Date(event.at);
    if (event.type === "attachment") {
      const picture = () => el("div", { class: `message ${event.actor.kind}` }, attachmentNode(thread.conversation.id, event.data));
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
  const newest = entries.at(-1);
  if (newest?.event && newest.status !== undefined) {
    const seen = (thread.state.read?.customer ?? 0) >= newest.event;
    newest.status = seen ? "read" : "sent";
  }
  for (const item of store.outbox.items) {
    if (item.conversation !== store.open) continue;
    entries.push({
      key: item.client_id,
      id: item.client_id,
      status: item.refused ? "refused" : store.outbox.stuck ? "unsent" : "sending",
      make: () =>
        item.kind === "note"
          ? noteNode({ actor: { name: me }, at: item.at, data: { text: item.text } })
          : messageNode("agent", null, { text: item.text }, thread.conversation),
    });
  }
  return entries;
}

/**
 * Say at an agent's own message how far it has come.
 * @param {HTMLElement} node
 * @param {Pick<Entry, "status" | "id">} entry
 * @param {Store["outbox"]} outbox
 */
export function showStatus(node, { status, id }, outbox) {
  const old = /** @type {HTMLElement} */ (node.querySelector(".status"));
  if (old.dataset.status === status) return;
  const failed = status === "unsent" || status === "refused";
  const next = failed
    ? el("button", { type: "button", class: "status failed", onclick: () => outbox.retry(id) }, words[status])
    : el("span", { class: "status" }, status ? words[status] : "");
  next.dataset.status = status;
  old.replaceWith(next);
}

/** Return why there is nothing to write into: a colleague was quicker with a ticket, or it is over. @param {Desk.Thread} thread */
export function overText({ events }) {
  const last = [...events.values()].sort((a, b) => a.id - b.id).findLast(({ type }) => ["ticket_answered", "closed", "ticket_opened"].includes(type));
  return last?.type === "ticket_answered" ? fill(words.ticketDone, { name: last.actor.name ?? "" }) : words.over;
}

/**
 * Return what an answer is most likely wanted for: the problem as the card knows it. A 「好的」 that came
 * last says nothing of it; without a card the last words that are more than a nod are taken.
 * @param {Desk.Thread | null} thread
 */
export function wanted(thread) {
  if (thread?.card?.problem) return thread.card.problem;
  const events = [...(thread?.events.values() ?? [])].sort((a, b) => a.id - b.id);
  const typed = events.filter(({ type, actor, data }) => type === "message" && actor.kind === "customer" && !data.payload);
  return (typed.findLast(({ data }) => data.text.length > NOD) ?? typed.at(-1))?.data.text ?? "";
}
