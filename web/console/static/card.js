// The card beside the chat: who it is, what is known, what was tried, asked and answered.

import { el } from "/widget/current/nodes.js";
import { fields } from "../flow-words.js";
import { nameOf } from "./list.js";
import { words } from "./words.js";

/** @type {Map<string, Promise<string>>} */
const questions = new Map(); // FAQ id → Promise of its question

/** Return the card's nodes for a conversation (a summary) and its card. @param {Desk.Row} conversation @param {Desk.Card} card */
export function cardNodes(conversation, card) {
  const facts = el("dl", { class: "facts" });
  /** @param {string} name @param {string | null | undefined} value */
  const fact = (name, value) => {
    if (value) facts.append(el("dt", {}, name), el("dd", {}, value));
  };
  fact(words.field.topic, words.topic[conversation.topic ?? card.topic ?? ""] ?? conversation.topic ?? card.topic);
  fact(words.field.reason, words.reason[conversation.reason ?? ""] ?? conversation.reason);
  for (const field of /** @type {(keyof typeof fields)[]} */ (Object.keys(fields))) fact(words.field[field], card[field]);
  const { payee, kind, state, reason } = card.transaction ?? {};
  if (card.transaction) fact(words.field.transaction, [payee, kind, state, reason].filter(Boolean).join(" · "));
  const nodes = [
    el(
      "header",
      {},
      el("h2", {}, nameOf(conversation), conversation.urgent ? el("em", { class: "hurry" }, words.urgent) : null),
      el(
        "p",
        {},
        [
          conversation.signed_in ? words.signedIn : words.anonymous,
          words.channel[conversation.channel] ?? conversation.channel,
        ].join(" · "),
      ),
    ),
  ];
  if (conversation.tags?.length) facts.append(el("dt", {}, words.field.tags), el("dd", { class: "tags" }, ...conversation.tags.map((tag) => el("span", {}, `#${tag}`))));
  if (facts.children.length) nodes.push(facts);
  else nodes.push(el("p", { class: "none" }, words.noCard));
  if (card.tried?.length) nodes.push(el("h3", {}, words.tried), triedList(card.tried));
  if (card.asked?.length) nodes.push(el("h3", {}, words.asked), askedList(card.asked));
  if (conversation.page) {
    nodes.push(el("h3", {}, words.page), el("p", { class: "page" }, conversation.page));
  }
  return nodes;
}

/** @param {NonNullable<Desk.Card["tried"]>} tried */
function triedList(tried) {
  const entries = tried.map(({ step, result }) =>
    el(
      "li",
      { class: result },
      el("span", {}, words.step[step] ?? step),
      el("span", { class: "result" }, words.result[result] ?? result),
    ),
  );
  return el("ul", { class: "tried" }, ...entries);
}

/** @param {NonNullable<Desk.Card["asked"]>} asked */
function askedList(asked) {
  const entries = asked.map(({ text, faq_id: faq }) => {
    const answer = faq ? faqLink(faq) : el("span", { class: "unanswered" }, words.unanswered);
    return el("li", {}, el("span", {}, text), answer);
  });
  return el("ol", { class: "asked" }, ...entries);
}

/** @param {string} id */
function faqLink(id) {
  const title = el("span", {}, id);
  const address = `/faq/${encodeURIComponent(id)}`;
  if (!questions.has(id)) {
    const told = fetch(`/api/v1/faqs/${encodeURIComponent(id)}`).then((answer) => answer.json());
    questions.set(id, told.then(({ question }) => question || id).catch(() => id));
  }
  questions.get(id)?.then((question) => (title.textContent = question));
  return el("a", { href: address, target: "_blank", rel: "noopener" }, words.answered, title);
}
