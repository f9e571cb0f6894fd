// What customers ask next about an FAQ: points with asks and an answer, checked while typing.
import { element, later, part as field, say, send, words } from "./link.js";
import { row } from "./notes.js";
import "./said.js";
import { keep, outcome } from "./saving.js";

const form = field("form");
/** @type {Edit.Point[]} */
const points = JSON.parse(field("points-now").textContent ?? "[]");
/** @type {Edit.Finding[]} */
let found = [];

/**
 * @param {Edit.Point} point
 * @param {number} at
 */
function card(point, at) {
  const asks = element("textarea", { id: `asks-${at}`, rows: Math.max(3, point.asks.length), value: point.asks.join("\n") });
  asks.oninput = () => { point.asks = asks.value.split("\n"); touched(); };
  const says = element("textarea", { id: `says-${at}`, rows: 3, value: point.says });
  says.oninput = () => { point.says = says.value; touched(); };
  const drop = element("button", { type: "button", className: "quiet small", textContent: words.drop, onclick: () => { points.splice(at, 1); draw(); touched(); } });
  return element("li", { id: `point-${at}` },
    element("div", { className: "pair" },
      element("div", { className: "field" }, element("label", { htmlFor: asks.id, textContent: words.asks }), asks),
      element("div", { className: "field" }, element("label", { htmlFor: says.id, textContent: words.says }), says, element("p", {}, drop))),
    element("ul", { className: "notes" }));
}

function draw() {
  field("points").replaceChildren(...points.map(card));
  mark();
}

function mark() {
  const cards = [...field("points").children];
  for (const one of cards) one.querySelector(".notes")?.replaceChildren();
  const whole = [];
  for (const item of found) {
    const list = cards[item.point ?? -1]?.querySelector(".notes");
    if (!list) { whole.push(row(item)); continue; }
    list.append(row(item));
    whole.push(element("li", { className: item.severity }, element("a", { href: `#point-${item.point}`, textContent: say("point", { n: (item.point ?? 0) + 1 }) })));
  }
  field("findings").replaceChildren(...whole);
  field("fine").hidden = found.length > 0;
}

const written = () => ({ points: points.map((one) => ({ ...one, asks: one.asks.filter((ask) => ask.trim()) })) });

let asked = 0;
async function judge() {
  const turn = ++asked;
  const { ok, status, answer } = await send("POST", `/further/${form.dataset.name}/judge`, written());
  if (turn !== asked) return;
  if (status === 422) found = [{ severity: "error", why: answer.detail }];
  if (ok) found = answer.findings;
  mark();
}

const soon = later(judge, 600);
const page = keep({
  path: () => `/further/${form.dataset.name}`,
  written,
  holds: true,
  saved: (answer) => page.go(outcome(answer)),
  refused(reasons) {
    asked += 1; // a judgement under way would wipe these
    found = reasons;
    mark();
  },
});

function touched() {
  page.touched();
  soon();
}

field("add").addEventListener("click", () => {
  points.push({ at: null, asks: [], says: "" });
  draw();
  field(`asks-${points.length - 1}`).focus();
});
draw();
judge();
