// One FAQ: the form, its findings, preview, try-box, neighbours, versions.
import { effects } from "./effect.js";
import { clash } from "./clash.js";
import { element, part as field, later, leave, left, say, send, trouble, words } from "./link.js";
import { first, misread, note } from "./notes.js";
import { takePictures } from "./pictures.js";
import { versions } from "./versions.js";

const form = field("form");
const state = field("state");
const isNew = Boolean(form.dataset.new);
// Judged and tried under this id until the editor has given one; nothing is saved under it.
const NAMELESS = "id-to-be-given";
let version = form.dataset.version;
let changed = false;
let pressed = false;

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const list = (text) => text.split(/[,，;；、\n]/).map((part) => part.trim()).filter(Boolean);

function draft() {
  return {
    id: troubleWithId() ? NAMELESS : field("id").value.trim(),
    category: field("category").value,
    question: field("question").value,
    similar: lines(field("similar").value),
    keywords: list(field("keywords").value),
    related: list(field("related").value),
    flow: field("flow").value || null,
    urgent: field("urgent").checked,
    valid_from: field("valid_from").value || null,
    valid_until: field("valid_until").value || null,
    answer: field("answer").value,
    ...further(),
    version,
    base: form.dataset.base || (isNew ? null : ""),
  };
}

// Where a change waits, the page says what for, and where it can be seen.
function waits(answer) {
  const { id, state: kind, due } = answer.draft;
  const at = due && new Date(due).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai" });
  const link = element("a", { href: `/editor/drafts/${id}`, textContent: words.toDraft });
  return [kind === "scheduled" ? say("timed", { at }) : words.drafted, " ", link];
}

// Fields that have no place of their own in the form: each is read by its kind.
function further() {
  const read = {
    flag: (input) => input.checked,
    texts: (input) => list(input.value),
    facets: (input) => Object.fromEntries(lines(input.value).map((line) => {
      const [, aspect, text] = line.match(/^([^:：]*)[:：]?(.*)$/);
      return [aspect.trim(), text.trim()];
    })),
    line: (input) => input.value.trim() || null,
  };
  return Object.fromEntries([.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-further]"))]
    .map((input) => [input.id, read[input.dataset.further](input)]));
}

const address = () => `/faqs/${field("category").value}/${field("id").value.trim()}`;

function troubleWithId() {
  const id = field("id").value.trim();
  if (!id) return words.idMissing;
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id) && id.length <= 60 ? "" : words.invalid.id;
}

function findings(found) {
  const why = field("id").value.trim() || pressed ? troubleWithId() : "";
  note(why ? [{ field: "id", severity: "error", why }, ...found] : found);
}

function preview(shown) {
  const frame = field("preview");
  const page = document.implementation.createHTMLDocument("");
  const style = page.createElement("link");
  style.rel = "stylesheet";
  style.href = frame.dataset.style ?? "";
  page.head.append(style);
  page.documentElement.lang = "zh-CN";
  const article = page.createElement("article");
  article.className = "answer";
  const title = page.createElement("h1");
  title.textContent = shown.question;
  const lead = page.createElement("div");
  lead.className = shown.urgent ? "now" : "lead text";
  lead.innerHTML = shown.lead; // cleaned by the server
  const rest = page.createElement("div");
  rest.className = "text";
  rest.innerHTML = shown.rest;
  article.append(title, lead, rest);
  const main = page.createElement("main");
  main.append(article);
  page.body.append(main);
  frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
}

let asked = 0;
async function judge() {
  const turn = ++asked;
  const { ok, status, answer } = await send("POST", "/judge", draft());
  if (turn !== asked) return;
  if (status === 401) show("bad", ...trouble(status));
  if (status === 422) findings(misread(answer.errors));
  if (!ok) return;
  findings(answer.findings);
  preview(answer);
}

let tried = 0;
async function attempt() {
  const text = field("try").value.trim();
  const turn = ++tried;
  if (!text) return field("tried").replaceChildren();
  const body = { text, draft: field("answer").value.trim() ? draft() : null };
  const { ok, answer } = await send("POST", "/try", body);
  if (!ok || turn !== tried) return;
  const parts = [element("p", { className: `verdict ${answer.band}`, textContent: answer.verdict })];
  if (answer.standard !== answer.text)
    parts.push(element("p", { className: "soft", textContent: say("understood") + answer.standard }));
  if (answer.meant !== null) parts.push(element("p", { className: "soft", textContent: say("meant") + answer.meant }));
  const ranked = element("ol");
  for (const account of answer.accounts) ranked.append(place(account));
  field("tried").replaceChildren(...parts, ranked);
}

function place(account) {
  const mine = account.id === draft().id;
  const head = element("summary", {}, element("b", { textContent: `${account.score}%` }), ` ${account.title}`);
  const reasons = element("ul");
  for (const reason of account.reasons) {
    const points = `${reason.points > 0 ? "+" : ""}${reason.points.toFixed(1)} ${words.points}`;
    reasons.append(element("li", {}, element("b", { textContent: points }), ` ${reason.words}`));
  }
  const terms = account.terms.map((term) => `${term.term} ${term.points > 0 ? "+" : ""}${term.points.toFixed(1)}`);
  if (terms.length) reasons.append(element("li", { textContent: words.terms + terms.join("，") }));
  if (account.rows.length)
    reasons.append(element("li", { textContent: words.matched + account.rows.map((row) => row.text).join(" / ") }));
  return element("li", { className: mine ? "mine" : "" }, element("details", {}, head, reasons));
}

async function neighbours() {
  if (!field("near").open) return;
  const { ok, answer } = await send("POST", "/neighbours", draft());
  if (!ok) return;
  field("near-none").hidden = answer.neighbours.length > 0;
  field("neighbours").replaceChildren(...answer.neighbours.map((item) => {
    const add = element("button", { type: "button", textContent: words.add });
    add.addEventListener("click", () => {
      const box = field("similar");
      box.value = `${box.value.trimEnd()}\n${item.text}\n`.trimStart();
      add.disabled = true;
      touched();
    });
    const belongs = item.faq && item.faq !== field("id").value ? ` · ${say("belongs", { id: item.faq })}` : "";
    const meta = element("span", { className: "soft", textContent: ` ${say("times", { n: item.times })}${belongs} ` });
    return element("li", {}, item.text, meta, add);
  }));
}

function show(kind, ...parts) {
  state.replaceChildren(...parts);
  state.className = kind;
}

function counted() {
  field("similar-count").textContent = String(lines(field("similar").value).length);
}

const soon = later(() => { judge(); attempt(); }, 350);
function touched() {
  changed = true;
  show("", words.unsaved);
  counted();
  soon();
}

function ask(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answered) =>
    dialog.addEventListener("close", () => answered(dialog.returnValue), { once: true }));
}

function sure(text, yes) {
  field("sure-text").textContent = text;
  field("sure-yes").textContent = yes;
  field("why").value = "";
  return ask(field("sure"));
}

// The own history has every version; what git did not take is said.
const noteOf = (answer) => (answer.in_git === false ? words.notInGit : "");

// sent: the draft as it went out; what was typed since is still to be saved.
function saved(answer, sent) {
  const same = JSON.stringify(draft()) === sent;
  version = answer.version;
  changed = !same;
  field("reason").value = "";
  if (!same) show("", words.unsaved);
  else if (answer.draft) show("good", ...waits(answer));
  else show("good", words.saved + noteOf(answer));
  if (!answer.draft) form.dataset.base = answer.version;
  findings(answer.findings);
  versions(answer.versions, address(), rollBack);
}

function go(said, to) {
  changed = false;
  leave(said);
  if (to) location.href = to;
  else location.reload();
}

async function collided(again) {
  show("bad", words.unsaved);
  const seen = await clash(address(), draft(), ask);
  if (seen.choice === "reload") go("", seen.gone ? "/editor" : "");
  if (seen.choice === "over") {
    version = seen.version;
    form.dataset.base = seen.base ?? "";
    return again();
  }
}

// One save at a time: what is pressed meanwhile follows when the first has ended, with its version.
let saving = false;
let pressedAgain = false;
async function save() {
  if (saving) { pressedAgain = true; return; }
  saving = true;
  try {
    do {
      pressedAgain = false;
      await saveOnce();
    } while (pressedAgain && changed && state.className !== "bad");
  } finally {
    saving = false;
  }
}

async function saveOnce() {
  pressed = true;
  if (troubleWithId()) {
    findings([]);
    show("bad", words.refused);
    first();
    return judge();
  }
  show("", words.saving);
  field("save").disabled = true;
  const body = draft();
  const reason = field("reason").value.trim();
  const { ok, status, answer } = await send("PUT", `/faqs/${body.id}`, { ...body, reason, due: field("due").value || null });
  field("save").disabled = false;
  if (ok && isNew && answer.draft) return go("", `/editor/drafts/${answer.draft.id}`);
  if (ok && isNew) return go(words.saved + noteOf(answer), `/editor/faq/${body.id}`);
  if (ok) return saved(answer, JSON.stringify(body));
  if (status === 409) return collided(saveOnce);
  if (status !== 422) return show("bad", ...trouble(status));
  asked += 1; // a judgement under way would wipe these
  show("bad", words.refused);
  findings(answer.findings?.length ? answer.findings : misread(answer.errors));
  first();
}

async function rollBack(item, at) {
  const text = say("sureBack", { at }) + (changed ? words.loses : "");
  if ((await sure(text, words.back)) !== "yes") return;
  const body = { revision: item.revision, version, reason: field("why").value.trim() };
  const { ok, status, answer } = await send("POST", `${address()}/rollback`, body);
  if (ok) return go(answer.draft ? words.drafted : say("restored", { at }) + noteOf(answer));
  if (status === 409) return collided(() => rollBack(item, at));
  if (status === 422) return show("bad", words.cannotBack + answer.detail);
  show("bad", ...(status === 404 ? [words.unreadable] : trouble(status)));
}

async function remove() {
  if ((await sure(words.sureDelete, words.delete)) !== "yes") return;
  const { ok, status, answer } = await send("DELETE", address(), { version, reason: field("why").value.trim() });
  if (ok && answer.draft) return go(words.drafted);
  if (ok) return go(say("deleted", { title: field("question").value }) + noteOf(answer), "/editor");
  if (status === 409) return collided(remove);
  show("bad", ...trouble(status));
}

async function move() {
  if (changed) return show("bad", words.moveFirst);
  const to = { id: field("new-id").value.trim(), category: field("new-category").value, version };
  const { ok, status, answer } = await send("POST", `${address()}/move`, to);
  if (ok && answer.draft) return go(words.drafted);
  if (ok) return go(words.moved + noteOf(answer), `/editor/faq/${answer.id}`);
  if (status === 409) return collided(async () => {});
  if (status !== 422) return show("bad", ...trouble(status));
  const found = answer.findings?.length ? answer.findings : misread(answer.errors);
  show("bad", found.map((item) => item.why).join("；") || answer.detail);
}

form.addEventListener("input", (event) => { if (!/** @type {Element} */ (event.target).closest("#moving, #reason, #due")) touched(); });
field("due").addEventListener("input", () => {
  changed = true;
  if (!form.dataset.review) field("save").textContent = field("due").value ? words.saveLater : words.saveNow;
});
field("move")?.addEventListener("click", move);
form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
field("try").addEventListener("input", later(attempt, 250));
field("near").addEventListener("toggle", neighbours);
effects(draft);
field("delete")?.addEventListener("click", remove);
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
});
takePictures({ nameFor: () => (troubleWithId() ? "" : field("id").value.trim()), onInsert: touched });
const said = left();
if (said) show("good", said);
counted();
judge();
attempt();
if (!isNew)
  send("GET", `${address()}/versions`)
    .then(({ ok, answer }) => ok && versions(answer.versions, address(), rollBack));
