// One FAQ: the form, its findings, preview, try-box, neighbours, versions.
import { element, later, say, send, words } from "./link.js";

const form = document.getElementById("form");
const state = document.getElementById("state");
const field = (name) => document.getElementById(name);
let version = form.dataset.version;
let changed = false;

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const list = (text) => text.split(/[,，;；、\n]/).map((part) => part.trim()).filter(Boolean);

function draft() {
  return {
    id: field("id").value.trim() || "draft",
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
    version,
  };
}

function findings(found) {
  for (const box of document.querySelectorAll(".notes")) box.replaceChildren();
  for (const item of found) {
    const box = document.querySelector(`.notes[data-field="${item.field}"]`)
      || document.querySelector('.notes[data-field="file"]');
    const level = element("b", { textContent: words[`${item.severity}Level`] });
    const text = document.createTextNode(` ${item.why} → ${item.mend}`);
    const note = element("li", { className: item.severity }, level, text);
    note.title = say("line", { n: item.line });
    box.append(note);
  }
  for (const name of ["question", "answer", "similar", "id"]) {
    const box = document.querySelector(`.notes[data-field="${name}"]`);
    field(name).toggleAttribute("aria-invalid", Boolean(box && box.querySelector(".error")));
  }
}

function preview(shown) {
  const frame = field("preview");
  const page = document.implementation.createHTMLDocument("");
  const style = page.createElement("link");
  style.rel = "stylesheet";
  style.href = frame.dataset.style;
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
  const { ok, answer } = await send("POST", "/judge", draft()).catch(() => ({}));
  if (!ok || turn !== asked) return;
  findings(answer.findings);
  preview(answer);
}

let tried = 0;
async function attempt() {
  const text = field("try").value.trim();
  const turn = ++tried;
  if (!text) return field("tried").replaceChildren();
  const body = { text, draft: field("answer").value.trim() ? draft() : null };
  const { ok, answer } = await send("POST", "/try", body).catch(() => ({}));
  if (!ok || turn !== tried) return;
  const parts = [element("p", { className: `verdict ${answer.band}`, textContent: answer.verdict })];
  if (answer.standard !== answer.text)
    parts.push(element("p", { className: "soft", textContent: say("understood") + answer.standard }));
  const ranked = element("ol");
  for (const account of answer.accounts) ranked.append(place(account));
  field("tried").replaceChildren(...parts, ranked);
}

function place(account) {
  const mine = account.id === (field("id").value.trim() || "draft");
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
  const { ok, answer } = await send("POST", "/neighbours", draft()).catch(() => ({}));
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

function show(text, kind = "") {
  state.textContent = text;
  state.className = kind;
}

function counted() {
  field("similar-count").textContent = lines(field("similar").value).length;
}

const soon = later(() => { judge(); attempt(); }, 350);
function touched() {
  changed = true;
  show(words.unsaved);
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
  return ask(field("sure"));
}

function saved(answer) {
  version = answer.version;
  changed = false;
  show(words.saved, "good");
  findings(answer.findings);
  versions(answer.versions);
}

async function refused({ status, answer }, again) {
  if (status === 409) {
    show(words.unsaved, "bad");
    field("theirs").textContent = answer.now ?? "";
    field("mine").textContent = field("answer").value;
    const choice = await ask(field("clash"));
    if (choice === "reload") { changed = false; location.reload(); }
    if (choice === "over") { version = answer.version; again(); }
  } else if (status === 422) {
    show(words.refused + (answer.detail || ""), "bad");
    judge();
  } else show(status === 401 || status === 400 ? words.signedOut : words.failed, "bad");
}

async function save() {
  show(words.saving);
  field("save").disabled = true;
  const body = draft();
  const result = await send("PUT", `/faqs/${body.id}`, body).catch(() => ({ status: 0, answer: {} }));
  field("save").disabled = false;
  if (!result.ok) return refused(result, save);
  saved(result.answer);
  if (form.dataset.new) location.href = `/editor/faq/${body.id}`;
}

function versions(found) {
  if (!field("versions")) return;
  const notes = { edit: words.edit, add: words.addNote, before: words.before, delete: words.delete };
  const base = `/faqs/${field("category").value}/${field("id").value}`;
  field("versions").replaceChildren(...found.map((item, place) => {
    const at = new Date(item.at).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short" });
    const row = element("li", {}, `${at} ${item.who === "-" ? "" : item.who} ${notes[item.note] || item.note} `);
    const text = element("pre", { hidden: true });
    const look = element("button", { type: "button", textContent: words.look });
    look.addEventListener("click", async () => {
      if (!text.textContent) {
        const { ok, answer } = await send("GET", `${base}/versions/${item.revision}`);
        if (ok) text.textContent = answer.text;
      }
      text.hidden = !text.hidden;
    });
    row.append(look);
    if (place > 0) {
      const back = element("button", { type: "button", textContent: words.back });
      back.addEventListener("click", () => rollBack(base, item, at));
      row.append(back);
    }
    row.append(text);
    return row;
  }));
}

async function rollBack(base, item, at) {
  if ((await sure(say("sureBack", { at }), words.back)) !== "yes") return;
  const body = { revision: item.revision, version };
  const result = await send("POST", `${base}/rollback`, body).catch(() => ({ status: 0, answer: {} }));
  if (!result.ok) return refused(result, () => rollBack(base, item, at));
  changed = false;
  location.reload();
}

form.addEventListener("input", touched);
form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
field("try").addEventListener("input", later(attempt, 250));
field("near").addEventListener("toggle", neighbours);
field("delete")?.addEventListener("click", async () => {
  if ((await sure(words.sureDelete, words.delete)) !== "yes") return;
  const path = `/faqs/${field("category").value}/${field("id").value}`;
  const result = await send("DELETE", path, { version }).catch(() => ({ status: 0, answer: {} }));
  if (!result.ok) return refused(result, () => field("delete").click());
  changed = false;
  location.href = "/editor";
});
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
});
counted();
judge();
attempt();
if (!form.dataset.new) {
  const base = `/faqs/${field("category").value}/${field("id").value}`;
  send("GET", `${base}/versions`).then(({ ok, answer }) => ok && versions(answer.versions));
}
