// 服务进度: the customer's open and past cases, each with what comes next and when.

import { dayOf, whenOf } from "./clock.js";
import { el } from "./nodes.js";
import { fill, words } from "./words.js";

const said = words.cases;
const OPEN = new Set(["queue", "agent", "ticket", "callback"]);

/** @typedef {(one: Api.CaseOut) => unknown} Pick */

/**
 * Return a node that fills itself. read: functions that each resolve to {cases}; cases told by
 * several stand once. heading: element of the groups' titles · onOpen(one): the customer wants to see the conversation · opens(one): whether
 * this page can show it.
 * @param {{read: (() => Promise<Api.CasesOut>)[], heading?: "h2" | "h3", onOpen?: Pick, opens?: Pick}} parts
 */
export function caseList({ read, heading = "h3", onOpen = () => {}, opens = () => true }) {
  const node = el("div", { class: "cases", role: "status" }, el("p", {}, said.loading));
  Promise.allSettled(read.map((ask) => ask())).then((answers) => {
    const told = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.cases ?? []] : []));
    if (read.length && !told.length) return node.replaceChildren(el("p", {}, said.failed));
    const cases = [...new Map(told.flat().map((one) => [`${one.conversation ?? ""}:${one.id}`, one])).values()];
    node.removeAttribute("role");
    if (!cases.length) return node.replaceChildren(el("p", {}, said.none));
    const open = cases.filter(({ state }) => OPEN.has(state));
    const past = cases.filter(({ state }) => !OPEN.has(state));
    node.replaceChildren(
      ...(open.length ? [el(heading, { class: "case-group" }, said.open), group(open, onOpen, opens)] : []),
      ...(past.length ? [el(heading, { class: "case-group" }, said.past), group(past, onOpen, opens)] : []),
    );
  });
  return node;
}

/** @param {Api.CaseOut[]} cases @param {Pick} onOpen @param {Pick} opens */
function group(cases, onOpen, opens) {
  const newest = [...cases].sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  return el("ol", {}, ...newest.map((one) => caseNode(one, opens(one) ? onOpen : null)));
}

/** @param {Api.CaseOut} one @param {Pick | null} onOpen */
function caseNode(one, onOpen) {
  const now = new Date();
  const step = stepOf(one, now);
  return el(
    "li",
    { class: `case ${one.state}` },
    el(
      "p",
      { class: "case-head" },
      el("strong", {}, one.title || said.untitled),
      el("span", { class: "case-state" }, said.state[one.state] ?? one.state),
    ),
    el(
      "p",
      { class: "case-date" },
      fill(said.started, { date: whenOf(new Date(one.opened_at), now) }),
      /^K/.test(one.id) ? ` · ${fill(said.number, { number: one.id })}` : "",
    ),
    step ? el("p", { class: "case-next" }, el("span", {}, said.next), step) : null,
    one.score ? el("p", { class: "case-date" }, fill(said.rated, { n: one.score })) : null,
    onOpen ? el("button", { type: "button", onclick: () => onOpen(one) }, said.go) : null,
  );
}

/** @param {Api.CaseOut} one @param {Date} now */
function stepOf({ next, place }, now) {
  if (!next) return "";
  if (next.code === "queue" && place) return fill(said.step.place, { n: place });
  const at = next.at && new Date(next.at);
  if (next.code === "ticket" && !(at && at > now)) return said.step.ticketSoon;
  // A term counts in days; an appointment has its hour.
  const date = at && (["rate", "reopen"].includes(next.code) ? dayOf(at, now) : whenOf(at, now));
  return fill(said.step[next.code] ?? "", { date: date ?? "" });
}
