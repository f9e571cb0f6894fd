// A file of words as a form: judged while typing, what differs shown, saved like an article.
import { element, later, left, part as field, say, send, trouble, words } from "./link.js";
import { row } from "./notes.js";

const form = field("form");
const state = field("state");
const raw = field("text");
const whole = raw?.defaultValue;
const boxes = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".word"))];
// As the page was served, which is not what is there now if somebody typed before this ran.
const first = new Map(boxes.map((box) => [box, JSON.stringify(value(box, "defaultValue"))]));
let version = form.dataset.version;
let changed = false;

function value(box, of = "value") {
  const inputs = [...box.querySelectorAll("input, textarea")].map((input) => input[of]);
  return box.dataset.kind === "texts" ? inputs : inputs[0];
}

// Only what was touched is sent: the rest of the file stays as it is.
function written() {
  if (raw && raw.value !== whole) return { text: raw.value, values: [] };
  const other = boxes.filter((box) => JSON.stringify(value(box)) !== first.get(box));
  return { values: other.map((box) => ({ path: JSON.parse(box.dataset.path ?? "[]"), value: value(box) })) };
}

function show(kind, ...parts) {
  state.replaceChildren(...parts);
  state.className = kind;
}

function findings(found) {
  field("findings").replaceChildren(...found.map(row));
  field("fine").hidden = found.length > 0;
}

function differing(lines) {
  field("same").hidden = lines.length > 0;
  field("differing").replaceChildren(...lines.map(({ mark, parts }) => {
    const made = element("p", { className: "changed" }, element("span", { className: "mark", textContent: `${mark} ` }));
    for (const [op, text] of parts)
      made.append(op === "same" ? text : element(op === "gone" ? "del" : "ins", { textContent: text }));
    return made;
  }));
}

let asked = 0;
async function judge() {
  const turn = ++asked;
  const { ok, status, answer } = await send("POST", `/${form.dataset.name}/judge`, written());
  if (turn !== asked) return;
  if (status === 422) findings([{ severity: "error", why: answer.detail }]);
  if (!ok) return;
  findings(answer.findings);
  differing(answer.differing);
}

const soon = later(judge, 800);
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
  const { ok, status, answer } = await send("PUT", `/${form.dataset.name}`, body);
  saving = false;
  if (ok) {
    changed = false;
    if (!answer.draft) {
      sessionStorage.setItem("editor.said", words.saved + (answer.in_git === false ? words.notInGit : ""));
      return location.reload();
    }
    version = answer.version;
    const at = answer.draft.due && new Date(answer.draft.due).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai" });
    const link = element("a", { href: `/editor/drafts/${answer.draft.id}`, textContent: words.toDraft });
    for (const box of boxes) first.set(box, JSON.stringify(value(box)));
    return show("good", answer.draft.state === "scheduled" ? say("timed", { at }) : words.drafted, " ", link);
  }
  if (status === 409) return show("bad", words.changed);
  if (status === 403) return show("bad", words.notYours);
  if (status !== 422) return show("bad", ...trouble(status));
  asked += 1;
  findings(answer.findings?.length ? answer.findings : [{ severity: "error", why: answer.detail }]);
  show("bad", words.refused);
}

function find() {
  const wanted = field("filter").value.trim().toLowerCase();
  let count = 0;
  for (const box of boxes) {
    const said = `${box.textContent} ${box.dataset.path} ${[value(box)].flat().join(" ")}`.toLowerCase();
    box.hidden = !said.includes(wanted);
    if (!box.hidden) count += 1;
  }
  for (const head of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("h2.group"))) {
    let next = /** @type {HTMLElement | null} */ (head.nextElementSibling);
    while (next?.classList.contains("word") && next.hidden) next = /** @type {HTMLElement | null} */ (next.nextElementSibling);
    head.hidden = !next?.classList.contains("word");
  }
  field("count").textContent = `${count} / ${boxes.length}`;
}

form.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const add = target.closest("button.add");
  const drop = target.closest("button.drop");
  if (add) {
    const button = element("button", { type: "button", className: "quiet drop", textContent: words.drop });
    const box = element("textarea", { rows: 2, ariaLabel: add.closest("fieldset")?.querySelector("legend")?.textContent ?? "" });
    add.before(element("p", { className: "wording" }, box, button));
    box.focus();
  }
  if (drop) { drop.closest(".wording")?.remove(); touched(); }
});
form.addEventListener("input", (event) => {
  const { id } = /** @type {Element} */ (event.target);
  if (id === "filter") find();
  else if (!["reason", "due"].includes(id)) touched();
});
form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
});
if (field("filter")) find();
const said = left();
field("said").hidden = !said;
field("said").textContent = said;
if (written().values.length || raw?.value !== whole) touched();
judge();
