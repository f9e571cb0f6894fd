// The page 隐私与您的权利: a copy, or the erasure, of what whoever sits in this tab has said.

import { emptyHere, heldHere, onSignedOut } from "./held.js";
import { el, part } from "./nodes.js";
import { Api } from "./transport.js";

const api = new Api(location.origin);
const place = part("rights");
const words = part("rights-words").dataset;
const told = el("p", { role: "status" });

function draw() {
  const held = heldHere();
  if (!held.length) return place.replaceChildren(el("p", {}, words.none), told);
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

function button(text, kind, onclick) {
  return el("button", { type: "button", class: kind, onclick }, text);
}

async function run(held, act, done) {
  told.textContent = words.working;
  try {
    for (const { at } of held) await act(at);
    if (act === wipe) forget();
    draw();
    told.textContent = done;
  } catch (problem) {
    draw();
    told.textContent = problem.status === 409 ? words.busy : words.failed;
  }
}

async function download(at) {
  const answer = await api.open(at, "/copy");
  const link = el("a", { href: URL.createObjectURL(await answer.blob()), download: "copy.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function wipe(at) {
  await api.ask("DELETE", at, "");
}

function forget() {
  emptyHere();
  if (window.xiaohu) window.xiaohu("signOut");
}

draw();
onSignedOut(draw);
