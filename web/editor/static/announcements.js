// Announcements: written in a sheet, ended at once.
import { send, say } from "./link.js";

const sheet = document.getElementById("sheet");
const form = document.getElementById("notice");
const state = document.getElementById("state");
const field = (name) => document.getElementById(name);
let id = "";
let version = "";

function open(data = {}) {
  id = data.id || `notice-${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}`;
  version = data.version || "";
  for (const name of ["title", "text", "start", "end"]) field(name).value = data[name] || "";
  field("level").value = data.level || "info";
  state.hidden = true;
  sheet.showModal();
}

function complain(text) {
  state.textContent = text;
  state.hidden = false;
}

function local(date) {
  // The wallet's time is Beijing's, wherever the editor sits.
  return new Date(date.getTime() + 8 * 3600e3).toISOString().slice(0, 16);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!field("title").value.trim() || !field("text").value.trim()) return complain(say("missing"));
  const start = field("start").value || local(new Date());
  const end = field("end").value || null;
  if (end && end <= start) return complain(say("order"));
  const body = {
    id, version, start, end,
    title: field("title").value, text: field("text").value, level: field("level").value,
  };
  const { ok, status, answer } = await send("PUT", `/announcements/${id}`, body).catch(() => ({}));
  if (ok) return location.reload();
  if (status === 409) return complain(say("changed"));
  complain(status === 422 ? say("refused") + (answer.detail || "") : say("failed"));
});

document.getElementById("new").addEventListener("click", () => open());
document.getElementById("cancel").addEventListener("click", () => sheet.close());
for (const button of document.querySelectorAll("button.edit"))
  button.addEventListener("click", () => open(button.dataset));
for (const button of document.querySelectorAll("button.end"))
  button.addEventListener("click", async () => {
    button.disabled = true;
    const { id: wanted, version: seen } = button.dataset;
    await send("POST", `/announcements/${wanted}/end`, { version: seen }).catch(() => ({}));
    location.reload();
  });
