// What stands in the log where a human's service ended: rating, transcript, reopening.

import { dayOf } from "./clock.js";
import { el, focusOf } from "./nodes.js";
import { fill, words } from "./words.js";

const REOPENS = 7 * 86_400_000; // ms after the end for which it can be reopened
const said = words.after;

/**
 * Return what is to be shown at a `closed` event: {rated: score|null, canRate, reopenUntil: Date|null}.
 * events: of the session, in their order · owner: who has the conversation now.
 * @param {Api.EventOut} closed
 * @param {Api.EventOut[]} events
 * @param {string} owner
 * @param {Date} now
 * @returns {Chat.After}
 */
export function afterOf(closed, events, owner, now) {
  const later = events.filter(({ id }) => id > closed.id);
  const newest = !later.some(({ type }) => type === "closed");
  const rated = later.find(({ type, data }) => type === "rated" && (data.closed ?? closed.id) === closed.id);
  const until = new Date(Date.parse(closed.at) + REOPENS);
  const gone = later.some(({ type }) => ["reopened", "escalated", "ticket_opened", "queue_joined"].includes(type));
  return {
    rated: rated?.data.score ?? null,
    canRate: newest && !rated,
    reopenUntil: newest && !gone && owner === "bot" && until > now ? until : null,
    newest,
  };
}

/** @typedef {Pick<Chat.LogHooks, "rate" | "transcript" | "reopen">} Hooks */

/**
 * Return the node of an entry of kind "after". hooks: {rate(score, comment), transcript(), reopen()}.
 * @param {Chat.Rated} entry
 * @param {Hooks} hooks
 */
export function afterNode(entry, hooks) {
  const node = Object.assign(el("section", { class: "after", "aria-label": said.title }), { hooks });
  updateAfter(node, entry);
  return node;
}

/** Bring the node in line with the changed entry; what is half filled in stays. @param {HTMLElement & {hooks: Hooks}} node @param {Chat.Rated} entry */
export function updateAfter(node, entry) {
  const { rated, canRate, reopenUntil } = entry;
  const drawn = JSON.stringify([rated, canRate, reopenUntil]);
  if (node.dataset.drawn === drawn) return;
  const held = node.contains(focusOf(node));
  node.dataset.drawn = drawn;
  const { hooks } = node;
  const form = canRate ? (node.querySelector("form") ?? ratingForm(entry, hooks)) : null;
  const parts = [];
  if (form) parts.push(form);
  if (rated) parts.push(el("p", { class: "done", role: "status", tabindex: "-1" }, fill(said.thanks, { n: rated, word: said.scores[rated - 1] })));
  if (entry.newest) {
    const actions = el("div", { class: "after-do" }, plain(said.transcript, hooks.transcript));
    if (reopenUntil) {
      const date = dayOf(reopenUntil, new Date());
      parts.push(el("p", { class: "hint" }, fill(said.reopenHint, { date })));
      actions.append(plain(said.reopen, hooks.reopen));
    }
    parts.push(actions);
  }
  node.replaceChildren(...parts);
  node.hidden = parts.length === 0;
  if (held) /** @type {HTMLElement | null} */ (node.querySelector(".done") ?? node.querySelector("button"))?.focus();
}

/** @param {Chat.Rated} entry @param {Hooks} hooks */
function ratingForm(entry, hooks) {
  const fault = el("p", { class: "fault", role: "alert", hidden: true });
  const more = el("div", { class: "rate-more", hidden: true });
  const group = `rate-${entry.id}`;
  const stars = said.scores.map((word, at) =>
    el(
      "label",
      { title: word },
      el("input", {
        type: "radio", name: group, value: at + 1, "aria-label": fill(said.score, { n: at + 1, word }),
        onchange: () => chosen(at + 1),
      }),
      el("span", { "aria-hidden": "true" }, "★"),
    ),
  );
  const word = el("span", { class: "rate-word", "aria-hidden": "true" });
  const comment = el("input", {
    type: "text", maxlength: "500", placeholder: said.comment, "aria-label": said.comment, autocomplete: "off",
  });
  const send = el("button", { type: "submit", class: "strong" }, said.send);
  let score = 0;
  /** @param {number} value */
  const chosen = (value) => {
    score = value;
    stars.forEach((label, at) => label.classList.toggle("on", at < value));
    word.textContent = said.scores[value - 1];
    more.hidden = false;
  };
  more.append(comment, send);
  return el(
    "form",
    {
      onsubmit: async (event) => {
        event.preventDefault();
        if (!score) return;
        send.disabled = true;
        fault.hidden = true;
        try {
          await hooks.rate(score, comment.value.trim());
        } catch {
          fault.textContent = said.failed;
          fault.hidden = false;
        }
        send.disabled = false;
      },
    },
    el("fieldset", { class: "stars" }, el("legend", {}, said.ask), ...stars, word),
    more,
    fault,
  );
}

/** @param {string} text @param {() => unknown} onclick */
function plain(text, onclick) {
  const fault = () => {
    button.textContent = text === said.reopen ? said.reopenFailed : words.menu.failed;
    setTimeout(() => (button.textContent = text), 4_000);
  };
  const button = el("button", { type: "button", onclick: () => Promise.resolve(onclick()).catch(fault) }, text);
  return button;
}

/** Hand a file to the browser's downloads. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
