// What the page before left to be said.
import { left, part } from "./link.js";

const said = left();
const box = part("said");
box.hidden = !said;
box.textContent = said;
