// 服务进度: the customer's open and past cases, each with what comes next and when.

import { dayOf, whenOf } from "./clock.js";
import { el } from "./nodes.js";
import { fill, words } from "./words.js";

const said = words.cases;
const OPEN = new Set(["queue", "waiting", "agent", "claimed", "ticket", "callback"]);

/**
 * Return a node that fills itself. read: functions that each resolve to {cases}; cases told by
 * several stand once. onOpen(one): the customer wants to see the conversation, or null.
 */
export function caseList({ read, onOpen = null }) {
  const node = el("div", { class: "cases", role: "status" }, el("p", {}, said.loading));
  Promise.allSettled(read.map((ask) => ask())).then((answers) => {
    const told = answers.filter(({ status }) => status === "fulfilled").map(({ value }) => value.cases ?? []);
    if (read.length && !told.length) return node.replaceChildren(el("p", {}, said.failed));
    const cases = [...new Map(told.flat().map((one) => [`${one.conversation ?? ""}:${one.id}`, one])).values()];
    node.removeAttribute("role");
    if (!cases.length) return node.replaceChildren(el("p", {}, said.none));
    const open = cases.filter(({ state }) => OPEN.has(state));
    const past = cases.filter(({ state }) => !OPEN.has(state));
    node.replaceChildren(
      ...(open.length ? [el("h4", {}, said.open), group(open, onOpen)] : []),
      ...(past.length ? [el("h4", {}, said.past), group(past, onOpen)] : []),
    );
  });
  return node;
}

function group(cases, onOpen) {
  const newest = [...cases].sort((a, b) => (b.opened_at ?? "").localeCompare(a.opened_at ?? ""));
  return el("ol", {}, ...newest.map((one) => caseNode(one, onOpen)));
}

function caseNode(one, onOpen) {
  const now = new Date();
  const date = (at) => (at ? whenOf(new Date(at), now) : "");
  const step = one.next ? said.step[one.next.code] : "";
  const until = one.next?.code === "reopen" ? one.next.at && dayOf(new Date(one.next.at), now) : date(one.next?.at);
  const told = step ? fill(step, { date: until ?? "" }).replace(/：$/, "") : "";
  return el(
    "li",
    { class: `case ${one.state}` },
    el("p", { class: "case-head" }, el("strong", {}, one.title || one.problem || said.untitled), el("span", { class: "case-state" }, said.state[one.state] ?? one.state)),
    el("p", { class: "case-date" }, fill(said.started, { date: date(one.opened_at) }), one.number ? ` · ${one.number}` : ""),
    told ? el("p", { class: "case-next" }, el("span", {}, said.next), told) : null,
    one.rating ? el("p", { class: "case-date" }, fill(said.rated, { n: one.rating })) : null,
    onOpen ? el("button", { type: "button", onclick: () => onOpen(one) }, one.next?.code === "reopen" ? said.goReopen : said.go) : null,
  );
}
