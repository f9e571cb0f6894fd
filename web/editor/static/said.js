// What the page before left to be said.
import { left } from "./link.js";

const said = left();
const box = document.getElementById("said");
box.hidden = !said;
box.textContent = said;
