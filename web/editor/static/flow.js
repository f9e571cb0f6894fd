// A guided flow as steps that can be written, its checks, and saving; the phone is flowphone.js.
import { phone } from "./flowphone.js";
import { stepCard, wholeOf } from "./flowsteps.js";
import { differing } from "./difference.js";
import { element, later, part as field, say, send, trouble, words } from "./link.js";
import { row } from "./notes.js";
import "./said.js";
import { ask, keep, outcome, show } from "./saving.js";

const parsed = (/** @type {string} */ id) => JSON.parse(field(id).textContent ?? "null");
const form = field("form");
const raw = field("text");
const began = raw.value;
const name = form.dataset.name ?? "";
/** @type {Edit.Flow} */
const flow = parsed("flow-form"); // null where the file cannot be shown as a form
/** @type {Edit.Known} */
const known = { faqs: parsed("flow-faqs"), others: parsed("flow-others"), ends: parsed("flow-ends"), facts: parsed("flow-facts") };
/** @type {Edit.Finding[]} */
let found = [];

// What is sent: the whole text where that was edited; a new flow sends what it began with, too.
function written() {
  if (raw.value !== began || !flow) return { text: raw.value };
  return form.dataset.new ? { form: flow, text: began } : { form: flow };
}

function draw() {
  if (!flow) return;
  field("whole").replaceChildren(...wholeOf(flow, known, { touched, redraw }));
  field("steps").replaceChildren(...flow.steps.map((step, at) => stepCard(flow, step, at, known, { touched, redraw })));
  const finish = field("finish");
  const ends = [...known.ends.map((end) => [`action:${end}`, words.ends[end]]), ...known.others.map(([other, title]) => [`link:${other}`, say("toFlow", { title })])];
  finish.replaceChildren(...ends.map(([value, text]) => element("option", { value, textContent: text })));
  finish.value = flow.finish;
  finish.onchange = () => { flow.finish = finish.value; touched(); };
  mark();
}

/** @param {string} [focus] */
function redraw(focus) {
  draw();
  touched();
  /** @type {HTMLElement | null} */ (document.querySelector(focus ?? "nothing"))?.focus();
}

// Each finding stands at its step; what is of the whole stands above.
function mark() {
  const cards = [...field("steps").children];
  for (const card of cards) card.querySelector(":scope .notes")?.replaceChildren();
  const whole = [];
  for (const item of found) {
    const list = item.step === null || item.step === undefined ? null : cards[item.step]?.querySelector(".notes");
    if (list) list.append(row(item));
    else whole.push(row(item));
  }
  const counted = found.map((item) => item.step ?? -1).filter((at) => cards[at]);
  for (const at of [...new Set(counted)].sort((a, b) => a - b)) {
    const link = element("a", { href: `#step-${at}`, textContent: say("step", { n: at + 1 }) });
    whole.push(element("li", { className: found.some((item) => item.step === at && item.severity === "error") ? "error" : "warning" }, link));
  }
  field("findings").replaceChildren(...whole);
  field("fine").hidden = found.length > 0;
}

/** @param {{ ends: { end: string, step: number | null, title: string }[] } | null} told */
function ways(told) {
  if (!told) return field("ways").replaceChildren();
  const ends = told.ends.map(({ end, step, title }) => {
    const text = end.startsWith("switch/") ? say("switched", { title: titleOf(end.slice(7)) }) : words.ended[end] ?? end;
    const by = step === null ? "" : `（${say("by", { n: step + 1, title })}）`;
    return text + by;
  });
  field("ways").replaceChildren(say("waysSaid", told) + ends.join("；"));
}

const titleOf = (/** @type {string} */ other) => known.others.find(([id]) => id === other)?.[1] ?? other;

let asked = 0;
async function judge() {
  const turn = ++asked;
  const { ok, status, answer } = await send("POST", `/flows/${name}/judge`, written());
  if (turn !== asked) return;
  if (status === 422) found = [{ severity: "error", why: answer.detail, step: null }];
  if (ok) {
    found = answer.findings;
    differing(answer.differing);
    ways(answer.ways);
  }
  if (ok || status === 422) mark();
}

const talk = phone(name, written, titleOf);
const soon = later(() => { judge(); talk.walk(); }, 500);
const page = keep({
  path: () => `/flows/${name}`,
  written,
  holds: true,
  saved: (answer) => page.go(outcome(answer), `/editor/flows/${name}/edit`),
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

async function remove() {
  if ((await ask(field("sure"))) !== "yes") return;
  const body = { version: form.dataset.version, reason: field("reason").value.trim() };
  const { ok, status, answer } = await send("DELETE", `/flows/${name}`, body);
  if (!ok) return show("bad", ...(status === 422 ? [answer.detail] : status === 409 ? [words.changed] : trouble(status)));
  page.go("", answer.draft ? `/editor/drafts/${answer.draft.id}` : "/editor/flows");
}

field("more").addEventListener("click", () => {
  flow.steps.push({ at: null, collect: free(), utter: words.newStep, expects: "", still: "", optional: false, closing: false, again: false, card: {}, tried: "", known_by: [], told_by: [], notices: false, buttons: [] });
  flow.steps[flow.steps.length - 1].buttons = [button("solved", words.newYes, "solved"), button("no", words.newNo, "action:human")];
  redraw(`#step-${flow.steps.length - 1} textarea`);
});

/**
 * @param {string} value
 * @param {string} title
 * @param {string} then
 * @returns {Edit.Button}
 */
function button(value, title, then) {
  return { at: null, value, payload: "", then, title, answer: "", utter: "", result: "", examples: [], anywhere: [] };
}

function free() {
  for (let number = flow.steps.length + 1; ; number += 1) {
    const slot = `${name}_step${number}`;
    if (!flow.steps.some((step) => step.collect === slot)) return slot;
  }
}

field("delete")?.addEventListener("click", remove);
raw.addEventListener("input", touched);
draw();
judge();
talk.walk();
