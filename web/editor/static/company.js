// A new company from its table: every step asks the server anew with the same file.
import { element, later, part as field, say, sendForm, trouble, words } from "./link.js";

/** @typedef {{ head: string, letter: string }} Column its head, and its letter */
/** @typedef {{ id: string, question: string, rivals: string[] }} Wanted an FAQ that wants ways of asking */
/**
 * A table as the server reads it.
 * @typedef {object} Table
 * @property {Column[]} heads
 * @property {Record<string, string>} columns by field, the heads or letters that it was told by
 * @property {string | null} refused
 * @property {number} count
 * @property {string[]} categories
 * @property {{ id: string, category: string, question: string, answer: string }[]} rows
 * @property {string[]} errors
 * @property {string[]} notes
 * @property {Wanted[]} wanted
 */

const SHOWN = ["question", "answer", "similar", "category", "keywords"];
const names = JSON.parse(field("columns-known").textContent ?? "{}");
/** @type {Map<string, string>} */
const more = new Map();
/** @type {Record<string, string>} */
let columns = {};
let guessed = false;
let asked = 0;

function form() {
  const filled = new FormData();
  const asks = Object.fromEntries([...more].map(([id, text]) => [id, text.split("\n").map((line) => line.trim()).filter(Boolean)]).filter(([, lines]) => lines.length));
  filled.append("table", field("table").files?.[0] ?? "");
  filled.append("said", JSON.stringify({ name: field("name").value.trim(), columns, more: asks }));
  return filled;
}

/**
 * @param {string} kind
 * @param {...(Node | string)} parts
 */
function show(kind, ...parts) {
  field("state").replaceChildren(...parts);
  field("state").className = kind;
}

async function preview() {
  if (!field("table").files?.length) return;
  const turn = ++asked;
  show("", words.reading);
  const { ok, status, answer } = await sendForm("/company/preview", form());
  if (turn !== asked) return;
  if (!ok) return show("bad", ...(status === 422 ? [answer.detail] : status === 413 ? [words.tooLarge] : trouble(status)));
  if (answer.guessed && !guessed) {
    guessed = true;
    const told = Object.entries(/** @type {Table} */ (answer).columns).map(([name, letters]) => [name, letters.split("、")[0]]);
    field("headed").checked = answer.heads.every((/** @type {Column} */ { head }) => head.length <= 12 && !/[。？?！，]/.test(head));
    if (field("headed").checked) {
      columns = Object.fromEntries(told.map(([name, letter]) => [name, said(answer, letter)]));
      return preview();
    }
  }
  show(answer.refused ? "bad" : "", answer.refused ?? "");
  drawColumns(answer);
  for (const part of ["rows-part", "asks-part", "make-part"]) field(part).hidden = Boolean(answer.refused);
  if (!answer.refused) drawRows(answer);
}

/**
 * A column is said by its head, so that the row of heads is no question; by its letter without one.
 * @param {{ heads: Column[] }} answer
 * @param {string} letter
 */
function said({ heads }, letter) {
  const head = heads.find((one) => one.letter === letter)?.head ?? "";
  const alone = heads.filter((one) => one.head === head).length === 1;
  return field("headed").checked && head && alone ? head : letter;
}

/**
 * What each column was told by: its heads, or their letters where there are none.
 * @param {Table} answer
 * @param {string} name
 */
function letterOf(answer, name) {
  if (columns[name]) return answer.heads.find(({ head, letter }) => [head, letter].includes(columns[name]))?.letter ?? "";
  const told = (answer.columns?.[name] ?? "").split("、")[0];
  return answer.heads.find(({ head, letter }) => told && (head === told || letter === told))?.letter ?? "";
}

/** @param {Table} answer */
function drawColumns(answer) {
  field("columns-part").hidden = false;
  field("guessed").textContent = guessed || answer.refused ? words.guessed : words.known;
  field("headed-words").textContent = say("headed", { heads: answer.heads.map(({ head }) => head).filter(Boolean).join("、") });
  field("headed").onchange = () => { sayAll(answer); preview(); };
  field("columns").replaceChildren(...SHOWN.map((name) => {
    const options = [["", words.none], ...answer.heads.map((head) => [head.letter, say("column", head)])];
    const select = element("select", { id: `column-${name}` }, ...options.map(([value, textContent]) => element("option", { value, textContent })));
    select.value = letterOf(answer, name);
    select.onchange = () => { sayAll(answer); preview(); };
    return element("div", { className: "field" }, element("label", { htmlFor: select.id, textContent: names[name] }), select);
  }));
}

/**
 * One that is corrected is said for all, so that none is guessed anew by chance.
 * @param {Table} answer
 */
function sayAll(answer) {
  const chosen = SHOWN.map((one) => [one, field(`column-${one}`).value]).filter(([, letter]) => letter);
  columns = Object.fromEntries(chosen.map(([name, letter]) => [name, said(answer, letter)]));
}

/** @param {Table} answer */
function drawRows(answer) {
  const counted = say("counted", { count: answer.count, categories: answer.categories.length, titles: answer.categories.join("、") });
  field("counted").textContent = counted + (answer.rows.length < answer.count ? ` ${say("more", { n: answer.rows.length })}` : "");
  const wrong = answer.errors.map((why) => element("li", { className: "error", textContent: why }));
  if (wrong.length) wrong.unshift(element("li", { textContent: say("withErrors", { n: answer.errors.length }) }));
  field("wrong").replaceChildren(...wrong);
  field("joined-part").hidden = !answer.notes.length;
  field("joined-head").textContent = say("joined", { n: answer.notes.length });
  field("joined").replaceChildren(...answer.notes.map((textContent) => element("li", { textContent })));
  field("rows").replaceChildren(...answer.rows.map((one) => element("tr", {},
    element("td", { textContent: one.category }), element("td", { textContent: one.question }), element("td", { className: "soft", textContent: one.answer }), element("td", {}, element("code", { textContent: one.id })))));
  drawAsks(answer.wanted);
}

/**
 * What is being typed stays where it is; FAQs that got their ways of asking make room for others.
 * @param {Wanted[]} wanted
 */
function drawAsks(wanted) {
  field("asks-part").hidden = !wanted.length && !more.size;
  const box = field("asks");
  const there = new Set([...box.children].map((one) => /** @type {HTMLElement} */ (one).dataset.id));
  for (const one of [...box.children]) {
    const id = /** @type {HTMLElement} */ (one).dataset.id ?? "";
    if (!more.get(id)?.trim() && !wanted.some((other) => other.id === id)) one.remove();
  }
  for (const one of wanted) if (!there.has(one.id)) box.append(ask(one));
}

/** @param {Wanted} one */
function ask(one) {
  const area = element("textarea", { id: `ask-${one.id}`, rows: 3, value: more.get(one.id) ?? "" });
  area.oninput = () => { more.set(one.id, area.value); soon(); };
  const made = element("div", { className: "field" }, element("label", { htmlFor: area.id, textContent: one.question }), element("p", { className: "hint", textContent: say("rivals", { titles: one.rivals.join("；") }) }), area);
  made.dataset.id = one.id;
  return made;
}

/**
 * @param {string} path
 * @param {string} ending
 */
async function make(path, ending) {
  const name = field("name").value.trim();
  if (!name) {
    field("name").focus();
    return void field("made").replaceChildren(words.nameless);
  }
  field("made").replaceChildren(words.making);
  const { ok, status, answer, blob } = await sendForm(`/company/${path}`, form());
  if (!ok) return void field("made").replaceChildren(...(status === 422 ? [answer.detail] : trouble(status)));
  const address = URL.createObjectURL(blob ?? new Blob());
  element("a", { href: address, download: `${name}.${ending}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  field("made").replaceChildren(words.made);
}

const soon = later(preview, 1200);
field("table").addEventListener("change", () => {
  columns = {};
  guessed = false;
  field("headed").checked = true;
  more.clear();
  field("asks").replaceChildren();
  preview();
});
field("make").addEventListener("click", () => make("make", "zip"));
field("take-table").addEventListener("click", () => make("table", "xlsx"));
