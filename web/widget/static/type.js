// The size of the chat's type: the browser's own text size, which a page around us cannot change, and
// larger by choice (大字版). The choice is kept on this device, for the help center's pages too.

/** @import { Shelf } from "./storage.js" */

const USUAL = 16; // px that a browser's text has unless its user asks for another size
const APPLE = 17; // px of iOS's body text at its usual setting
const LARGER = 1.3125; // 21 px for 16

export class Type {
  /** root: the element that the sizes hang on · shelf: Shelf that remembers the choice. @param {{root: HTMLElement, shelf: Shelf}} parts */
  constructor({ root, shelf }) {
    this.root = root;
    this.shelf = shelf;
    this.fit();
  }

  /** Whether large type was chosen. */
  get large() {
    return this.shelf.get("large", false);
  }

  set large(value) {
    this.shelf.set("large", Boolean(value));
    this.fit();
  }

  /** Take up the browser's text size as it is now. */
  fit() {
    const unit = textSize() * (this.large ? LARGER : 1);
    this.root.style.setProperty("--u", `${unit.toFixed(4)}px`);
    this.root.classList.toggle("large", this.large);
  }
}

/** Return how large the browser's user wants text to be; 1 is usual. */
function textSize() {
  const probe = document.createElement("span");
  probe.style.cssText = "all: initial; position: absolute; visibility: hidden; font: medium/1 serif";
  // iOS tells the size that was chosen for the whole phone by this font alone.
  const apple = CSS.supports("font", "-apple-system-body") && matchMedia("(pointer: coarse)").matches;
  if (apple) probe.style.font = "-apple-system-body";
  document.body.append(probe);
  const size = parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return size ? size / (apple ? APPLE : USUAL) : 1;
}
