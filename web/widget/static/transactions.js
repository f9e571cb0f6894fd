// The customer's own transactions, offered as cards that can be tapped.

import { el } from "./nodes.js";

const CHOICE = '/wallet{"transaction":"';
const NEITHER = '/wallet{"transaction":"-"}';
const BETWEEN = " · ";

/** Return what stands on the button of a transaction, or null where the button is none. @param {string} title @param {string} payload */
export function transactionFace(title, payload) {
  const parts = title.split(BETWEEN);
  if (!payload.startsWith(CHOICE) || payload === NEITHER || parts.length !== 4) return null;
  const [time, payee, amount, state] = parts;
  return [
    el("span", { class: "payee" }, payee),
    el("span", { class: "unseen" }, BETWEEN),
    el("span", { class: "amount" }, amount),
    el("span", { class: "unseen" }, BETWEEN),
    el("span", { class: "time" }, time),
    el("span", { class: "unseen" }, BETWEEN),
    el("span", { class: "state" }, state),
  ];
}

/** Return the payload that names a transaction, as the app's payment page passes it; null for none. @param {unknown} id */
export function transactionChoice(id) {
  return typeof id === "string" && /^[A-Za-z0-9_-]{4,64}$/.test(id) ? `${CHOICE}${id}"}` : null;
}
