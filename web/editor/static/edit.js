// One FAQ: the form, its findings, preview, try-box, neighbours, versions.
import { effects } from "./effect.js";
import { clash } from "./clash.js";
import { part as field, later, left, say, send, trouble, words } from "./link.js";
import { neighbours } from "./neighbours.js";
import { first, misread, note } from "./notes.js";
import { takePictures } from "./pictures.js";
import { ask, keep, noteOf, outcome, outcomes, show } from "./saving.js";
import { attempt } from "./trybox.js";
import { versions } from "./versions.js";

const form = field("form");
const isNew = Boolean(form.dataset.new);
// Judged and tried under this id until the editor has given one; nothing is saved under it.
const NAMELESS = "id-to-be-given";
const AGAIN = 2_000; // ms until versions are asked for once more
let pressed = false;

const lines = (/** @type {string} */ text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const list = (/** @type {string} */ text) => text.split(/[,，;；、\n]/).map((part) => part.trim()).filter(Boolean);

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
    version: form.dataset.version,
    base: form.dataset.base || (isNew ? null : ""),
  };
}

// Fields that have no place of their own in the form: each is read by its kind.
function further() {
  /** @type {Record<string, (input: HTMLInputElement) => unknown>} */
  const read = {
    flag: (input) => input.checked,
    texts: (input) => list(input.value),
    facets: (input) => Object.fromEntries(lines(input.value).map((line) => {
      const [, aspect = "", text = ""] = line.match(/^([^:：]*)[:：]?(.*)$/) ?? [];
      return [aspect.trim(), text.trim()];
    })),
    line: (input) => input.value.trim() || null,
  };
  return Object.fromEntries([.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-further]"))]
    .map((input) => [input.id, read[input.dataset.further ?? "line"](input)]));
}

const address = () => `/faqs/${field("category").value}/${field("id").value.trim()}`;

function troubleWithId() {
  const id = field("id").value.trim();
  if (!id) return words.idMissing;
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id) && id.length <= 60 ? "" : words.invalid.id;
}

/** @param {Edit.Finding[]} found */
function findings(found) {
  const why = field("id").value.trim() || pressed ? troubleWithId() : "";
  note(why ? [{ field: "id", severity: "error", why }, ...found] : found);
}

/** @param {{ question: string, urgent: boolean, lead: string, rest: string }} shown */
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

function counted() {
  field("similar-count").textContent = String(lines(field("similar").value).length);
}

const soon = later(() => { judge(); attempt(draft); }, 350);
function touched() {
  page.touched();
  counted();
  soon();
}

/**
 * @param {string} text
 * @param {string} yes
 */
function sure(text, yes) {
  field("sure-text").textContent = text;
  field("sure-yes").textContent = yes;
  field("why").value = "";
  return ask(field("sure"));
}

const page = keep({
  path: (body) => `/faqs/${body.id}`,
  written: draft,
  ready() {
    pressed = true;
    if (!troubleWithId()) return true;
    findings([]);
    show("bad", words.refused);
    first();
    judge();
    return false;
  },
  saved(answer, same, body) {
    if (isNew && same && answer.draft) return page.go("", `/editor/drafts/${answer.draft.id}`);
    if (isNew && same) return page.go(outcome(answer), `/editor/faq/${body.id}`);
    field("reason").value = "";
    if (same) show("good", ...outcomes(answer));
    findings(answer.findings);
    versions(answer.versions, address(), rollBack);
  },
  refused(found, errors) {
    asked += 1; // a judgement under way would wipe these
    findings(errors ? misread(errors) : found);
    first();
  },
  collided,
});

/** @param {() => Promise<unknown>} again */
async function collided(again) {
  show("bad", words.unsaved);
  const seen = await clash(address(), draft(), ask);
  if (seen.choice === "reload") page.go("", seen.gone ? "/editor" : "");
  if (seen.choice === "over") {
    form.dataset.version = seen.version;
    form.dataset.base = seen.base ?? "";
    return again();
  }
}

/**
 * @param {Edit.Version} item
 * @param {string} at
 * @returns {Promise<unknown>}
 */
async function rollBack(item, at) {
  const text = say("sureBack", { at }) + (page.changed ? words.loses : "");
  if ((await sure(text, words.back)) !== "yes") return;
  const body = { revision: item.revision, version: form.dataset.version, reason: field("why").value.trim() };
  const { ok, status, answer } = await send("POST", `${address()}/rollback`, body);
  if (ok) return page.go(answer.draft ? words.drafted : say("restored", { at }) + noteOf(answer));
  if (status === 409) return collided(() => rollBack(item, at));
  if (status === 422) return show("bad", words.cannotBack + answer.detail);
  show("bad", ...(status === 404 ? [words.unreadable] : trouble(status)));
}

async function remove() {
  if ((await sure(words.sureDelete, words.delete)) !== "yes") return;
  const { ok, status, answer } = await send("DELETE", address(), { version: form.dataset.version, reason: field("why").value.trim() });
  if (ok && answer.draft) return page.go(words.drafted);
  if (ok) return page.go(say("deleted", { title: field("question").value }) + noteOf(answer), "/editor");
  if (status === 409) return collided(remove);
  if (status !== 422) return show("bad", ...trouble(status));
  const whys = (answer.findings ?? []).map((/** @type {Edit.Finding} */ item) => `${item.why}：${item.fix}`);
  show("bad", words.cannotDelete + (whys.join("；") || answer.detail));
}

async function move() {
  if (page.changed) return show("bad", words.moveFirst);
  const to = { id: field("new-id").value.trim(), category: field("new-category").value, version: form.dataset.version };
  const { ok, status, answer } = await send("POST", `${address()}/move`, to);
  if (ok && answer.draft) return page.go(words.drafted);
  if (ok) return page.go(words.moved + noteOf(answer), `/editor/faq/${answer.id}`);
  if (status === 409) return collided(async () => {});
  if (status !== 422) return show("bad", ...trouble(status));
  const found = answer.findings?.length ? answer.findings : misread(answer.errors);
  show("bad", found.map((/** @type {Edit.Finding} */ item) => item.why).join("；") || answer.detail);
}

form.addEventListener("input", (event) => { if (!/** @type {Element} */ (event.target).closest("#moving, #reason, #due")) touched(); });
field("due").addEventListener("input", () => {
  page.noted();
  if (!form.dataset.review) field("save").textContent = field("due").value ? words.saveLater : words.saveNow;
});
field("move")?.addEventListener("click", move);
field("try").addEventListener("input", later(() => attempt(draft), 250));
field("near").addEventListener("toggle", () => neighbours(draft, touched));
effects(draft);
field("delete")?.addEventListener("click", remove);
takePictures({ nameFor: () => (troubleWithId() ? "" : field("id").value.trim()), onInsert: touched });
const said = left();
if (said) show("good", said);
counted();
judge();
attempt(draft);
// An installation takes its first versions up some seconds after its start: none yet is asked again.
async function listVersions() {
  const { ok, answer } = await send("GET", `${address()}/versions`);
  if (!ok || !answer.versions.length) return setTimeout(listVersions, AGAIN);
  return versions(answer.versions, address(), rollBack);
}
if (!isNew) listVersions();
