// A file of words as a form: judged while typing, what differs shown, saved like an article.
import { differing } from "./difference.js";
import { hoursForm } from "./hours.js";
import { element, later, part as field, send, words } from "./link.js";
import { row } from "./notes.js";
import "./said.js";
import { keep, outcome, outcomes, show } from "./saving.js";
import { phone } from "./wordphone.js";

const form = field("form");
const raw = field("text");
const whole = raw?.defaultValue;
const boxes = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".word"))];
const hoursBox = boxes.find((box) => box.dataset.kind === "hours");
const hours = hoursBox ? hoursForm(hoursBox, () => touched()) : () => "";
// As the page was served, which is not what is there now if somebody typed before this ran.
const first = new Map(boxes.map((box) => [box, JSON.stringify(value(box, "defaultValue"))]));

/**
 * @param {HTMLElement} box
 * @param {"value" | "defaultValue"} of
 */
function value(box, of = "value") {
  if (box === hoursBox) return hours();
  const inputs = [.../** @type {NodeListOf<HTMLInputElement>} */ (box.querySelectorAll("input, textarea"))].map((input) => input[of]);
  return box.dataset.kind === "texts" ? inputs : inputs[0];
}

// Only what was touched is sent: the rest of the file stays as it is.
function written() {
  if (raw && raw.value !== whole) return { text: raw.value, values: [] };
  const other = boxes.filter((box) => JSON.stringify(value(box)) !== first.get(box));
  return { values: other.map((box) => ({ path: JSON.parse(box.dataset.path ?? "[]"), value: value(box) })) };
}

/** @param {Edit.Finding[]} found */
function findings(found) {
  field("findings").replaceChildren(...found.map(row));
  field("fine").hidden = found.length > 0;
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

const talk = phone(form.dataset.name ?? "", written, value);
const soon = later(judge, 800);
const page = keep({
  path: () => `/${form.dataset.name}`,
  written,
  saved(answer, same) {
    if (!same) return;
    if (!answer.draft) return page.go(outcome(answer));
    for (const box of boxes) first.set(box, JSON.stringify(value(box)));
    show("good", ...outcomes(answer));
  },
  refused(found) {
    asked += 1; // a judgement under way would wipe these
    findings(found);
  },
});

function touched() {
  page.touched();
  soon();
  if (form.dataset.tries !== "all") talk.soon(); // all questions are asked when somebody says so
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
if (field("filter")) find();
if (written().values.length || raw?.value !== whole) touched();
judge();
