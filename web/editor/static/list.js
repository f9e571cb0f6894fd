// The list: filtered while typing, by words and by health.
import { left } from "./link.js";

const rows = [...document.querySelectorAll(".part .rows li[data-words]")];
const filter = document.getElementById("filter");
const troubled = document.getElementById("troubled");

function show() {
  const wanted = filter.value.trim().toLowerCase();
  let count = 0;
  for (const row of rows) {
    const fits = row.dataset.words.toLowerCase().includes(wanted);
    row.hidden = !fits || (troubled.checked && row.classList.contains("fine"));
    count += !row.hidden;
  }
  for (const part of document.querySelectorAll(".part")) {
    const own = [...part.querySelectorAll("li[data-words]")];
    part.hidden = Boolean(wanted || troubled.checked) && own.every((row) => row.hidden);
  }
  document.getElementById("count").textContent = `${count} / ${rows.length}`;
}

filter.addEventListener("input", show);
troubled.addEventListener("change", show);
filter.form.addEventListener("submit", (event) => event.preventDefault());
show();

const said = left();
document.getElementById("said").hidden = !said;
document.getElementById("said-text").textContent = said;
