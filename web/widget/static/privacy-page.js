// The page 隐私与您的权利: a copy, or the erasure, of what whoever sits in this tab has said.

import { emptyHere, heldHere, onSignedOut } from "./held.js";
import { el, part } from "./nodes.js";
import { Api } from "./transport.js";
/** @import { At } from "./transport.js" */

const api = new Api(location.origin);
const place = part("rights");
const words = part("rights-words").dataset;
const told = el("p", { role: "status" });

function draw() {
  const held = heldHere();
  if (!held.length) return place.replaceChildren(el("p", {}, words.none), told);
  /** @type {HTMLElement} */
  const sure = el(
    "div",
    { class: "sure", hidden: true },
    el("p", {}, words.sure),
    el(
      "p",
      { class: "pair" },
      button(words.yes, "button", () => run(held, wipe, words.erased)),
      button(words.no, "button plain", () => sure.toggleAttribute("hidden", true)),
    ),
  );
  const copy = button(words.copy, "button plain", () => run(held, download, words.copied));
  const erase = button(words.erase, "button danger", () => sure.removeAttribute("hidden"));
  return place.replaceChildren(el("p", {}, words.some), el("p", { class: "pair" }, copy, erase), sure, told);
}

/** @param {string | undefined} text @param {string} kind @param {() => unknown} onclick */
function button(text, kind, onclick) {
  return el("button", { type: "button", class: kind, onclick }, text);
}

/** @param {ReturnType<typeof heldHere>} held @param {(at: At) => Promise<unknown>} act @param {string | undefined} done */
async function run(held, act, done) {
  told.textContent = words.working ?? "";
  try {
    for (const { at } of held) await act(at);
    if (act === wipe) forget();
    draw();
    told.textContent = done ?? "";
  } catch (problem) {
    draw();
    told.textContent = (problem.code === "blocked" ? words.blocked : problem.status === 409 ? words.busy : words.failed) ?? "";
  }
}

/** @param {At} at */
async function download(at) {
  const answer = await api.open(at, "/copy");
  const link = el("a", { href: URL.createObjectURL(await answer.blob()), download: "copy.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {At} at */
async function wipe(at) {
  await api.ask("DELETE", at, "");
}

function forget() {
  emptyHere();
  if (window.xiaohu) window.xiaohu("signOut");
}

const agreed = part("consents");
const sayings = part("consents-words").dataset;

// What was agreed to, and a button that changes it: taking back is as easy as agreeing.
async function drawConsents() {
  const [held] = heldHere();
  if (!held) return agreed.replaceChildren(el("p", {}, sayings.none));
  const answer = await api.ask("GET", held.at, "/consents").catch(() => null);
  if (!answer) return agreed.replaceChildren(el("p", {}, sayings.failed));
  return showConsents(held.at, answer.consents);
}

/** @param {At} at @param {Api.ConsentsOut["consents"]} consents */
function showConsents(at, consents) {
  const purposes = ["notices", "tips", "pictures", "video"].filter((purpose) => sayings[purpose]);
  /** @param {string} purpose */
  const entry = (purpose) => {
    const given = purpose === "notices" ? (consents[purpose] ?? true) : consents[purpose];
    const wished = purpose === "tips"; // nobody asks for it elsewhere: it is begun here
    const state = given === null ? (wished ? sayings.not : sayings.unasked) : given ? sayings.yes : sayings.no;
    const change = !given ? (wished ? sayings.take : sayings.give) : purpose === "notices" ? sayings.stop : sayings.withdraw;
    return el(
      "li",
      {},
      el("p", { id: `consent-${purpose}` }, sayings[purpose] ?? ""),
      el(
        "p",
        { class: "pair" },
        el("b", {}, state),
        given === null && !wished ? null : el("button", { type: "button", class: "button plain", "aria-describedby": `consent-${purpose}`, "data-purpose": purpose, onclick: () => agree(at, purpose, !given) }, change),
      ),
    );
  };
  agreed.replaceChildren(el("ul", {}, ...purposes.map(entry)), el("p", { role: "status" }));
}

/** @param {At} at @param {string} purpose @param {boolean} given */
async function agree(at, purpose, given) {
  try {
    const { consents } = await api.ask("PUT", at, "/consents", { purpose, given });
    showConsents(at, consents);
    /** @type {HTMLElement | null} */ (agreed.querySelector(`[data-purpose="${purpose}"]`))?.focus();
  } catch {
    /** @type {HTMLElement} */ (agreed.querySelector("[role=status]")).textContent = sayings.failed ?? "";
  }
}

draw();
drawConsents();
onSignedOut(() => {
  draw();
  drawConsents();
});
