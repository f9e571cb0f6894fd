// One entry of the log as a DOM node, and its later changes.

import { afterNode, updateAfter } from "./after.js";
import { timeOf } from "./clock.js";
import { contactLine } from "./contactlines.js";
import { renderMarkdown, renderText } from "./markdown.js";
import { momentOf } from "./moments.js";
import { logo } from "./logo.js";
import { el, icon } from "./nodes.js";
import { attachmentNode, updateUpload, uploadNode } from "./picture.js";
import { transactionFace } from "./transactions.js";
import { fill, words } from "./words.js";

/** @type {Record<string, string | null>} */
const LINES = words.event;

/**
 * Return the node of a message, a system line or a time mark; see thread.js for the entries.
 * @param {Chat.Entry} entry
 * @param {Chat.LogHooks} hooks
 * @returns {HTMLElement}
 */
export function entryNode(entry, hooks) {
  if (entry.kind === "mark") return el("p", { class: "mark" }, entry.text);
  if (entry.kind === "line") return el("p", { class: `line ${entry.tone ?? ""}` }, entry.text);
  if (entry.kind === "offer") return offerNode(hooks);
  if (entry.kind === "typing") return typingNode(entry.name);
  if (entry.kind === "after") return afterNode(entry, hooks);
  if (entry.kind === "picture") {
    const column = el("div", { class: "column" }, attachmentNode(entry.picture, hooks.open));
    if (entry.side !== "agent") return el("div", { class: "message mine first" }, column);
    return el("div", { class: "message agent first" }, el("span", { class: "face", "aria-hidden": "true" }, initial(entry.name)), column);
  }
  if (entry.kind === "upload") return uploadNode(entry, hooks);
  return messageNode(entry, hooks);
}

/**
 * Bring a node in line with the changed entry, without drawing it anew.
 * @param {HTMLElement} node
 * @param {Chat.Entry} entry
 * @param {Chat.LogHooks} hooks
 */
export function updateNode(node, entry, hooks) {
  if (entry.kind === "after") updateAfter(/** @type {ReturnType<typeof afterNode>} */ (node), entry);
  if (entry.kind === "upload") updateUpload(node, entry, hooks);
  if (entry.kind !== "message") return;
  if (entry.side === "mine") updateStatus(node, entry, hooks);
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (node.querySelectorAll(".choices button"))) button.disabled = !entry.live;
  node.classList.toggle("quiet", Boolean(entry.buttons?.length) && !entry.live);
}

/** @param {Chat.Message} entry @param {Chat.LogHooks} hooks */
function messageNode(entry, hooks) {
  const mine = entry.side === "mine";
  const name = mine ? words.me : entry.side === "agent" ? entry.name || words.agent : words.bot;
  const text = el("div", { class: "text" });
  text.append(
    entry.markdown ? renderMarkdown(entry.text, hooks.base) : renderText(entry.text, hooks.base),
  );
  const body = el(
    "div",
    { class: "body" },
    el(
      "span",
      { class: entry.side === "agent" && entry.first ? "name" : "unseen" },
      name, el("span", { class: "unseen" }, "："),
    ),
    text,
  );
  if (entry.faq) {
    body.append(
      el(
        "a",
        {
          class: "article",
          href: `${hooks.base}/faq/${encodeURIComponent(entry.faq)}`,
          target: hooks.sameWindow ? null : "_blank",
          rel: "noopener",
        },
        words.article,
      ),
    );
  }
  if (!mine && hooks.reader) body.append(hooks.reader.buttonFor(text));
  const node = el("div", { class: `message ${entry.side}${entry.first ? " first" : ""}` });
  if (!mine) {
    const face = el("span", { class: "face", "aria-hidden": "true" });
    if (entry.first) face.append(entry.side === "agent" ? initial(entry.name) : logo());
    node.append(face);
  }
  const column = el("div", { class: "column" }, body);
  if (entry.masked) {
    column.append(el("p", { class: "why" }, icon("shield"), el("span", {}, words.masked)));
  }
  if (entry.buttons?.length) column.append(choices(entry, hooks));
  if (mine) column.append(el("span", { class: "status" }));
  node.append(column);
  node.title = timeOf(entry.at);
  updateNode(node, entry, hooks);
  return node;
}

/** @param {Chat.Message} entry @param {Chat.LogHooks} hooks */
function choices(entry, hooks) {
  const row = el("div", { class: "choices", role: "group" });
  for (const { title, payload } of entry.buttons ?? []) {
    const face = transactionFace(title, payload);
    row.append(
      el("button", { type: "button", class: face && "transaction", onclick: () => hooks.press(title, payload) }, ...(face ?? [title])),
    );
  }
  return row;
}

/** @param {HTMLElement} node @param {Chat.Message} entry @param {Chat.LogHooks} hooks */
function updateStatus(node, entry, hooks) {
  const old = /** @type {HTMLElement | null} */ (node.querySelector(".status"));
  if (!old || old.dataset.status === entry.status) return;
  const failed = entry.status === "unsent" || entry.status === "refused";
  const next = failed
    ? el("button", { type: "button", class: "status failed", onclick: () => hooks.retry(entry.id) })
    : el("span", { class: "status" });
  next.dataset.status = entry.status;
  next.append(!entry.status || entry.status === "delivered" ? "" : words[entry.status]);
  old.replaceWith(next);
}

// While a message waits for its answer: more to say, an address, or a call instead.
/** @param {Chat.LogHooks} hooks */
function offerNode(hooks) {
  /** @param {string} text @param {() => unknown} onclick */
  const button = (text, onclick) => el("button", { type: "button", onclick }, text);
  return el(
    "div",
    { class: "choices offer" },
    button(words.ticket.more, hooks.ticket), button(words.ticket.callback, hooks.callback),
  );
}

/** @param {string} [name] */
function typingNode(name) {
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  const text = name
    ? el("span", { class: "who-types" }, fill(words.agentTyping, { name }))
    : el("span", { class: "unseen" }, words.typing);
  return el(
    "div",
    { class: `message ${name ? "agent" : "bot"} first typing` },
    el("span", { class: "face", "aria-hidden": "true" }, name ? initial(name) : logo()),
    el("div", { class: "column" }, el("div", { class: "body" }, dots, text)),
  );
}

/** @param {string | null} [name] */
function initial(name) {
  return [...(name || words.agent)][0];
}

/** Return the words of an event that is no message, or null where it shows nothing. @param {Api.EventOut} event */
export function lineOf(event) {
  const { type, data } = event;
  const said = words.event;
  const name = event.actor.name || words.agent;
  const contact = contactLine(event, words.agent);
  if (contact !== undefined) return contact;
  if (type === "notice") return fill(LINES[data.code] ?? "", { ...data, time: data.until ? momentOf(data.until) : "" }) || null;
  if (type === "escalated") return data.urgent ? said.escalatedUrgent : said.escalated;
  if (type === "agent_left" && data.reason === "callback") return null; // the call's own line says when
  if (type === "agent_left" && data.reason === "lost") return fill(said.agentLost, { name });
  if (type === "requeued" && data.reason === "lost") return said.requeuedLost;
  if (type === "closed" && data.reason === "idle") return said.closedIdle;
  if (type === "requeued" && data.reason === "transfer") return said.requeuedTransfer;
  if (type === "transferred" && !data.to) return said.requeuedTransfer;
  if (type === "transferred") return fill(said.transferred, { to: data.to });
  if (type === "ticket_opened") return ticketLine(data);
  const line = LINES[type];
  return line ? fill(line, { name }) : null;
}

/** @param {Api.EventOut["data"]} data */
function ticketLine({ number, next_opening: opening, email }) {
  const time = opening ? momentOf(opening) : "";
  const line = fill(opening ? words.event.ticketOpening : words.event.ticket, { number, time });
  return email ? line + words.event.ticketEmail : line;
}
