// One entry of the desk's log: a message as a node, an event that is no message as a line.

import { renderMarkdown, renderText } from "/widget/current/markdown.js";
import { el } from "/widget/current/nodes.js";
import { words as contactWords } from "./contact-words.js";
import { contactLine } from "./contactlines.js";
import { fill, nameOf } from "./list.js";
import { words } from "./words.js";

/** @type {Partial<Record<Desk.Event["type"], string>>} */
const LOST = { agent_left: "agentLost", requeued: "requeuedLost" };
const me = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="agent"]')).dataset.name;

/**
 * Return the node of a message. kind: who said it, "customer", "bot" or "agent".
 * @param {string} kind
 * @param {string | null} name
 * @param {Desk.Event["data"]} data
 * @param {Desk.Row} conversation
 */
export function messageNode(kind, name, data, conversation) {
  const own = !name || name === me;
  /** @type {Record<string, string>} */
  const names = { customer: nameOf(conversation), bot: words.bot, agent: own ? words.me : name };
  const who = names[kind] ?? kind;
  const text = el("div", { class: "text" });
  const render = data.format === "markdown" ? renderMarkdown : renderText;
  text.append(render(data.text ?? "", location.origin));
  const node = el("div", { class: `message ${kind}` }, el("span", { class: "who" }, who), text);
  if (data.buttons?.length) {
    node.append(el("p", { class: "offered" }, data.buttons.map((/** @type {{title: string}} */ { title }) => title).join(" / ")));
  }
  if (data.masked?.length) node.append(el("p", { class: "offered" }, words.secret));
  if (data.lures?.length) {
    const kinds = data.lures.map((/** @type {string} */ one) => contactWords.asks.kinds[one] ?? one).join("、");
    node.append(el("p", { class: "lured" }, fill(contactWords.asks.heard, { kinds })));
  }
  if (kind === "agent") node.append(el("span", { class: "status" }));
  return node;
}

/** Return the words of an event that is no message, or null where it shows nothing. @param {Desk.Event} event */
export function lineOf(event) {
  const { type, data, actor } = event;
  const contact = contactLine(event);
  if (contact !== undefined) return contact;
  if (type === "agent_left" && data.reason === "callback") return null; // the call's own line says when
  if (type === "notice") return words.notice[data.code] ? fill(words.notice[data.code], data) : null;
  if (type === "ticket_moved") return fill(words.ticketMoved[data.step] ?? "", { ...data, name: actor.name ?? "" }) || null;
  if (type === "triaged") {
    const what = Object.entries(words.triaged).filter(([key]) => key in data).map(([, name]) => name).join("、");
    return fill(words.event.triaged, { name: actor.name ?? words.system, what });
  }
  const topic = words.topic[data?.topic] ?? data?.topic ?? "";
  const lost = data?.reason === "lost" && LOST[type];
  const idle = type === "closed" && data?.reason === "idle" && "closedIdle";
  const said = words.event[lost || idle || type];
  return said ? fill(said, { comment: "", ...data, name: actor.name ?? "", topic }).trim() : null;
}
