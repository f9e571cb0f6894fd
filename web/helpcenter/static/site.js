// What the pages gain from JavaScript; each works without it.

import "./suggest.js";
import "./type.js";
import "./vote.js";

const WAYS = ["callback", "video"];

// Links to the full-screen chat open the chat on the page instead.
document.addEventListener("click", (event) => {
  const link = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("a[data-chat]"));
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.xiaohu) return;
  event.preventDefault();
  const way = link.dataset.chat ?? "";
  window.xiaohu("open", { human: way === "human", show: WAYS.includes(way) ? way : "" });
});
