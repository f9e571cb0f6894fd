// A guided flow as steps that can be written, its checks, and saving; the phone is flowphone.js.
import { phone } from "./flowphone.js";
import { stepCard, wholeOf } from "./flowsteps.js";
import { element, later, leave, left, part as field, say, send, trouble, words } from "./link.js";
import { row } from "./notes.js";

const parsed = (id) => JSON.parse(field(id).textContent ?? "null");
const form = field("form");
const state = field("state");
const raw = field("text");
const began = raw.value;
const name = form.dataset.name;
const flow = parsed("flow-form");
const known = { faqs: parsed("flow-faqs"), others: parsed("flow-others"), ends: parsed("flow-ends") };
let version = form.dataset.version;
let changed = false;
let found = [];

// What is sent: the whole text where that was edited; a new flow sends what it began with, too.
function written() {
  if (raw.value !== began || !flow) return { text: raw.value };
  return form.dataset.new ? { form: flow, text: began } : { form: flow };
}

function show(kind, ...parts) {
  state.replaceChildren(...parts);
  state.className = kind;
}

function draw() {
  if (!flow) return;
  field("whole").replaceChildren(...wholeOf(flow, known, touched));
  field("steps").replaceChildren(...flow.steps.map((step, at) => stepCard(flow, step, at, known, { touched, redraw })));
  const finish = field("finish");
  const ends = [...known.ends.map((end) => [`action:${end}`, words.ends[end]]), ...known.others.map(([other, title]) => [`link:${other}`, say("toFlow", { title })])];
  finish.replaceChildren(...ends.map(([value, text]) => element("option", { value, textContent: text })));
  finish.value = flow.finish;
  finish.onchange = () => { flow.finish = finish.value; touched(); };
  mark();
}

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
  const counted = found.filter((item) => cards[item.step]).map((item) => item.step);
  for (const at of [...new Set(counted)].sort((a, b) => a - b)) {
    const link = element("a", { href: `#step-${at}`, textContent: say("step", { n: at + 1 }) });
    whole.push(element("li", { className: found.some((item) => item.step === at && item.severity === "error") ? "error" : "warning" }, link));
  }
  field("findings").replaceChildren(...whole);
  field("fine").hidden = found.length > 0;
}

function ways(told) {
  if (!told) return field("ways").replaceChildren();
  const ends = told.ends.map(({ end, step, title }) => {
    const text = end.startsWith("switch/") ? say("switched", { title: titleOf(end.slice(7)) }) : words.ended[end] ?? end;
    const by = step === null ? "" : `（${say("by", { n: step + 1, title })}）`;
    return text + by;
  });
  field("ways").replaceChildren(say("waysSaid", told) + ends.join("；"));
}

const titleOf = (other) => known.others.find(([id]) => id === other)?.[1] ?? other;

function differing(lines) {
  field("same").hidden = lines.length > 0;
  field("differing").replaceChildren(...lines.map(({ mark: before, parts }) => {
    const made = element("p", { className: "changed" }, element("span", { className: "mark", textContent: `${before} ` }));
    for (const [op, text] of parts) made.append(op === "same" ? text : element(op === "gone" ? "del" : "ins", { textContent: text }));
    return made;
  }));
}

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
  const body = { ...written(), version, base: form.dataset.base, reason: field("reason").value.trim(), due: field("due").value || null };
  const { ok, status, answer } = await send("PUT", `/flows/${name}`, body);
  saving = false;
  if (ok) {
    changed = false;
    if (!answer.draft) {
      leave(words.saved + (answer.in_git === false ? words.notInGit : ""));
      return location.replace(`/editor/flows/${name}/edit`);
    }
    version = answer.version;
    const at = answer.draft.due && new Date(answer.draft.due).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai" });
    leave(answer.draft.state === "scheduled" ? say("timed", { at }) : words.drafted);
    return location.replace(`/editor/flows/${name}/edit`);
  }
  if (status === 409) return show("bad", words.changed);
  if (status === 403) return show("bad", words.notYours);
  if (status !== 422) return show("bad", ...trouble(status));
  asked += 1;
  found = answer.findings?.length ? answer.findings : [{ severity: "error", why: answer.detail, step: null }];
  mark();
  show("bad", words.refused);
}

async function remove() {
  const dialog = /** @type {HTMLDialogElement} */ (/** @type {unknown} */ (field("sure")));
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  if (dialog.returnValue !== "yes") return;
  const { ok, status, answer } = await send("DELETE", `/flows/${name}`, { version, reason: field("reason").value.trim() });
  if (!ok) return show("bad", ...(status === 422 ? [answer.detail] : status === 409 ? [words.changed] : trouble(status)));
  changed = false;
  location.assign(answer.draft ? `/editor/drafts/${answer.draft.id}` : "/editor/flows");
}

field("more").addEventListener("click", () => {
  flow.steps.push({ at: null, collect: free(), utter: words.newStep, expects: "", still: "", optional: false, closing: false, again: false, buttons: [] });
  const step = flow.steps[flow.steps.length - 1];
  step.buttons = [button("solved", words.newYes, "solved"), button("no", words.newNo, "action:human")];
  redraw(`#step-${flow.steps.length - 1} textarea`);
});

function button(value, title, then) {
  return { at: null, value, payload: "", then, title, answer: "", utter: "", result: "", examples: [], anywhere: [] };
}

function free() {
  for (let number = flow.steps.length + 1; ; number += 1) {
    const slot = `${name}_step${number}`;
    if (!flow.steps.some((step) => step.collect === slot)) return slot;
  }
}

form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
field("delete")?.addEventListener("click", remove);
raw.addEventListener("input", touched);
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
});
const said = left();
field("said").hidden = !said;
field("said").textContent = said;
draw();
judge();
talk.walk();
