// The list: filtered while typing, by words and by health.
import { left, part as place } from "./link.js";

const rows = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".part .rows li[data-words]"))];
const filter = place("filter");
const troubled = place("troubled");

function show() {
  const wanted = filter.value.trim().toLowerCase();
  let count = 0;
  for (const row of rows) {
    const fits = (row.dataset.words ?? "").toLowerCase().includes(wanted);
    row.hidden = !fits || (troubled.checked && row.classList.contains("fine"));
    if (!row.hidden) count += 1;
  }
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".part"))) {
    const own = rows.filter((row) => part.contains(row));
    part.hidden = Boolean(wanted || troubled.checked) && own.every((row) => row.hidden);
  }
  place("count").textContent = `${count} / ${rows.length}`;
}

// A long list comes by pages, and the server looks through all of it.
if (filter.form?.hasAttribute("data-paged")) {
  troubled.addEventListener("change", () => filter.form?.requestSubmit());
} else {
  filter.addEventListener("input", show);
  troubled.addEventListener("change", show);
  filter.form?.addEventListener("submit", (event) => event.preventDefault());
  show();
}

const said = left();
place("said").hidden = !said;
place("said-text").textContent = said;
