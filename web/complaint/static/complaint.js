// What the complaint's pages gain from JavaScript: answers known from the chat, and its evidence.

import { drawerHere, heldHere, onSignedOut } from "/widget/current/held.js";
import { maskWith } from "/widget/current/masking.js";
import { rules } from "/widget/current/masking-words.js";
import { Api } from "/widget/current/transport.js";

const api = new Api(location.origin);
const conversation = heldHere().find(({ channel }) => channel !== "widget")?.at;
const KNOWN = { time: "time", order: "order_number" };

const mask = maskWith(rules);
const DRAFT = "complaint"; // answers that were not made into a letter yet, secrets hidden

const form = document.querySelector('.complaint form[action="/complaint"]');
if (form) keep(form);
if (form && conversation) prefill(form).catch(() => {});
// What stands here may come from the conversation of who has just signed out.
onSignedOut(() => location.replace("/complaint"));
const pack = document.getElementById("pack");
if (pack) prepare(pack);

function keep(form) {
  const drawer = drawerHere();
  const inputs = [...form.elements].filter(({ name }) => name);
  const kept = drawer.get(DRAFT, {});
  for (const input of inputs) input.value ||= kept[input.name] ?? "";
  form.addEventListener("input", () => {
    const written = inputs.filter(({ value }) => value.trim()).map(({ name, value }) => [name, mask(value, null).text]);
    drawer.set(DRAFT, Object.fromEntries(written));
  });
}

async function prefill(form) {
  const { card } = await api.ask("GET", conversation, "/card");
  const values = Object.fromEntries(Object.entries(KNOWN).map(([field, name]) => [field, card[name]]));
  values.problem = [card.problem, card.amount, card.error_text].filter(Boolean).join("\n");
  let any = false;
  for (const [field, value] of Object.entries(values)) {
    const input = form.elements[field];
    if (!value || input.value) continue;
    input.value = value;
    any = true;
  }
  document.querySelector(".prefill").hidden = !any;
}

function prepare(pack) {
  const letter = document.getElementById("letter");
  drawerHere().drop(DRAFT);
  const told = document.getElementById("told");
  const say = (name) => (told.textContent = pack.querySelector(`[data-said="${name}"]`).content.textContent);
  const copy = document.getElementById("copy");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", () =>
    navigator.clipboard.writeText(letter.value).then(() => say("copied"), () => say("failed")),
  );
  if (!conversation) return;
  const also = document.getElementById("with");
  api.ask("GET", conversation, "/card").then(
    () => (document.querySelector(".with").hidden = false),
    () => (also.checked = false),
  );
  pack.addEventListener("submit", async (event) => {
    if (!also.checked) return;
    event.preventDefault();
    say("packing");
    try {
      save(await evidence(letter.value));
      say("packed");
    } catch {
      say("failed");
    }
  });
}

async function evidence(letter) {
  const answer = await fetch(`${api.root}/conversations/${conversation.id}/evidence`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${conversation.token}`,
      "Xiaohu-Identity": conversation.who,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ letter }),
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
  return { name: name?.[1] ?? "xiaohu-complaint.zip", blob: await answer.blob() };
}

function save({ name, blob }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
