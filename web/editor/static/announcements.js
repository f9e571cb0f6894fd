// Announcements: written in a sheet, judged while typing, ended at once.
import { part as field, later, leave, left, send, trouble, words } from "./link.js";
import { first, misread, note } from "./notes.js";

const sheet = field("sheet");
const form = field("notice");
const state = field("state");
const said = field("said");
let id = "";
let version = "";
let changed = false;

/** @param {DOMStringMap} data of the button of the one that is opened; {} for a new one */
function open(data = {}) {
  id = data.id || `notice-${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}`;
  version = data.version || "";
  for (const name of ["title", "text", "start", "end"]) field(name).value = data[name] || "";
  field("level").value = data.level || "info";
  state.hidden = true;
  changed = false;
  note([]);
  sheet.showModal();
  if (data.id) judge();
}

/** @param {...(Node | string)} parts */
function complain(...parts) {
  state.replaceChildren(...parts);
  state.hidden = false;
}

/** @param {Date} date */
function local(date) {
  // The wallet's time is Beijing's, wherever the editor sits.
  return new Date(date.getTime() + 8 * 3600e3).toISOString().slice(0, 16);
}

function written() {
  return {
    id, version,
    title: field("title").value, text: field("text").value, level: field("level").value,
    start: field("start").value || local(new Date()), end: field("end").value || null,
  };
}

let asked = 0;
async function judge() {
  const turn = ++asked;
  const { ok, status, answer } = await send("POST", "/announcements/judge", written());
  if (turn !== asked) return;
  if (status === 401) complain(...trouble(status));
  if (ok) note(answer.findings);
  if (status === 422) note(misread(answer.errors));
}

/** @param {ReturnType<typeof written>} body */
function incomplete(body) {
  const found = /** @type {("title" | "text")[]} */ (["title", "text"]).filter((name) => !body[name].trim())
    .map((name) => ({ field: String(name), severity: "error", why: words.missing }));
  if (body.end && body.end <= body.start)
    found.push({ field: "end", severity: "error", why: words.order });
  return found;
}

/** @param {Edit.Finding[]} found */
function refuse(found) {
  asked += 1; // a judgement under way would wipe these
  note(found);
  complain(words.refused);
  first();
}

async function save() {
  const body = written();
  const gaps = incomplete(body);
  if (gaps.length) return refuse(gaps);
  field("save").disabled = true;
  const { ok, status, answer } = await send("PUT", `/announcements/${id}`, body);
  field("save").disabled = false;
  if (ok) return again(words[body.start > local(new Date()) ? "scheduled" : "saved"]);
  if (status === 409) return complain(words.changed);
  if (status !== 422) return complain(...trouble(status));
  refuse(answer.findings?.length ? answer.findings : misread(answer.errors));
}

/** @param {string} text */
function again(text) {
  changed = false;
  leave(text);
  location.reload();
}

/**
 * @param {string} kind
 * @param {...(Node | string)} parts
 */
function tell(kind, ...parts) {
  said.replaceChildren(...parts);
  said.className = kind;
  said.hidden = false;
}

const soon = later(judge, 350);
form.addEventListener("input", () => { changed = true; soon(); });
form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
// Escape may be a slip; the button is not.
sheet.addEventListener("cancel", (event) => { if (changed) event.preventDefault(); });
addEventListener("beforeunload", (event) => { if (changed && sheet.open) event.preventDefault(); });
field("new").addEventListener("click", () => open());
field("cancel").addEventListener("click", () => sheet.close());
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button.edit")))
  button.addEventListener("click", () => open(button.dataset));
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button.end")))
  button.addEventListener("click", async () => {
    button.disabled = true;
    const { id: wanted, version: seen } = button.dataset;
    const { ok, status } = await send("POST", `/announcements/${wanted}/end`, { version: seen });
    button.disabled = false;
    if (ok) return again(button.dataset.said ?? "");
    tell("bad", ...(status === 409 || status === 404 ? [words.stale] : trouble(status)));
  });
const text = left();
if (text) tell("good", text);
