// What customers ask next about an FAQ: points with asks and an answer, checked while typing.
import { element, later, leave, left, part as field, say, send, trouble, words } from "./link.js";
import { row } from "./notes.js";

const form = field("form");
const state = field("state");
const points = JSON.parse(field("points-now").textContent ?? "[]");
let changed = false;
let found = [];

function show(kind, ...parts) {
  state.replaceChildren(...parts);
  state.className = kind;
}

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
    const list = cards[item.point]?.querySelector(".notes");
    if (!list) { whole.push(row(item)); continue; }
    list.append(row(item));
    whole.push(element("li", { className: item.severity }, element("a", { href: `#point-${item.point}`, textContent: say("point", { n: item.point + 1 }) })));
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
function touched() {
  changed = true;
  show("", words.unsaved);
  soon();
}

let saving = false;
async function save() {
  if (saving) return;
  saving = true;
  show("", words.saving);
  const body = { ...written(), version: form.dataset.version, base: form.dataset.base, reason: field("reason").value.trim(), due: field("due").value || null };
  const { ok, status, answer } = await send("PUT", `/further/${form.dataset.name}`, body);
  saving = false;
  if (ok) {
    changed = false;
    const at = answer.draft?.due && new Date(answer.draft.due).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai" });
    if (answer.draft) leave(answer.draft.state === "scheduled" ? say("timed", { at }) : words.drafted);
    else leave(words.saved + (answer.in_git === false ? words.notInGit : ""));
    return location.reload();
  }
  if (status === 409) return show("bad", words.changed);
  if (status === 403) return show("bad", words.notYours);
  if (status !== 422) return show("bad", ...trouble(status));
  asked += 1;
  found = answer.findings?.length ? answer.findings : [{ severity: "error", why: answer.detail }];
  mark();
  show("bad", words.refused);
}

field("add").addEventListener("click", () => {
  points.push({ at: null, asks: [], says: "" });
  draw();
  field(`asks-${points.length - 1}`).focus();
});
form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
});
const said = left();
field("said").hidden = !said;
field("said").textContent = said;
draw();
judge();
